/* The calendar of the RTC as a count (RM0399 49.3.4, 49.3.11, 49.3.13). */
#include "sim/soc/rtc_internal.h"

uint32_t rtc_time_register(const struct rtc *r, const struct moment *m)
{
    uint32_t hour = to_bcd(m->hour);
    if (r->hour_format_12)
        hour = to_bcd((m->hour + 11) % 12 + 1) | (m->hour >= 12 ? 0x40u : 0);
    return hour << 16 | to_bcd(m->minute) << 8 | to_bcd(m->second);
}

uint32_t rtc_date_register(const struct moment *m)
{
    return to_bcd(m->year) << 16 | (m->weekday ? m->weekday : 7) << 13 | to_bcd(m->month) << 8 |
           to_bcd(m->day);
}

/* The calendar's place. */

/* 49.3.13: CALP adds 512 cycles to a calibration cycle of 2^20 of RTCCLK, CALM masks so many; they are spread, so that
 * the calendar is taken to run evenly. How many cycles of RTCCLK make 2^20. */
static uint64_t calibration_cycle(const struct rtc *r)
{
    uint32_t calr = REG(&r->block, CALR);
    uint64_t added = calr >> 15 && prescaler_a(r) > 3 ? 512 : 0;
    return (1u << 20) + (calr & 0x1ff) - added;
}

uint64_t rtc_cycles(const struct rtc *r)
{
    uint64_t before = r->ticks * prescaler_a(r);
    if (!rtc_running(r))
        return before;
    unsigned __int128 scaled = (unsigned __int128)(rtc_now(r) - r->base) * r->hz << 20;
    return before + (uint64_t)(scaled / ((unsigned __int128)calibration_cycle(r) * SIM_S));
}

uint64_t rtc_ticks(const struct rtc *r)
{
    return rtc_cycles(r) / prescaler_a(r);
}

sim_time rtc_calibrated_time(const struct rtc *r, uint64_t cycles)
{
    unsigned __int128 scaled = (unsigned __int128)cycles * calibration_cycle(r) * SIM_S;
    unsigned __int128 divisor = (unsigned __int128)r->hz << 20;
    return (sim_time)((scaled + divisor - 1) / divisor);
}

sim_time rtc_time_of_tick(const struct rtc *r, uint64_t tick)
{
    return r->base + rtc_calibrated_time(r, (tick - r->ticks) * prescaler_a(r));
}

/* The part of a tick that has gone by stays. */
void rtc_rebase(struct rtc *r)
{
    uint64_t ticks = rtc_ticks(r);
    r->base = rtc_running(r) ? rtc_time_of_tick(r, ticks) : rtc_now(r);
    r->ticks = ticks;
}

/* Bits that a shorter calibration cycle has no use for are stuck at 0, CALP needs three more ticks of the prescaler. */
void rtc_write_calibration(struct rtc *r, uint32_t value)
{
    rtc_rebase(r);
    uint32_t stuck = value >> 14 & 1 ? 3 : value >> 13 & 1;
    REG(&r->block, CALR) = value & 0xe1ff & ~stuck;
    if (prescaler_a(r) <= 3)
        REG(&r->block, CALR) &= ~(1u << 15);
    r->calibrated = rtc_in_cycles(r, 3ull * prescaler_a(r));
    rtc_schedule_alarms(r);
}

/* Takes what stands in TR and DR over into the count, at the end of initialisation. */
void rtc_load_calendar(struct rtc *r)
{
    uint32_t tr = REG(&r->block, TR), dr = REG(&r->block, DR);
    unsigned hour = from_bcd(tr >> 16 & 0x3f);
    r->hour_format_12 = REG(&r->block, CR) & CR_FMT;
    if (r->hour_format_12)
        hour = hour % 12 + (tr & TR_PM ? 12 : 0);
    uint32_t days =
        days_of(from_bcd(dr >> 16 & 0xff), from_bcd(dr >> 8 & 0x1f), from_bcd(dr & 0x3f));
    uint64_t seconds = (uint64_t)days * DAY + hour * 3600ull + from_bcd(tr >> 8 & 0x7f) * 60ull +
                       from_bcd(tr & 0x7f);
    r->weekday = ((dr >> 13 & 7) + 7 * 36525 - days) % 7;
    r->ticks = seconds * prescaler_s(r);
    r->base = sim_now(block_sim(&r->block));
    if (dr >> 16 & 0xff)
        REG(&r->block, ISR) |= ISR_INITS;
    else
        REG(&r->block, ISR) &= ~(uint32_t)ISR_INITS;
}

void rtc_store_calendar(struct rtc *r)
{
    struct moment m = moment_of(rtc_ticks(r) / prescaler_s(r), r->weekday);
    REG(&r->block, TR) = rtc_time_register(r, &m);
    REG(&r->block, DR) = rtc_date_register(&m);
}

/* Down only where it is not the day's first hour (49.6.3). */
void rtc_change_hour(struct rtc *r, uint32_t cr)
{
    if (!(cr & (CR_ADD1H | CR_SUB1H)))
        return;
    rtc_rebase(r);
    uint64_t hour = 3600ull * prescaler_s(r), day = (uint64_t)DAY * prescaler_s(r);
    if (cr & CR_ADD1H)
        r->ticks += hour;
    if (cr & CR_SUB1H && r->ticks % day >= hour)
        r->ticks -= hour;
}

/* SHIFTR (49.3.11): SUBFS delays by fractions of a second, ADD1S goes one ahead. */
void rtc_shift(struct rtc *r, uint32_t value)
{
    rtc_rebase(r);
    r->ticks += value >> 31 ? prescaler_s(r) : 0;
    uint64_t back = value & 0x7fff;
    r->ticks -= back < r->ticks ? back : r->ticks;
    r->shifted = rtc_in_cycles(r, prescaler_a(r));
    rtc_schedule_alarms(r);
}
