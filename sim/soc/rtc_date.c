/* Dates of the RTC: 2000 to 2099, every fourth year a leap year. */
#include "sim/soc/rtc_date.h"

#include <stdbool.h>

enum { DAY = 86400 };

static bool leap(unsigned year)
{
    return year % 4 == 0; /* 2000 to 2099 */
}

static unsigned month_days(unsigned year, unsigned month)
{
    static const uint8_t days[13] = {31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month <= 12 ? month : 0] + (month == 2 && leap(year) ? 1u : 0);
}

uint32_t to_bcd(unsigned value)
{
    return value / 10 << 4 | value % 10;
}

unsigned from_bcd(uint32_t value)
{
    return (value >> 4 & 15) * 10 + (value & 15);
}

struct moment moment_of(uint64_t seconds, unsigned first_weekday)
{
    uint64_t days = seconds / DAY;
    unsigned rest = (unsigned)(seconds % DAY);
    struct moment m = {.month = 1,
                       .weekday = (unsigned)((days + first_weekday) % 7),
                       .hour = rest / 3600,
                       .minute = rest / 60 % 60,
                       .second = rest % 60};
    days %= 36525; /* the century starts over */
    m.year = (unsigned)(days / 1461 * 4);
    days %= 1461;
    for (; days >= (leap(m.year) ? 366u : 365u); m.year++)
        days -= leap(m.year) ? 366 : 365;
    for (; days >= month_days(m.year, m.month); m.month++)
        days -= month_days(m.year, m.month);
    m.day = (unsigned)days + 1;
    return m;
}

uint32_t days_of(unsigned year, unsigned month, unsigned day)
{
    uint32_t days = year * 365 + (year + 3) / 4;
    for (unsigned n = 1; n < month && n <= 12; n++)
        days += month_days(year, n);
    return days + (day ? day - 1 : 0);
}
