/* What befalls the board while it runs, by --set NAME=VALUE@TIME: a crystal breaks, its supply sags. */
#include "sim/machine/internal.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_MILLIVOLTS = 1620, MOST_MILLIVOLTS = 3600 }; /* data sheet DS12930, operating range */

static void befall(void *ctx)
{
    const struct mishap *mishap = ctx;
    if (mishap->millivolts)
        soc_set_vdd(mishap->machine->soc, mishap->millivolts);
    else if (mishap->lse)
        soc_fail_lse(mishap->machine->soc);
    else
        soc_fail_hse(mishap->machine->soc);
}

const char *machine_read_vdd(const char *value, uint32_t *millivolts)
{
    char *end;
    double volts = strtod(value, &end);
    if (end == value || *end ||
        !(volts >= LEAST_MILLIVOLTS / 1e3 && volts <= MOST_MILLIVOLTS / 1e3))
        return "vdd is a voltage from 1.62 to 3.6, as in vdd=2.5";
    *millivolts = (uint32_t)(volts * 1000 + 0.5);
    return NULL;
}

const char *machine_set_at(struct machine *machine, const char *name, const char *value,
                           sim_time time)
{
    uint32_t millivolts = 0;
    bool vdd = !strcmp(name, "vdd"), lse = !strcmp(name, "LSE");
    const char *wrong = vdd ? machine_read_vdd(value, &millivolts) : NULL;
    if (wrong)
        return wrong;
    if (!vdd && ((!lse && strcmp(name, "HSE") != 0) || strcmp(value, "fail") != 0))
        return "only HSE=fail, LSE=fail and vdd=VOLTS may come at a time";
    if (machine->mishap_count == MISHAPS)
        return "no more than 16 things may come at a time";
    struct mishap *mishap = &machine->mishaps[machine->mishap_count++];
    *mishap = (struct mishap){.machine = machine, .millivolts = millivolts, .lse = lse};
    event_init(&mishap->event, "mishap", befall, mishap);
    event_at(&machine->sim.events, &mishap->event, time);
    return NULL;
}
