/* --log: every access to the registers of some blocks, and what the cores take and leave. */
#ifndef SIM_HOST_REGISTER_LOG_H
#define SIM_HOST_REGISTER_LOG_H

#include "sim/host/failure.h"
#include "sim/machine/machine.h"

#include <stdio.h>

struct register_log;

/* `blocks`: names as in the manual, with commas; CM7 and CM4 are the cores. NULL: see the failure. */
struct register_log *register_log_open(const char *blocks, FILE *to, struct failure *failure);
/* Listens on the machine's bus from now on; the log must live as long as the machine. */
void register_log_attach(struct register_log *log, struct machine *machine);
/* For machine_config.trace. */
void register_log_trace(struct register_log *log, enum soc_core core, enum cpu_trace_kind kind,
                        uint32_t address, uint32_t value);
void register_log_close(struct register_log *log);

#endif
