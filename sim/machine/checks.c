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

void machine_check_trace(struct machine_core *core, enum cpu_trace_kind kind, uint32_t value)
{
    struct check *check = core->machine->check;
    if (kind == CPU_TRACE_BARRIER && value != 2) /* DMB, DSB */
        check_barrier(check, core->master);
    else if (kind == CPU_TRACE_EXCEPTION_ENTRY && value >= 16) /* an external interrupt */
        check_interrupt(check, core->master);
}

const struct check_report *machine_check_places(const struct machine *machine, size_t *count)
{
    *count = 0;
    return machine->check ? check_places(machine->check, count) : NULL;
}
