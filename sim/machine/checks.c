/* The coherency checker joined to cores, bus and registers. It hears; it changes nothing. */
#include "sim/machine/internal.h"

static uint32_t pc(void *ctx, enum bus_master master)
{
    const struct machine *machine = ctx;
    return cpu_get(machine->core[master].cpu, CPU_PC);
}

static sim_time time_of(void *ctx, enum bus_master master)
{
    const struct machine *machine = ctx;
    return master <= MASTER_CM4 ? core_time(&machine->core[master]) : sim_now(&machine->sim);
}

static uint64_t cycles(void *ctx, enum bus_master master)
{
    const struct machine *machine = ctx;
    return cpu_cycles(machine->core[master].cpu);
}

static bool asleep(void *ctx, enum bus_master master)
{
    const struct machine *machine = ctx;
    return cpu_asleep(machine->core[master].cpu);
}

static uint32_t setting(void *ctx, enum bus_master master, uint32_t address)
{
    const struct machine *machine = ctx;
    uint32_t value = 0;
    cpu_scs_peek(machine->core[master].cpu, address, &value);
    return value;
}

static void remember_memory(void *ctx, enum bus_master master)
{
    const struct machine *machine = ctx;
    cpu_remember_memory(machine->core[master].cpu);
}

/* Flash is the same by any cache, and code's constants are read from it all the time. */
static bool memory_differs(void *ctx, enum bus_master master, uint32_t address)
{
    struct machine *machine = ctx;
    const struct bus_region *region = bus_find(&machine->sim.bus, master, address);
    return region && region->ram && !region->device &&
           cpu_memory_differs(machine->core[master].cpu, address);
}

static bool uncached(void *ctx, uint32_t address)
{
    const struct machine *machine = ctx;
    return cpu_memory_is_uncached(machine->core[SOC_CM7].cpu, address);
}

static bool find_line(void *ctx, uint32_t address, struct cpu_cache_line *line)
{
    const struct machine *machine = ctx;
    return cpu_cache_find(machine->core[SOC_CM7].cpu, address, line);
}

static void watch_line(void *ctx, uint32_t address, bool on)
{
    struct machine *machine = ctx;
    cpu_cache_watch(machine->core[SOC_CM7].cpu, address, on);
}

static void changed(void *ctx, enum bus_master master)
{
    struct machine *machine = ctx;
    machine_update_watcher(&machine->core[master]);
}

static void hear(void *ctx, const struct check_report *report)
{
    struct machine *machine = ctx;
    machine->config.incoherent(machine->config.ctx, report);
}

static void accessed(void *ctx, struct ram *ram, uint32_t offset, uint32_t length,
                     enum bus_master master, bool write)
{
    struct machine *machine = ctx;
    check_transfer(machine->check, master, ram, offset, length, write);
}

/* --- What the M7's cache tells --- */

static void cache_event(void *ctx, enum cpu_cache_event event, enum cpu_cache_reason reason,
                        const struct cpu_cache_line *line)
{
    struct machine *machine = ctx;
    const struct cpu_cache_ops *other = machine->config.cache;
    check_cache_event(machine->check, event, reason, line);
    if (other && other->event)
        other->event(other->ctx, event, reason, line);
}

static void line_access(void *ctx, const struct cpu_cache_line *line, uint32_t address,
                        unsigned size, bool write)
{
    struct machine *machine = ctx;
    const struct cpu_cache_ops *other = machine->config.cache;
    check_line_access(machine->check, line, address, size, write);
    if (other && other->access)
        other->access(other->ctx, line, address, size, write);
}

/* --- Life --- */

bool machine_create_check(struct machine *machine)
{
    const struct check_world world = {.ctx = machine,
                                      .bus = &machine->sim.bus,
                                      .pc = pc,
                                      .time = time_of,
                                      .cycles = cycles,
                                      .asleep = asleep,
                                      .setting = setting,
                                      .remember_memory = remember_memory,
                                      .memory_differs = memory_differs,
                                      .uncached = uncached,
                                      .find_line = find_line,
                                      .watch_line = watch_line,
                                      .changed = changed,
                                      .hear = hear};
    if (!machine->config.incoherent)
        return true;
    machine->check = check_create(&world);
    machine->check_cache = (struct cpu_cache_ops){machine, cache_event, line_access};
    machine->sim.bus.accessed = accessed;
    machine->sim.bus.access_ctx = machine;
    return machine->check;
}

void machine_check_trace(struct machine_core *core, enum cpu_trace_kind kind, uint32_t address,
                         uint32_t value)
{
    const struct machine *machine = core->machine;
    struct check *check = machine->check;
    switch (kind) {
    case CPU_TRACE_BARRIER:
        check_barrier(check, core->master, (enum check_barrier)value);
        break;
    case CPU_TRACE_EXCEPTION_ENTRY:
        check_entered(check, core->master, value);
        break;
    case CPU_TRACE_EXCEPTION_RETURN:
        check_left(check, core->master);
        break;
    case CPU_TRACE_SYSTEM_READ:
        check_gets(check, core->master, address);
        break;
    case CPU_TRACE_SYSTEM_WRITE:
        check_sets(check, core->master, address, value);
        break;
    case CPU_TRACE_FP:
        check_uses_fp(check, core->master);
        break;
    case CPU_TRACE_WAIT:
        check_waits(check, core->master);
        break;
    case CPU_TRACE_WAKE:
        check_wakes(check, core->master, machine->accessor && machine->accessor != core);
        break;
    default:
        break;
    }
}

const struct check_report *machine_check_places(const struct machine *machine, size_t *count)
{
    *count = 0;
    return machine->check ? check_places(machine->check, count) : NULL;
}
