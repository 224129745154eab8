#include "cm7/column.h"

#include "chip/cm7_memory.h"
#include "cm7/canvas.h"
#include "cm7/display.h"

#include <stdio.h>

enum { WIDTH = PANEL_WIDTH - VIEW_WIDTH, HEIGHT = PANEL_HEIGHT, PIXELS = WIDTH * HEIGHT };

static void draw_row(struct canvas *canvas, unsigned row, const char *name, const char *value)
{
    unsigned y = 84 + row * 62;
    canvas_text(canvas, CANVAS_SMALL, 16, y, 0xff8a97a5, name);
    canvas_text(canvas, CANVAS_LARGE, 16, y + 20, 0xfff2f5f7, value);
}

static void draw_number(struct canvas *canvas, unsigned row, const char *name, uint32_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lu", (unsigned long)value);
    draw_row(canvas, row, name, text);
}

static void draw_tenths(struct canvas *canvas, unsigned row, const char *name, uint32_t value,
                        const char *unit)
{
    char text[24];
    snprintf(text, sizeof text, "%lu.%lu%s", (unsigned long)(value / 10),
             (unsigned long)(value % 10), unit);
    draw_row(canvas, row, name, text);
}

static void draw(struct canvas *canvas, const struct link_figures *own,
                 const volatile struct link_figures *m4)
{
    canvas_fill(canvas, 0, 0, WIDTH, HEIGHT, 0xd0161b22);
    canvas_fill(canvas, 16, 62, WIDTH - 32, 2, 0xff2f81f7);
    canvas_text(canvas, CANVAS_LARGE, 16, 22, 0xffffffff, "Duet");
    draw_tenths(canvas, 0, "frames / s", own->frames_per_second_x10, "");
    draw_number(canvas, 1, "drops", own->drops + m4->drops);
    draw_tenths(canvas, 2, "Cortex-M7", own->load_permille, " %");
    draw_tenths(canvas, 3, "Cortex-M4", m4->load_permille, " %");
    draw_number(canvas, 4, "shown", own->frames);
}

/* Two pictures, so that one is drawn while the other is on the panel. */
void column_show(const struct link_figures *own, const volatile struct link_figures *m4)
{
    static unsigned which;
    if (!display_overlay_is_free())
        return;
    which ^= 1;
    uint32_t *pixels = DISPLAY_OVERLAY_MEMORY + which * PIXELS;
    struct canvas canvas = {pixels, WIDTH, HEIGHT};
    draw(&canvas, own, m4);
    cache_clean(pixels, PIXELS * sizeof *pixels);
    display_overlay(&(struct ltdc_layer){
        .x = VIEW_WIDTH,
        .width = WIDTH,
        .height = HEIGHT,
        .pixels = pixels,
        .stride = WIDTH * sizeof *pixels,
        .format = PIXEL_ARGB8888,
        .alpha = 255,
    });
}
