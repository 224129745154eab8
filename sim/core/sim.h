/* What every block of the virtual board is given: time, memory and a place to complain. */
#ifndef SIM_CORE_SIM_H
#define SIM_CORE_SIM_H

#include "sim/core/bus.h"
#include "sim/core/event.h"
#include "sim/core/report.h"
#include "sim/core/tracer.h"
#include "sim/core/traffic.h"

struct sim {
    struct event_queue events;
    struct bus bus;
    struct reporter reporter;
    const struct tracer *tracer; /* NULL: nobody listens */
    uint64_t seed;               /* of everything that is random on the chip */
    uint64_t dma_hash;           /* over what all DMAs wrote, mixed by sim_hash_mix() */
    uint64_t dma_bytes[MASTER_COUNT];
    uint64_t notified[MASTER_COUNT]; /* the other core, by HSEM, by who released the semaphore */
    struct event *traffic_look;      /* fires when masters' shares of a memory change; or NULL */
};

static inline void sim_init(struct sim *sim)
{
    *sim = (struct sim){0};
    event_queue_init(&sim->events);
    bus_init(&sim->bus);
    reporter_init(&sim->reporter);
}

static inline void sim_free(struct sim *sim)
{
    event_queue_free(&sim->events);
    reporter_free(&sim->reporter);
}

/* Board time of what runs now: exact inside register accesses and event callbacks. */
static inline sim_time sim_now(const struct sim *sim)
{
    return sim->events.now;
}

/* For the tracer, at the present board time. */
static inline void sim_trace_begin(const struct sim *sim, const char *track, unsigned n,
                                   const char *what, uint32_t address, uint32_t bytes)
{
    if (sim->tracer)
        sim->tracer->begin(sim->tracer->ctx, sim_now(sim), track, n, what, address, bytes);
}

static inline void sim_trace_end(const struct sim *sim, const char *track, unsigned n)
{
    if (sim->tracer)
        sim->tracer->end(sim->tracer->ctx, sim_now(sim), track, n);
}

static inline void sim_trace_mark(const struct sim *sim, const char *track, unsigned n,
                                  const char *what)
{
    if (sim->tracer)
        sim->tracer->mark(sim->tracer->ctx, sim_now(sim), track, n, what);
}

static inline void sim_hash_mix(struct sim *sim, uint64_t value)
{
    sim->dma_hash = (sim->dma_hash ^ value) * 0x9e3779b97f4a7c15u;
}

#endif
