/*
 * From the scene to the bytes of the video port: output formats of register 0x4300 (data sheet,
 * table 7-22), test patterns of 0x503D (table 7-27).
 */
#include "sim/board/ov5640.h"

#include "sim/core/vector.h"

/* Full range, as JPEG has it (ITU-R BT.601 weights, 16 fractional bits). */
static inline uint8_t luma(const uint8_t *p)
{
    return (uint8_t)((19595u * p[0] + 38470u * p[1] + 7471u * p[2] + 32768u) >> 16);
}

static inline uint8_t chroma(int r, int g, int b, int wr, int wg, int wb)
{
    int v = (wr * r + wg * g + wb * b + (128 << 16) + 32767) >> 16;
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static inline uint8_t blue_difference(int r, int g, int b)
{
    return chroma(r, g, b, -11059, -21709, 32768);
}

static inline uint8_t red_difference(int r, int g, int b)
{
    return chroma(r, g, b, 32768, -27439, -5329);
}

/* Two pixels share the mean of their colours. The places within four bytes: of Y, of Cb and of Cr. */
VECTOR_LOOP static void to_yuv422_at(const uint8_t *restrict rgb, size_t pairs, size_t y, size_t cb,
                                     size_t cr, uint8_t *restrict bytes)
{
    for (size_t n = 0; n < pairs; n++) {
        const uint8_t *two = &rgb[6 * n];
        int r = (two[0] + two[3] + 1) / 2, g = (two[1] + two[4] + 1) / 2;
        int b = (two[2] + two[5] + 1) / 2;
        bytes[4 * n + y] = luma(two);
        bytes[4 * n + y + 2] = luma(two + 3);
        bytes[4 * n + cb] = blue_difference(r, g, b);
        bytes[4 * n + cr] = red_difference(r, g, b);
    }
}

/* 0 YUYV, 1 YVYU, 2 UYVY, 3 VYUY */
static void to_yuv422(const uint8_t *rgb, unsigned width, unsigned order, uint8_t *bytes)
{
    size_t y = order & 2 ? 1 : 0, first = 1 - y, second = 3 - y;
    to_yuv422_at(rgb, width / 2, y, order & 1 ? second : first, order & 1 ? first : second, bytes);
}

static inline unsigned to_bits(unsigned v, unsigned bits)
{
    unsigned max = (1u << bits) - 1;
    return (v * max + 127) / 255;
}

/* Sequences 0 to 5 send the upper byte of a word first; F sends the lower byte of RGB first. */
static void to_rgb565(const uint8_t *rgb, unsigned width, unsigned order, uint8_t *bytes)
{
    static const uint8_t places[6][3] = {{2, 1, 0}, {0, 1, 2}, {1, 0, 2},
                                         {2, 0, 1}, {1, 2, 0}, {0, 2, 1}};
    const uint8_t *place = places[order < 6 ? order : 1];
    uint8_t five[256], six[256];
    for (unsigned v = 0; v < 256; v++) {
        five[v] = (uint8_t)to_bits(v, 5);
        six[v] = (uint8_t)to_bits(v, 6);
    }
    unsigned high = order == 15 ? 1 : 0;
    for (unsigned x = 0; x < width; x++, rgb += 3, bytes += 2) {
        unsigned v = (unsigned)five[rgb[place[0]]] << 11 | (unsigned)six[rgb[place[1]]] << 5 |
                     five[rgb[place[2]]];
        bytes[high] = (uint8_t)(v >> 8);
        bytes[1 - high] = (uint8_t)v;
    }
}

/* 0x7x is RGB555, 0x9x and above RGB444, in the upper byte first. */
static void to_narrow_rgb(const uint8_t *rgb, unsigned width, unsigned bits, uint8_t *bytes)
{
    for (unsigned x = 0; x < width; x++, rgb += 3, bytes += 2) {
        unsigned v = to_bits(rgb[0], bits) << (2 * bits) | to_bits(rgb[1], bits) << bits |
                     to_bits(rgb[2], bits);
        bytes[0] = (uint8_t)(v >> 8);
        bytes[1] = (uint8_t)v;
    }
}

static void to_rgb888(const uint8_t *rgb, unsigned width, unsigned order, uint8_t *bytes)
{
    static const uint8_t places[6][3] = {{1, 0, 2}, {0, 1, 2}, {1, 2, 0},
                                         {2, 1, 0}, {0, 2, 1}, {2, 0, 1}};
    const uint8_t *place = places[order < 6 ? order : 1];
    for (unsigned x = 0; x < width; x++, rgb += 3)
        for (unsigned n = 0; n < 3; n++)
            *bytes++ = rgb[place[n]];
}

/* The array's colour filters: blue and green, green and red. */
static void to_raw(const uint8_t *rgb, unsigned width, unsigned line, uint8_t *bytes)
{
    for (unsigned x = 0; x < width; x++, rgb += 3)
        bytes[x] = rgb[2 - (line & 1) - (x & 1)];
}

static void to_luma(const uint8_t *rgb, unsigned width, uint8_t *bytes)
{
    for (unsigned x = 0; x < width; x++, rgb += 3)
        bytes[x] = luma(rgb);
}

void ov5640_convert_line(const struct ov5640_mode *mode, const uint8_t *rgb, unsigned line,
                         uint8_t *bytes)
{
    unsigned order = mode->format & 15;
    rgb += (size_t)line * mode->width * 3;
    switch (mode->format >> 4) {
    case 0:
        to_raw(rgb, mode->width, line, bytes);
        break;
    case 1:
        to_luma(rgb, mode->width, bytes);
        break;
    case 2:
        to_rgb888(rgb, mode->width, order, bytes);
        break;
    case 6:
        to_rgb565(rgb, mode->width, order, bytes);
        break;
    case 7:
    case 8:
        to_narrow_rgb(rgb, mode->width, 5, bytes);
        break;
    case 9:
    case 10:
        to_narrow_rgb(rgb, mode->width, 4, bytes);
        break;
    default:
        to_yuv422(rgb, mode->width, order, bytes);
        break;
    }
    for (unsigned n = 0; mode->data_mask != 0xff && n < mode->line_bytes; n++)
        bytes[n] &= mode->data_mask;
}

/* White, yellow, cyan, green, magenta, red, blue, black. */
static uint32_t bar_colour(unsigned n)
{
    static const uint32_t colours[8] = {0xffffff, 0xffff00, 0x00ffff, 0x00ff00,
                                        0xff00ff, 0xff0000, 0x0000ff, 0x000000};
    return colours[n & 7];
}

/* 0x503D[3:2]: plain bars, or bars that fade along the line, or down the frame. */
static unsigned fade(const struct ov5640_mode *mode, unsigned x, unsigned y)
{
    unsigned bar = mode->width / 8 ? mode->width / 8 : 1;
    switch (mode->test_pattern >> 2 & 3) {
    case 1:
        return 255 - 255 * y / mode->height;
    case 2:
        return 255 - 255 * (x % bar) / bar;
    case 3:
        return 255 * y / mode->height;
    default:
        return 255;
    }
}

static uint32_t pattern_colour(const struct ov5640_mode *mode, unsigned x, unsigned y)
{
    unsigned bar = x * 8 / mode->width;
    switch (mode->test_pattern & 3) {
    case 0:
        return bar_colour(bar);
    case 1: /* noise that is the same in every frame */
        return (x * 2654435761u ^ y * 2246822519u) * 3266489917u >> 8;
    case 2:
        return bar_colour(bar + y * 8 / mode->height);
    default:
        return 0;
    }
}

void ov5640_test_pattern(const struct ov5640_mode *mode, uint8_t *rgb)
{
    for (unsigned y = 0; y < mode->height; y++) {
        for (unsigned x = 0; x < mode->width; x++, rgb += 3) {
            uint32_t colour = pattern_colour(mode, x, y);
            unsigned scale = mode->test_pattern & 3 ? 255 : fade(mode, x, y);
            rgb[0] = (uint8_t)((colour >> 16 & 255) * scale / 255);
            rgb[1] = (uint8_t)((colour >> 8 & 255) * scale / 255);
            rgb[2] = (uint8_t)((colour & 255) * scale / 255);
        }
    }
}
