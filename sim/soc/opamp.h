/* What reaches the operational amplifiers on the chip (RM0399 chapter 30). */
#ifndef SIM_SOC_OPAMP_H
#define SIM_SOC_OPAMP_H

#include "sim/soc/soc.h"

/* DAC channel `n` (0, 1) puts this out on the chip, as a 65536th of the supply. */
void opamp_dac_changed(struct soc *soc, unsigned n, uint16_t code);

#endif
