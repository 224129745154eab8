/* What is asked for by touch is done here, and how things stand with stick and camera is told to the
 * M7. */
#include "cm4/camera.h"
#include "cm4/panel.h"
#include "cm4/problems.h"
#include "cm4/storage.h"
#include "shared/link.h"
#include "tx_api.h"

#include <stdio.h>
#include <string.h>

enum { LOOK_US = 500000 };

void asks_thread(ULONG unused);

static ULONG began; /* of the film, in ticks */
static bool was_recording;

static void tell_result(const char *what, enum storage_status status, const char *done)
{
    if (status == STORAGE_OK) {
        log_line(LOG_INFO, done);
        return;
    }
    log_format(LOG_INFO, "%s: %s", what, storage_text(status));
    panel_problem(status);
}

static void record(void)
{
    char name[STORAGE_NAME_BYTES], text[48];
    enum storage_status status = storage_record(name);
    snprintf(text, sizeof text, "recording %.20s", name);
    tell_result("record", status, text);
}

static void stop(void)
{
    char name[STORAGE_NAME_BYTES], text[48];
    uint32_t frames = 0;
    enum storage_status status = storage_stop(name, &frames);
    snprintf(text, sizeof text, "%.20s: %lu frames", name, (unsigned long)frames);
    tell_result("stop", status, text);
}

static void take_snapshot(void)
{
    char name[STORAGE_NAME_BYTES];
    enum storage_status status = storage_snapshot(name);
    tell_result("photo", status, name);
}

static void eject(void)
{
    static const struct panel_dialog done = {.kind = PANEL_DIALOG,
                                             .sign = SIGN_DONE,
                                             .title = "The stick is safe to take out",
                                             .text = "All films and pictures are on it."};
    enum storage_status status = storage_eject();
    tell_result("eject", status, "the stick may be taken out");
    if (status == STORAGE_OK)
        panel_tell(&done, sizeof done);
}

static void change_camera(uint8_t ask)
{
    struct camera_state camera;
    camera_get_state(&camera);
    if (ask == ASK_MIRROR)
        camera_set_mirror(!camera.mirror);
    else if (ask == ASK_FLIP)
        camera_set_flip(!camera.flip);
    else if (ask == ASK_PATTERN)
        camera_set_test_pattern(!camera.pattern);
    else if (ask >= ASK_MODE && ask < ASK_MODE + PANEL_MODES)
        camera_set_mode(panel_modes[ask - ASK_MODE].width, panel_modes[ask - ASK_MODE].height,
                        panel_modes[ask - ASK_MODE].frames_per_second);
}

static void do_ask(uint8_t ask)
{
    switch (ask) {
    case ASK_RECORD:
        record();
        break;
    case ASK_STOP:
        stop();
        break;
    case ASK_SNAPSHOT:
        take_snapshot();
        break;
    case ASK_EJECT:
        eject();
        break;
    default:
        change_camera(ask);
        break;
    }
}

static void tell_camera(void)
{
    struct camera_state state;
    struct panel_camera camera = {.kind = PANEL_CAMERA, .mode = PANEL_MODES};
    camera_get_state(&state);
    camera.works = state.sensor_works;
    camera.mirror = state.mirror;
    camera.flip = state.flip;
    camera.pattern = state.pattern;
    for (uint8_t n = 0; n < PANEL_MODES; n++)
        if (panel_modes[n].width == state.width && panel_modes[n].height == state.height)
            camera.mode = n;
    panel_tell(&camera, sizeof camera);
}

static void tell_stick(void)
{
    struct storage_info info = {0};
    struct panel_stick stick = {.kind = PANEL_STICK};
    enum storage_status status = storage_get_info(&info);
    stick.is_mounted = status == STORAGE_OK;
    stick.is_recording = info.is_recording;
    stick.is_read_only = info.is_read_only;
    if (info.is_recording && !was_recording)
        began = tx_time_get();
    was_recording = info.is_recording;
    stick.frames = info.recorded_frames;
    stick.seconds = info.is_recording ? (tx_time_get() - began) / TX_TIMER_TICKS_PER_SECOND : 0;
    stick.free_mb = (uint32_t)(info.free_bytes / 1000000);
    const char *name = stick.is_mounted ? info.label : problem_name(status);
    snprintf(stick.name, sizeof stick.name, "%.23s", name[0] ? name : "USB stick");
    panel_tell(&stick, sizeof stick);
}

void asks_thread(ULONG unused)
{
    (void)unused;
    for (;;) {
        uint8_t ask;
        if (duet_ring_receive_wait(&own_link.asks, &ask, sizeof ask, LOOK_US) == sizeof ask)
            do_ask(ask);
        tell_camera();
        tell_stick();
    }
}
