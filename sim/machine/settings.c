/* --set NAME=VALUE before power-on: what the board's owner chooses about the machine. */
#include "sim/machine/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/soc/flash.h"

/* NULL: set; else what is wrong. */
typedef const char *setter(struct machine *machine, const char *value);

static bool read_number(const char *value, uint32_t *number)
{
    char *end;
    errno = 0;
    unsigned long read = strtoul(value, &end, 0);
    *number = (uint32_t)read;
    return *value && !*end && !errno && read <= UINT32_MAX;
}

static const char *set_hse(struct machine *machine, const char *value)
{
    uint32_t hz = 0;
    bool fails = !strcmp(value, "fail");
    if (!fails && (!read_number(value, &hz) || hz < 4000000 || hz > 50000000))
        return "HSE is a frequency in Hz from 4000000 to 50000000, or fail";
    machine->soc->hse_hz = fails ? 0 : hz;
    return NULL;
}

static const char *set_lse(struct machine *machine, const char *value)
{
    if (strcmp(value, "fail") != 0)
        return "LSE may fail, and nothing else";
    machine->soc->lse_broken = true;
    return NULL;
}

static const char *set_vdd(struct machine *machine, const char *value)
{
    return machine_read_vdd(value, &machine->soc->vdd_millivolts);
}

static const char *set_seed(struct machine *machine, const char *value)
{
    uint32_t seed;
    if (!read_number(value, &seed))
        return "the seed is a number";
    machine->sim.seed = seed;
    cpu_set_seed(machine->core[SOC_CM7].cpu, seed);
    return NULL;
}

static const char *set_speculation(struct machine *machine, const char *value)
{
    uint32_t seed;
    if (!read_number(value, &seed))
        return "speculation takes a number, the seed of its fills";
    cpu_set_speculation(machine->core[SOC_CM7].cpu, seed);
    return NULL;
}

static const char *set_slice(struct machine *machine, const char *value)
{
    uint32_t ns;
    if (!read_number(value, &ns) || !ns || ns > 1000)
        return "a slice is a time in ns, from 1 to 1000";
    machine->slice = ns * SIM_NS;
    return NULL;
}

static const char *set_stores(struct machine *machine, const char *value)
{
    if (strcmp(value, "late") != 0)
        return "stores are as they are, or late";
    cpu_set_late_stores(machine->core[SOC_CM7].cpu);
    return NULL;
}

static const char *set_effects(struct machine *machine, const char *value)
{
    if (strcmp(value, "late") != 0)
        return "effects are as they are, or late";
    cpu_set_late_effects(machine->core[SOC_CM7].cpu);
    cpu_set_late_effects(machine->core[SOC_CM4].cpu);
    if (machine->check)
        check_set_late_effects(machine->check);
    return NULL;
}

static const struct {
    const char *name;
    setter *set;
} settings[] = {
    {"HSE", set_hse},
    {"LSE", set_lse},
    {"vdd", set_vdd},
    {"seed", set_seed},
    {"speculation", set_speculation},
    {"slice", set_slice},
    {"stores", set_stores},
    {"effects", set_effects},
};

enum { OWN_SETTINGS = sizeof settings / sizeof *settings };

const char *machine_setting_name(unsigned n)
{
    if (n < OWN_SETTINGS)
        return settings[n].name;
    n -= OWN_SETTINGS;
    unsigned options = 0;
    while (flash_option_name(options))
        options++;
    return n < options ? flash_option_name(n) : board_setting_name(n - options);
}

const char *machine_set(struct machine *machine, const char *name, const char *value)
{
    uint32_t number = 0;
    for (unsigned n = 0; n < OWN_SETTINGS; n++)
        if (!strcmp(name, settings[n].name))
            return settings[n].set(machine, value);
    bool is_number = read_number(value, &number);
    const char *wrong = flash_set_option(machine->soc, name, is_number ? number : 0);
    if (!wrong || *wrong)
        return is_number ? wrong : "an option byte takes a number";
    return board_set(machine->board, name, value);
}
