/*
 * The Chrom-ART accelerator, DMA2D (RM0399 chapter 19). M7. One operation at a time, of one caller at
 * a time: a call that begins one comes back at once, and until its end no other may be made. The end
 * is looked for by dma2d_result(), or told by an interrupt after dma2d_ring(). All addresses are
 * anywhere on the AXI bus; cache duty is the caller's.
 */
#ifndef DRIVERS_DMA2D_H
#define DRIVERS_DMA2D_H

#include "drivers/pixel_format.h"

#include <stdbool.h>
#include <stdint.h>

/* Enables its clock; nothing runs. */
void dma2d_enable(void);
/* A picture in units of YCbCr (drivers/dcmi.h) to lines of RGB565 without gaps. `width`: whole units.
 * Takes about a cycle of the bus a pixel. */
enum dma2d_chroma { CHROMA_444, CHROMA_422, CHROMA_420 };
void dma2d_convert(const void *units, void *rgb565, uint32_t width, uint32_t height,
                   enum dma2d_chroma chroma);

/* Where pixels go. */
struct dma2d_area {
    void *pixels;
    enum pixel_format format;
    uint16_t width, height; /* neither is 0 */
    uint32_t stride;        /* pixels from one line to the next */
};

/* Puts one colour there; its alpha goes there as it is. */
void dma2d_fill(const struct dma2d_area *to, uint32_t argb);
/* Blends one colour over what is there. */
void dma2d_tint(const struct dma2d_area *to, uint32_t argb);
/* The same through a mask: a byte a pixel, 0 to 255, that the colour's alpha is multiplied by.
 * `stride`: bytes from one of its lines to the next. */
void dma2d_stencil(const struct dma2d_area *to, const uint8_t *coverage, uint32_t stride,
                   uint32_t argb);
/* Puts opaque pixels there; `stride` in pixels. */
void dma2d_copy(const struct dma2d_area *to, const uint16_t *rgb565, uint32_t stride);

/* The end of what was begun last is to interrupt, also if it is over already. */
void dma2d_ring(void);
/* DMA2D_NOTHING: it goes on. Acknowledges an end. Any context: the handler of DMA2D after
 * dma2d_ring(), who waits by looking otherwise. */
enum dma2d_result { DMA2D_NOTHING, DMA2D_DONE, DMA2D_FAILED };
enum dma2d_result dma2d_result(void);

#endif
