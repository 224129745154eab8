#include "drivers/dma2d.h"

#include "chip/stm32h747.h"

enum { MODE_CONVERT = 1, MODE_BLEND = 2, MODE_FILL = 3, MODE_BLEND_COLOUR = 4 };
enum { A8 = 9, YCBCR = 11 };
enum { ALPHA_REPLACED = 1, ALPHA_MULTIPLIED = 2 };

void dma2d_enable(void)
{
    reg_set(RCC_AHB3ENR, RCC_AHB3ENR_DMA2DEN);
    (void)reg_read(RCC_AHB3ENR);
}

static void begin(uint32_t mode)
{
    reg_write(DMA2D_CR, DMA2D_CR_MODE(mode) | DMA2D_CR_START);
}

void dma2d_ring(void)
{
    reg_set(DMA2D_CR, DMA2D_CR_TEIE | DMA2D_CR_TCIE | DMA2D_CR_CEIE);
}

void dma2d_convert(const void *units, void *rgb565, uint32_t width, uint32_t height,
                   enum dma2d_chroma chroma)
{
    reg_write(DMA2D_FGMAR, (uint32_t)units);
    reg_write(DMA2D_FGOR, 0);
    reg_write(DMA2D_FGPFCCR, DMA2D_FGPFCCR_CM(YCBCR) | DMA2D_FGPFCCR_CSS(chroma));
    reg_write(DMA2D_OPFCCR, DMA2D_OPFCCR_CM(PIXEL_RGB565));
    reg_write(DMA2D_OMAR, (uint32_t)rgb565);
    reg_write(DMA2D_OOR, 0);
    reg_write(DMA2D_NLR, DMA2D_NLR_PL(width) | DMA2D_NLR_NL(height));
    begin(MODE_CONVERT);
}

static void set_output(const struct dma2d_area *to)
{
    reg_write(DMA2D_OPFCCR, DMA2D_OPFCCR_CM(to->format));
    reg_write(DMA2D_OMAR, (uint32_t)to->pixels);
    reg_write(DMA2D_OOR, to->stride - to->width);
    reg_write(DMA2D_NLR, DMA2D_NLR_PL(to->width) | DMA2D_NLR_NL(to->height));
}

static void set_background(const struct dma2d_area *to)
{
    reg_write(DMA2D_BGMAR, (uint32_t)to->pixels);
    reg_write(DMA2D_BGOR, to->stride - to->width);
    reg_write(DMA2D_BGPFCCR, DMA2D_BGPFCCR_CM(to->format));
}

/* OCOLR is in the format of what is written (19.5.15). */
static uint32_t in_format(enum pixel_format format, uint32_t argb)
{
    if (format == PIXEL_RGB565)
        return (argb >> 8 & 0xf800) | (argb >> 5 & 0x07e0) | (argb >> 3 & 0x001f);
    if (format == PIXEL_ARGB4444)
        return (argb >> 16 & 0xf000) | (argb >> 12 & 0x0f00) | (argb >> 8 & 0x00f0) |
               (argb >> 4 & 0x000f);
    return argb;
}

void dma2d_fill(const struct dma2d_area *to, uint32_t argb)
{
    set_output(to);
    reg_write(DMA2D_OCOLR, in_format(to->format, argb));
    begin(MODE_FILL);
}

void dma2d_tint(const struct dma2d_area *to, uint32_t argb)
{
    set_output(to);
    set_background(to);
    reg_write(DMA2D_FGCOLR, argb & 0xffffff);
    /* The fixed colour is opaque but for the alpha mode (RM0399 19.3.13). */
    reg_write(DMA2D_FGPFCCR, DMA2D_FGPFCCR_AM(ALPHA_REPLACED) | DMA2D_FGPFCCR_ALPHA(argb >> 24));
    begin(MODE_BLEND_COLOUR);
}

void dma2d_stencil(const struct dma2d_area *to, const uint8_t *coverage, uint32_t stride,
                   uint32_t argb)
{
    set_output(to);
    set_background(to);
    reg_write(DMA2D_FGMAR, (uint32_t)coverage);
    reg_write(DMA2D_FGOR, stride - to->width);
    reg_write(DMA2D_FGCOLR, argb & 0xffffff);
    reg_write(DMA2D_FGPFCCR, DMA2D_FGPFCCR_CM(A8) | DMA2D_FGPFCCR_AM(ALPHA_MULTIPLIED) |
                                 DMA2D_FGPFCCR_ALPHA(argb >> 24));
    begin(MODE_BLEND);
}

void dma2d_copy(const struct dma2d_area *to, const uint16_t *rgb565, uint32_t stride)
{
    set_output(to);
    reg_write(DMA2D_FGMAR, (uint32_t)rgb565);
    reg_write(DMA2D_FGOR, stride - to->width);
    reg_write(DMA2D_FGPFCCR, DMA2D_FGPFCCR_CM(PIXEL_RGB565));
    begin(MODE_CONVERT);
}

enum dma2d_result dma2d_result(void)
{
    uint32_t flags = reg_read(DMA2D_ISR);
    if (!(flags & (DMA2D_ISR_TEIF | DMA2D_ISR_CEIF | DMA2D_ISR_TCIF)))
        return DMA2D_NOTHING;
    reg_write(DMA2D_IFCR, flags);
    return flags & (DMA2D_ISR_TEIF | DMA2D_ISR_CEIF) ? DMA2D_FAILED : DMA2D_DONE;
}
