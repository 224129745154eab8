/* Voltages at the inputs of the ADCs (RM0399 chapter 26), and what the DAC puts on them. */
#ifndef SIM_SOC_ADC_H
#define SIM_SOC_ADC_H

#include "sim/soc/soc.h"

enum { ADC_SUPPLY_MV = 3300 };

/* What stands at input INP`channel` (0 to 19) of ADC `instance` (1 to 3) from now on; an input that was
 * never driven reads 0. The internal inputs of ADC3 (17 to 19) have their own. */
void adc_drive(struct soc *soc, unsigned instance, unsigned channel, uint32_t millivolts);
/* The same as a 65536th of the supply. */
void adc_drive_code(struct soc *soc, unsigned instance, unsigned channel, uint16_t code);

#endif
