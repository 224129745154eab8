/* The stick's films and pictures, a page at a time. */
#include "cm7/screens.h"

#include "art.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 4, CARD_WIDTH = 180, CARD_HEIGHT = 188, GAP = 16, TOP = 76 };

static uint32_t pages_of(const struct album *album)
{
    return (album->total + ALBUM_PAGE - 1) / ALBUM_PAGE;
}

/* A stroke turns the page as a finger turns one of paper. */
static bool is_stroked(const struct gui *gui, const struct ui_state *state,
                       enum touch_stroke stroke)
{
    return !gui->is_covered && state->stroke == stroke;
}

/* Arrows and the number of the page, where there is more than one. */
static void put_pages(struct gui *gui, struct ui_state *state)
{
    const struct album *album = &state->album;
    uint32_t pages = pages_of(album), page = album->page;
    char text[24];
    if (pages < 2)
        return;
    snprintf(text, sizeof text, "%lu / %lu", (unsigned long)page + 1, (unsigned long)pages);
    gui_text(gui, box_of(592, 12, 60, 48), FONT_NORMAL, ALIGN_CENTRE, COLOUR_DIM, text);
    bool is_first = !page, is_last = page + 1 >= pages;
    bool back = gui_button(gui, box_of(660, 12, 58, 48),
                           &(struct gui_button){.icon = ICON_BACK, .is_off = is_first});
    bool next = gui_button(gui, box_of(726, 12, 58, 48),
                           &(struct gui_button){.icon = ICON_NEXT, .is_off = is_last});
    if (back || (!is_first && is_stroked(gui, state, STROKE_RIGHT)))
        ui_open_gallery(state, page - 1);
    if (next || (!is_last && is_stroked(gui, state, STROKE_LEFT)))
        ui_open_gallery(state, page + 1);
}

static void put_head(struct gui *gui, struct ui_state *state)
{
    const struct album *album = &state->album;
    char text[48] = "";
    if (gui_button(gui, box_of(16, 12, 48, 48), &(struct gui_button){.icon = ICON_BACK}))
        state->screen = SCREEN_MAIN;
    gui_text(gui, box_of(80, 12, 110, 48), FONT_LARGE, ALIGN_LEFT, COLOUR_TEXT, "Gallery");
    if (album->state == ALBUM_IS_THERE)
        snprintf(text, sizeof text, "%lu on \"%s\"", (unsigned long)album->total,
                 state->stick.name);
    gui_text(gui, box_of(190, 16, 390, 46), FONT_SMALL, ALIGN_LEFT, COLOUR_DIM, text);
}

static void put_thumbnail(struct gui *gui, struct box box, const struct album_item *item)
{
    const struct paint_picture *picture = &item->thumbnail;
    bool is_film = screen_is_film(item->entry.name);
    gui_fill(gui, box, 0, COLOUR_BACKGROUND);
    if (picture->version)
        gui_picture(gui, box, picture);
    else
        gui_icon(gui, box, is_film ? ICON_FILM : ICON_PICTURE, COLOUR_OFF);
    if (!is_film || !picture->version)
        return;
    int x = box.right - 24, y = box.bottom - 24;
    gui_disc(gui, x, y, 12, COLOUR_SHADE);
    gui_icon(gui, box_of(x - 11, y - 12, 24, 24), ICON_FILM_MARK, COLOUR_TEXT);
}

static void put_card(struct gui *gui, struct ui_state *state, unsigned n)
{
    const struct album_item *item = &state->album.items[n];
    struct box card =
        box_of(GAP + (int)(n % COLUMNS) * (CARD_WIDTH + GAP),
               TOP + (int)(n / COLUMNS) * (CARD_HEIGHT + GAP), CARD_WIDTH, CARD_HEIGHT);
    char text[16];
    bool is_held = gui_is_held(gui, card);
    gui_fill(gui, card, 8, is_held ? COLOUR_HELD : COLOUR_CARD);
    put_thumbnail(gui, box_of(card.left + 10, card.top + 10, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT),
                  item);
    gui_text(gui, box_of(card.left + 10, card.top + 138, 160, 22), FONT_NORMAL, ALIGN_LEFT,
             COLOUR_TEXT, item->entry.name);
    screen_bytes(text, item->entry.bytes);
    gui_text(gui, box_of(card.left + 10, card.top + 160, 160, 20), FONT_SMALL, ALIGN_LEFT,
             is_held ? COLOUR_TEXT : COLOUR_DIM, text);
    if (gui_place(gui, card) && !state->is_opening && !state->stroke) {
        memcpy(state->chosen, item->entry.name, sizeof state->chosen);
        state->is_opening = true;
        ui_wish(state, WISH_SHOW, 0);
    }
}

/* Words in the middle, where there is nothing to be seen. */
static void put_words(struct gui *gui, unsigned icon, const char *title, const char *text)
{
    gui_icon(gui, box_of(0, 150, GUI_WIDTH, 60), icon, COLOUR_OFF);
    gui_text(gui, box_of(100, 220, 600, 30), FONT_LARGE, ALIGN_CENTRE, COLOUR_TEXT, title);
    gui_paragraph(gui, box_of(220, 260, 360, 60), FONT_NORMAL, ALIGN_CENTRE, COLOUR_DIM, text);
}

static void put_no_cards(struct gui *gui, const struct ui_state *state)
{
    if (!state->stick.is_mounted)
        put_words(gui, ICON_UNPLUGGED, state->stick.name,
                  "Plug in a USB stick to see its films and pictures.");
    else if (state->album.state == ALBUM_IS_LOOKED_FOR)
        put_words(gui, ICON_NONE, "Looking\xe2\x80\xa6", "");
    else if (state->album.state == ALBUM_FAILED)
        put_words(gui, ICON_WARNING, "The stick cannot be read",
                  "Take it out and plug it in again.");
    else
        put_words(gui, ICON_PICTURE, "Nothing here yet",
                  "Films and pictures that you record are shown here.");
}

void screen_gallery(struct gui *gui, struct ui_state *state)
{
    struct album *album = &state->album;
    gui_fill(gui, box_of(0, 0, GUI_WIDTH, GUI_HEIGHT), 0, COLOUR_BACKGROUND);
    put_head(gui, state);
    put_pages(gui, state);
    for (unsigned n = 0; n < album->count && album->state == ALBUM_IS_THERE; n++)
        put_card(gui, state, n);
    if (album->state != ALBUM_IS_THERE || !album->count || !state->stick.is_mounted)
        put_no_cards(gui, state);
}
