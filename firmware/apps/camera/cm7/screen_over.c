/* What lies over a screen: the log, and what has to be answered. */
#include "cm7/screens.h"

#include "shared/log.h"

#include "art.h"

#include <stdio.h>

enum { LOG_ROW = 22, LOG_X = 12, LOG_WIDTH = 616 };

static void put_log_row(struct gui *gui, int y, const struct ui_note *note)
{
    char time[16];
    uint32_t seconds = note->milliseconds / 1000;
    snprintf(time, sizeof time, "%lu:%02lu", (unsigned long)(seconds / 60),
             (unsigned long)(seconds % 60));
    gui_text(gui, box_of(LOG_X + 10, y, 40, LOG_ROW), FONT_SMALL, ALIGN_RIGHT, COLOUR_DIM, time);
    gui_text(gui, box_of(LOG_X + 64, y, LOG_WIDTH - 76, LOG_ROW), FONT_SMALL, ALIGN_LEFT,
             note->level <= LOG_WARNING ? COLOUR_AMBER : COLOUR_TEXT, note->text);
}

void screen_log(struct gui *gui, struct ui_state *state)
{
    uint32_t rows = state->note_count < UI_NOTES ? state->note_count : UI_NOTES;
    int height = (int)(rows ? rows : 1) * LOG_ROW + 16, y = GUI_HEIGHT - 12 - height;
    struct box box = box_of(LOG_X, y, LOG_WIDTH, height);
    gui_fill(gui, box, 10, COLOUR_SHADE);
    for (uint32_t n = 0; n < rows; n++)
        put_log_row(gui, y + 8 + (int)n * LOG_ROW,
                    &state->notes[(state->note_count - rows + n) % UI_NOTES]);
    if (gui_place(gui, box))
        state->log_is_open = false;
}

static const struct {
    unsigned icon;
    uint32_t argb;
} signs[] = {
    [SIGN_DONE] = {ICON_CHECK, COLOUR_GREEN},      [SIGN_NO_STICK] = {ICON_UNPLUGGED, COLOUR_DIM},
    [SIGN_FULL] = {ICON_FULL, COLOUR_AMBER},       [SIGN_LOCKED] = {ICON_LOCK, COLOUR_AMBER},
    [SIGN_WARNING] = {ICON_WARNING, COLOUR_AMBER},
};

/* Card, sign, title and text; the buttons are its caller's, at the foot of what is returned. */
static struct box put_card(struct gui *gui, unsigned icon, uint32_t argb, const char *title,
                           const char *text)
{
    struct box card = box_of(200, 108, 400, 264);
    gui_fill(gui, box_of(0, 0, GUI_WIDTH, GUI_HEIGHT), 0, COLOUR_SHADE);
    gui_fill(gui, card, 12, COLOUR_CARD);
    gui_icon(gui, box_of(card.left, card.top + 20, 400, 52), icon, argb);
    gui_text(gui, box_of(card.left + 20, card.top + 82, 360, 30), FONT_LARGE, ALIGN_CENTRE,
             COLOUR_TEXT, title);
    gui_paragraph(gui, box_of(card.left + 40, card.top + 122, 320, 66), FONT_NORMAL, ALIGN_CENTRE,
                  COLOUR_DIM, text);
    return card;
}

void screen_dialog(struct gui *gui, struct ui_state *state)
{
    const struct panel_dialog *dialog = &state->dialog;
    enum panel_sign sign = dialog->sign <= SIGN_WARNING ? dialog->sign : SIGN_WARNING;
    struct box card =
        put_card(gui, signs[sign].icon, signs[sign].argb, dialog->title, dialog->text);
    struct gui_button button = {.label = "OK", .look = LOOK_MAIN};
    if (gui_button(gui, box_of(card.left + 120, card.bottom - 64, 160, 44), &button))
        state->dialog_is_open = false;
}

/* The film or picture is closed first; its page is looked for anew. */
static void remove_chosen(struct ui_state *state)
{
    ui_wish(state, WISH_LEAVE, 0);
    ui_wish(state, WISH_REMOVE, 0);
    ui_open_gallery(state, state->album.page);
}

void screen_removal(struct gui *gui, struct ui_state *state)
{
    const struct gui_button keep = {.label = "Keep"},
                            removal = {.label = "Remove", .look = LOOK_DANGER};
    char title[FILES_NAME_BYTES + 16];
    snprintf(title, sizeof title, "Remove %s?", state->chosen);
    struct box card =
        put_card(gui, ICON_QUESTION, COLOUR_TEXT, title, "It is taken off the stick for good.");
    if (gui_button(gui, box_of(card.left + 30, card.bottom - 64, 160, 44), &keep))
        state->asks_removal = false;
    if (gui_button(gui, box_of(card.left + 210, card.bottom - 64, 160, 44), &removal)) {
        state->asks_removal = false;
        remove_chosen(state);
    }
}
