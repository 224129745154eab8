#include "sim/soc/ltdc_blend.h"

#include <string.h>

enum { CHUNK = 64 };

unsigned ltdc_pixel_bytes(enum ltdc_format format)
{
    static const uint8_t bytes[8] = {4, 3, 2, 2, 2, 1, 1, 2};
    return bytes[format & 7];
}

/* Components of less than 8 bits are filled up with their own upper bits. */
static inline uint32_t from5(uint32_t v)
{
    return (v & 31) << 3 | (v & 31) >> 2;
}

static inline uint32_t from6(uint32_t v)
{
    return (v & 63) << 2 | (v & 63) >> 4;
}

static inline uint32_t from4(uint32_t v)
{
    return (v & 15) * 0x11;
}

static inline uint32_t half(const uint8_t *source)
{
    return source[0] | (uint32_t)source[1] << 8;
}

static void expand_rgb565(const uint8_t *source, unsigned count, uint32_t *pixels)
{
    for (unsigned n = 0; n < count; n++) {
        uint16_t v;
        memcpy(&v, source + 2 * (size_t)n, sizeof v);
        pixels[n] =
            0xff000000 | from5((uint32_t)v >> 11) << 16 | from6((uint32_t)v >> 5) << 8 | from5(v);
    }
}

static uint32_t argb1555(uint32_t v)
{
    return (v & 0x8000 ? 0xff000000 : 0) | from5(v >> 10) << 16 | from5(v >> 5) << 8 | from5(v);
}

static uint32_t argb4444(uint32_t v)
{
    return from4(v >> 12) << 24 | from4(v >> 8) << 16 | from4(v >> 4) << 8 | from4(v);
}

/* The luminance, or the colour that the table has for it. */
static uint32_t luminance(const struct ltdc_layer *layer, uint32_t l)
{
    return layer->uses_clut ? layer->clut[l] : l * 0x010101u;
}

static uint32_t expand_one(const struct ltdc_layer *layer, const uint8_t *source)
{
    switch (layer->format) {
    case LTDC_RGB888:
        return 0xff000000 | half(source) | (uint32_t)source[2] << 16;
    case LTDC_ARGB1555:
        return argb1555(half(source));
    case LTDC_ARGB4444:
        return argb4444(half(source));
    case LTDC_L8:
        return 0xff000000 | luminance(layer, source[0]);
    case LTDC_AL44:
        return from4(source[0] >> 4u) << 24 | luminance(layer, from4(source[0]));
    case LTDC_AL88:
        return (uint32_t)source[1] << 24 | luminance(layer, source[0]);
    default:
        return 0;
    }
}

void ltdc_expand(const struct ltdc_layer *layer, const uint8_t *source, unsigned count,
                 uint32_t *pixels)
{
    unsigned bytes = ltdc_pixel_bytes(layer->format);
    if (layer->format == LTDC_ARGB8888) {
        memcpy(pixels, source, 4 * (size_t)count);
    } else if (layer->format == LTDC_RGB565) {
        expand_rgb565(source, count, pixels);
    } else {
        for (unsigned n = 0; n < count; n++)
            pixels[n] = expand_one(layer, source + n * bytes);
    }
}

/* 33.7.21: BF1 times the layer plus BF2 times what is below; factors in 1/ONE, rounded once. */
enum { ONE = 255 * 255 };

static uint32_t blend(const struct ltdc_layer *layer, uint32_t over, uint32_t under)
{
    uint32_t constant = layer->alpha * 255u, both = (over >> 24) * layer->alpha;
    uint32_t f1 = layer->pixel_alpha[0] ? both : constant;
    uint32_t f2 = ONE - (layer->pixel_alpha[1] ? both : constant);
    uint32_t result = 0xff000000;
    for (unsigned shift = 0; shift < 24; shift += 8) {
        uint32_t v = (f1 * (over >> shift & 0xff) + f2 * (under >> shift & 0xff) + ONE / 2) / ONE;
        result |= (v > 255 ? 255 : v) << shift;
    }
    return result;
}

/* The alphas of all pixels, joined by AND: 255 if all are opaque. */
static uint32_t common_alpha(const uint32_t *pixels, unsigned count)
{
    uint32_t common = UINT32_MAX;
    for (unsigned n = 0; n < count; n++)
        common &= pixels[n];
    return common >> 24;
}

static void replace_pixels(const uint32_t *over, unsigned count, uint32_t *row)
{
    for (unsigned n = 0; n < count; n++)
        row[n] = over[n] | 0xff000000;
}

static void blend_pixels(const struct ltdc_layer *layer, const uint32_t *over, unsigned count,
                         uint32_t *row)
{
    bool plain = layer->alpha == 255 && layer->pixel_alpha[0] == layer->pixel_alpha[1];
    if (plain && (!layer->pixel_alpha[0] || common_alpha(over, count) == 255)) {
        replace_pixels(over, count, row);
        return;
    }
    for (unsigned n = 0; n < count; n++) {
        if (plain && over[n] >> 24 == 255)
            row[n] = over[n];
        else if (!plain || over[n] >> 24)
            row[n] = blend(layer, over[n], row[n]);
    }
}

/* 33.4.2: a pixel of the key's colour becomes transparent black. */
static void apply_key(const struct ltdc_layer *layer, uint32_t *pixels, unsigned count)
{
    for (unsigned n = 0; n < count; n++)
        if ((pixels[n] & 0xffffff) == layer->key)
            pixels[n] = 0;
}

static void blend_default(const struct ltdc_layer *layer, uint32_t *row, unsigned count)
{
    for (unsigned n = 0; n < count; n++)
        blend_pixels(layer, &layer->default_colour, 1, row + n);
}

static void blend_source(const struct ltdc_layer *layer, const uint8_t *source, unsigned count,
                         uint32_t *row)
{
    uint32_t pixels[CHUNK];
    unsigned bytes = ltdc_pixel_bytes(layer->format);
    while (count) {
        unsigned part = count < CHUNK ? count : CHUNK;
        ltdc_expand(layer, source, part, pixels);
        if (layer->keyed)
            apply_key(layer, pixels, part);
        blend_pixels(layer, pixels, part, row);
        source += part * bytes;
        row += part;
        count -= part;
    }
}

/* Nothing of the default colour would be seen. */
static bool default_is_clear(const struct ltdc_layer *layer)
{
    return !(layer->default_colour >> 24) && layer->pixel_alpha[0] && layer->pixel_alpha[1];
}

void ltdc_blend_line(const struct ltdc_layer *layer, unsigned y, const uint8_t *source,
                     unsigned count, uint32_t *row, unsigned width)
{
    bool clear = default_is_clear(layer);
    if (!layer->enabled || y < layer->y0 || y >= layer->y1 || layer->x0 >= layer->x1) {
        if (!clear && (layer->enabled || layer->default_colour >> 24))
            blend_default(layer, row, width);
        return;
    }
    unsigned x0 = layer->x0 < width ? layer->x0 : width;
    unsigned x1 = layer->x1 < width ? layer->x1 : width;
    if (count > x1 - x0)
        count = x1 - x0;
    blend_source(layer, source, count, row + x0);
    if (clear)
        return;
    blend_default(layer, row, x0);
    blend_default(layer, row + x0 + count, width - x0 - count);
}
