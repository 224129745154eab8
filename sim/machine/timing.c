/*
 * How long a core waits for memory, in its own cycles beyond those of the instruction. The table is for
 * the M7 at 400 MHz with its AXI at half, and the M4 at 200 MHz; at other clocks it is scaled by the
 * core's, as bus ratios and FLASH_ACR.LATENCY go with it. Other masters at the same memory add to it
 * (sim/core/traffic.h). Devices answer at once, and fetches of instructions cost nothing but what the
 * instruction's count says.
 *
 * Only "no wait states" is documented (RM0399 2.4, DDI 0489 2.2, AN4839 3: TCM by the M7, its own SRAM by
 * the M4; AN4891: a read of flash takes FLASH_ACR.LATENCY AXI cycles more than one of SRAM). All other
 * figures are estimates: the path's bridges, by RM0399 figure 1, at two core cycles each way.
 */
#include "sim/machine/internal.h"

/* To the first word of a load, a store when the buffer is full, a line of 32 bytes. */
static const struct timing {
    uint32_t first, last;
    struct {
        uint8_t load, store, line;
    } m7, m4;
} timings[] = {
    {0x00000000, 0x0000ffff, {0, 0, 0}, {4, 0, 0}},    /* ITCM; to the M4 flash, by its ART */
    {0x08000000, 0x081fffff, {14, 2, 20}, {4, 2, 0}},  /* flash, LATENCY 4 */
    {0x10000000, 0x1004ffff, {0, 0, 0}, {0, 0, 0}},    /* D2 SRAM, the M4's own addresses */
    {0x1ff00000, 0x1ff3ffff, {14, 2, 20}, {8, 2, 0}},  /* system flash */
    {0x20000000, 0x2001ffff, {0, 0, 0}, {0, 0, 0}},    /* DTCM */
    {0x24000000, 0x2407ffff, {8, 1, 14}, {6, 1, 0}},   /* AXI SRAM */
    {0x30000000, 0x3004ffff, {14, 2, 28}, {0, 0, 0}},  /* D2 SRAM */
    {0x38000000, 0x3800ffff, {15, 2, 29}, {6, 1, 0}},  /* SRAM4 */
    {0x38800000, 0x38800fff, {15, 2, 29}, {6, 1, 0}},  /* backup SRAM */
    {0x60000000, 0x8fffffff, {40, 4, 72}, {24, 2, 0}}, /* FMC and QUADSPI */
    {0xc0000000, 0xdfffffff, {40, 4, 72}, {24, 2, 0}}, /* SDRAM at half of the FMC's clock */
};

enum { M7_HZ = 400000000, M4_HZ = 200000000 };

/* Rounded up: what waits at all waits a cycle. */
static uint8_t scaled(const struct machine_core *core, uint8_t cycles)
{
    uint64_t full = core->id == SOC_CM7 ? M7_HZ : M4_HZ;
    uint64_t wait = (cycles * core->hz + full - 1) / full;
    return (uint8_t)(wait < UINT8_MAX ? wait : UINT8_MAX);
}

/* ---- Other masters at the memory -------------------------------------------------------------- */

static uint16_t cycles_of(const struct machine_core *core, sim_time time)
{
    uint64_t cycles = time * core->hz / SIM_S;
    return (uint16_t)(cycles < UINT8_MAX ? cycles : UINT8_MAX);
}

/* A line of the M7 moves now. The memory's own time is in the table already. */
static uint16_t line_delay(struct machine_core *core, struct ram *ram)
{
    const struct traffic_bursts line = {1, CPU_LINE_SIZE, SIM_NEVER};
    struct sim *sim = &core->machine->sim;
    if (!(ram->traffic->users & ~MASTER_BIT(core->master)))
        return 0;
    return cycles_of(core, traffic_take(sim, ram, core->master, core_time(core), &line));
}

static uint16_t single_delay(struct machine_core *core, const struct ram *ram)
{
    sim_time access = traffic_burst_time(ram, 4);
    return cycles_of(core, traffic_wait(ram, core->master, sim_now(&core->machine->sim), access));
}

/* Brings what the pages of a memory have up to date; true if it has changed by more than an eighth. */
static bool update_load(struct machine *machine, struct memory_load *load, enum soc_core id)
{
    int old = load->wait[id], now = single_delay(&machine->core[id], load->ram);
    int change = now > old ? now - old : old - now;
    if (change * 8 <= old)
        return false;
    load->wait[id] = (uint16_t)now;
    return true;
}

static const struct memory_load *load_of(struct machine *machine, struct ram *ram)
{
    for (unsigned n = 0; n < machine->load_count; n++)
        if (machine->loads[n].ram == ram)
            return &machine->loads[n];
    if (machine->load_count == MEMORY_LOADS)
        return NULL;
    struct memory_load *load = &machine->loads[machine->load_count++];
    *load = (struct memory_load){.ram = ram};
    update_load(machine, load, SOC_CM7);
    update_load(machine, load, SOC_CM4);
    return load;
}

void machine_look_at_traffic(void *ctx)
{
    struct machine *machine = ctx;
    sim_time now = sim_now(&machine->sim), next = SIM_NEVER;
    bool changed[SOC_CORES] = {false, false};
    for (unsigned n = 0; n < machine->load_count; n++) {
        sim_time change = traffic_next_change(machine->loads[n].ram, now);
        next = change < next ? change : next;
        for (unsigned id = 0; id < SOC_CORES; id++)
            changed[id] |= update_load(machine, &machine->loads[n], (enum soc_core)id);
    }
    for (unsigned id = 0; id < SOC_CORES; id++)
        if (changed[id])
            cpu_refresh_pages(machine->core[id].cpu);
    if (next != SIM_NEVER)
        event_at(&machine->sim.events, &machine->traffic_look, next);
}

/* A store goes by a buffer, which hides half of it (an estimate). */
static void add_delays(struct machine_core *core, struct ram *ram, enum cpu_access kind,
                       struct cpu_page *page)
{
    if (kind == CPU_ACCESS_LINE) {
        page->line_wait = (uint16_t)(page->line_wait + line_delay(core, ram));
        return;
    }
    const struct memory_load *load = load_of(core->machine, ram);
    uint16_t wait = load ? load->wait[core->id] : 0;
    page->read_wait = (uint16_t)(page->read_wait + wait);
    page->write_wait = (uint16_t)(page->write_wait + wait / 2);
}

void machine_set_waits(struct machine_core *core, uint32_t address, struct ram *ram,
                       enum cpu_access kind, struct cpu_page *page)
{
    for (unsigned n = 0; n < sizeof timings / sizeof *timings; n++) {
        const struct timing *timing = &timings[n];
        if (address < timing->first || address > timing->last)
            continue;
        bool m7 = core->id == SOC_CM7;
        page->read_wait = scaled(core, m7 ? timing->m7.load : timing->m4.load);
        page->write_wait = scaled(core, m7 ? timing->m7.store : timing->m4.store);
        page->line_wait = scaled(core, timing->m7.line);
        if (ram && kind != CPU_ACCESS_FETCH)
            add_delays(core, ram, kind, page);
        return;
    }
}
