/* What the LTDC makes of one line of its layers: pixel formats, colour key and blending (RM0399
 * 33.4.2 and 33.7). Pixels are 0xAARRGGBB words. */
#ifndef SIM_SOC_LTDC_BLEND_H
#define SIM_SOC_LTDC_BLEND_H

#include <stdbool.h>
#include <stdint.h>

/* LTDC_LxPFCR.PF */
enum ltdc_format {
    LTDC_ARGB8888,
    LTDC_RGB888,
    LTDC_RGB565,
    LTDC_ARGB1555,
    LTDC_ARGB4444,
    LTDC_L8,
    LTDC_AL44,
    LTDC_AL88,
};

/* A layer as its active registers have it, places relative to the active area. */
struct ltdc_layer {
    bool enabled, keyed, uses_clut;
    bool pixel_alpha[2];     /* BF1, BF2 take the pixel's alpha too */
    unsigned x0, x1, y0, y1; /* the window, x1 and y1 beyond its end */
    enum ltdc_format format;
    uint8_t alpha;                       /* LxCACR */
    uint32_t default_colour;             /* LxDCCR */
    uint32_t key;                        /* 0x00RRGGBB */
    uint32_t base, pitch, length, lines; /* frame buffer, in bytes and lines */
    uint32_t clut[256];                  /* 0x00RRGGBB */
};

unsigned ltdc_pixel_bytes(enum ltdc_format format);
/* `count` pixels in memory as 0xAARRGGBB, colour key not applied. */
void ltdc_expand(const struct ltdc_layer *layer, const uint8_t *source, unsigned count,
                 uint32_t *pixels);
/* Lays line `y` of a layer over `row` (what is below it, alpha ignored). `source`: the first
 * `count` pixels of the window's line; the rest of the window shows the default colour. */
void ltdc_blend_line(const struct ltdc_layer *layer, unsigned y, const uint8_t *source,
                     unsigned count, uint32_t *row, unsigned width);

#endif
