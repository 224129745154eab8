/* Alarms and the wake-up timer of the RTC (RM0399 49.3.6, 49.3.7). */
#include "sim/soc/rtc_internal.h"

/* Alarms. */

static bool field_matches(uint32_t alarm, uint32_t now, uint32_t mask, uint32_t ignore)
{
    return alarm & ignore || ((alarm ^ now) & mask) == 0;
}

static bool date_matches(const struct rtc *r, unsigned n, uint64_t seconds)
{
    uint32_t alarm = REG(&r->block, ALRMAR + 4 * n);
    struct moment m = moment_of(seconds, r->weekday);
    uint32_t now = rtc_time_register(r, &m);
    uint32_t day = alarm >> 30 & 1 ? (m.weekday ? m.weekday : 7) : to_bcd(m.day);
    uint32_t day_mask = alarm >> 30 & 1 ? 0x0f000000 : 0x3f000000;
    return field_matches(alarm, now, 0x7f, 1u << 7) &&
           field_matches(alarm, now, 0x7f00, 1u << 15) &&
           field_matches(alarm, now, 0x7f0000, 1u << 23) &&
           field_matches(alarm, day << 24, day_mask, 1u << 31);
}

/* ALRMxSSR: the bits that MASKSS compares, or the second's beginning where it compares none. SSR
 * counts down. */
static bool subsecond_matches(const struct rtc *r, unsigned n, uint64_t tick)
{
    uint32_t assr = REG(&r->block, ALRMASSR + 4 * n), bits = assr >> 24 & 15;
    uint32_t whole = prescaler_s(r), place = (uint32_t)(tick % whole);
    return bits ? (((whole - 1 - place) ^ assr) & ((1u << bits) - 1) & 0x7fff) == 0 : place == 0;
}

/* The first tick after `tick` that may be the alarm's; the next second but one if none is. */
static uint64_t next_subsecond(const struct rtc *r, unsigned n, uint64_t tick)
{
    uint64_t end = tick + 2ull * prescaler_s(r);
    do
        tick++;
    while (tick < end && !subsecond_matches(r, n, tick));
    return tick;
}

static void schedule_alarm(struct rtc *r, unsigned n)
{
    struct event_queue *events = &block_sim(&r->block)->events;
    event_cancel(events, &r->alarm[n]);
    if (!(REG(&r->block, CR) & CR_ALRAE << n) || !rtc_running(r))
        return;
    event_at(events, &r->alarm[n], rtc_time_of_tick(r, next_subsecond(r, n, rtc_ticks(r))));
}

static void alarm_candidate(struct rtc *r, unsigned n)
{
    uint64_t tick = rtc_ticks(r);
    if (subsecond_matches(r, n, tick) && date_matches(r, n, tick / prescaler_s(r)))
        rtc_raise(r, (uint32_t)ISR_ALRAF << n);
    rtc_update_lines(r);
    schedule_alarm(r, n);
}

static void alarm_a(void *ctx)
{
    alarm_candidate(ctx, 0);
}

static void alarm_b(void *ctx)
{
    alarm_candidate(ctx, 1);
}

/* The wake-up timer (49.3.7): RTCCLK by 16, 8, 4 or 2, or whole seconds. */
void rtc_schedule_wake_up(struct rtc *r)
{
    struct event_queue *events = &block_sim(&r->block)->events;
    uint32_t select = REG(&r->block, CR) & CR_WUCKSEL;
    uint64_t count = (REG(&r->block, WUTR) & 0xffff) + 1ull;
    event_cancel(events, &r->wake_up);
    if (!(REG(&r->block, CR) & CR_WUTE) || !r->hz)
        return;
    if (select >= 6)
        count += 0x10000;
    if (select < 4)
        event_in(events, &r->wake_up, sim_cycles_to_time(count * (16u >> select), r->hz));
    else
        event_in(events, &r->wake_up,
                 rtc_calibrated_time(r, count * prescaler_a(r) * prescaler_s(r)));
}

static void wake_up(void *ctx)
{
    struct rtc *r = ctx;
    REG(&r->block, ISR) |= ISR_WUTF;
    rtc_update_lines(r);
    rtc_schedule_wake_up(r);
}

void rtc_schedule_alarms(struct rtc *r)
{
    schedule_alarm(r, 0);
    schedule_alarm(r, 1);
}

void rtc_init_alarms(struct rtc *r)
{
    event_init(&r->alarm[0], "RTC alarm A", alarm_a, r);
    event_init(&r->alarm[1], "RTC alarm B", alarm_b, r);
    event_init(&r->wake_up, "RTC wake-up", wake_up, r);
}
