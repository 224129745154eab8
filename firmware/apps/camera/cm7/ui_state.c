#include "cm7/ui_state.h"

#include <string.h>

static void end_text(char *text, size_t bytes)
{
    text[bytes - 1] = 0;
}

static void take_note(struct ui_state *state, const struct panel_note *message)
{
    struct ui_note *note = &state->notes[state->note_count++ % UI_NOTES];
    note->milliseconds = state->milliseconds;
    note->level = message->level;
    memcpy(note->text, message->text, sizeof note->text);
    end_text(note->text, sizeof note->text);
}

static void take_dialog(struct ui_state *state, const struct panel_dialog *message)
{
    state->dialog = *message;
    end_text(state->dialog.title, sizeof state->dialog.title);
    end_text(state->dialog.text, sizeof state->dialog.text);
    state->dialog_is_open = true;
}

void ui_take(struct ui_state *state, const union panel_message *message, uint32_t bytes)
{
    if (!bytes)
        return;
    if (message->kind == PANEL_STICK && bytes == sizeof message->stick) {
        state->stick = message->stick;
        end_text(state->stick.name, sizeof state->stick.name);
    }
    if (message->kind == PANEL_CAMERA && bytes == sizeof message->camera)
        state->camera = message->camera;
    if (message->kind == PANEL_NOTE && bytes == sizeof message->note)
        take_note(state, &message->note);
    if (message->kind == PANEL_DIALOG && bytes == sizeof message->dialog)
        take_dialog(state, &message->dialog);
}

enum gui_finger ui_touch(struct ui_state *state, const struct panel_touch *touch)
{
    if (touch->event == TOUCH_DOWN && !state->is_down) {
        state->is_down = true;
        state->finger = touch->finger;
        return GUI_DOWN;
    }
    if (!state->is_down || touch->finger != state->finger)
        return GUI_NO_FINGER;
    state->is_down = touch->event != TOUCH_UP;
    return state->is_down ? GUI_MOVED : GUI_UP;
}

void ui_wish(struct ui_state *state, enum ui_wish_kind kind, uint32_t value)
{
    if (state->wish_count < UI_WISHES)
        state->wishes[state->wish_count++] = (struct ui_wish){kind, value};
}
