/* Seconds since 2000-01-01 as the RTC's calendar shows them, and back; numbers as it writes them. */
#ifndef SIM_SOC_RTC_DATE_H
#define SIM_SOC_RTC_DATE_H

#include <stdint.h>

/* Of a century; weekday 0 to 6 from Sunday. */
struct moment {
    unsigned year, month, day, weekday, hour, minute, second;
};

/* `first_weekday`: of 2000-01-01, as the dates that were written have it. */
struct moment moment_of(uint64_t seconds, unsigned first_weekday);
/* Days since 2000-01-01. */
uint32_t days_of(unsigned year, unsigned month, unsigned day);
uint32_t to_bcd(unsigned value);
unsigned from_bcd(uint32_t value);

#endif
