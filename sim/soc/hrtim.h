/* The high-resolution timer at the chip's pins (RM0399 chapter 39). */
#ifndef SIM_SOC_HRTIM_H
#define SIM_SOC_HRTIM_H

#include "sim/soc/soc.h"

/* What an output drives the pin to by this function; -1: none does. */
int hrtim_pin_level(struct soc *soc, unsigned port, unsigned pin, unsigned function);

#endif
