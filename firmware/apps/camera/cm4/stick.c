#include "cm4/stick.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "cm4/film.h"
#include "cm4/recorder.h"
#include "cm4/volume.h"
#include "drivers/timer.h"
#include "shared/log.h"
#include "shared/threads.h"
#include "tx_execution_profile.h"
#include "usb/usb_host.h"

#include <string.h>

/* What the thread waits for. */
enum { USB_RANG = 1, ASKED = 2 };
enum { LOOK_TICKS = 10, RECORDING_TICKS = 2 };

void storage_thread(ULONG unused);
void otg_hs_handler(void);

static struct {
    TX_EVENT_FLAGS_GROUP events;
    TX_MUTEX callers;
    TX_SEMAPHORE done;
    struct stick_request request;
    struct stick_request *volatile asked; /* NULL: nothing to do */
    enum usb_host_state told;             /* that was acted upon */
    enum storage_status mounted;          /* STORAGE_OK, or why not */
} stick = {.mounted = STORAGE_NO_STICK};

/* --- For the callers --- */

void stick_open(void)
{
    tx_event_flags_create(&stick.events, (CHAR *)"stick");
    tx_mutex_create(&stick.callers, (CHAR *)"stick", TX_INHERIT);
    tx_semaphore_create(&stick.done, (CHAR *)"stick done", 0);
}

struct stick_request *stick_begin(void)
{
    if (tx_mutex_get(&stick.callers, STORAGE_PATIENCE_MS) != TX_SUCCESS)
        return NULL;
    /* One who did not wait to the end may have left a request with the thread. */
    if (stick.asked && tx_semaphore_get(&stick.done, STORAGE_PATIENCE_MS) != TX_SUCCESS) {
        tx_mutex_put(&stick.callers);
        return NULL;
    }
    return &stick.request;
}

enum storage_status stick_do(struct stick_request *request,
                             enum storage_status (*run)(struct stick_request *request))
{
    request->run = run;
    while (tx_semaphore_get(&stick.done, TX_NO_WAIT) == TX_SUCCESS)
        continue;
    stick.asked = request;
    tx_event_flags_set(&stick.events, ASKED, TX_OR);
    if (tx_semaphore_get(&stick.done, STORAGE_PATIENCE_MS) != TX_SUCCESS)
        return STORAGE_SLOW;
    return request->status;
}

void stick_end(void)
{
    tx_mutex_put(&stick.callers);
}

/* --- What it is asked --- */

enum storage_status stick_info(struct stick_request *request)
{
    request->info = (struct storage_info){.is_recording = recorder_is_on()};
    if (stick.mounted != STORAGE_OK)
        return stick.mounted;
    strcpy(request->info.recorded, recorder_name());
    request->info.recorded_frames = recorder_frames();
    return volume_info(&request->info);
}

enum storage_status stick_list_first(struct stick_request *request)
{
    if (stick.mounted != STORAGE_OK)
        return stick.mounted;
    enum storage_status status = volume_open_folder(request->path);
    return status == STORAGE_OK ? stick_list_next(request) : status;
}

enum storage_status stick_list_next(struct stick_request *request)
{
    enum storage_status status = stick.mounted;
    bool there = true;
    for (request->count = 0; status == STORAGE_OK && request->count < STICK_LISTED;) {
        status = volume_next_entry(&request->listed[request->count].entry,
                                   request->listed[request->count].name, &there);
        if (!there)
            break;
        request->count++;
    }
    return status;
}

enum storage_status stick_list_end(struct stick_request *request)
{
    (void)request;
    volume_close_folder();
    return STORAGE_OK;
}

enum storage_status stick_open_file(struct stick_request *request)
{
    return stick.mounted == STORAGE_OK ? volume_open_file(request->path) : stick.mounted;
}

enum storage_status stick_read_file(struct stick_request *request)
{
    if (stick.mounted != STORAGE_OK)
        return stick.mounted;
    return volume_read(request->bytes, request->count, &request->count);
}

enum storage_status stick_close_file(struct stick_request *request)
{
    (void)request;
    volume_close_file();
    return STORAGE_OK;
}

enum storage_status stick_remove(struct stick_request *request)
{
    return stick.mounted == STORAGE_OK ? volume_remove(request->path) : stick.mounted;
}

enum storage_status stick_record(struct stick_request *request)
{
    enum storage_status status = stick.mounted == STORAGE_OK ? recorder_start() : stick.mounted;
    strcpy(request->path, recorder_name());
    return status;
}

enum storage_status stick_stop(struct stick_request *request)
{
    enum storage_status status = recorder_stop();
    strcpy(request->path, recorder_name());
    request->count = recorder_frames();
    return status;
}

enum storage_status stick_snapshot(struct stick_request *request)
{
    return stick.mounted == STORAGE_OK ? recorder_snapshot(request->path) : stick.mounted;
}

enum storage_status stick_eject(struct stick_request *request)
{
    (void)request;
    if (stick.mounted != STORAGE_OK)
        return stick.mounted;
    enum storage_status status = recorder_is_on() ? recorder_stop() : STORAGE_OK;
    volume_unmount();
    stick.mounted = STORAGE_EJECTED; /* until one is plugged in */
    /* That no room was left for its last pictures is said of the film, which is whole. */
    return status == STORAGE_FULL ? STORAGE_OK : status;
}

/* --- The thread --- */

void otg_hs_handler(void)
{
    _tx_execution_isr_enter();
    usb_host_interrupt();
    tx_event_flags_set(&stick.events, USB_RANG, TX_OR);
    _tx_execution_isr_exit();
}

uint32_t usb_host_milliseconds(void)
{
    return timer_microseconds(TIMER_CM4) / 1000;
}

void usb_host_idle(void)
{
    ULONG what;
    tx_event_flags_get(&stick.events, USB_RANG, TX_OR_CLEAR, &what, 1);
}

static void tell_mounted(void)
{
    struct storage_info info;
    if (stick.mounted == STORAGE_OK)
        stick.mounted = volume_info(&info);
    if (stick.mounted != STORAGE_OK) {
        log_line(LOG_WARNING, storage_text(stick.mounted));
        return;
    }
    log_format(LOG_INFO, "stick \"%s\": %s, %lu MB, %lu MB free%s", info.label, info.type,
               (unsigned long)(info.size_bytes / 1000000),
               (unsigned long)(info.free_bytes / 1000000),
               info.is_read_only ? ", write-protected" : "");
}

static void mount(void)
{
    film_new_stick();
    stick.mounted = volume_mount();
    tell_mounted();
}

/* The port is empty, or what is in it does not answer and is asked anew. */
static void forget(bool is_empty)
{
    recorder_abandon();
    if (stick.mounted == STORAGE_OK) {
        volume_unmount();
        log_line(LOG_WARNING, storage_text(is_empty ? STORAGE_GONE : STORAGE_SLOW));
    } else if (is_empty) {
        log_line(LOG_INFO, "nothing is plugged in");
    }
    stick.mounted = STORAGE_NO_STICK;
}

static enum storage_status why_no_stick(void)
{
    switch (stick_last_error()) {
    case STICK_GOOD:
        return STORAGE_NOT_A_STICK;
    case STICK_NO_MEDIUM:
        return STORAGE_NO_MEDIUM;
    case STICK_SILENT:
        return STORAGE_SLOW;
    default:
        return STORAGE_BROKEN;
    }
}

static void notice_state(void)
{
    enum usb_host_state state = usb_host_state();
    if (state == stick.told)
        return;
    if (stick.told == USB_HOST_STICK || state == USB_HOST_EMPTY)
        forget(state == USB_HOST_EMPTY);
    stick.told = state;
    if (state == USB_HOST_STICK) {
        mount();
    } else if (state == USB_HOST_NO_STICK) {
        stick.mounted = why_no_stick();
        log_line(LOG_WARNING, storage_text(stick.mounted));
    }
}

static void answer(void)
{
    struct stick_request *request = stick.asked;
    if (!request)
        return;
    request->status = request->run(request);
    stick.asked = NULL;
    tx_semaphore_put(&stick.done);
}

void storage_thread(ULONG unused)
{
    (void)unused;
    if (!usb_host_start()) {
        log_line(LOG_ERROR, "the USB host does not start");
        stick.mounted = STORAGE_BROKEN;
    }
    irq_enable(IRQ_OTG_HS, 6);
    for (;;) {
        ULONG what;
        usb_host_run();
        notice_state();
        answer();
        if (!recorder_work())
            tx_event_flags_get(&stick.events, USB_RANG | ASKED, TX_OR_CLEAR, &what,
                               recorder_is_on() ? RECORDING_TICKS : LOOK_TICKS);
    }
}
