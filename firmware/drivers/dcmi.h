/*
 * The camera's way into memory without a CPU (RM0399 chapters 32, 16, 15):
 *
 *   DCMI -> DMA2 stream 3, double buffer -> two buffers of 8 lines in on-chip RAM
 *        -> MDMA, a list that puts the bytes in their blocks -> a row of units of the frame
 *
 * The camera sends YCbCr 4:2:2, line by line (Y Cb Y Cr). A frame in memory is what the JPEG codec and
 * the DMA2D take: units of 16 by 8 pixels, from left to right and top to bottom, each of 256 bytes:
 * two blocks of 8 by 8 of Y, one of Cb, one of Cr. Nothing but the MDMA touches a pixel.
 *
 * The line buffers keep the DCMI's four-word FIFO served while the LTDC has the SDRAM. The MDMA
 * interrupts once a row of units. One core, the M4; start, stop and the handlers are its own.
 */
#ifndef DRIVERS_DCMI_H
#define DRIVERS_DCMI_H

#include <stdbool.h>
#include <stdint.h>

enum { DCMI_UNIT_WIDTH = 16, DCMI_UNIT_HEIGHT = 8, DCMI_UNIT_BYTES = 256, DCMI_WIDTH_MAX = 800 };

/* What the capture tells, from its interrupt handlers. */
struct dcmi_events {
    /* A frame is complete at `frame`. Returns where the next one goes: never NULL; the same again to
     * drop this one. */
    uint8_t *(*frame_done)(uint8_t *frame);
    /* Something was lost (DCMI overrun, synchronisation, DMA error); the frame in progress starts
     * again at the next vertical synchronisation. */
    void (*frame_lost)(void);
};

/* `width`: a multiple of 16, at most DCMI_WIDTH_MAX; `height`: of 16. `first_frame`: 2 * width * height
 * bytes, a multiple of 8. False: the picture does not fit. */
bool dcmi_start(uint32_t width, uint32_t height, const struct dcmi_events *events,
                uint8_t *first_frame);
/* Stops at once; the frame in progress is lost and not told. */
void dcmi_stop(void);

void dcmi_interrupt(void);      /* handler of DCMI */
void dcmi_mdma_interrupt(void); /* for the handler of MDMA */

#endif
