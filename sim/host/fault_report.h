/* Why a core stopped, in words: place, fault registers, backtrace. */
#ifndef SIM_HOST_FAULT_REPORT_H
#define SIM_HOST_FAULT_REPORT_H

#include "sim/host/guest.h"

#include <stdio.h>

/* In a fault's handler (or in lockup for want of one): the pc that the fault's entry stacked. False:
 * the core is in no such handler, or the frame cannot be read. */
bool fault_origin(struct machine *machine, enum soc_core core, uint32_t *pc);
/* Registers, the fault registers bit by bit, a backtrace. Several lines. */
void fault_report(FILE *to, struct machine *machine, struct guest *guest, enum soc_core core);

#endif
