#include "sim/core/traffic.h"

#include "sim/core/sim.h"

static uint64_t window_at(sim_time time)
{
    return time >> TRAFFIC_WINDOW_BITS;
}

static sim_time at_most(sim_time time, sim_time most)
{
    return time < most ? time : most;
}

/* Time taken in the last whole window before `now`. */
static sim_time taken_lately(const struct traffic_use *use, sim_time now)
{
    uint64_t window = window_at(now);
    if (window <= use->window)
        return use->before;
    uint64_t gone = (window - use->window - 1) << TRAFFIC_WINDOW_BITS;
    return use->taken > gone ? at_most(use->taken - gone, TRAFFIC_WINDOW) : 0;
}

/* Moves on to the window of `now`; a core may be a slice ahead of who asks, so none goes back. */
static void move_on(struct traffic_use *use, sim_time now)
{
    uint64_t window = window_at(now);
    if (window <= use->window)
        return;
    use->before = taken_lately(use, now);
    uint64_t gone = (window - use->window) << TRAFFIC_WINDOW_BITS;
    use->taken = use->taken > gone ? use->taken - gone : 0;
    use->window = window;
}

uint32_t traffic_share(const struct ram *ram, enum bus_master master, sim_time now)
{
    const struct traffic_use *use = &ram->traffic->use[master];
    uint32_t share =
        (uint32_t)(taken_lately(use, now) >> (TRAFFIC_WINDOW_BITS - TRAFFIC_FULL_BITS));
    for (unsigned n = 0; n < TRAFFIC_PLANS; n++)
        if (now >= use->plan[n].from && now < use->plan[n].until)
            share += use->plan[n].share;
    return share < TRAFFIC_FULL ? share : TRAFFIC_FULL;
}

sim_time traffic_wait(const struct ram *ram, enum bus_master master, sim_time now, sim_time burst)
{
    const struct traffic *traffic = ram->traffic;
    uint64_t all = 0, most = 0;
    for (uint32_t left = traffic->users & ~MASTER_BIT(master); left; left &= left - 1) {
        enum bus_master other = (enum bus_master)__builtin_ctz(left);
        uint32_t share = traffic_share(ram, other, now);
        all += share;
        most += share * traffic->use[other].burst;
    }
    most >>= TRAFFIC_FULL_BITS;
    if (all >= TRAFFIC_FULL)
        return most;
    return at_most(burst * all / (TRAFFIC_FULL - all), most);
}

/* Whoever adapts to the shares looks at them again. */
static void shares_change_at(struct sim *sim, sim_time when)
{
    struct event *look = sim->traffic_look;
    if (look && (!event_pending(look) || look->when > when))
        event_at(&sim->events, look, when);
}

sim_time traffic_take(struct sim *sim, struct ram *ram, enum bus_master master, sim_time now,
                      const struct traffic_bursts *bursts)
{
    struct traffic *traffic = ram->traffic;
    struct traffic_use *use = &traffic->use[master];
    sim_time burst = traffic_burst_time(ram, bursts->bytes);
    if (!burst || !bursts->count)
        return 0;
    sim_time wait = traffic_wait(ram, master, now, burst);
    move_on(use, now);
    use->burst = burst;
    use->taken += bursts->count * burst;
    traffic->users |= MASTER_BIT(master);
    shares_change_at(sim, (window_at(now) + 1) << TRAFFIC_WINDOW_BITS);
    return bursts->count * ((burst > bursts->own ? burst - bursts->own : 0) + wait);
}

void traffic_plan(struct sim *sim, struct ram *ram, enum bus_master master, unsigned n,
                  const struct traffic_plan *plan, sim_time burst)
{
    struct traffic *traffic = ram->traffic;
    traffic->use[master].plan[n] = *plan;
    if (!plan->share)
        return;
    traffic->use[master].burst = burst;
    traffic->users |= MASTER_BIT(master);
    shares_change_at(sim, plan->from);
}

static sim_time next_of(const struct traffic_use *use, sim_time now)
{
    sim_time next = SIM_NEVER;
    uint64_t window = window_at(now);
    if (use->before || use->taken)
        if (window <= use->window + 1 || taken_lately(use, now))
            next = (window + 1) << TRAFFIC_WINDOW_BITS;
    for (unsigned n = 0; n < TRAFFIC_PLANS; n++) {
        const struct traffic_plan *plan = &use->plan[n];
        if (plan->share && plan->until > now)
            next = at_most(next, plan->from > now ? plan->from : plan->until);
    }
    return next;
}

sim_time traffic_next_change(const struct ram *ram, sim_time now)
{
    sim_time next = SIM_NEVER;
    for (uint32_t left = ram->traffic->users; left; left &= left - 1)
        next = at_most(next, next_of(&ram->traffic->use[__builtin_ctz(left)], now));
    return next;
}
