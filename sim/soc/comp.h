/* The comparators at the chip's pins, and what reaches them on the chip (RM0399 chapter 29). */
#ifndef SIM_SOC_COMP_H
#define SIM_SOC_COMP_H

#include "sim/soc/soc.h"

/* DAC channel `n` (0, 1) puts this out on the chip, as a 65536th of the supply. */
void comp_dac_changed(struct soc *soc, unsigned n, uint16_t code);
/* What a comparator drives the pin to by this function; -1: none does. */
int comp_pin_level(struct soc *soc, unsigned port, unsigned pin, unsigned function);

#endif
