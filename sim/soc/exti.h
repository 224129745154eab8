/* What EXTI tells PWR. RM0399 chapter 21. */
#ifndef SIM_SOC_EXTI_H
#define SIM_SOC_EXTI_H

#include "sim/soc/block.h"

/* True while an unmasked line stands that keeps the core's clock from stopping. */
bool exti_wakes(struct soc *soc, enum soc_core core);

#endif
