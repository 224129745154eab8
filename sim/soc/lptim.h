/* The low-power timers' pins, and what else reaches them (RM0399 45.4.3). */
#ifndef SIM_SOC_LPTIM_H
#define SIM_SOC_LPTIM_H

#include "sim/soc/soc.h"

enum lptim_signal {
    LPTIM_ALARM_A,
    LPTIM_ALARM_B,
    LPTIM_TAMP1,
    LPTIM_TAMP2,
    LPTIM_TAMP3,
    LPTIM_COMP1,
    LPTIM_COMP2,
};

/* The signal is at this level from now on. */
void lptim_signal(struct soc *soc, enum lptim_signal signal, bool level);
/* `sink` hears the output of LPTIM1 to LPTIM3, `index` as given. At init. */
void lptim_hear_output(struct soc *soc, unsigned instance, wire_sink sink, void *ctx,
                       unsigned index);
/* What an output drives the pin to by this function; -1: none does. */
int lptim_pin_level(struct soc *soc, unsigned port, unsigned pin, unsigned function);

#endif
