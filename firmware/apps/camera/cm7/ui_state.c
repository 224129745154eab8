#include "cm7/ui_state.h"

#include <string.h>

unsigned ui_button_y(enum ui_button button)
{
    return UI_FIRST_BUTTON_Y + (unsigned)button * UI_BUTTON_STEP;
}

static enum ui_button button_at(unsigned x, unsigned y)
{
    for (enum ui_button n = 0; n < UI_BUTTONS; n++)
        if (x >= UI_BUTTON_X && x < UI_BUTTON_X + UI_BUTTON_WIDTH && y >= ui_button_y(n) &&
            y < ui_button_y(n) + UI_BUTTON_HEIGHT)
            return n;
    return UI_NO_BUTTON;
}

static uint8_t ask_of(const struct ui_state *state, enum ui_button button)
{
    switch (button) {
    case UI_RECORD:
        return state->stick.is_recording ? ASK_STOP : ASK_RECORD;
    case UI_PHOTO:
        return ASK_SNAPSHOT;
    case UI_EJECT:
        return ASK_EJECT;
    default:
        return 0;
    }
}

/* A button does what it says when the finger that went down on it is lifted on it. */
static uint8_t take_touch(struct ui_state *state, const struct panel_touch *touch)
{
    enum ui_button at = button_at(touch->x, touch->y), held = state->held;
    if (touch->event == TOUCH_DOWN && held == UI_NO_BUTTON) {
        state->held = at;
        state->is_over = at != UI_NO_BUTTON;
        state->finger = touch->finger;
        return 0;
    }
    if (held == UI_NO_BUTTON || touch->finger != state->finger)
        return 0;
    state->is_over = at == held;
    if (touch->event != TOUCH_UP)
        return 0;
    state->held = UI_NO_BUTTON;
    return state->is_over ? ask_of(state, held) : 0;
}

uint8_t ui_take(struct ui_state *state, const union panel_message *message, uint32_t bytes)
{
    if (!bytes)
        return 0;
    if (message->kind == PANEL_TOUCH && bytes == sizeof message->touch)
        return take_touch(state, &message->touch);
    if (message->kind == PANEL_STICK && bytes == sizeof message->stick)
        state->stick = message->stick;
    if (message->kind == PANEL_NOTE && bytes == sizeof message->note) {
        memcpy(state->note, message->note.text, sizeof state->note);
        state->note[sizeof state->note - 1] = 0;
    }
    return 0;
}
