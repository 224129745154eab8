/*
 * The LTDC's outputs (RM0399 chapter 33): the picture, line by line as it is scanned, and the hold
 * by which the DSI wrapper makes it scan one frame at a time.
 */
#ifndef SIM_SOC_LTDC_H
#define SIM_SOC_LTDC_H

#include "sim/soc/soc.h"

/* Who takes the pixels. Called at the board time at which the last of the lines has been scanned. */
struct ltdc_sink {
    void *ctx;
    /* Lines first to first + count - 1 of the active area, which is width by height. Only lines that
     * changed since they were last scanned, or since ltdc_redraw(). Pixels are 0xFFRRGGBB. */
    void (*lines)(void *ctx, const uint32_t *pixels, unsigned first, unsigned count, unsigned width,
                  unsigned height);
    void (*frame)(void *ctx); /* the active area ends; may be NULL */
};

void ltdc_connect(struct block *ltdc, const struct ltdc_sink *sink); /* copied */
/* While held the LTDC stops at the end of the frame that it is in, and starts the next, from its
 * first line, when it is let go. */
void ltdc_hold(struct block *ltdc, bool held);
/* Held, one frame more: at once, or when the one that it is in has ended, its blanking included. */
void ltdc_scan_once(struct block *ltdc);
bool ltdc_scanning(struct block *ltdc);
/* All lines are passed on when they are scanned next. */
void ltdc_redraw(struct block *ltdc);

#endif
