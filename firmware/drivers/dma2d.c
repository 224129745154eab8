#include "drivers/dma2d.h"

#include "chip/stm32h747.h"

enum { MODE_CONVERT = 1, INPUT_YCBCR = 11, CHROMA_422 = 1, OUTPUT_RGB565 = 2 };

void dma2d_enable(void)
{
    reg_set(RCC_AHB3ENR, RCC_AHB3ENR_DMA2DEN);
    (void)reg_read(RCC_AHB3ENR);
}

void dma2d_convert(const void *units, void *rgb565, uint32_t width, uint32_t height)
{
    reg_write(DMA2D_FGMAR, (uint32_t)units);
    reg_write(DMA2D_FGOR, 0);
    reg_write(DMA2D_FGPFCCR, DMA2D_FGPFCCR_CM(INPUT_YCBCR) | DMA2D_FGPFCCR_CSS(CHROMA_422));
    reg_write(DMA2D_OPFCCR, DMA2D_OPFCCR_CM(OUTPUT_RGB565));
    reg_write(DMA2D_OMAR, (uint32_t)rgb565);
    reg_write(DMA2D_OOR, 0);
    reg_write(DMA2D_NLR, DMA2D_NLR_PL(width) | DMA2D_NLR_NL(height));
    reg_write(DMA2D_CR, DMA2D_CR_MODE(MODE_CONVERT) | DMA2D_CR_TEIE | DMA2D_CR_TCIE |
                            DMA2D_CR_CEIE | DMA2D_CR_START);
}

enum dma2d_result dma2d_interrupt(void)
{
    uint32_t flags = reg_read(DMA2D_ISR);
    reg_write(DMA2D_IFCR, flags);
    if (flags & (DMA2D_ISR_TEIF | DMA2D_ISR_CEIF))
        return DMA2D_FAILED;
    return flags & DMA2D_ISR_TCIF ? DMA2D_DONE : DMA2D_NOTHING;
}
