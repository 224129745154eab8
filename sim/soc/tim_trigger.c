/* What the timers tell each other and the rest of the chip: TRGO and TRGO2 (RM0399 40.3.27, 41.3.19). */
#include "sim/soc/dmamux.h"
#include "sim/soc/tim_internal.h"

/* Tables "internal trigger connection" of each chapter; TIM13, 14, 16 and 17 put out their OC1. */
static const uint8_t internal_triggers[18][4] = {
    [1] = {15, 2, 3, 4}, [2] = {1, 8, 3, 4}, [3] = {1, 2, 15, 4},   [4] = {1, 2, 3, 8},
    [5] = {1, 8, 3, 4},  [8] = {1, 2, 4, 5}, [12] = {4, 5, 13, 14}, [15] = {1, 3, 16, 17},
};

unsigned tim_master_mode(const struct tim *t, unsigned which)
{
    if (which)
        return REG(&t->block, CR2) >> 20 & 15;
    if (instance(t) >= 13 && instance(t) != 15)
        return 4; /* no TRGO: OC1 goes out */
    return REG(&t->block, CR2) >> 4 & 7;
}

static bool takes_trigger(const struct tim *slave, const struct tim *master)
{
    unsigned source = trigger_source(slave);
    bool used = slave_mode(slave) ||
                REG(&slave->block, DIER) & (SR_TIF | SR_TIF << DIER_DMA_SHIFT) ||
                REG(&slave->block, CR2) & CR2_CCUS;
    return used && source < 4 && slave->masters[source] == master;
}

bool tim_trigger_observed(const struct tim *t)
{
    if (instance(t) == 12)
        return true; /* DMAMUX1 */
    for (unsigned n = 0; n < LISTENERS_MAX; n++)
        if (t->listeners[n])
            return true;
    for (unsigned n = 0; n < SLAVES_MAX && t->slaves[n]; n++)
        if (takes_trigger(t->slaves[n], t))
            return true;
    return false;
}

static void set_trigger(struct tim *t, unsigned which, bool level)
{
    if (t->trigger_level[which] == level)
        return;
    t->trigger_level[which] = level;
    wire_set(&t->trigger[which], level);
    if (which)
        return;
    if (instance(t) == 12)
        dmamux_trigger(t->block.soc, 0, DMAMUX1_TIM12_TRGO, level);
    for (unsigned n = 0; n < SLAVES_MAX && t->slaves[n]; n++)
        if (takes_trigger(t->slaves[n], t))
            tim_trigger_edge(t->slaves[n], level);
}

void tim_pulse_trigger(struct tim *t, unsigned mode)
{
    for (unsigned which = 0; which < TRIGGER_OUTPUTS; which++) {
        if (tim_master_mode(t, which) != mode)
            continue;
        set_trigger(t, which, true);
        set_trigger(t, which, false);
    }
}

/* CR2.MMS2 from 10 on: pulses by edges of two references (rising 1, falling 2). */
static const struct {
    uint8_t channel, edges;
} pulses[6][2] = {
    {{3, 3}, {3, 0}}, {{5, 3}, {5, 0}}, {{3, 1}, {5, 1}},
    {{3, 1}, {5, 2}}, {{4, 1}, {5, 1}}, {{4, 1}, {5, 2}},
};

bool tim_pulses_by(unsigned mode, unsigned n)
{
    return mode >= 10 && (pulses[mode - 10][0].channel == n || pulses[mode - 10][1].channel == n);
}

static void pulse_by_references(struct tim *t, unsigned mode)
{
    uint8_t before = t->references;
    bool pulse = false;
    t->references = 0;
    for (unsigned n = 3; n < CHANNELS; n++)
        t->references |= (uint8_t)(tim_reference(t, n) << n);
    for (unsigned k = 0; mode >= 10 && k < 2; k++) {
        unsigned n = pulses[mode - 10][k].channel;
        if ((before ^ t->references) >> n & 1)
            pulse |= pulses[mode - 10][k].edges & (t->references >> n & 1 ? 1 : 2);
    }
    if (pulse) {
        set_trigger(t, 1, true);
        set_trigger(t, 1, false);
    }
}

void tim_update_trigger_level(struct tim *t)
{
    if (has_break(t) && instance(t) < 15)
        pulse_by_references(t, tim_master_mode(t, 1));
    for (unsigned which = 0; which < TRIGGER_OUTPUTS; which++) {
        unsigned mode = tim_master_mode(t, which);
        if (mode == 1)
            set_trigger(t, which, cr1(t) & CR1_CEN);
        else if (mode >= 4 && mode < 4 + CHANNELS)
            set_trigger(t, which, tim_reference(t, mode - 4));
    }
}

void tim_ask_masters(struct tim *t)
{
    for (unsigned n = 0; n < 4; n++) {
        if (!t->masters[n])
            continue;
        tim_sync(t->masters[n]);
        tim_schedule(t->masters[n]);
    }
}

void tim_connect_masters(struct tim *t)
{
    for (unsigned n = 0; n < 4; n++) {
        struct tim *master = tim_find(t->block.soc, internal_triggers[instance(t)][n]);
        t->masters[n] = master;
        for (unsigned k = 0; master && k < SLAVES_MAX; k++) {
            if (master->slaves[k])
                continue;
            master->slaves[k] = t;
            break;
        }
    }
}

/* ---- Blocks that are no timers ---- */

static void hear(struct soc *soc, unsigned number, unsigned which, wire_sink sink, void *ctx,
                 unsigned index)
{
    struct tim *t = tim_find(soc, number);
    if (t)
        wire_connect(&t->trigger[which], sink, ctx, index);
}

void tim_hear_trigger(struct soc *soc, unsigned number, wire_sink sink, void *ctx, unsigned index)
{
    hear(soc, number, 0, sink, ctx, index);
}

void tim_hear_trigger2(struct soc *soc, unsigned number, wire_sink sink, void *ctx, unsigned index)
{
    hear(soc, number, 1, sink, ctx, index);
}

/* The place in `listeners` that holds `who`; LISTENERS_MAX: none does. */
static unsigned listener(const struct tim *t, const void *who)
{
    unsigned n = 0;
    while (n < LISTENERS_MAX && t->listeners[n] != who)
        n++;
    return n;
}

void tim_want_trigger(struct soc *soc, unsigned number, const void *who, bool wanted)
{
    struct tim *t = tim_find(soc, number);
    if (!t || (listener(t, who) < LISTENERS_MAX) == wanted)
        return;
    tim_sync(t); /* up to here nobody heard */
    unsigned place = listener(t, wanted ? NULL : who);
    if (place < LISTENERS_MAX)
        t->listeners[place] = wanted ? who : NULL;
    tim_schedule(t);
}
