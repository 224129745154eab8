/* The machine as its owner sees it: built, loaded, switched on, asked. */
#include "sim/machine/internal.h"

#include <stdlib.h>
#include <string.h>

#include "sim/soc/flash.h"

static const sim_time DEFAULT_SLICE = 200 * SIM_NS;

/* --- What the SoC tells the cores --- */

static void set_irq(void *ctx, enum soc_core id, unsigned irq, bool level)
{
    struct machine *machine = ctx;
    struct machine_core *core = &machine->core[id];
    if (!core->cpu)
        return;
    bool slept = cpu_asleep(core->cpu);
    if (machine->check && !level && machine->accessor == core)
        check_silenced(machine->check, core->master);
    const struct tracer *tracer = machine->sim.tracer;
    if (tracer)
        tracer->line(tracer->ctx, sim_now(&machine->sim), core->master, irq, level);
    if (slept)
        core_catch_up(core, machine->sim.events.now);
    cpu_set_irq(core->cpu, irq, level);
    if (slept && !cpu_asleep(core->cpu))
        machine_look_again(machine);
}

static void signal_core(struct machine *machine, enum soc_core id, void (*signal)(struct cpu *cpu))
{
    struct machine_core *core = &machine->core[id];
    if (!core->cpu)
        return;
    if (cpu_asleep(core->cpu))
        core_catch_up(core, machine->sim.events.now);
    signal(core->cpu);
    machine_look_again(machine);
}

static void pulse_nmi(void *ctx, enum soc_core id)
{
    signal_core(ctx, id, cpu_pulse_nmi);
}

static void receive_event(void *ctx, enum soc_core id)
{
    struct machine *machine = ctx;
    if (machine->check)
        check_got_event(machine->check, machine->core[id].master);
    signal_core(ctx, id, cpu_signal_event);
}

static void reset_core(void *ctx, enum soc_core id)
{
    struct machine *machine = ctx;
    machine->core[id].reset_pending = true;
    machine_look_again(machine);
}

/* A core that is let go starts from its reset vector. */
static void hold_core(void *ctx, enum soc_core id, bool held)
{
    struct machine *machine = ctx;
    if (machine->core[id].held != held)
        reset_core(ctx, id);
}

static void clock_changed(void *ctx, enum soc_core id)
{
    struct machine *machine = ctx;
    struct machine_core *core = &machine->core[id];
    if (!core->cpu)
        return;
    if (!core_runs(core))
        core_catch_up(core, machine->sim.events.now);
    core_set_clock(core, soc_clock_hz(machine->soc, id == SOC_CM7 ? CLOCK_CM7 : CLOCK_CM4));
    machine_look_again(machine);
}

/* --- What the cores tell the SoC, each in the order of board time --- */

static void sent_event(void *ctx)
{
    struct machine_core *core = ctx;
    soc_core_sent_event(core->machine->soc, core->id);
}

static void requested_reset(void *ctx)
{
    struct machine_core *core = ctx;
    soc_core_requested_reset(core->machine->soc, core->id);
}

static void at_core_time(struct machine_core *core, struct event *event)
{
    if (!event_pending(event))
        event_at(&core->machine->sim.events, event, core_time(core));
    machine_look_again(core->machine);
}

static void send_event(void *ctx)
{
    struct machine_core *core = ctx;
    if (core->machine->check)
        check_sent_event(core->machine->check, core->master);
    at_core_time(core, &core->sev);
}

static void request_reset(void *ctx)
{
    struct machine_core *core = ctx;
    at_core_time(core, &core->reset_request);
}

static void unpredictable(void *ctx, const char *what)
{
    struct machine_core *core = ctx;
    struct machine *machine = core->machine;
    machine->accessor = core;
    complain(&machine->sim.reporter, COMPLAINT_GUEST, bus_master_name(core->master),
             cpu_get(core->cpu, CPU_PC), "UNPREDICTABLE: %s", what);
    machine->accessor = NULL;
}

static void trace(void *ctx, enum cpu_trace_kind kind, uint32_t address, uint32_t value)
{
    struct machine_core *core = ctx;
    const struct machine_config *config = &core->machine->config;
    if (core->machine->check)
        machine_check_trace(core, kind, address, value);
    if (config->trace)
        config->trace(config->ctx, core->id, kind, address, value);
}

static void hear(void *ctx, const struct complaint *complaint)
{
    struct machine *machine = ctx;
    struct machine_core *core = machine->accessor;
    if (!machine->config.hear)
        return;
    machine->config.hear(machine->config.ctx, complaint, core ? core->master : MASTER_COUNT,
                         core ? cpu_get(core->cpu, CPU_PC) : 0);
}

/* --- Building --- */

static bool create_core(struct machine *machine, enum soc_core id)
{
    struct machine_core *core = &machine->core[id];
    core->machine = machine;
    core->id = id;
    core->master = id == SOC_CM7 ? MASTER_CM7 : MASTER_CM4;
    core->held = true;
    core->granted = SIM_NEVER;
    event_init(&core->sev, "SEV", sent_event, core);
    event_init(&core->slept, "core asleep", core_fell_asleep, core);
    event_init(&core->reset_request, "SYSRESETREQ", requested_reset, core);
    struct cpu_config config = {
        .model = id == SOC_CM7 ? CPU_CORTEX_M7 : CPU_CORTEX_M4,
        .irq_count = SOC_IRQS,
        .priority_bits = 4,
        .mpu_regions = id == SOC_CM7 ? 16 : 8,
        .seed = (uint32_t)machine->sim.seed,
        .cache = machine->check ? &machine->check_cache : machine->config.cache,
        .bus = machine_cpu_bus,
        .host = {core, send_event, request_reset, unpredictable,
                 machine->config.trace || machine->check ? trace : NULL},
    };
    config.bus.ctx = core;
    core->cpu = cpu_create(&config);
    if (!core->cpu)
        return false;
    cpu_set_systick_reference(core->cpu, 8);
    machine_update_watcher(core);
    core_set_clock(core, soc_clock_hz(machine->soc, id == SOC_CM7 ? CLOCK_CM7 : CLOCK_CM4));
    return true;
}

static bool build(struct machine *machine)
{
    const struct soc_cores cores = {machine,   set_irq,    pulse_nmi,    receive_event,
                                    hold_core, reset_core, clock_changed};
    machine->soc = soc_create(&machine->sim, &cores);
    if (!machine->soc || !machine_create_check(machine) || !create_core(machine, SOC_CM7) ||
        !create_core(machine, SOC_CM4))
        return false;
    struct bus *bus = &machine->sim.bus;
    bus->watched_write = machine_watched_write;
    bus->watch_ctx = machine;
    bus->page_shared = machine_page_shared;
    bus->share_ctx = machine;
    bus->map_changed = machine_map_changed;
    bus->map_ctx = machine;
    machine->board = board_create(machine->soc, &machine->config.board);
    return machine->board != NULL;
}

struct machine *machine_create(const struct machine_config *config)
{
    struct machine *machine = calloc(1, sizeof *machine);
    if (!machine)
        return NULL;
    machine->config = *config;
    machine->last_turn = UINT64_MAX;
    for (unsigned n = 0; n < SOC_CORES; n++)
        machine->pause_at[n] = UINT64_MAX;
    machine->slice = config->slice ? config->slice : DEFAULT_SLICE;
    sim_init(&machine->sim);
    event_init(&machine->traffic_look, "traffic", machine_look_at_traffic, machine);
    machine->sim.traffic_look = &machine->traffic_look;
    machine->sim.seed = config->seed ? config->seed : machine->sim.seed;
    machine->sim.reporter.hear = hear;
    machine->sim.reporter.ctx = machine;
    if (!build(machine)) {
        machine_destroy(machine);
        return NULL;
    }
    return machine;
}

void machine_destroy(struct machine *machine)
{
    if (!machine)
        return;
    check_destroy(machine->check);
    machine->check = NULL;
    if (machine->board)
        board_destroy(machine->board);
    for (unsigned n = 0; n < SOC_CORES; n++)
        cpu_destroy(machine->core[n].cpu);
    soc_destroy(machine->soc);
    sim_free(&machine->sim);
    free(machine);
}

/* --- Before and at power-on --- */

static struct bus_region *memory_at(struct machine *machine, uint32_t address)
{
    struct bus_region *region = bus_find(&machine->sim.bus, MASTER_DEBUG, address);
    return region && region->ram ? region : NULL;
}

static uint32_t part_at(const struct bus_region *region, uint32_t address, uint32_t length)
{
    uint32_t left = region->size - (address - region->base);
    return left < length ? left : length;
}

static bool all_there(struct machine *machine, uint32_t address, uint32_t length)
{
    while (length) {
        struct bus_region *region = memory_at(machine, address);
        if (!region)
            return false;
        uint32_t part = part_at(region, address, length);
        address += part;
        length -= part;
    }
    return true;
}

void machine_put(struct machine *machine, struct ram *ram, uint32_t offset, const uint8_t *bytes,
                 uint32_t length)
{
    for (uint32_t done = 0; done < length;) {
        uint32_t at = offset + done, left = BUS_PAGE_SIZE - at % BUS_PAGE_SIZE;
        uint32_t part = left < length - done ? left : length - done;
        uint8_t watch = ram->page_watch[at >> BUS_PAGE_SHIFT];
        if (watch)
            machine_watched_write(machine, ram, at, part, watch, MASTER_DEBUG);
        memcpy(&ram->bytes[at], &bytes[done], part);
        done += part;
    }
}

bool machine_load(struct machine *machine, uint32_t address, const void *bytes, uint32_t length)
{
    const uint8_t *from = bytes;
    if (!all_there(machine, address, length))
        return false;
    while (length) {
        struct bus_region *region = memory_at(machine, address);
        uint32_t part = part_at(region, address, length);
        machine_put(machine, region->ram, region->ram_offset + (address - region->base), from,
                    part);
        address += part;
        from += part;
        length -= part;
    }
    return true;
}

void machine_reset(struct machine *machine)
{
    machine->broken = NULL;
    soc_system_reset(machine->soc, RSR_PINRSTF);
}

/* A turn that a debugger stopped amidst is not gone on with. */
static void give_up_turn(struct machine *machine, enum soc_core core)
{
    if (machine->broken == &machine->core[core])
        machine->broken = NULL;
}

void machine_reset_core(struct machine *machine, enum soc_core core)
{
    give_up_turn(machine, core);
    machine->core[core].reset_pending = true;
}

void machine_halt_core(struct machine *machine, enum soc_core core, bool halted)
{
    give_up_turn(machine, core);
    machine->core[core].halted = halted;
}

void machine_power_on(struct machine *machine)
{
    board_reset(machine->board);
    soc_reset(machine->soc, true);
    soc_clocks_changed(machine->soc);
    for (unsigned n = 0; n < SOC_CORES; n++)
        machine->core[n].reset_pending = true;
}

void machine_stop(struct machine *machine)
{
    machine->stop_asked = 1;
    if (machine->running)
        cpu_end_slice(machine->running->cpu);
}

/* --- Questions --- */

sim_time machine_time(const struct machine *machine)
{
    return machine->sim.events.now;
}

sim_time machine_core_time(const struct machine *machine, enum soc_core core)
{
    return core_time(&machine->core[core]);
}

enum soc_core machine_stopped_core(const struct machine *machine)
{
    return machine->stopped_core;
}

struct cpu *machine_cpu(struct machine *machine, enum soc_core core)
{
    return machine->core[core].cpu;
}

struct soc *machine_soc(struct machine *machine)
{
    return machine->soc;
}

struct board *machine_board(struct machine *machine)
{
    return machine->board;
}

struct sim *machine_sim(struct machine *machine)
{
    return &machine->sim;
}

bool machine_peek(struct machine *machine, enum soc_core core, uint32_t address, void *bytes,
                  uint32_t length)
{
    uint8_t *to = bytes;
    for (uint32_t n = 0; n < length; n++)
        if (!cpu_peek(machine->core[core].cpu, address + n, &to[n]))
            return false;
    return true;
}

bool machine_peek_memory(struct machine *machine, enum soc_core core, uint32_t address, void *bytes,
                         uint32_t length)
{
    uint8_t *to = bytes;
    for (uint32_t n = 0; n < length; n++) {
        uint32_t value;
        if (machine_cpu_bus.read(&machine->core[core], address + n, 1, CPU_ACCESS_DEBUG, &value) !=
            CPU_BUS_OK)
            return false;
        to[n] = (uint8_t)value;
    }
    return true;
}

void machine_core_statistics(const struct machine *machine, enum soc_core id,
                             struct machine_core_statistics *statistics)
{
    const struct machine_core *core = &machine->core[id];
    sim_time idle = machine->sim.events.now - core->idle_since;
    struct cpu_statistics cpu;
    cpu_statistics(core->cpu, &cpu);
    *statistics = (struct machine_core_statistics){
        .instructions = cpu.instructions,
        .cycles = cpu.cycles_awake,
        .interrupts = cpu.exceptions,
        .asleep = core->asleep + (core->told_asleep ? idle : 0),
        .held = core->in_hold + (core->held ? idle : 0),
        .started = core->started,
    };
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

uint64_t machine_hash(const struct machine *machine)
{
    uint64_t hash = mix(machine->sim.dma_hash, machine->sim.events.now);
    for (unsigned n = 0; n < SOC_CORES; n++) {
        hash = mix(hash, cpu_hash(machine->core[n].cpu));
        hash = mix(hash, cpu_cycles(machine->core[n].cpu));
    }
    return hash;
}
