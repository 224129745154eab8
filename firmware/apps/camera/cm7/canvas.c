#include "cm7/canvas.h"

#include "font.h" /* made at build time by tools/font.c */

static const struct font *const fonts[] = {
    [CANVAS_SMALL] = &font_small, [CANVAS_LARGE] = &font_large};

void canvas_fill(struct canvas *canvas, unsigned x, unsigned y, unsigned width, unsigned height,
                 uint32_t argb)
{
    unsigned right = x + width < canvas->width ? x + width : canvas->width;
    unsigned bottom = y + height < canvas->height ? y + height : canvas->height;
    for (unsigned row = y; row < bottom; row++)
        for (unsigned column = x; column < right; column++)
            canvas->pixels[row * canvas->width + column] = argb;
}

static uint32_t mix(uint32_t under, uint32_t over, uint32_t coverage)
{
    return (under * (255 - coverage) + over * coverage + 127) / 255;
}

static uint32_t blend(uint32_t under, uint32_t argb, uint32_t coverage)
{
    uint32_t out = 0;
    for (unsigned shift = 0; shift < 32; shift += 8)
        out |= mix(under >> shift & 0xff, argb >> shift & 0xff, coverage) << shift;
    return out;
}

static void draw_glyph(struct canvas *canvas, const struct glyph *glyph, int x, int y,
                       uint32_t argb)
{
    for (int row = 0; row < glyph->height; row++) {
        for (int column = 0; column < glyph->width; column++) {
            uint32_t coverage = glyph->coverage[row * glyph->width + column];
            unsigned to_x = (unsigned)(x + glyph->left + column);
            unsigned to_y = (unsigned)(y + glyph->top + row);
            if (!coverage || to_x >= canvas->width || to_y >= canvas->height)
                continue;
            uint32_t *pixel = &canvas->pixels[to_y * canvas->width + to_x];
            *pixel = blend(*pixel, argb, coverage);
        }
    }
}

void canvas_text(struct canvas *canvas, enum canvas_font font, unsigned x, unsigned y,
                 uint32_t argb, const char *text)
{
    int pen = (int)x;
    for (; *text; text++) {
        unsigned code = (unsigned char)*text;
        if (code < FONT_FIRST || code > FONT_LAST)
            code = '?';
        const struct glyph *glyph = &fonts[font]->glyphs[code - FONT_FIRST];
        draw_glyph(canvas, glyph, pen, (int)y, argb);
        pen += glyph->advance;
    }
}
