/* A film or a picture of the stick, which stands on layer 1, and what can be done with it. */
#include "cm7/screens.h"

#include "art.h"

#include <stdio.h>

static void put_about(struct gui *gui, const struct ui_state *state)
{
    const struct panel_player *player = &state->player;
    struct box card = box_of(COLUMN_X, 64, COLUMN_WIDTH, 84);
    char text[32], bytes[16];
    gui_fill(gui, card, 8, COLOUR_CARD);
    gui_text(gui, box_of(card.left + 10, card.top + 10, COLUMN_WIDTH - 20, 20), FONT_NORMAL,
             ALIGN_LEFT, COLOUR_TEXT, state->chosen);
    snprintf(text, sizeof text, "%u\xc3\x97%u", player->width, player->height);
    gui_text(gui, box_of(card.left + 10, card.top + 34, COLUMN_WIDTH - 20, 18), FONT_SMALL,
             ALIGN_LEFT, COLOUR_DIM, text);
    screen_bytes(bytes, player->bytes);
    gui_text(gui, box_of(card.left + 10, card.top + 54, COLUMN_WIDTH - 20, 18), FONT_SMALL,
             ALIGN_LEFT, COLOUR_DIM, bytes);
}

/* While the finger holds the knob the film goes on; it is sought when the knob is left. */
static void put_slider(struct gui *gui, struct ui_state *state)
{
    const struct panel_player *player = &state->player;
    uint32_t frame = state->is_sought ? state->sought : player->frame;
    uint32_t most = player->frames > 1 ? player->frames - 1 : 1;
    char now[16], all[16];
    if (gui_slider(gui, box_of(COLUMN_X, 164, COLUMN_WIDTH, 44), &frame, most)) {
        state->is_sought = true;
        state->sought = frame;
    }
    if (state->is_sought && !gui->is_down) {
        ui_wish(state, WISH_SEEK, state->sought);
        state->is_sought = false;
        state->player.frame = state->sought;
    }
    screen_time(now, frame, player->frame_us);
    screen_time(all, player->frames, player->frame_us);
    gui_text(gui, box_of(COLUMN_X, 204, 70, 20), FONT_SMALL, ALIGN_LEFT, COLOUR_TEXT, now);
    gui_text(gui, box_of(COLUMN_X + 70, 204, 70, 20), FONT_SMALL, ALIGN_RIGHT, COLOUR_DIM, all);
}

static void put_play(struct gui *gui, struct ui_state *state)
{
    enum player_state now = state->player.state;
    bool plays = now == PLAYER_PLAYS;
    const struct gui_button play = {.icon = plays ? ICON_PAUSE : ICON_PLAY,
                                    .label = plays                 ? "Pause"
                                             : now == PLAYER_ENDED ? "Again"
                                                                   : "Play",
                                    .look = LOOK_MAIN};
    const struct gui_button restart = {.icon = ICON_RESTART, .label = "From start"};
    if (gui_button(gui, box_of(COLUMN_X, 236, COLUMN_WIDTH, 52), &play))
        ui_wish(state, now == PLAYER_ENDED ? WISH_SEEK : WISH_PAUSE, plays);
    if (gui_button(gui, box_of(COLUMN_X, 298, COLUMN_WIDTH, 44), &restart))
        ui_wish(state, WISH_SEEK, 0);
}

static void put_column(struct gui *gui, struct ui_state *state)
{
    screen_column(gui);
    if (screen_back(gui, state->player.state == PLAYER_PICTURE ? "Picture" : "Film")) {
        ui_wish(state, WISH_LEAVE, 0);
        state->screen = SCREEN_GALLERY;
        state->is_sought = false;
    }
    put_about(gui, state);
    if (state->player.state != PLAYER_PICTURE) {
        put_slider(gui, state);
        put_play(gui, state);
    }
    if (gui_button(gui, box_of(COLUMN_X, 426, COLUMN_WIDTH, 44),
                   &(struct gui_button){.icon = ICON_REMOVE, .label = "Remove"}))
        state->asks_removal = true;
}

/* A touch of the picture takes the column away, which covers what is wide, and brings it back. */
void screen_viewer(struct gui *gui, struct ui_state *state)
{
    int right = state->is_alone ? GUI_WIDTH : COLUMN_LEFT;
    if (!state->is_alone)
        put_column(gui, state);
    if (gui_place(gui, box_of(0, 0, right, GUI_HEIGHT)))
        state->is_alone = !state->is_alone;
}
