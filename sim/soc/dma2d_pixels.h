/*
 * The pixels of the DMA2D, line by line: every format to ARGB8888 and back, and what happens to them
 * between (RM0399 chapter 19). Lines of `count` pixels; nothing here knows of memory or time.
 */
#ifndef SIM_SOC_DMA2D_PIXELS_H
#define SIM_SOC_DMA2D_PIXELS_H

#include <stdint.h>

enum dma2d_format {
    DMA2D_ARGB8888,
    DMA2D_RGB888,
    DMA2D_RGB565,
    DMA2D_ARGB1555,
    DMA2D_ARGB4444,
    DMA2D_OUTPUT_FORMATS,
    DMA2D_L8 = DMA2D_OUTPUT_FORMATS,
    DMA2D_AL44,
    DMA2D_AL88,
    DMA2D_L4,
    DMA2D_A8,
    DMA2D_A4,
    DMA2D_YCBCR,
    DMA2D_INPUT_FORMATS
};

/* Of FGPFCCR, BGPFCCR and OPFCCR. */
enum { DMA2D_PFCCR_AI = 1 << 20, DMA2D_PFCCR_RBS = 1 << 21 };

/* Of YCbCr its Y. */
unsigned dma2d_bits_per_pixel(enum dma2d_format format);

/* Narrow channels repeat their upper bits below (19.3.5). `clut` is for L and AL, `colour` for A. */
void dma2d_decode(enum dma2d_format format, const uint8_t *raw, unsigned count,
                  const uint32_t *clut, uint32_t colour, uint32_t *line);
/* Full-range BT.601, as JPEG has it. */
void dma2d_decode_ycbcr(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, unsigned count,
                        uint32_t *line);
/* PFCCR.AM, AI and RBS of a layer. */
void dma2d_modify(uint32_t pfccr, unsigned count, uint32_t *line);
/* `fg` over `bg`, into `fg`. */
void dma2d_blend(uint32_t *fg, const uint32_t *bg, unsigned count);
/* OPFCCR.AI, RBS and the output's format; `line` is changed. */
void dma2d_encode(enum dma2d_format format, uint32_t opfccr, uint32_t *line, unsigned count,
                  uint8_t *raw);
/* OPFCCR.SB. */
void dma2d_swap_bytes(uint8_t *raw, uint32_t length);

#endif
