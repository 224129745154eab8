/* Why a core stopped, in words: place, fault registers, backtrace. */
#ifndef SIM_HOST_FAULT_REPORT_H
#define SIM_HOST_FAULT_REPORT_H

#include "sim/host/guest.h"

#include <stdio.h>

/* Where the fault came from: the pc that an exception stacked when the core is in a handler or in
 * lockup, else the pc. */
uint32_t fault_place(struct machine *machine, enum soc_core core);
/* Registers, the fault registers bit by bit, a backtrace. Several lines. */
void fault_report(FILE *to, struct machine *machine, struct guest *guest, enum soc_core core);

#endif
