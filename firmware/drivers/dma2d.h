/*
 * The Chrom-ART accelerator, DMA2D (RM0399 chapter 19). M7. One operation at a time, of one caller at
 * a time; its end is an interrupt. All addresses are anywhere on the AXI bus; cache duty is the
 * caller's.
 */
#ifndef DRIVERS_DMA2D_H
#define DRIVERS_DMA2D_H

#include <stdbool.h>
#include <stdint.h>

/* Enables its clock; nothing runs. */
void dma2d_enable(void);
/* A picture in units of YCbCr 4:2:2 (drivers/dcmi.h) to lines of RGB565 without gaps. `width`: a
 * multiple of 16. Takes about a cycle of the bus a pixel. */
void dma2d_convert(const void *units, void *rgb565, uint32_t width, uint32_t height);
/* From the handler of DMA2D: acknowledges. */
enum dma2d_result { DMA2D_NOTHING, DMA2D_DONE, DMA2D_FAILED };
enum dma2d_result dma2d_interrupt(void);

#endif
