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
    state->is_opening = false;
}

/* Another stick, or none: what was listed is not there. */
static void take_stick(struct ui_state *state, const struct panel_stick *stick)
{
    bool changed = state->stick.is_mounted != stick->is_mounted;
    if (changed && stick->is_mounted)
        ui_wish(state, WISH_RECALL, 0);
    state->stick = *stick;
    end_text(state->stick.name, sizeof state->stick.name);
    if (changed && state->screen == SCREEN_VIEWER)
        ui_wish(state, WISH_LEAVE, 0);
    if (changed && state->screen >= SCREEN_GALLERY)
        ui_open_gallery(state, 0);
}

/* A film or picture comes on the panel, or leaves it by itself. */
static void take_player(struct ui_state *state, const struct panel_player *player)
{
    bool is_shown = player->state != PLAYER_CLOSED;
    state->player = *player;
    if (is_shown && state->is_opening) {
        state->screen = SCREEN_VIEWER;
        state->is_alone = false;
        state->is_opening = false;
    }
    if (!is_shown && state->screen == SCREEN_VIEWER) {
        state->screen = SCREEN_GALLERY;
        state->asks_removal = state->is_sought = false;
    }
}

void ui_take(struct ui_state *state, const union panel_message *message, uint32_t bytes)
{
    if (!bytes)
        return;
    if (message->kind == PANEL_STICK && bytes == sizeof message->stick)
        take_stick(state, &message->stick);
    if (message->kind == PANEL_CAMERA && bytes == sizeof message->camera)
        state->camera = message->camera;
    if (message->kind == PANEL_NOTE && bytes == sizeof message->note)
        take_note(state, &message->note);
    if (message->kind == PANEL_DIALOG && bytes == sizeof message->dialog)
        take_dialog(state, &message->dialog);
    if (message->kind == PANEL_PLAYER && bytes == sizeof message->player)
        take_player(state, &message->player);
}

void ui_take_album(struct ui_state *state, const struct album *album)
{
    if (album->wish == state->gallery_wishes)
        state->album = *album;
}

void ui_open_gallery(struct ui_state *state, uint32_t page)
{
    state->screen = SCREEN_GALLERY;
    state->album.state = ALBUM_IS_LOOKED_FOR;
    state->album.page = page;
    state->album.count = 0;
    state->is_opening = state->asks_removal = state->is_sought = false;
    state->gallery_wishes++;
    ui_wish(state, WISH_LIST, page);
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
    state->stroke = state->is_down ? STROKE_NONE : (enum touch_stroke)touch->stroke;
    return state->is_down ? GUI_MOVED : GUI_UP;
}

void ui_wish(struct ui_state *state, enum ui_wish_kind kind, uint32_t value)
{
    if (state->wish_count < UI_WISHES)
        state->wishes[state->wish_count++] = (struct ui_wish){kind, value};
}
