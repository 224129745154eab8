/* RTC_OUT at the chip's pins (RM0399 49.3.3). */
#ifndef SIM_SOC_RTC_H
#define SIM_SOC_RTC_H

#include "sim/soc/soc.h"

enum { RTC_PIN_FREE = -2 };

/* What the RTC makes of PC13 or PB2: 0 or 1; -1: it lets go of it; RTC_PIN_FREE: the pin is not the RTC's. */
int rtc_pin_level(struct soc *soc, unsigned port, unsigned pin);

#endif
