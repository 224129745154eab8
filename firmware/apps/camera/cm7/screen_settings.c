/* What the camera sends: the picture beside it shows each change at once. */
#include "cm7/screens.h"

#include <stdio.h>

static void put_heading(struct gui *gui, int y, const char *text)
{
    gui_text(gui, box_of(COLUMN_X + 2, y, COLUMN_WIDTH - 4, 18), FONT_SMALL, ALIGN_LEFT, COLOUR_DIM,
             text);
}

static void put_mode(struct gui *gui, struct ui_state *state, unsigned n)
{
    char label[32];
    snprintf(label, sizeof label, "%u\xc3\x97%u  %u/s", panel_modes[n].width, panel_modes[n].height,
             panel_modes[n].frames_per_second);
    struct gui_button button = {.label = label, .is_off = !state->camera.works};
    if (state->camera.mode == n)
        button.look = LOOK_CHOSEN;
    if (gui_button(gui, box_of(COLUMN_X, 88 + (int)n * 50, COLUMN_WIDTH, 42), &button))
        ui_wish(state, WISH_ASK, ASK_MODE + n);
}

static void put_switch(struct gui *gui, struct ui_state *state, int y, const char *label, bool on,
                       enum panel_ask ask)
{
    if (gui_switch(gui, box_of(COLUMN_X, y, COLUMN_WIDTH, 42), label, on) && state->camera.works)
        ui_wish(state, WISH_ASK, ask);
}

/* The stick brings them back when it is plugged in. */
static void put_keep(struct gui *gui, struct ui_state *state)
{
    const struct gui_button keep = {.label = "Keep on stick",
                                    .is_off = !state->stick.is_mounted || !state->camera.works};
    if (gui_button(gui, box_of(COLUMN_X, 426, COLUMN_WIDTH, 44), &keep))
        ui_wish(state, WISH_KEEP, 0);
}

void screen_settings(struct gui *gui, struct ui_state *state)
{
    const struct panel_camera *camera = &state->camera;
    screen_column(gui);
    if (screen_back(gui, "Settings"))
        state->screen = SCREEN_MAIN;
    put_heading(gui, 66, "Picture");
    for (unsigned n = 0; n < PANEL_MODES; n++)
        put_mode(gui, state, n);
    put_heading(gui, 244, "Camera");
    put_switch(gui, state, 266, "Mirror", camera->mirror, ASK_MIRROR);
    put_switch(gui, state, 314, "Flip", camera->flip, ASK_FLIP);
    put_switch(gui, state, 362, "Test pattern", camera->pattern, ASK_PATTERN);
    put_keep(gui, state);
}
