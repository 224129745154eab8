/* The counters of the HRTIM, their events and what those do to the outputs (RM0399 39.3.3 to 39.3.7, 39.3.10). */
#include "sim/soc/hrtim_internal.h"

enum { SKIP_AFTER = 64 };

static const uint8_t compare_at[COMPARES] = {CMP1, CMP2, CMP3, CMP4};

static sim_time now(const struct unit *u)
{
    return sim_now(block_sim(&u->hrtim->block));
}

/* CKPSC: 5 is undivided, without a delay line there is nothing faster. */
static uint64_t tick_cycles(const struct unit *u)
{
    uint32_t prescaler = *unit_reg(u, CR) & 7;
    return prescaler > 5 ? 1ull << (prescaler - 5) : 1;
}

static bool runs(const struct unit *u)
{
    return unit_enabled(u) && !u->stopped && u->hrtim->hz && u->period;
}

void hrtim_rebase(struct unit *u)
{
    u->epoch = now(u);
    u->counted = 0;
}

/* ---- Outputs ---- */

/* The crossbar: where both are asked for, the reset has it. */
void hrtim_crossbar(struct unit *u, unsigned event)
{
    for (unsigned side = 0; side < SIDES && u->number != MASTER; side++) {
        uint32_t set = *unit_reg(u, SET1 + 8 * side), reset = *unit_reg(u, RST1 + 8 * side);
        bool level = u->output[side];
        if (reset >> event & 1)
            level = false;
        else if (set >> event & 1)
            level = true;
        if (level != u->output[side])
            *unit_reg(u, ISR) |= (uint32_t)ISR_SET1 << (2 * side + !level);
        u->output[side] = level;
    }
}

/* The master's events reach all timers; RSTxR may have one reset their counters. */
static void tell_timers(struct unit *master, unsigned event)
{
    for (unsigned n = 1; n < UNITS; n++) {
        struct unit *u = &master->hrtim->unit[n];
        hrtim_crossbar(u, event + EVENT_MASTER);
        if (unit_enabled(u) && *unit_reg(u, RST) >> (event + 2) & 1)
            hrtim_reset_counter(u);
    }
}

/* A timer's own second and fourth compare may reset its counter. */
static void raise_event(struct unit *u, unsigned event)
{
    hrtim_crossbar(u, event);
    if (u->number == MASTER)
        tell_timers(u, event);
    else if ((event == EVENT_CMP1 + 1 && *unit_reg(u, RST) & 1 << 2) ||
             (event == EVENT_CMP1 + 3 && *unit_reg(u, RST) & 1 << 3))
        hrtim_reset_counter(u);
}

/* ---- Updates ---- */

void hrtim_load(struct unit *u)
{
    u->period = *unit_reg(u, PER) & 0xffff;
    u->repetition = *unit_reg(u, REP) & 0xff;
    for (unsigned n = 0; n < COMPARES; n++)
        u->compare[n] = *unit_reg(u, compare_at[n]) & 0xffff;
    if (*unit_reg(u, CR) & CR_HALF)
        u->compare[0] = u->period / 2;
}

/* CR1 may hold updates off. */
void hrtim_update(struct unit *u)
{
    if (REG(&u->hrtim->block, CR1) >> u->number & 1)
        return;
    hrtim_load(u);
    *unit_reg(u, ISR) |= ISR_UPD;
    hrtim_crossbar(u, EVENT_UPDATE);
    for (unsigned n = 1; u->number == MASTER && n < UNITS; n++)
        if (*unit_reg(&u->hrtim->unit[n], CR) & CR_MSTU)
            hrtim_update(&u->hrtim->unit[n]);
}

/* ---- Counting ---- */

static void repeat(struct unit *u)
{
    if (u->repetitions) {
        u->repetitions--;
        return;
    }
    u->repetitions = u->repetition;
    *unit_reg(u, ISR) |= ISR_REP;
    if (*unit_reg(u, CR) & (u->number == MASTER ? (uint32_t)MCR_REPU : (uint32_t)CR_REPU))
        hrtim_update(u);
}

static void roll_over(struct unit *u)
{
    u->count = 0;
    if (u->number != MASTER)
        *unit_reg(u, ISR) |= ISR_RST;
    repeat(u);
    if (u->number != MASTER && *unit_reg(u, CR) & CR_RSTU)
        hrtim_update(u);
    u->repetitions = u->repetitions > u->repetition ? u->repetition : u->repetitions;
}

/* 39.3.3: by software or another's event; one shot begins again, where it may. */
void hrtim_reset_counter(struct unit *u)
{
    uint32_t cr = *unit_reg(u, CR);
    if (!(cr & (CR_CONT | CR_RETRIG)) && !u->stopped && u->count)
        return;
    u->stopped = false;
    hrtim_rebase(u);
    roll_over(u);
}

static uint32_t next_stop(const struct unit *u)
{
    uint32_t next = u->count < u->period ? u->period : 0x10000;
    for (unsigned n = 0; n < COMPARES; n++)
        if (u->compare[n] > u->count && u->compare[n] < next)
            next = u->compare[n];
    return next;
}

static void arrive(struct unit *u, uint32_t count)
{
    u->count = count & 0xffff;
    for (unsigned n = 0; n < COMPARES; n++) {
        if (u->compare[n] != u->count || !u->count)
            continue;
        *unit_reg(u, ISR) |= 1u << n;
        raise_event(u, EVENT_CMP1 + n);
    }
    if (u->count != u->period)
        return;
    u->stopped = !(*unit_reg(u, CR) & CR_CONT);
    roll_over(u);
    raise_event(u, EVENT_PER);
}

/* Whole periods, when so many have gone by that they change nothing any more. */
static uint64_t skip(struct unit *u, uint64_t ticks)
{
    uint64_t skipped = ticks / u->period * u->period;
    u->counted += skipped;
    return ticks - skipped;
}

static void sync(struct unit *u)
{
    if (!runs(u))
        return;
    unsigned __int128 cycles = (unsigned __int128)(now(u) - u->epoch) * u->hrtim->hz / SIM_S;
    uint64_t ticks = (uint64_t)(cycles / tick_cycles(u)) - u->counted;
    for (unsigned steps = 0; ticks && runs(u); steps++) {
        if (steps == SKIP_AFTER)
            ticks = skip(u, ticks);
        uint32_t next = next_stop(u), distance = next - u->count;
        if (ticks < distance) {
            u->count += (uint32_t)ticks;
            u->counted += ticks;
            return;
        }
        u->counted += distance;
        ticks -= distance;
        arrive(u, next);
    }
}

void hrtim_sync(struct hrtim *h)
{
    for (unsigned n = 0; n < UNITS; n++)
        sync(&h->unit[n]);
}

/* ---- What must be told in time ---- */

static bool matters(const struct unit *u)
{
    const struct hrtim *h = u->hrtim;
    if (*unit_reg(u, DIER) & ISR_FLAGS)
        return true;
    if (u->number != MASTER)
        return hrtim_output_enabled(u, 0) || hrtim_output_enabled(u, 1);
    for (unsigned n = 1; n < UNITS; n++)
        if (unit_enabled(&h->unit[n]) &&
            (*unit_reg(&h->unit[n], RST) & 0x1f0 || matters(&h->unit[n])))
            return true;
    return false;
}

static void due(void *ctx)
{
    struct unit *u = ctx;
    hrtim_sync(u->hrtim);
    hrtim_show(u->hrtim);
    hrtim_schedule(u->hrtim);
}

void hrtim_schedule(struct hrtim *h)
{
    struct event_queue *events = &block_sim(&h->block)->events;
    for (unsigned n = 0; n < UNITS; n++) {
        struct unit *u = &h->unit[n];
        event_cancel(events, &u->event);
        if (!runs(u) || !matters(u))
            continue;
        unsigned __int128 cycles =
            (unsigned __int128)(u->counted + next_stop(u) - u->count) * tick_cycles(u);
        event_at(events, &u->event, u->epoch + (sim_time)((cycles * SIM_S + h->hz - 1) / h->hz));
    }
}

void hrtim_init_unit(struct unit *u)
{
    event_init(&u->event, "HRTIM", due, u);
}
