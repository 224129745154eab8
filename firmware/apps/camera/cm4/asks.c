/* What is asked for by touch is done here, and how things stand with the stick is told to the M7. */
#include "cm4/panel.h"
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
    char text[sizeof((struct panel_note *)0)->text];
    if (status == STORAGE_OK)
        snprintf(text, sizeof text, "%.*s", (int)sizeof text - 1, done);
    else
        snprintf(text, sizeof text, "%.10s: %.50s", what, storage_text(status));
    panel_note(text);
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
    tell_result("eject", storage_eject(), "the stick may be taken out");
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
        break; /* the M7 asks for nothing else */
    }
}

static void tell_stick(void)
{
    struct storage_info info = {0};
    struct panel_stick stick = {.kind = PANEL_STICK};
    stick.is_mounted = storage_get_info(&info) == STORAGE_OK;
    stick.is_recording = info.is_recording;
    if (info.is_recording && !was_recording)
        began = tx_time_get();
    was_recording = info.is_recording;
    stick.frames = info.recorded_frames;
    stick.seconds = info.is_recording ? (tx_time_get() - began) / TX_TIMER_TICKS_PER_SECOND : 0;
    stick.free_mb = (uint32_t)(info.free_bytes / 1000000);
    panel_tell(&stick, sizeof stick);
}

void asks_thread(ULONG unused)
{
    (void)unused;
    for (;;) {
        uint8_t ask;
        if (duet_ring_receive_wait(&own_link.asks, &ask, sizeof ask, LOOK_US) == sizeof ask)
            do_ask(ask);
        tell_stick();
    }
}
