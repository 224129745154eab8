/*
 * The camera's side of the DCMI (RM0399 chapter 32): levels of the two synchronisation pins, and the
 * data pins a line at a time. All functions are called at the board time at which the pin changes or
 * the first sample stands, from an event callback; the block is soc_block(soc, "DCMI").
 */
#ifndef SIM_SOC_DCMI_H
#define SIM_SOC_DCMI_H

#include "sim/soc/soc.h"

enum { DCMI_LINE_MAX = 16384 };

/* Samples on the data pins, one each period of the pixel clock, the first from now on. */
struct dcmi_samples {
    const uint8_t *low;  /* D0 to D7 */
    const uint8_t *high; /* D8 to D13 in bits 0 to 5; NULL: these pins are not wired and read 0 */
    unsigned count;      /* up to DCMI_LINE_MAX; the rest is lost */
    uint64_t pixclk_hz;  /* not 0 */
};

void dcmi_vsync(struct block *dcmi, bool level);
void dcmi_hsync(struct block *dcmi, bool level);
/* The arrays are used during the call only. The samples enter the FIFO in the course of time, in
 * groups of at most 32 bytes, while DMA keeps up with them, and word by word when it does not.
 * Let HSYNC or VSYNC change when the last sample is over or later. A further call drops what is left
 * of the one before. */
void dcmi_line(struct block *dcmi, const struct dcmi_samples *samples);

#endif
