/* What the screens of cm7/gui.h are made of. */
#include "cm7/gui.h"

#include "cm7/paint.h"

#include "art.h"

#include <string.h>

enum { BUTTON_RADIUS = 8, STACKED_HEIGHT = 56, ICON_GAP = 10, LINE_BYTES = 96 };

static struct nk_command_buffer *drawing(struct gui *gui)
{
    return nk_window_get_canvas(&gui->nk);
}

static struct nk_rect rect_of(struct box box)
{
    return nk_rect(box.left, box.top, (float)(box.right - box.left), (float)(box.bottom - box.top));
}

static struct nk_color colour_of(uint32_t argb)
{
    return nk_rgba((int)(argb >> 16 & 255), (int)(argb >> 8 & 255), (int)(argb & 255),
                   (int)(argb >> 24));
}

void gui_fill(struct gui *gui, struct box box, unsigned radius, uint32_t argb)
{
    nk_fill_rect(drawing(gui), rect_of(box), (float)radius, colour_of(argb));
}

void gui_disc(struct gui *gui, int x, int y, unsigned radius, uint32_t argb)
{
    int r = (int)radius;
    nk_fill_circle(drawing(gui), rect_of(box_of(x - r, y - r, 2 * r, 2 * r)), colour_of(argb));
}

void gui_icon(struct gui *gui, struct box box, unsigned icon, uint32_t argb)
{
    int width, height;
    struct nk_image image = nk_image_id((int)icon);
    letters_icon_size(icon, &width, &height);
    nk_draw_image(drawing(gui),
                  nk_rect((float)((box.left + box.right - width) / 2),
                          (float)((box.top + box.bottom - height) / 2), (float)width,
                          (float)height),
                  &image, colour_of(argb));
}

void gui_picture(struct gui *gui, struct box box, const struct paint_picture *picture)
{
    int width = (int)picture->width, height = (int)picture->height;
    struct nk_image image = nk_image_ptr((void *)picture);
    image.w = (nk_ushort)width; /* tells it from an icon */
    nk_draw_image(drawing(gui),
                  nk_rect((float)((box.left + box.right - width) / 2),
                          (float)((box.top + box.bottom - height) / 2), (float)width,
                          (float)height),
                  &image, colour_of(COLOUR_TEXT));
}

/* --- Text --- */

/* As much of the text as is no wider than `room`, in whole characters. */
static uint32_t fitting(enum letters_font font, const char *text, uint32_t bytes, int room)
{
    while (bytes && letters_width(font, text, bytes) > room)
        do
            bytes--;
        while (bytes && ((uint8_t)text[bytes] & 0xc0) == 0x80);
    return bytes;
}

static void put_line(struct gui *gui, struct box box, enum letters_font font, enum gui_align align,
                     uint32_t argb, const char *text, uint32_t bytes)
{
    int spare = box.right - box.left - letters_width(font, text, bytes);
    int height = letters_height(font);
    int x = box.left + (align == ALIGN_LEFT ? 0 : align == ALIGN_CENTRE ? spare / 2 : spare);
    if (!bytes)
        return;
    nk_draw_text(
        drawing(gui),
        nk_rect((float)x, (float)((box.top + box.bottom - height) / 2), GUI_WIDTH, (float)height),
        text, (int)bytes, &gui->fonts[font], nk_rgba(0, 0, 0, 0), colour_of(argb));
}

void gui_text(struct gui *gui, struct box box, enum letters_font font, enum gui_align align,
              uint32_t argb, const char *text)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    char cut[LINE_BYTES + sizeof ellipsis];
    uint32_t bytes = (uint32_t)strnlen(text, LINE_BYTES);
    int room = box.right - box.left;
    if (letters_width(font, text, bytes) <= room) {
        put_line(gui, box, font, align, argb, text, bytes);
        return;
    }
    bytes = fitting(font, text, bytes, room - letters_width(font, ellipsis, sizeof ellipsis - 1));
    memcpy(cut, text, bytes);
    memcpy(cut + bytes, ellipsis, sizeof ellipsis - 1);
    put_line(gui, box, font, align, argb, cut, bytes + sizeof ellipsis - 1);
}

/* How much of the text goes into one line: to the last space that fits, or as it comes. */
static uint32_t line_bytes(enum letters_font font, const char *text, int room)
{
    uint32_t bytes = (uint32_t)strnlen(text, LINE_BYTES), fits = fitting(font, text, bytes, room);
    uint32_t space = fits;
    if (fits == strlen(text))
        return fits;
    while (space && text[space] != ' ')
        space--;
    return space ? space : fits;
}

void gui_paragraph(struct gui *gui, struct box box, enum letters_font font, enum gui_align align,
                   uint32_t argb, const char *text)
{
    int height = letters_height(font) + 2, room = box.right - box.left;
    for (int y = box.top; *text && y + height <= box.bottom; y += height) {
        struct box line = box_of(box.left, y, room, height);
        uint32_t bytes = line_bytes(font, text, room);
        if (y + 2 * height > box.bottom || !bytes) { /* the last: what does not fit is cut */
            gui_text(gui, line, font, align, argb, text);
            return;
        }
        put_line(gui, line, font, align, argb, text, bytes);
        text += bytes;
        while (*text == ' ')
            text++;
    }
}

/* --- Touch --- */

/* True: the finger is on the place now. */
static bool is_on(struct gui *gui, struct box box)
{
    struct nk_rect bounds;
    nk_layout_space_push(&gui->nk, rect_of(box));
    return nk_widget(&bounds, &gui->nk) == NK_WIDGET_VALID && !gui->is_covered;
}

/* What the finger does with the place: it is on it since it went down there, or was lifted there
 * now. */
static bool take(struct gui *gui, struct box box, bool *is_held)
{
    bool began = gui->down_x >= box.left && gui->down_x < box.right && gui->down_y >= box.top &&
                 gui->down_y < box.bottom;
    bool is_here = is_on(gui, box) && began;
    *is_held = is_here && gui->is_down;
    return is_here && gui->finger == GUI_UP;
}

bool gui_place(struct gui *gui, struct box box)
{
    bool is_held;
    return take(gui, box, &is_held);
}

bool gui_is_held(struct gui *gui, struct box box)
{
    bool is_held;
    take(gui, box, &is_held);
    return is_held;
}

/* --- Buttons --- */

static uint32_t button_colour(const struct gui_button *button, bool is_held)
{
    if (button->is_off)
        return COLOUR_CARD;
    if (is_held)
        return COLOUR_HELD;
    switch (button->look) {
    case LOOK_MAIN:
    case LOOK_CHOSEN:
        return COLOUR_MAIN;
    case LOOK_DANGER:
        return COLOUR_RED;
    case LOOK_FLAT:
        return 0;
    default:
        return COLOUR_BUTTON;
    }
}

static void draw_face(struct gui *gui, struct box box, const struct gui_button *button)
{
    uint32_t colour = button->is_off ? COLOUR_OFF : COLOUR_TEXT;
    enum letters_font font = FONT_NORMAL;
    int height = box.bottom - box.top, icon_width, icon_height, width;
    if (!button->icon || !button->label) {
        if (button->icon)
            gui_icon(gui, box, button->icon, colour);
        if (button->label)
            gui_text(gui, box, font, ALIGN_CENTRE, colour, button->label);
        return;
    }
    if (height >= STACKED_HEIGHT) {
        gui_icon(gui, box_of(box.left, box.top + 8, box.right - box.left, 24), button->icon,
                 colour);
        gui_text(gui, box_of(box.left, box.bottom - 23, box.right - box.left, 16), FONT_SMALL,
                 ALIGN_CENTRE, colour, button->label);
        return;
    }
    letters_icon_size(button->icon, &icon_width, &icon_height);
    width =
        icon_width + ICON_GAP + letters_width(font, button->label, (uint32_t)strlen(button->label));
    int x = (box.left + box.right - width) / 2;
    gui_icon(gui, box_of(x, box.top, icon_width, height), button->icon, colour);
    gui_text(gui, box_of(x + icon_width + ICON_GAP, box.top, box.right - x - icon_width, height),
             font, ALIGN_LEFT, colour, button->label);
}

bool gui_button(struct gui *gui, struct box box, const struct gui_button *button)
{
    bool is_held, touched = take(gui, box, &is_held);
    uint32_t colour = button_colour(button, is_held);
    if (colour)
        gui_fill(gui, box, BUTTON_RADIUS, colour);
    draw_face(gui, box, button);
    return touched && !button->is_off;
}

bool gui_switch(struct gui *gui, struct box box, const char *label, bool on)
{
    enum { WIDTH = 34, HEIGHT = 20, INSET = 10, GAP = 4 };
    bool is_held, touched = take(gui, box, &is_held);
    int middle = (box.top + box.bottom) / 2, right = box.right - INSET;
    gui_fill(gui, box, BUTTON_RADIUS, is_held ? COLOUR_BUTTON : COLOUR_CARD);
    gui_text(gui,
             box_of(box.left + INSET, box.top, right - WIDTH - GAP - box.left - INSET,
                    box.bottom - box.top),
             FONT_SMALL, ALIGN_LEFT, COLOUR_TEXT, label);
    gui_fill(gui, box_of(right - WIDTH, middle - HEIGHT / 2, WIDTH, HEIGHT), HEIGHT / 2,
             on ? COLOUR_HELD : COLOUR_OFF);
    gui_disc(gui, on ? right - HEIGHT / 2 : right - WIDTH + HEIGHT / 2, middle, 7, COLOUR_TEXT);
    return touched;
}

bool gui_slider(struct gui *gui, struct box box, uint32_t *value, uint32_t most)
{
    struct nk_panel *panel = gui->nk.current->layout;
    nk_flags flags = panel->flags;
    int now = (int)*value;
    if (gui->is_covered)
        panel->flags |= NK_WINDOW_ROM;
    nk_layout_space_push(&gui->nk, rect_of(box));
    bool moved = nk_slider_int(&gui->nk, 0, &now, (int)(most ? most : 1), 1);
    panel->flags = flags;
    *value = (uint32_t)now;
    return moved;
}
