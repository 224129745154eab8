/*
 * The display controller (RM0399 chapter 33). M7. Changes of a layer are shadowed: they show from
 * the next vertical blank on after ltdc_reload_at_blank(), all at once.
 */
#ifndef DRIVERS_LTDC_H
#define DRIVERS_LTDC_H

#include "drivers/dsi.h"
#include "drivers/pixel_format.h"

#include <stdbool.h>
#include <stdint.h>

struct ltdc_layer {
    uint16_t x, y, width, height; /* on the panel, in pixels */
    const void *pixels;           /* anywhere on the AXI bus; cache duty is the caller's */
    uint32_t stride;              /* bytes from one line to the next */
    enum pixel_format format;
    uint8_t alpha; /* of the whole layer, 255 opaque */
};

void ltdc_start(const struct video_timing *timing, uint32_t background_rgb);
/* layer: 1 or 2; 2 lies on top. NULL turns it off. */
void ltdc_set_layer(unsigned layer, const struct ltdc_layer *setting);
void ltdc_set_pixels(unsigned layer, const void *pixels);
void ltdc_reload_at_blank(void);
void ltdc_reload_now(void);
/* True while a reload at the blank is still to come. Any context. */
bool ltdc_reload_waits(void);
/* From the handler of LTDC: acknowledges; true if a reload has happened. */
bool ltdc_interrupt(void);
/* From the handler of LTDC's errors: acknowledges; how many underruns or transfer errors: 0 or 1. */
unsigned ltdc_error_interrupt(void);

#endif
