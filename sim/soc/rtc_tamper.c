/* Time stamps and tamper detection of the RTC (RM0399 49.3.14, 49.3.15). */
#include <string.h>

#include "sim/soc/rtc_internal.h"

/* RTC_TAMP1 to 3; the first is RTC_TS as well (table 397). */
static const struct {
    uint8_t port, pin;
} pins[TAMPERS] = {{2, 13}, {8, 8}, {2, 1}};

static uint32_t tampcr(const struct rtc *r)
{
    return REG(&r->block, TAMPCR);
}

/* Of the first input; the others' lie 2 and 4 bits on (TAMPxE, TAMPxTRG), or 3 and 6 (TAMPxIE, NOERASE, MF). */
static bool is_enabled(const struct rtc *r, unsigned n)
{
    static const uint8_t enable[TAMPERS] = {0, 3, 5};
    return tampcr(r) >> enable[n] & 1;
}

static bool trigger_bit(const struct rtc *r, unsigned n)
{
    static const uint8_t trigger[TAMPERS] = {1, 4, 6};
    return tampcr(r) >> trigger[n] & 1;
}

static bool erases(const struct rtc *r, unsigned n)
{
    return !(tampcr(r) >> (17 + 3 * n) & 3); /* neither NOERASE nor MF */
}

static unsigned filter(const struct rtc *r)
{
    return tampcr(r) >> 11 & 3;
}

bool rtc_backup_held(const struct rtc *r)
{
    for (unsigned n = 0; n < TAMPERS; n++)
        if (REG(&r->block, ISR) & (uint32_t)ISR_TAMP1F << n && erases(r, n))
            return true;
    return false;
}

/* ---- Time stamps ---- */

/* The calendar is saved at the event, the flag shows two cycles of ck_apre later. */
static void stamp(struct rtc *r)
{
    if (REG(&r->block, ISR) & ISR_TSF || event_pending(&r->stamped)) {
        REG(&r->block, ISR) |= ISR_TSOVF;
        return;
    }
    uint64_t ticks = rtc_ticks(r);
    uint32_t second = prescaler_s(r);
    struct moment m = moment_of(ticks / second, r->weekday);
    REG(&r->block, TSTR) = rtc_time_register(r, &m);
    REG(&r->block, TSDR) = rtc_date_register(&m) & 0xffff; /* no year */
    REG(&r->block, TSSSR) = second - 1 - (uint32_t)(ticks % second);
    event_at(&block_sim(&r->block)->events, &r->stamped, rtc_in_cycles(r, 2ull * prescaler_a(r)));
}

static void stamped(void *ctx)
{
    struct rtc *r = ctx;
    REG(&r->block, ISR) |= ISR_TSF;
    rtc_update_lines(r);
}

/* ---- Tampers ---- */

static void erase(struct rtc *r)
{
    struct soc *soc = r->block.soc;
    struct ram *backup = &soc->memory.backup;
    for (unsigned n = 0; n < BACKUP_REGISTERS; n++)
        REG(&r->block, BKP0R + 4 * n) = 0;
    bus_tell_watchers(&soc->sim->bus, backup, 0, backup->size, MASTER_DEBUG);
    memset(backup->bytes, 0, backup->size);
}

/* With a filter or a time stamp the flag comes three cycles of ck_apre after the event. */
static void show(struct tamper *t)
{
    struct rtc *r = t->rtc;
    unsigned n = (unsigned)(t - r->tamper);
    t->seen = false;
    if (erases(r, n))
        erase(r);
    rtc_raise(r, (uint32_t)ISR_TAMP1F << n);
    if (tampcr(r) >> (18 + 3 * n) & 1) { /* MF keeps it cleared: a pulse for the low-power timers */
        REG(&r->block, ISR) &= ~((uint32_t)ISR_TAMP1F << n);
        rtc_tell_timers(r);
    }
    rtc_update_lines(r);
}

static void happen(struct tamper *t)
{
    struct rtc *r = t->rtc;
    unsigned n = (unsigned)(t - r->tamper);
    if (REG(&r->block, ISR) & (uint32_t)ISR_TAMP1F << n || t->seen)
        return;
    bool stamps = tampcr(r) & TAMPCR_TAMPTS;
    if (stamps)
        stamp(r);
    if (!stamps && !filter(r)) {
        show(t);
        return;
    }
    t->seen = true;
    event_at(&block_sim(&r->block)->events, &t->detected, rtc_in_cycles(r, 3ull * prescaler_a(r)));
}

static void detected(void *ctx)
{
    struct tamper *t = ctx;
    if (t->seen)
        show(t);
    else
        happen(t);
}

/* The precharge holds a pin up that nothing drives. */
static bool sampled_level(const struct rtc *r, unsigned n)
{
    struct soc *soc = r->block.soc;
    unsigned port = pins[n].port, pin = pins[n].pin;
    if (!soc->pin_driven[port][pin] && !(tampcr(r) & TAMPCR_TAMPPUDIS))
        return true;
    return soc->pin_level[port][pin].level;
}

/* The active level has to be seen at 2, 4 or 8 samples in a row. */
static void watch_level(struct tamper *t)
{
    struct rtc *r = t->rtc;
    unsigned n = (unsigned)(t - r->tamper);
    if (t->seen)
        return;
    bool active =
        is_enabled(r, n) && filter(r) && r->hz && sampled_level(r, n) == trigger_bit(r, n);
    if (!active) {
        event_cancel(&block_sim(&r->block)->events, &t->detected);
        return;
    }
    if (event_pending(&t->detected) || REG(&r->block, ISR) & (uint32_t)ISR_TAMP1F << n)
        return;
    sim_time period = sim_cycles_to_time(32768u >> (tampcr(r) >> 8 & 7), r->hz);
    sim_time first = (rtc_now(r) / period + 1) * period;
    event_at(&block_sim(&r->block)->events, &t->detected, first + ((1u << filter(r)) - 1) * period);
}

void rtc_flags_cleared(struct rtc *r)
{
    if (!(REG(&r->block, ISR) & ISR_TSF) && !event_pending(&r->stamped))
        REG(&r->block, TSTR) = REG(&r->block, TSDR) = REG(&r->block, TSSSR) = 0;
    rtc_tell_timers(r);
    for (unsigned n = 0; n < TAMPERS; n++)
        watch_level(&r->tamper[n]); /* the level may still be there */
    rtc_update_lines(r);
}

/* Inputs that trigger by an edge do so as well when they are already high as they are enabled (49.3.15). */
void rtc_tampers_changed(struct rtc *r, uint32_t before)
{
    static const uint8_t enable[TAMPERS] = {0, 3, 5};
    for (unsigned n = 0; n < TAMPERS; n++) {
        bool newly = is_enabled(r, n) && !(before >> enable[n] & 1);
        bool high = r->block.soc->pin_level[pins[n].port][pins[n].pin].level;
        if (newly && !filter(r) && !trigger_bit(r, n) && high)
            happen(&r->tamper[n]);
        watch_level(&r->tamper[n]);
    }
}

static void pin_changed(void *ctx, unsigned n, bool level)
{
    struct rtc *r = ctx;
    uint32_t cr = REG(&r->block, CR);
    bool falling = cr & CR_TSEDGE;
    if (n == 0 && cr & CR_TSE && level != falling)
        stamp(r);
    if (is_enabled(r, n) && !filter(r) && level != trigger_bit(r, n))
        happen(&r->tamper[n]);
    watch_level(&r->tamper[n]);
}

void rtc_stop_tampers(struct rtc *r)
{
    struct event_queue *events = &block_sim(&r->block)->events;
    event_cancel(events, &r->stamped);
    for (unsigned n = 0; n < TAMPERS; n++) {
        event_cancel(events, &r->tamper[n].detected);
        r->tamper[n].seen = false;
    }
}

void rtc_init_tampers(struct rtc *r)
{
    event_init(&r->stamped, "RTC time stamp", stamped, r);
    for (unsigned n = 0; n < TAMPERS; n++) {
        r->tamper[n].rtc = r;
        event_init(&r->tamper[n].detected, "RTC tamper", detected, &r->tamper[n]);
        wire_connect(&r->block.soc->pin_level[pins[n].port][pins[n].pin], pin_changed, r, n);
    }
}
