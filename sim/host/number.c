#include "sim/host/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool parse_address(const char *text, uint32_t *address)
{
    if (!isdigit((unsigned char)*text))
        return false; /* strtoul would take spaces and signs */
    bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    if (hexadecimal && !isxdigit((unsigned char)text[2]))
        return false;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, hexadecimal ? 16 : 10);
    if (*end || errno || value > UINT32_MAX)
        return false;
    *address = (uint32_t)value;
    return true;
}

static sim_time unit_of(const char *name)
{
    static const struct {
        const char *name;
        sim_time length;
    } units[] = {{"s", SIM_S}, {"ms", SIM_MS}, {"us", SIM_US}, {"ns", SIM_NS}};
    for (size_t n = 0; n < sizeof units / sizeof *units; n++)
        if (strcmp(name, units[n].name) == 0)
            return units[n].length;
    return 0;
}

bool parse_time(const char *text, sim_time *time)
{
    size_t whole = strspn(text, "0123456789");
    size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    const char *name = text + whole + (text[whole] == '.' ? 1 + fraction : 0);
    sim_time unit = unit_of(name);
    if (!unit || whole + fraction == 0 || whole > 18)
        return false;
    unsigned __int128 sum = 0;
    for (size_t n = 0; n < whole; n++)
        sum = sum * 10 + (unsigned)(text[n] - '0');
    sum *= unit;
    sim_time place = unit;
    for (size_t n = 0; n < fraction; n++) {
        place /= 10;
        sum += place * (unsigned)(text[whole + 1 + n] - '0');
    }
    if (sum >= SIM_NEVER)
        return false;
    *time = (sim_time)sum;
    return true;
}
