/* A canvas for tests in which nothing is drawn (cm7/canvas.h). */
#include "cm7/canvas.h"

void canvas_clear(const struct canvas *canvas, struct box box, uint32_t argb)
{
    (void)canvas, (void)box, (void)argb;
}

void canvas_fill(const struct canvas *canvas, struct box box, unsigned radius, uint32_t argb)
{
    (void)canvas, (void)box, (void)radius, (void)argb;
}

void canvas_disc(const struct canvas *canvas, struct box box, uint32_t argb)
{
    (void)canvas, (void)box, (void)argb;
}

void canvas_text(const struct canvas *canvas, enum letters_font font, int x, int y, uint32_t argb,
                 const char *text, uint32_t bytes)
{
    (void)canvas, (void)font, (void)x, (void)y, (void)argb, (void)text, (void)bytes;
}

void canvas_icon(const struct canvas *canvas, unsigned icon, int x, int y, uint32_t argb)
{
    (void)canvas, (void)icon, (void)x, (void)y, (void)argb;
}

void canvas_picture(const struct canvas *canvas, struct box box, const uint16_t *pixels,
                    uint32_t stride)
{
    (void)canvas, (void)box, (void)pixels, (void)stride;
}
