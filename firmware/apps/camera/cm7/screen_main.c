/* The view while the camera runs: stick, buttons, figures, and what was said last. */
#include "cm7/screens.h"

#include "shared/log.h"

#include "art.h"

#include <stdio.h>

enum { HALF = 66, ROW = 20 };

static void put_stick(struct gui *gui, const struct panel_stick *stick)
{
    char text[32];
    gui_fill(gui, box_of(COLUMN_X, 10, COLUMN_WIDTH, 54), 8, COLOUR_CARD);
    gui_icon(gui, box_of(COLUMN_X, 10, 40, 54), ICON_STICK,
             stick->is_mounted ? COLOUR_TEXT : COLOUR_OFF);
    gui_text(gui, box_of(COLUMN_X + 40, 16, COLUMN_WIDTH - 46, 22), FONT_NORMAL, ALIGN_LEFT,
             stick->is_mounted ? COLOUR_TEXT : COLOUR_DIM, stick->name);
    if (!stick->is_mounted)
        snprintf(text, sizeof text, "plug one in");
    else if (stick->is_read_only)
        snprintf(text, sizeof text, "protected");
    else if (stick->free_mb < 10000)
        snprintf(text, sizeof text, "%lu MB free", (unsigned long)stick->free_mb);
    else
        snprintf(text, sizeof text, "%lu.%lu GB free", (unsigned long)(stick->free_mb / 1000),
                 (unsigned long)(stick->free_mb / 100 % 10));
    gui_text(gui, box_of(COLUMN_X + 40, 38, COLUMN_WIDTH - 46, 20), FONT_SMALL, ALIGN_LEFT,
             COLOUR_DIM, text);
}

/* While it records: the time, and a dot that blinks. */
static void put_record(struct gui *gui, struct ui_state *state)
{
    struct box box = box_of(COLUMN_X, 74, COLUMN_WIDTH, 64);
    const struct panel_stick *stick = &state->stick;
    bool records = stick->is_recording;
    char text[16] = "Record";
    if (gui_button(gui, box, &(struct gui_button){.look = LOOK_BUTTON}))
        ui_wish(state, WISH_ASK, records ? ASK_STOP : ASK_RECORD);
    if (!records || state->milliseconds / SCREENS_BLINK_MS % 2 == 0)
        gui_disc(gui, box.left + 28, (box.top + box.bottom) / 2, 10, COLOUR_RED);
    if (records)
        snprintf(text, sizeof text, "%lu:%02lu", (unsigned long)(stick->seconds / 60),
                 (unsigned long)(stick->seconds % 60));
    gui_text(gui, box_of(box.left + 48, box.top, COLUMN_WIDTH - 54, 64),
             records ? FONT_LARGE : FONT_NORMAL, ALIGN_LEFT, COLOUR_TEXT, text);
}

static bool put_half(struct gui *gui, int column, int y, unsigned icon, const char *label)
{
    return gui_button(gui, box_of(COLUMN_X + column * (COLUMN_WIDTH - HALF), y, HALF, 60),
                      &(struct gui_button){.icon = icon, .label = label});
}

static void put_buttons(struct gui *gui, struct ui_state *state)
{
    if (put_half(gui, 0, 146, ICON_PHOTO, "Photo"))
        ui_wish(state, WISH_ASK, ASK_SNAPSHOT);
    if (put_half(gui, 1, 146, ICON_EJECT, "Eject"))
        ui_wish(state, WISH_ASK, ASK_EJECT);
    if (put_half(gui, 0, 214, ICON_GALLERY, "Gallery"))
        ui_open_gallery(state, 0);
    if (put_half(gui, 1, 214, ICON_SETTINGS, "Settings"))
        state->screen = SCREEN_SETTINGS;
}

static void put_figure(struct gui *gui, int y, const char *name, const char *value, uint32_t argb)
{
    struct box row = box_of(COLUMN_X + 10, y, COLUMN_WIDTH - 20, ROW);
    gui_text(gui, row, FONT_SMALL, ALIGN_LEFT, COLOUR_DIM, name);
    gui_text(gui, row, FONT_SMALL, ALIGN_RIGHT, argb, value);
}

static void put_tenths(struct gui *gui, int y, const char *name, uint32_t value, const char *unit)
{
    char text[24];
    snprintf(text, sizeof text, "%lu.%lu%s", (unsigned long)(value / 10),
             (unsigned long)(value % 10), unit);
    put_figure(gui, y, name, text, COLOUR_TEXT);
}

static void put_figures(struct gui *gui, const struct ui_figures *figures)
{
    char text[16];
    gui_fill(gui, box_of(COLUMN_X, 284, COLUMN_WIDTH, 4 * ROW + 12), 8, COLOUR_CARD);
    put_tenths(gui, 290, "frames / s", figures->frames_per_second_x10, "");
    snprintf(text, sizeof text, "%lu", (unsigned long)figures->drops);
    put_figure(gui, 290 + ROW, "dropped", text, figures->drops ? COLOUR_AMBER : COLOUR_TEXT);
    put_tenths(gui, 290 + 2 * ROW, "M7 load", figures->load_m7_permille, " %");
    put_tenths(gui, 290 + 3 * ROW, "M4 load", figures->load_m4_permille, " %");
}

/* The latest line of the log; a touch opens the log. */
static void put_note(struct gui *gui, struct ui_state *state)
{
    struct box box = box_of(COLUMN_X, 386, COLUMN_WIDTH, 84);
    bool is_held = gui_is_held(gui, box);
    gui_fill(gui, box, 8, is_held ? COLOUR_BUTTON : COLOUR_CARD);
    if (gui_place(gui, box))
        state->log_is_open = !state->log_is_open;
    if (!state->note_count)
        return;
    const struct ui_note *note = &state->notes[(state->note_count - 1) % UI_NOTES];
    gui_paragraph(gui, box_of(box.left + 10, box.top + 7, COLUMN_WIDTH - 20, 74), FONT_SMALL,
                  ALIGN_LEFT, note->level <= LOG_WARNING ? COLOUR_AMBER : COLOUR_DIM, note->text);
}

void screen_main(struct gui *gui, struct ui_state *state)
{
    screen_column(gui);
    put_stick(gui, &state->stick);
    put_record(gui, state);
    put_buttons(gui, state);
    put_figures(gui, &state->figures);
    put_note(gui, state);
}
