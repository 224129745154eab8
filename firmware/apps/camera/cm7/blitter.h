/*
 * The DMA2D has one operation at a time: whose turn it is. The display converts the camera's frames,
 * the user interface draws. Threads, unless it says otherwise.
 */
#ifndef CAMERA_BLITTER_H
#define CAMERA_BLITTER_H

#include "drivers/dma2d.h"
#include "tx_api.h"

/* From tx_application_define. */
void blitter_open(void);
/* The clock and the interrupt. */
void blitter_start(void);

/* Waits for the turn, which is over within milliseconds. The caller begins one operation then
 * (drivers/dma2d.h), and calls one of these: */
void blitter_take(void);
/* waits for its end, and gives the turn away. `pixels`: how long it is. False: it failed. */
bool blitter_finish(uint32_t pixels);
/* or comes back at once; `ended` is called from the interrupt, and a thread calls blitter_give(). */
void blitter_ring(void (*ended)(enum dma2d_result result));
void blitter_give(void);

#endif
