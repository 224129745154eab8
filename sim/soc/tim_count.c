/*
 * The counter of the timers (RM0399 40.3.1 to 40.3.4). Nothing happens per tick. The counter's place is worked
 * out from board time whenever somebody looks (tim_sync()); an event is pending only for the next instant
 * that somebody must be told of: an enabled interrupt or DMA request, an output that is listened to,
 * a trigger that a slave takes.
 */
#include "sim/soc/tim_internal.h"

enum { SKIP_AFTER = 600 };

static uint64_t tick_length(const struct tim *t)
{
    return (uint64_t)t->prescaler + 1;
}

/* When the tick after `ticks` more is over. */
static sim_time tick_time(const struct tim *t, uint64_t ticks)
{
    unsigned __int128 cycles = (unsigned __int128)(t->counted + ticks) * tick_length(t);
    return t->epoch + (sim_time)((cycles * SIM_S + t->hz - 1) / t->hz);
}

static void rebase_at(struct tim *t, sim_time now)
{
    t->epoch = now;
    t->counted = 0;
    t->hz = block_kernel_hz(&t->block);
}

void tim_rebase(struct tim *t)
{
    rebase_at(t, sim_now(block_sim(&t->block)));
}

static void load_shadows(struct tim *t)
{
    uint32_t prescaler = REG(&t->block, PSC) & 0xffff;
    if (prescaler != t->prescaler) {
        if (clocked_by_time(t) && t->hz)
            rebase_at(t, tick_time(t, 0));
        t->prescaler = prescaler;
    }
    t->reload = REG(&t->block, ARR) & t->mask;
    for (unsigned n = 0; n < CHANNELS; n++)
        if (!is_capture(t, n))
            t->compare[n] = *ccr(t, n) & t->mask;
    t->repetitions = REG(&t->block, RCR);
}

/* An update event (40.3.2): shadows load, UIF and the DMA request rise. */
static void update_event(struct tim *t, bool flag)
{
    if (cr1(t) & CR1_UDIS)
        return;
    load_shadows(t);
    t->cleared = 0;
    tim_clear_references(t);
    if (REG(&t->block, BDTR) & BDTR_AOE && !tim_broken(t))
        REG(&t->block, BDTR) |= BDTR_MOE;
    if (flag) {
        REG(&t->block, SR) |= SR_UIF;
        tim_request(t, DMA_UP);
        if (REG(&t->block, CR2) & CR2_CCDS)
            for (unsigned n = 0; n < 4; n++)
                tim_request(t, n);
    }
    tim_pulse_trigger(t, 2);
}

static void stop(struct tim *t)
{
    REG(&t->block, CR1) &= ~(uint32_t)CR1_CEN;
    tim_update_trigger_level(t);
}

/* The counter has come to its end: over, under, or the turn of centre-aligned counting. */
static void end_of_count(struct tim *t)
{
    if (t->repetitions) {
        t->repetitions--;
        return;
    }
    update_event(t, true);
    if (cr1(t) & CR1_OPM)
        stop(t);
}

/* Compare matches. */

static void match(struct tim *t, unsigned n)
{
    unsigned when = cr1(t) >> 5 & 3;
    tim_matched_output(t, n);
    if (when && when != 3 && (when == 1) != t->down)
        return;
    REG(&t->block, SR) |= channel_flag(n);
    if (n < 4 && !(REG(&t->block, CR2) & CR2_CCDS))
        tim_request(t, n);
    if (n == 0)
        tim_pulse_trigger(t, 3);
}

/* The counter goes from one value to another without reaching its end; `from` is excluded. */
static void move(struct tim *t, uint32_t ticks)
{
    uint32_t from = t->count;
    t->count = t->down ? from - ticks : from + ticks;
    for (unsigned n = 0; n < CHANNELS && !basic(t); n++) {
        uint32_t value = t->compare[n];
        bool passed =
            t->down ? value < from && value >= t->count : value > from && value <= t->count;
        if (passed && !is_capture(t, n))
            match(t, n);
    }
}

/* The value that the end of counting leads to, and those that lie beyond it: a compare value over
 * ARR matches at the overflow (40.3.9). */
static void arrive(struct tim *t, uint32_t value)
{
    bool overflow = !centred(t) || value;
    t->count = value;
    for (unsigned n = 0; n < CHANNELS && !basic(t); n++)
        if (!is_capture(t, n) &&
            (t->compare[n] == value || (overflow && t->compare[n] > t->reload)))
            match(t, n);
}

static uint64_t ticks_to_end(const struct tim *t)
{
    if (centred(t)) {
        if (t->down)
            return t->count ? t->count : 1;
        return t->count < t->reload ? t->reload - t->count : 1;
    }
    if (t->down)
        return (uint64_t)t->count + 1;
    return (t->count <= t->reload ? t->reload - t->count : t->mask - t->count) + 1ull;
}

static void pass_end(struct tim *t)
{
    uint64_t ticks = ticks_to_end(t);
    move(t, (uint32_t)(ticks - 1));
    if (centred(t)) {
        t->down = !t->down;
        arrive(t, t->down ? t->reload : 0);
        end_of_count(t);
    } else {
        bool down = t->down;
        end_of_count(t);
        arrive(t, down ? t->reload : 0);
    }
}

/* Whole cycles at once, when so many have gone by that no flag is left to be set. */
static uint64_t skip(struct tim *t, uint64_t ticks)
{
    uint64_t cycle = centred(t) ? 2ull * t->reload : t->reload + 1ull;
    cycle *= (uint64_t)REG(&t->block, RCR) + 1;
    uint64_t skipped = cycle ? ticks / cycle * cycle : ticks;
    t->counted += skipped;
    return ticks - skipped;
}

/* Counts `ticks`; 0 in ARR blocks the counter. */
void tim_count(struct tim *t, uint64_t ticks)
{
    for (unsigned ends = 0; ticks && t->reload && cr1(t) & CR1_CEN; ends++) {
        uint64_t to_end = ticks_to_end(t);
        if (ends == SKIP_AFTER) {
            ticks = skip(t, ticks);
            continue;
        }
        if (ticks < to_end) {
            t->counted += ticks;
            move(t, (uint32_t)ticks);
            return;
        }
        t->counted += to_end;
        pass_end(t);
        ticks -= to_end;
    }
    t->counted += ticks;
}

void tim_sync(struct tim *t)
{
    if (!clocked_by_time(t) || !t->hz)
        return;
    sim_time now = sim_now(block_sim(&t->block));
    /* The prescaler may change at an update in between, so that ticks change their length. */
    while (clocked_by_time(t) && t->epoch <= now) {
        unsigned __int128 cycles = (unsigned __int128)(now - t->epoch) * t->hz / SIM_S;
        uint64_t ticks = (uint64_t)(cycles / tick_length(t)) - t->counted;
        uint64_t to_end = ticks_to_end(t);
        bool changes =
            t->prescaler != (REG(&t->block, PSC) & 0xffff) && t->reload && !(cr1(t) & CR1_UDIS);
        if (!changes || ticks <= to_end) {
            tim_count(t, ticks);
            return;
        }
        tim_count(t, to_end);
    }
}

/* What must be told, and when. */

/* A channel whose reference makes a trigger that somebody hears. */
static bool trigger_matters(const struct tim *t, unsigned n)
{
    if (!tim_trigger_observed(t))
        return false;
    for (unsigned which = 0; which < TRIGGER_OUTPUTS; which++) {
        unsigned mode = tim_master_mode(t, which);
        if ((mode == 3 && n == 0) || (mode >= 4 && n == mode - 4) || tim_pulses_by(mode, n))
            return true;
    }
    return false;
}

static bool match_matters(const struct tim *t, unsigned n)
{
    uint32_t enabled = REG(&t->block, DIER), flag = channel_flag(n);
    bool pair =
        compare_mode(t, n ^ 1) >= 12 && (tim_output_matters(t, n ^ 1) || trigger_matters(t, n ^ 1));
    pair |= n == 4 && has_break(t) && REG(&t->block, CCR5) >> 29; /* it gates others */
    return (enabled & flag & SR_CAPTURES && !(REG(&t->block, SR) & flag)) ||
           (n < 4 && enabled >> DIER_DMA_SHIFT & flag) || tim_output_matters(t, n) ||
           trigger_matters(t, n) || pair;
}

static bool end_matters(const struct tim *t)
{
    uint32_t enabled = REG(&t->block, DIER), ccds = REG(&t->block, CR2) & CR2_CCDS;
    uint32_t dma = enabled >> DIER_DMA_SHIFT & (SR_UIF | (ccds ? (uint32_t)SR_CAPTURES : 0));
    if ((enabled & SR_UIF && !(REG(&t->block, SR) & SR_UIF)) || dma)
        return true;
    for (unsigned n = 0; n < CHANNELS; n++)
        if (!is_capture(t, n) && match_matters(t, n))
            return true; /* PWM edges, matches at the turn */
    unsigned mode = tim_master_mode(t, 0), mode2 = tim_master_mode(t, 1);
    return (mode == 1 || mode == 2 || mode2 == 1 || mode2 == 2) && tim_trigger_observed(t);
}

/* Ticks until the compare value is reached before the end of counting; 0: it is not. */
static uint64_t ticks_to_match(const struct tim *t, unsigned n)
{
    uint32_t value = t->compare[n];
    if (t->down)
        return value < t->count ? t->count - value : 0;
    return value > t->count && value <= t->reload ? value - t->count : 0;
}

void tim_schedule(struct tim *t)
{
    struct event_queue *events = &block_sim(&t->block)->events;
    event_cancel(events, &t->event);
    if (!clocked_by_time(t) || !t->hz || !t->reload || !end_matters(t))
        return;
    uint64_t next = ticks_to_end(t);
    for (unsigned n = 0; n < CHANNELS; n++) {
        if (is_capture(t, n) || !match_matters(t, n))
            continue;
        uint64_t ticks = ticks_to_match(t, n);
        /* PWM while counting down changes one tick after the match. */
        if (ticks && ticks < next)
            next = ticks;
    }
    event_at(events, &t->event, tick_time(t, next));
}

void tim_reinitialise(struct tim *t)
{
    t->down = !centred(t) && cr1(t) & CR1_DIR;
    tim_rebase(t);
    t->external_edges = 0;
    update_event(t, !(cr1(t) & CR1_URS));
    t->count = t->down ? REG(&t->block, ARR) & t->mask : 0;
    t->repetitions = REG(&t->block, RCR);
}
