#include "cm7/screens.h"

#include "art.h"

void screen_column(struct gui *gui)
{
    gui_fill(gui, box_of(COLUMN_LEFT, 0, GUI_WIDTH - COLUMN_LEFT, GUI_HEIGHT), 0,
             COLOUR_BACKGROUND);
}

bool screen_back(struct gui *gui, const char *title)
{
    gui_text(gui, box_of(COLUMN_X + 50, 10, COLUMN_WIDTH - 50, 44), FONT_NORMAL, ALIGN_LEFT,
             COLOUR_TEXT, title);
    return gui_button(gui, box_of(COLUMN_X, 10, 42, 44), &(struct gui_button){.icon = ICON_BACK});
}

void screens_build(struct gui *gui, struct ui_state *state)
{
    enum ui_screen screen = state->screen; /* a touch may change it */
    gui->is_covered = state->dialog_is_open;
    if (screen == SCREEN_SETTINGS)
        screen_settings(gui, state);
    else
        screen_main(gui, state);
    if (state->log_is_open)
        screen_log(gui, state);
    gui->is_covered = false;
    if (state->dialog_is_open)
        screen_dialog(gui, state);
}

struct box screens_window(const struct ui_state *state)
{
    if (state->dialog_is_open || state->log_is_open)
        return box_of(0, 0, GUI_WIDTH, GUI_HEIGHT);
    return box_of(COLUMN_LEFT, 0, GUI_WIDTH - COLUMN_LEFT, GUI_HEIGHT);
}

uint32_t screens_change_in(const struct ui_state *state)
{
    if (state->stick.is_recording)
        return SCREENS_BLINK_MS - state->milliseconds % SCREENS_BLINK_MS;
    return 1000;
}
