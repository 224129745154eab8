/* A core's cycles as board time and back, exactly. */
#include "sim/machine/internal.h"

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

sim_time core_time_of_cycles(const struct machine_core *core, uint64_t cycles)
{
    uint64_t count = cycles - core->base_cycles;
    if (count < core->narrow_cycles)
        return core->base + count * core->num / core->den;
    return core->base + (sim_time)((unsigned __int128)count * core->num / core->den);
}

sim_time core_time(const struct machine_core *core)
{
    return core_time_of_cycles(core, cpu_cycles(core->cpu));
}

uint64_t core_cycles_at(const struct machine_core *core, sim_time time)
{
    if (time <= core->base)
        return core->base_cycles;
    uint64_t passed = time - core->base;
    if (passed < core->narrow) /* no overflow, and no wide division */
        return core->base_cycles + (passed * core->den + core->num - 1) / core->num;
    unsigned __int128 scaled = (unsigned __int128)passed * core->den;
    return core->base_cycles + (uint64_t)((scaled + core->num - 1) / core->num);
}

void core_rebase(struct machine_core *core, sim_time time)
{
    core->base = time;
    core->base_cycles = cpu_cycles(core->cpu);
}

void core_set_clock(struct machine_core *core, uint64_t hz)
{
    if (!hz || hz == core->hz)
        return;
    if (core->hz)
        core_rebase(core, core_time(core));
    uint64_t divisor = greatest_common_divisor(SIM_S, hz);
    core->hz = hz;
    core->num = SIM_S / divisor;
    core->den = hz / divisor;
    cpu_refresh_pages(core->cpu); /* they hold waits in its cycles */
    core->narrow = (UINT64_MAX - core->num) / core->den;
    core->narrow_cycles = UINT64_MAX / core->num;
}

void core_catch_up(struct machine_core *core, sim_time time)
{
    if (core->held) {
        core_rebase(core, time);
        return;
    }
    uint64_t now = cpu_cycles(core->cpu), target = core_cycles_at(core, time);
    bool clocked = !soc_core_clock_stopped(core->machine->soc, core->id);
    if (target <= now) {
        if (clocked && cpu_asleep(core->cpu)) /* a tick within its WFI, at the end of its turn */
            cpu_skip(core->cpu, 0, true);
        return;
    }
    cpu_skip(core->cpu, target - now, clocked);
    if (target - core->base_cycles > 1u << 30) /* keep the numbers small: whole seconds are exact */
        while (cpu_cycles(core->cpu) - core->base_cycles >= core->hz) {
            core->base_cycles += core->hz;
            core->base += SIM_S;
        }
}
