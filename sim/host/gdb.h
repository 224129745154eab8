/*
 * --gdb: the GDB remote serial protocol on 127.0.0.1. Both cores are threads of one target (thread 1
 * is the Cortex-M7, thread 2 the Cortex-M4), or each has a port of its own. They run and stop
 * together, as on a board whose cores are cross-triggered. A stop never changes the run. They may go
 * back in time, by the history.
 */
#ifndef SIM_HOST_GDB_H
#define SIM_HOST_GDB_H

#include "sim/host/failure.h"
#include "sim/host/guest.h"
#include "sim/host/history.h"
#include "sim/machine/machine.h"

struct gdb;

/* "3333": one port for both cores; "3333,3334": one for the M7, one for the M4; 0: any free one.
 * NULL: see the failure (a port is in use, say). The board counts as stopped until a debugger lets
 * it run. The guest names places in the code. */
struct gdb *gdb_open(const char *ports, struct machine *machine, struct guest *guest,
                     struct history *history, struct failure *failure);
void gdb_close(struct gdb *gdb);
/* "target remote 127.0.0.1:3333", or both ports with their cores. */
const char *gdb_where(const struct gdb *gdb);

/* Serves the debuggers between two calls of machine_run(). True: the board is to stand still; then
 * this waited a little (20 ms at most) for a debugger, and is to be called again. */
bool gdb_holds(struct gdb *gdb);
/* How machine_run() ended, and whether the run goes on for all that: a lockup under a debugger does
 * not end it. */
bool gdb_stopped(struct gdb *gdb, enum machine_stop stop);
/* history_host.depart(): this process is a visitor of the past from now on. */
void gdb_depart(struct gdb *gdb);
/* A debugger killed the board. */
bool gdb_killed(const struct gdb *gdb);
/* The run ends: tells the debuggers. */
void gdb_ended(struct gdb *gdb, int status);

#endif
