/*
 * The pins of the timers TIM1 to TIM17 (RM0399 chapters 38 to 42): what stands at their inputs, and
 * what their channels put out. Channels are 1 to 4.
 */
#ifndef SIM_SOC_TIM_H
#define SIM_SOC_TIM_H

#include "sim/soc/soc.h"

/* The level at TIx of timer `instance` (1 to 17) is `level` from now on. */
void tim_input(struct soc *soc, unsigned instance, unsigned channel, bool level);
/* The channel's output OCx, which follows at the board time of each edge once somebody listens.
 * NULL: no such timer or channel. Connect while the board is built. */
struct wire *tim_output(struct soc *soc, unsigned instance, unsigned channel);

#endif
