#include "cm7/screens.h"

#include "art.h"

#include <stdio.h>
#include <string.h>

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

void screen_bytes(char text[16], uint32_t bytes)
{
    if (bytes < 1000000)
        snprintf(text, 16, "%lu KB", (unsigned long)((bytes + 999) / 1000));
    else
        snprintf(text, 16, "%lu.%lu MB", (unsigned long)(bytes / 1000000),
                 (unsigned long)(bytes / 100000 % 10));
}

void screen_time(char text[16], uint32_t frames, uint32_t frame_us)
{
    uint32_t seconds = (uint32_t)((uint64_t)frames * frame_us / 1000000);
    snprintf(text, 16, "%lu:%02lu", (unsigned long)(seconds / 60), (unsigned long)(seconds % 60));
}

bool screen_is_film(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && (name[length - 3] | 0x20) == 'a';
}

static void (*const builders[])(struct gui *gui, struct ui_state *state) = {
    [SCREEN_MAIN] = screen_main,
    [SCREEN_SETTINGS] = screen_settings,
    [SCREEN_GALLERY] = screen_gallery,
    [SCREEN_VIEWER] = screen_viewer,
};

/* What has to be answered covers what lies below. */
void screens_build(struct gui *gui, struct ui_state *state)
{
    bool dialog = state->dialog_is_open, removal = state->asks_removal;
    gui->is_covered = dialog || removal;
    if (state->log_is_open && state->screen == SCREEN_MAIN) {
        screen_main(gui, state);
        screen_log(gui, state);
    } else {
        builders[state->screen](gui, state);
    }
    gui->is_covered = false;
    if (dialog)
        screen_dialog(gui, state);
    else if (removal)
        screen_removal(gui, state);
    state->stroke = STROKE_NONE;
}

struct screens_sheet screens_sheet(const struct ui_state *state)
{
    static const struct screens_sheet over = {{0, 0, GUI_WIDTH, GUI_HEIGHT}, PIXEL_ARGB4444},
                                      full = {{0, 0, GUI_WIDTH, GUI_HEIGHT}, PIXEL_RGB565},
                                      column = {{COLUMN_LEFT, 0, GUI_WIDTH, GUI_HEIGHT},
                                                PIXEL_ARGB8888};
    if (state->screen == SCREEN_GALLERY)
        return full;
    if (state->dialog_is_open || state->asks_removal ||
        (state->log_is_open && state->screen == SCREEN_MAIN))
        return over;
    return column;
}

uint32_t screens_change_in(const struct ui_state *state)
{
    if (state->stick.is_recording)
        return SCREENS_BLINK_MS - state->milliseconds % SCREENS_BLINK_MS;
    return 1000;
}
