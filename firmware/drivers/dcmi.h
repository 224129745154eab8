/*
 * The camera's way into memory without a CPU (RM0399 chapters 34, 16, 15):
 *
 *   DCMI -> DMA2 stream 3, double buffer -> two line buffers in on-chip RAM
 *        -> MDMA, one block per full line buffer, by a linked list -> the frame
 *
 * The line buffers keep the DCMI's four-word FIFO served while the LTDC has the SDRAM. The MDMA's
 * list has one node per line buffer of a frame and ends with it, which interrupts once a frame.
 * One core, the M4; start, stop and the handlers are its own.
 */
#ifndef DRIVERS_DCMI_H
#define DRIVERS_DCMI_H

#include <stdbool.h>
#include <stdint.h>

enum { DCMI_BLOCKS_MAX = 80, DCMI_BLOCK_BYTES_MAX = 16384 };

struct dcmi_picture {
    uint32_t line_bytes;  /* a multiple of 32 */
    uint32_t lines;       /* a multiple of block_lines */
    uint32_t block_lines; /* lines in one line buffer: an even number of blocks a frame */
};

/* What the capture tells, from its interrupt handlers. */
struct dcmi_events {
    /* A frame is complete at `pixels`. Returns where the next one goes: never NULL; the same again
     * to drop this one. */
    uint8_t *(*frame_done)(uint8_t *pixels);
    /* Something was lost (DCMI overrun, synchronisation, DMA error); the frame in progress starts
     * again at the next vertical synchronisation. */
    void (*frame_lost)(void);
};

/* False: the picture does not fit the buffers. */
bool dcmi_start(const struct dcmi_picture *picture, const struct dcmi_events *events,
                uint8_t *first_frame);
/* Stops at once; the frame in progress is lost and not told. */
void dcmi_stop(void);

void dcmi_interrupt(void);      /* handler of DCMI */
void dcmi_mdma_interrupt(void); /* handler of MDMA */

#endif
