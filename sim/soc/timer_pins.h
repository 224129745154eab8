/* The timers' channels at the chip's pins, through their alternate functions. */
#ifndef SIM_SOC_TIMER_PINS_H
#define SIM_SOC_TIMER_PINS_H

#include "sim/soc/soc.h"

void timer_pins_connect(struct soc *soc); /* once, when all blocks exist */
/* What a channel drives the pin to by this function; -1: none does. */
int timer_pins_level(struct soc *soc, unsigned port, unsigned pin, unsigned function);
/* The pin may have got another function: the channel behind it sees its level. */
void timer_pins_selected(struct soc *soc, unsigned port, unsigned pin);

#endif
