/*
 * What the user interface shows and what a touch does to it: no kernel, no hardware. One thread.
 */
#ifndef CAMERA_UI_STATE_H
#define CAMERA_UI_STATE_H

#include "shared/panel_link.h"

#include <stdbool.h>
#include <stdint.h>

enum ui_button { UI_RECORD, UI_PHOTO, UI_EJECT, UI_BUTTONS, UI_NO_BUTTON = UI_BUTTONS };

/* On the panel, in pixels. */
enum { UI_LEFT = 640, UI_BUTTON_X = 656, UI_BUTTON_WIDTH = 128, UI_BUTTON_HEIGHT = 52 };
enum { UI_FIRST_BUTTON_Y = 238, UI_BUTTON_STEP = 62 };

struct ui_state {
    struct panel_stick stick;
    char note[sizeof((struct panel_note *)0)->text];
    enum ui_button held; /* under the finger that went down on it */
    bool is_over;        /* the finger is still on it */
    uint8_t finger;
    uint32_t frames_per_second_x10, drops, load_m7_permille, load_m4_permille;
};

unsigned ui_button_y(enum ui_button button);
/* A message of `bytes`; what does not make sense changes nothing. The ask that follows from it: 0, none. */
uint8_t ui_take(struct ui_state *state, const union panel_message *message, uint32_t bytes);

#endif
