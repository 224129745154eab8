/*
 * What happens on the board, told while it happens to whoever draws a timeline. Each block says it in
 * a line; where nobody listens it costs a look at a pointer. Listening changes nothing.
 *
 * A track is a name and a number: "DMA2" 1 is its stream 1. The slices of one track begin and end in
 * turn, or within each other. All names are static storage.
 */
#ifndef SIM_CORE_TRACER_H
#define SIM_CORE_TRACER_H

#include "sim/core/bus.h"
#include "sim/core/event.h"

struct tracer {
    void *ctx;
    /* address and bytes: what a transfer is about; 0: nothing to say. */
    void (*begin)(void *ctx, sim_time time, const char *track, unsigned n, const char *what,
                  uint32_t address, uint32_t bytes);
    void (*end)(void *ctx, sim_time time, const char *track, unsigned n); /* the innermost slice */
    void (*mark)(void *ctx, sim_time time, const char *track, unsigned n, const char *what);
    /* A core (MASTER_CM7, MASTER_CM4) gave a sign to another, which is to be interrupted for it. */
    void (*notify)(void *ctx, sim_time time, unsigned n, enum bus_master from, enum bus_master to);
    /* The interrupt line of a core changed. */
    void (*line)(void *ctx, sim_time time, enum bus_master core, unsigned irq, bool level);
};

#endif
