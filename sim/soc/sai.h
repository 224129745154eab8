/* Who hears what the SAIs send (RM0399 chapter 56). */
#ifndef SIM_SOC_SAI_H
#define SIM_SOC_SAI_H

#include "sim/soc/soc.h"

enum { SAI_SLOTS = 16 };

/* A frame that sub-block A (0) or B (1) has sent: its active slots in their order, as they were written
 * to the FIFO, of so many bits; and the time from one frame to the next. */
struct sai_listener {
    void *ctx;
    void (*frame)(void *ctx, unsigned half, const uint32_t *slots, unsigned count, unsigned bits,
                  sim_time period);
};

void sai_listen(struct block *sai, const struct sai_listener *listener); /* copied */

#endif
