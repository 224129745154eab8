#include "cm7/gui.h"

static float width_of(nk_handle font, float height, const char *text, int bytes)
{
    (void)height;
    return (float)letters_width((enum letters_font)font.id, text, (uint32_t)bytes);
}

static void set_style(struct nk_style *style)
{
    style->window.padding = style->window.spacing = nk_vec2(0, 0);
    style->window.border = 0;
    style->window.fixed_background = nk_style_item_hide();
    style->slider.show_buttons = nk_false;
    style->slider.cursor_size = nk_vec2(20, 20);
    style->slider.rounding = 4;
    style->slider.padding = nk_vec2(0, 0);
    style->slider.bar_height = 8;
    style->slider.bar_filled = nk_rgb(0x33, 0x88, 0xff);
    style->slider.bar_normal = style->slider.bar_hover = style->slider.bar_active =
        nk_rgb(0x33, 0x33, 0x44);
    style->slider.cursor_normal = style->slider.cursor_hover = style->slider.cursor_active =
        nk_style_item_color(nk_rgb(0xff, 0xff, 0xff));
}

void gui_open(struct gui *gui)
{
    for (int n = 0; n < FONTS; n++)
        gui->fonts[n] = (struct nk_user_font){
            .userdata = nk_handle_id(n),
            .height = (float)letters_height((enum letters_font)n),
            .width = width_of,
        };
    nk_init_fixed(&gui->nk, gui->memory, sizeof gui->memory, &gui->fonts[FONT_NORMAL]);
    set_style(&gui->nk.style);
}

/* Nuklear forgets where a button went down when it is lifted, so that is kept here. */
static void take_finger(struct gui *gui, enum gui_finger finger, int x, int y)
{
    gui->finger = finger;
    if (finger == GUI_DOWN) {
        gui->down_x = x;
        gui->down_y = y;
    }
    nk_input_begin(&gui->nk);
    if (finger != GUI_NO_FINGER) {
        nk_input_motion(&gui->nk, x, y);
        gui->is_down = finger != GUI_UP;
        nk_input_button(&gui->nk, NK_BUTTON_LEFT, x, y, gui->is_down);
    } else if (!gui->is_down) {
        nk_input_motion(&gui->nk, -1, -1); /* a finger that is lifted is nowhere */
    }
    nk_input_end(&gui->nk);
}

void gui_begin(struct gui *gui, enum gui_finger finger, int x, int y)
{
    nk_clear(&gui->nk);
    take_finger(gui, finger, x, y);
    gui->is_covered = false;
    nk_begin(&gui->nk, "panel", nk_rect(0, 0, GUI_WIDTH, GUI_HEIGHT),
             NK_WINDOW_NO_SCROLLBAR | NK_WINDOW_BACKGROUND);
    nk_layout_space_begin(&gui->nk, NK_STATIC, GUI_HEIGHT, INT32_MAX);
}

bool gui_end(struct gui *gui)
{
    nk_layout_space_end(&gui->nk);
    nk_end(&gui->nk);
    return gui->nk.memory.needed <= gui->nk.memory.memory.size;
}
