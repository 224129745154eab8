/*
 * What crosses between the M4 and the user interface on the M7, each in a ring of messages of
 * shared/link.h: touches, and how things stand with the stick; and what was asked for by touch. Every
 * message begins with its kind, and is as long as that kind says, or is not believed.
 */
#ifndef CAMERA_PANEL_LINK_H
#define CAMERA_PANEL_LINK_H

#include <stdint.h>

enum panel_kind { PANEL_TOUCH = 1, PANEL_STICK, PANEL_NOTE };

enum touch_event { TOUCH_DOWN, TOUCH_MOVED, TOUCH_UP };

struct panel_touch {
    uint8_t kind;
    uint8_t event; /* enum touch_event */
    uint8_t finger;
    uint8_t reserved;
    uint16_t x, y;
};

struct panel_stick {
    uint8_t kind;
    uint8_t is_mounted, is_recording, reserved;
    uint32_t frames; /* of the film */
    uint32_t seconds;
    uint32_t free_mb;
};

/* A line for the person, shown until the next. */
struct panel_note {
    uint8_t kind;
    char text[63];
};

union panel_message {
    uint8_t kind;
    struct panel_touch touch;
    struct panel_stick stick;
    struct panel_note note;
};

/* From the M7: one byte. */
enum panel_ask { ASK_RECORD = 1, ASK_STOP, ASK_SNAPSHOT, ASK_EJECT };

#endif
