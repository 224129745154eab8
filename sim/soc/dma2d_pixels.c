#include "sim/soc/dma2d_pixels.h"

#include "sim/core/vector.h"

#include <string.h>

unsigned dma2d_bits_per_pixel(enum dma2d_format format)
{
    static const uint8_t bits[DMA2D_INPUT_FORMATS] = {32, 24, 16, 16, 16, 8, 8, 16, 4, 8, 4, 8};
    return bits[format];
}

/* ---- To ARGB8888 ---- */

static inline uint32_t argb(uint32_t a, uint32_t r, uint32_t g, uint32_t b)
{
    return a << 24 | r << 16 | g << 8 | b;
}

static inline uint32_t expand5(uint32_t value)
{
    return value << 3 | value >> 2;
}

static inline uint32_t from_rgb565(uint32_t v)
{
    uint32_t green = v >> 5 & 63;
    return argb(255, expand5(v >> 11 & 31), green << 2 | green >> 4, expand5(v & 31));
}

static uint32_t from_argb1555(uint32_t v)
{
    return argb(v & 0x8000 ? 255 : 0, expand5(v >> 10 & 31), expand5(v >> 5 & 31), expand5(v & 31));
}

static uint32_t from_argb4444(uint32_t v)
{
    return argb((v >> 12 & 15) * 17, (v >> 8 & 15) * 17, (v >> 4 & 15) * 17, (v & 15) * 17);
}

static inline uint32_t unsigned16(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t nibble(const uint8_t *raw, size_t n)
{
    return raw[n / 2] >> (n % 2 * 4) & 15;
}

/* Alpha replaced, colour kept. */
static inline uint32_t with_alpha(uint32_t pixel, uint32_t alpha)
{
    return (pixel & 0xffffff) | alpha << 24;
}

static uint32_t decode_pixel(enum dma2d_format format, const uint8_t *raw, size_t n,
                             const uint32_t *clut, uint32_t colour)
{
    switch (format) {
    case DMA2D_RGB888:
        return argb(255, raw[3 * n + 2], raw[3 * n + 1], raw[3 * n]);
    case DMA2D_ARGB1555:
        return from_argb1555(unsigned16(&raw[2 * n]));
    case DMA2D_ARGB4444:
        return from_argb4444(unsigned16(&raw[2 * n]));
    case DMA2D_L8:
        return clut[raw[n]];
    case DMA2D_AL44:
        return with_alpha(clut[raw[n] & 15], (raw[n] >> 4) * 17u);
    case DMA2D_AL88:
        return with_alpha(clut[raw[2 * n]], raw[2 * n + 1]);
    case DMA2D_L4:
        return clut[nibble(raw, n)];
    case DMA2D_A4:
        return with_alpha(colour, nibble(raw, n) * 17);
    default:
        return 0;
    }
}

VECTOR_LOOP static void decode_rgb565(const uint8_t *restrict raw, unsigned count,
                                      uint32_t *restrict line)
{
    for (size_t n = 0; n < count; n++)
        line[n] = from_rgb565(unsigned16(&raw[2 * n]));
}

VECTOR_LOOP static void decode_a8(const uint8_t *restrict raw, unsigned count, uint32_t colour,
                                  uint32_t *restrict line)
{
    for (size_t n = 0; n < count; n++)
        line[n] = with_alpha(colour, raw[n]);
}

void dma2d_decode(enum dma2d_format format, const uint8_t *raw, unsigned count,
                  const uint32_t *clut, uint32_t colour, uint32_t *line)
{
    if (format == DMA2D_ARGB8888)
        memcpy(line, raw, 4 * (size_t)count);
    else if (format == DMA2D_RGB565)
        decode_rgb565(raw, count, line);
    else if (format == DMA2D_A8)
        decode_a8(raw, count, colour, line);
    else
        for (size_t n = 0; n < count; n++)
            line[n] = decode_pixel(format, raw, n, clut, colour);
}

static inline uint32_t clamp(int32_t value)
{
    value = value < 0 ? 0 : value;
    return (uint32_t)(value > 255 ? 255 : value);
}

/* In 16.16 fixed point. */
VECTOR_LOOP void dma2d_decode_ycbcr(const uint8_t *restrict y, const uint8_t *restrict cb,
                                    const uint8_t *restrict cr, unsigned count,
                                    uint32_t *restrict line)
{
    for (size_t n = 0; n < count; n++) {
        int32_t light = y[n], blue = cb[n] - 128, red = cr[n] - 128;
        line[n] = argb(255, clamp(light + ((91881 * red + 32768) >> 16)),
                       clamp(light - ((22554 * blue + 46802 * red + 32768) >> 16)),
                       clamp(light + ((116130 * blue + 32768) >> 16)));
    }
}

/* ---- Between ---- */

void dma2d_modify(uint32_t pfccr, unsigned count, uint32_t *line)
{
    uint32_t fixed = pfccr >> 24, am = pfccr >> 16 & 3;
    if (!am && !(pfccr & (DMA2D_PFCCR_AI | DMA2D_PFCCR_RBS)))
        return;
    for (size_t n = 0; n < count; n++) {
        uint32_t p = line[n], alpha = am == 1 ? fixed : p >> 24;
        if (pfccr & DMA2D_PFCCR_AI)
            alpha = 255 - alpha;
        if (am == 2)
            alpha = alpha * fixed / 255;
        if (pfccr & DMA2D_PFCCR_RBS)
            p = (p & 0x00ff00) | (p >> 16 & 0xff) | (p & 0xff) << 16;
        line[n] = with_alpha(p, alpha);
    }
}

/* 19.3.5: divisions are rounded down. Where either is transparent or the upper opaque, so it follows. */
static uint32_t blend(uint32_t fg, uint32_t bg)
{
    uint32_t fa = fg >> 24, ba = bg >> 24, both = fa * ba / 255, alpha = fa + ba - both;
    uint32_t out = alpha << 24;
    if (!alpha)
        return 0;
    if (!fa)
        return bg;
    if (fa == 255 || !ba)
        return fg;
    for (unsigned shift = 0; shift < 24; shift += 8) {
        uint32_t f = fg >> shift & 255, b = bg >> shift & 255;
        uint32_t value = (f * fa + b * ba - b * both) / alpha;
        out |= (value > 255 ? 255 : value) << shift;
    }
    return out;
}

void dma2d_blend(uint32_t *fg, const uint32_t *bg, unsigned count)
{
    for (size_t n = 0; n < count; n++)
        fg[n] = blend(fg[n], bg[n]);
}

/* ---- From ARGB8888 ---- */

static inline uint16_t to_rgb565(uint32_t p)
{
    return (uint16_t)((p >> 8 & 0xf800) | (p >> 5 & 0x07e0) | (p >> 3 & 0x001f));
}

static uint16_t to_argb1555(uint32_t p)
{
    return (uint16_t)((p >> 16 & 0x8000) | (p >> 9 & 0x7c00) | (p >> 6 & 0x03e0) |
                      (p >> 3 & 0x001f));
}

static uint16_t to_argb4444(uint32_t p)
{
    return (uint16_t)((p >> 16 & 0xf000) | (p >> 12 & 0x0f00) | (p >> 8 & 0x00f0) |
                      (p >> 4 & 0x000f));
}

VECTOR_LOOP static void encode_rgb565(const uint32_t *restrict line, unsigned count,
                                      uint8_t *restrict raw)
{
    for (size_t n = 0; n < count; n++) {
        uint16_t value = to_rgb565(line[n]);
        memcpy(&raw[2 * n], &value, 2);
    }
}

static void encode_narrow(enum dma2d_format format, const uint32_t *line, unsigned count,
                          uint8_t *raw)
{
    for (size_t n = 0; n < count; n++) {
        uint16_t value = format == DMA2D_ARGB1555 ? to_argb1555(line[n]) : to_argb4444(line[n]);
        memcpy(&raw[2 * n], &value, 2);
    }
}

static void encode_rgb888(const uint32_t *line, unsigned count, uint8_t *raw)
{
    for (size_t n = 0; n < count; n++)
        memcpy(&raw[3 * n], &line[n], 3);
}

static void modify_output(uint32_t opfccr, unsigned count, uint32_t *line)
{
    for (size_t n = 0; n < count; n++) {
        uint32_t p = line[n];
        if (opfccr & DMA2D_PFCCR_AI)
            p ^= 0xff000000;
        if (opfccr & DMA2D_PFCCR_RBS)
            p = (p & 0xff00ff00) | (p >> 16 & 0xff) | (p & 0xff) << 16;
        line[n] = p;
    }
}

void dma2d_encode(enum dma2d_format format, uint32_t opfccr, uint32_t *line, unsigned count,
                  uint8_t *raw)
{
    if (opfccr & (DMA2D_PFCCR_AI | DMA2D_PFCCR_RBS))
        modify_output(opfccr, count, line);
    switch (format) {
    case DMA2D_RGB565:
        encode_rgb565(line, count, raw);
        break;
    case DMA2D_ARGB1555:
    case DMA2D_ARGB4444:
        encode_narrow(format, line, count, raw);
        break;
    case DMA2D_RGB888:
        encode_rgb888(line, count, raw);
        break;
    default:
        memcpy(raw, line, 4 * (size_t)count);
    }
}

void dma2d_swap_bytes(uint8_t *raw, uint32_t length)
{
    for (uint32_t n = 0; n + 1 < length; n += 2) {
        uint8_t first = raw[n];
        raw[n] = raw[n + 1];
        raw[n + 1] = first;
    }
}
