/* What other blocks ask of the ports (RM0399 chapter 12). */
#ifndef SIM_SOC_GPIO_H
#define SIM_SOC_GPIO_H

#include "sim/soc/soc.h"

enum { GPIO_NO_FUNCTION = 16 };

/* The pin's alternate function; GPIO_NO_FUNCTION: it is in another mode. */
unsigned gpio_function(const struct soc *soc, unsigned port, unsigned pin);
/* What its alternate function drives has changed. */
void gpio_pin_changed(struct soc *soc, unsigned port, unsigned pin);

#endif
