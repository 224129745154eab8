/*
 * How busy the bus masters keep a memory, and what that costs the others. A memory serves one burst at
 * a time, in the time that its width and its latencies give. What a master takes of it is known ahead
 * (a display's fetches) or measured in windows of about 17 us; a burst then waits for the others
 *
 *     as long as their shares leave it less than the whole memory, s * r / (1 - r), but
 *     at most for one burst of each, as the arbiter goes round, in proportion to its share.
 *
 * Nothing is queued burst by burst, so this costs a transfer some arithmetic and no event.
 */
#ifndef SIM_CORE_TRAFFIC_H
#define SIM_CORE_TRAFFIC_H

#include "sim/core/bus.h"
#include "sim/core/event.h"

enum { TRAFFIC_WINDOW_BITS = 24, TRAFFIC_FULL_BITS = 10, TRAFFIC_PLANS = 2 };
#define TRAFFIC_WINDOW ((sim_time)1 << TRAFFIC_WINDOW_BITS)
#define TRAFFIC_FULL   (1u << TRAFFIC_FULL_BITS) /* all of a memory's time, of a share */

/* Fetches that are known ahead: so much of the memory's time from one time to another. */
struct traffic_plan {
    sim_time from, until;
    uint32_t share;
};

struct traffic_use {
    sim_time burst;  /* of this master, its time in the memory */
    uint64_t window; /* the last one in which it took anything */
    sim_time taken;  /* since that window began; what exceeds it, is of the next */
    sim_time before; /* in the window before */
    struct traffic_plan plan[TRAFFIC_PLANS]; /* by the master's own numbering */
};

/* One memory's. With both times 0 it is infinitely fast, and nobody waits. */
struct traffic {
    sim_time latency;   /* of a burst, before and after its data */
    sim_time byte_time; /* of its data */
    uint32_t users;     /* MASTER_BIT()s with a use that may not be over */
    struct traffic_use use[MASTER_COUNT];
};

/* So many bursts, which would keep the master busy for `own` each if the memory were always ready. */
struct traffic_bursts {
    unsigned count, bytes;
    sim_time own;
};

struct sim;

/* How long the memory is busy with a burst, nobody in its way. */
static inline sim_time traffic_burst_time(const struct ram *ram, unsigned bytes)
{
    return ram->traffic->latency + bytes * ram->traffic->byte_time;
}

/* The share of the memory's time that a master takes at present; at most TRAFFIC_FULL. */
uint32_t traffic_share(const struct ram *ram, enum bus_master master, sim_time now);
/* How long a burst that takes `burst` itself waits for the other masters. */
sim_time traffic_wait(const struct ram *ram, enum bus_master master, sim_time now, sim_time burst);
/* The master does these bursts from `now` on: the time that they take beyond their own. */
sim_time traffic_take(struct sim *sim, struct ram *ram, enum bus_master master, sim_time now,
                      const struct traffic_bursts *bursts);
/* What a master will fetch, in bursts that take `burst`; replaces plan `n`. */
void traffic_plan(struct sim *sim, struct ram *ram, enum bus_master master, unsigned n,
                  const struct traffic_plan *plan, sim_time burst);
/* When the shares change again if nobody takes anything more; SIM_NEVER: they do not. */
sim_time traffic_next_change(const struct ram *ram, sim_time now);

#endif
