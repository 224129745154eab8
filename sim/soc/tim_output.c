/* The timers' output stage (RM0399 40.3.15 to 40.3.18): OCx and OCxN with their dead time, idle levels, breaks. */
#include "sim/soc/tim_internal.h"

enum { CCE = 1, CCP = 2, CCNE = 4, CCNP = 8 }; /* of a channel in CCER */

static uint32_t bdtr(const struct tim *t)
{
    return REG(&t->block, BDTR);
}

static sim_time now(const struct tim *t)
{
    return sim_now(block_sim(&t->block));
}

static bool has_complement(const struct tim *t, unsigned n)
{
    return has_break(t) && n < (instance(t) < 15 ? 3 : 1);
}

/* The enables may wait for a commutation, polarities do not. */
static uint32_t channel_bits(const struct tim *t, unsigned n)
{
    uint32_t ccer = (REG(&t->block, CCER) & ~(uint32_t)CCER_ENABLES) | t->enables;
    return ccer >> (4 * n) & (has_complement(t, n) ? 15 : 3);
}

/* ---- Breaks ---- */

/* BRK by the pin and the comparators, each with its own polarity in AF1; BRK2 likewise by AF2. */
static bool break_active(const struct tim *t, unsigned which)
{
    uint32_t af = REG(&t->block, which ? AF2 : AF1);
    bool high = bdtr(t) >> (which ? 25 : 13) & 1, enabled = bdtr(t) >> (which ? 24 : 12) & 1;
    bool active = false;
    for (unsigned n = 0; n < BREAK_SOURCES; n++) {
        const struct break_source *source = &t->breaks[which][n];
        bool inverted = af >> (9 + n) & 1;
        active |= af >> n & 1 && source->connected && (source->level != inverted) == high;
    }
    return enabled && active && (which == 0 || instance(t) < 15);
}

void tim_check_breaks(struct tim *t)
{
    for (unsigned which = 0; has_break(t) && which < BREAKS; which++) {
        if (!break_active(t, which))
            continue;
        REG(&t->block, BDTR) &= ~(uint32_t)BDTR_MOE;
        REG(&t->block, SR) |= which ? SR_B2IF : SR_BIF;
    }
}

bool tim_broken(const struct tim *t)
{
    return break_active(t, 0) || break_active(t, 1);
}

void tim_break_input(struct soc *soc, unsigned number, unsigned which, unsigned source,
                     bool connected, bool level)
{
    struct tim *t = tim_find(soc, number);
    if (!t || !has_break(t))
        return;
    struct break_source *signal = &t->breaks[which][source];
    if (signal->connected == connected && signal->level == level)
        return;
    tim_sync(t);
    *signal = (struct break_source){connected, level};
    tim_check_breaks(t);
    tim_settle(t);
}

/* ---- Levels ---- */

static bool is_released(const struct tim *t)
{
    return has_break(t) && !(bdtr(t) & BDTR_MOE);
}

/* BDTR.DTG in cycles of the dead-time clock, that in cycles of the timer's (CR1.CKD). */
static uint64_t dead_cycles(const struct tim *t)
{
    uint32_t dtg = bdtr(t) & 0xff, length = dtg;
    if (dtg >> 5 == 7)
        length = (32 + (dtg & 31)) * 16;
    else if (dtg >> 5 == 6)
        length = (32 + (dtg & 31)) * 8;
    else if (dtg >> 7)
        length = (64 + (dtg & 63)) * 2;
    return (uint64_t)length << (cr1(t) >> 8 & 3);
}

static sim_time dead_time(const struct tim *t)
{
    return t->hz ? sim_cycles_to_time(dead_cycles(t), t->hz) : 0;
}

/* With OSSI: inactive, and after the dead time as OISx says, unless that would make both active. BRK2 knows the
 * inactive level alone. */
static bool idle_level(const struct tim *t, unsigned n, bool complement)
{
    uint32_t bits = channel_bits(t, n), idle = REG(&t->block, CR2) >> (8 + 2 * n) & 3;
    bool inactive = bits & (complement ? CCNP : CCP);
    bool both = (idle & 1) != (bits >> 1 & 1) && (idle >> 1) != (bits >> 3 & 1);
    bool second = break_active(t, 1) && !break_active(t, 0);
    if ((both && has_complement(t, n)) || second || now(t) < t->idle_from)
        return inactive;
    return idle >> complement & 1;
}

/* Table "output control bits for complementary OCx and OCxN channels"; -1: the timer does not drive it. */
static int level(const struct tim *t, unsigned n, bool complement)
{
    uint32_t bits = channel_bits(t, n);
    bool on = bits & (complement ? CCNE : CCE), other = bits & (complement ? CCE : CCNE);
    bool inverted = bits & (complement ? CCNP : CCP);
    if ((!on && !other) || is_capture(t, n) || (complement && !has_complement(t, n)))
        return -1;
    if (is_released(t))
        return bdtr(t) & BDTR_OSSI ? idle_level(t, n, complement) : -1;
    if (!on)
        return has_break(t) && bdtr(t) & BDTR_OSSR ? inverted : -1;
    bool active = tim_reference(t, n);
    if (other)
        active = active != complement && now(t) >= t->dead_until[n];
    return active != inverted;
}

bool tim_channel_drives(const struct tim *t, unsigned n)
{
    return n < CHANNELS && level(t, n, false) >= 0;
}

bool tim_complement_drives(const struct tim *t, unsigned n)
{
    return n < COMPLEMENTS && level(t, n, true) >= 0;
}

bool tim_output_matters(const struct tim *t, unsigned n)
{
    return (t->output[n].sink_count && level(t, n, false) >= 0) || tim_complement_drives(t, n);
}

/* ---- What follows in time ---- */

static void show(struct tim *t)
{
    for (unsigned n = 0; n < CHANNELS; n++) {
        if (!t->output[n].sink_count || is_capture(t, n))
            continue;
        wire_set(&t->output[n], level(t, n, false) == 1);
        wire_set(&t->driven[n], level(t, n, false) >= 0);
    }
    for (unsigned n = 0; n < COMPLEMENTS && has_complement(t, n); n++) {
        wire_set(&t->complement[n], level(t, n, true) == 1);
        wire_set(&t->driven[CHANNELS + n], level(t, n, true) >= 0);
    }
}

/* Both outputs of a channel are off from an edge of its reference on, for the dead time. */
static sim_time follow_reference(struct tim *t, unsigned n)
{
    bool reference = tim_reference(t, n);
    if (reference != t->dead_reference[n])
        t->dead_until[n] = now(t) + dead_time(t);
    t->dead_reference[n] = reference;
    bool both = (channel_bits(t, n) & (CCE | CCNE)) == (CCE | CCNE);
    return both ? t->dead_until[n] : 0;
}

void tim_update_outputs(struct tim *t)
{
    struct event_queue *events = &block_sim(&t->block)->events;
    if (is_released(t) != t->released)
        t->idle_from = now(t) + dead_time(t);
    t->released = is_released(t);
    sim_time next = t->released && bdtr(t) & BDTR_OSSI ? t->idle_from : 0;
    for (unsigned n = 0; n < COMPLEMENTS && has_complement(t, n); n++) {
        sim_time until = follow_reference(t, n);
        if (until > now(t) && (next <= now(t) || until < next))
            next = until;
    }
    event_cancel(events, &t->dead);
    if (next > now(t))
        event_at(events, &t->dead, next);
    show(t);
}

static void dead_time_over(void *ctx)
{
    tim_update_outputs(ctx);
}

void tim_init_outputs(struct tim *t)
{
    event_init(&t->dead, "TIM dead time", dead_time_over, t);
}

void tim_reset_outputs(struct tim *t)
{
    event_cancel(&block_sim(&t->block)->events, &t->dead);
    t->enables = 0;
    t->released = false;
    t->idle_from = 0;
    for (unsigned n = 0; n < COMPLEMENTS; n++) {
        t->dead_reference[n] = false;
        t->dead_until[n] = 0;
    }
    show(t);
}
