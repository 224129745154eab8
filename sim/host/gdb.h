/*
 * --gdb: the GDB remote serial protocol on 127.0.0.1. Both cores are threads of one target: thread 1
 * is the Cortex-M7, thread 2 the Cortex-M4; they run and stop together, as on a board whose cores
 * are cross-triggered. A stop never changes the run.
 */
#ifndef SIM_HOST_GDB_H
#define SIM_HOST_GDB_H

#include "sim/host/failure.h"
#include "sim/machine/machine.h"

struct gdb;

/* Listens on the port (0: any free one). NULL: see the failure (the port is in use, say). The board
 * counts as stopped until a debugger lets it run. */
struct gdb *gdb_open(const char *port, struct machine *machine, struct failure *failure);
void gdb_close(struct gdb *gdb);
unsigned gdb_port(const struct gdb *gdb);

/* Serves the debugger between two calls of machine_run(). True: the board is to stand still; then
 * this waited a little (20 ms at most) for the debugger, and is to be called again. */
bool gdb_holds(struct gdb *gdb);
/* How machine_run() ended, and whether the run goes on for all that: a lockup under a debugger does
 * not end it. */
bool gdb_stopped(struct gdb *gdb, enum machine_stop stop);
/* The debugger killed the board. */
bool gdb_killed(const struct gdb *gdb);
/* The run ends: tells the debugger. */
void gdb_ended(struct gdb *gdb, int status);

#endif
