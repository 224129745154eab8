/*
 * A core's way to memory and devices. Plain memory is reached directly; everything else in the exact
 * order of board time: an access whose time has not come for the other core waits (CPU_BUS_YIELD).
 */
#include "sim/machine/internal.h"

#include <string.h>

static struct machine_core *other_of(struct machine_core *core)
{
    return &core->machine->core[core->id == SOC_CM7 ? SOC_CM4 : SOC_CM7];
}

static bool is_plain(const struct bus_region *region, bool write)
{
    return region->ram && !(write && region->device);
}

/* True if the core may touch a device now: nobody else lives in an earlier time. */
static bool its_turn(struct machine_core *core, sim_time now)
{
    struct machine *machine = core->machine;
    struct machine_core *other = other_of(core);
    if (core->granted == now || (core->yielded && now <= core->wanted))
        return true;
    if (event_next(&machine->sim.events) <= now)
        return false;
    return !core_runs(other) || core_time(other) >= now;
}

/* Takes the turn, or says that it must wait. */
static bool begin_device_access(struct machine_core *core, uint32_t address, enum cpu_access kind,
                                bool write)
{
    struct machine *machine = core->machine;
    sim_time now = core_time(core);
    if (kind == CPU_ACCESS_DATA && !its_turn(core, now)) {
        core->wanted = now;
        core->yielded = true;
        return false;
    }
    core->yielded = false;
    core->granted = now;
    machine->sim.events.now = now;
    machine->accessor = core;
    if (machine->check)
        check_register(machine->check, core->master, address, write);
    return true;
}

/* What the access scheduled may be due before the slice ends. */
static void end_device_access(struct machine_core *core)
{
    struct machine *machine = core->machine;
    machine->accessor = NULL;
    if (event_next(&machine->sim.events) < machine->slice_end)
        cpu_end_slice(core->cpu);
}

static void complain_nothing_there(struct machine_core *core, uint32_t address, const char *verb)
{
    struct machine *machine = core->machine;
    machine->accessor = core;
    complain(&machine->sim.reporter, COMPLAINT_GUEST, "bus", address >> 10,
             "nothing answers at 0x%08x for the %s (%s): bus fault", address,
             bus_master_name(core->master), verb);
    machine->accessor = NULL;
}

static enum cpu_bus_status status_of(enum bus_status status)
{
    switch (status) {
    case BUS_OK:
        return CPU_BUS_OK;
    case BUS_ERROR_LATE:
        return CPU_BUS_ERROR_LATE;
    default:
        return CPU_BUS_ERROR;
    }
}

/* As the core would see it; nobody hears of it, and the page is not touched. */
static enum cpu_bus_status peek(const struct bus_region *region, uint32_t address, unsigned size,
                                uint32_t *value)
{
    const struct bus_access access = {MASTER_DEBUG, size};
    if (region->ram) {
        memcpy(value, &region->ram->bytes[region->ram_offset + (address - region->base)], size);
        return CPU_BUS_OK;
    }
    return status_of(region->device->read(region->device->ctx, address, &access, value));
}

static enum cpu_bus_status core_read(void *ctx, uint32_t address, unsigned size,
                                     enum cpu_access kind, uint32_t *value)
{
    struct machine_core *core = ctx;
    struct bus *bus = &core->machine->sim.bus;
    struct bus_region *region = bus_find(bus, core->master, address);
    *value = 0;
    if (!region) {
        if (kind != CPU_ACCESS_DEBUG)
            complain_nothing_there(core, address, kind == CPU_ACCESS_FETCH ? "fetch" : "read");
        return CPU_BUS_ERROR;
    }
    if (kind == CPU_ACCESS_DEBUG)
        return peek(region, address, size, value);
    if (is_plain(region, false))
        return status_of(bus_read_region(bus, region, core->master, address, size, value));
    if (!begin_device_access(core, address, kind, false))
        return CPU_BUS_YIELD;
    enum bus_status status = bus_read_region(bus, region, core->master, address, size, value);
    end_device_access(core);
    return status_of(status);
}

/* Both cores buffer their stores: a fault comes late, and is imprecise (DDI 0489 5.5, ARM 100166). */
static enum cpu_bus_status core_write(void *ctx, uint32_t address, unsigned size,
                                      enum cpu_access kind, uint32_t value)
{
    struct machine_core *core = ctx;
    struct bus *bus = &core->machine->sim.bus;
    struct bus_region *region = bus_find(bus, core->master, address);
    if (!region) {
        complain_nothing_there(core, address, "write");
        return kind == CPU_ACCESS_DATA ? CPU_BUS_ERROR_LATE : CPU_BUS_ERROR;
    }
    if (is_plain(region, true))
        return status_of(bus_write_region(bus, region, core->master, address, size, value));
    if (!begin_device_access(core, address, kind, true))
        return CPU_BUS_YIELD;
    enum bus_status status = bus_write_region(bus, region, core->master, address, size, value);
    end_device_access(core);
    return status == BUS_ERROR ? CPU_BUS_ERROR_LATE : status_of(status);
}

/* --- Direct access to pages, and who must hear of writes --- */

/* Watches that forbid a core to write a page past the bus. */
static uint8_t forbidding(const struct machine_core *core)
{
    uint8_t others = core->id == SOC_CM7 ? WATCH_EXCLUSIVE_CM4 : WATCH_EXCLUSIVE_CM7;
    return (uint8_t)(WATCH_CODE_CM7 | WATCH_CODE_CM4 | WATCH_DEBUG | others);
}

static void core_page(void *ctx, uint32_t address, enum cpu_access kind, struct cpu_page *page)
{
    struct machine_core *core = ctx;
    struct bus_region *region = bus_find(&core->machine->sim.bus, core->master, address);
    uint32_t base = address & ~(uint32_t)(CPU_PAGE_SIZE - 1);
    *page = (struct cpu_page){0};
    machine_set_waits(core, address, region ? region->ram : NULL, kind, page);
    if (!region || !region->ram || base < region->base ||
        base - region->base > region->size - CPU_PAGE_SIZE)
        return;
    uint32_t offset = region->ram_offset + (base - region->base);
    uint32_t number = offset >> BUS_PAGE_SHIFT;
    if (kind != CPU_ACCESS_FETCH && !region->device)
        bus_touch(&core->machine->sim.bus, region->ram, number, core->master);
    if (kind == CPU_ACCESS_DATA && !region->device && core->machine->check)
        check_page_used(core->machine->check, core->master, region->ram, number, address);
    page->bytes = &region->ram->bytes[offset];
    page->shared = ram_page_is_shared(region->ram, number);
    page->writable = kind != CPU_ACCESS_FETCH && !region->device &&
                     !(region->ram->page_watch[number] & forbidding(core));
    if (page->writable)
        region->ram->page_granted[number] |= (uint8_t)(1u << core->id);
}

/* A core that was told that it is alone there asks again. */
void machine_page_shared(void *ctx, struct ram *ram, uint32_t page, enum bus_master master)
{
    struct machine *machine = ctx;
    for (unsigned n = 0; n < SOC_CORES; n++) {
        struct machine_core *core = &machine->core[n];
        if (core->cpu && core->master != master &&
            (ram->page_masters[page] & MASTER_BIT(core->master)))
            cpu_refresh_pages(core->cpu);
    }
    if (machine->check)
        check_page_shared(machine->check, ram, page);
}

/* Takes back what page() allowed, so that writes come by the bus from now on. */
static void revoke(struct machine *machine, struct ram *ram, uint32_t number, uint8_t cores)
{
    uint8_t granted = ram->page_granted[number] & cores;
    ram->page_granted[number] = (uint8_t)(ram->page_granted[number] & ~cores);
    for (unsigned n = 0; n < SOC_CORES; n++)
        if (granted >> n & 1)
            cpu_refresh_pages(machine->core[n].cpu);
}

static bool locate(struct machine_core *core, uint32_t address, struct ram **ram, uint32_t *offset)
{
    struct bus_region *region = bus_find(&core->machine->sim.bus, core->master, address);
    if (!region || !region->ram)
        return false;
    *ram = region->ram;
    *offset = region->ram_offset + (address - region->base);
    return true;
}

static void core_watch_code(void *ctx, uint32_t page_address)
{
    struct machine_core *core = ctx;
    struct ram *ram;
    uint32_t offset;
    if (!locate(core, page_address, &ram, &offset))
        return;
    uint32_t number = offset >> BUS_PAGE_SHIFT;
    ram->page_watch[number] |= core->id == SOC_CM7 ? WATCH_CODE_CM7 : WATCH_CODE_CM4;
    revoke(core->machine, ram, number, 3);
}

/* The page stays closed to the other core for good: it holds a lock, which is taken again. */
static void core_watch_exclusive(void *ctx, uint32_t address, bool armed)
{
    struct machine_core *core = ctx;
    struct ram *ram;
    uint32_t offset;
    core->exclusive_ram = NULL;
    if (!armed || !locate(core, address, &ram, &offset))
        return;
    uint32_t number = offset >> BUS_PAGE_SHIFT;
    ram->page_watch[number] |= core->id == SOC_CM7 ? WATCH_EXCLUSIVE_CM7 : WATCH_EXCLUSIVE_CM4;
    revoke(core->machine, ram, number, (uint8_t)(1u << other_of(core)->id));
    if (core->machine->check)
        check_exclusive(core->machine->check, ram, offset);
    core->exclusive_ram = ram;
    core->exclusive_offset = offset;
}

/* Every address by which the core may hold decoded code of the page. */
static void code_changed(struct machine_core *core, struct ram *ram, uint32_t offset)
{
    struct bus *bus = &core->machine->sim.bus;
    for (unsigned n = 0; n < bus->region_count; n++) {
        struct bus_region *region = &bus->regions[n];
        if (region->ram == ram && (region->masters & MASTER_BIT(core->master)) &&
            offset - region->ram_offset < region->size)
            cpu_code_written(core->cpu, region->base + (offset - region->ram_offset));
    }
}

enum { GRANULE = 8 };

static void exclusive_written(struct machine_core *core, struct ram *ram, uint32_t offset,
                              uint32_t length)
{
    if (core->exclusive_ram != ram)
        return;
    uint32_t first = core->exclusive_offset & ~(uint32_t)(GRANULE - 1);
    if (offset < first + GRANULE && offset + length > first)
        cpu_clear_exclusive(core->cpu);
}

void machine_watched_write(void *ctx, struct ram *ram, uint32_t offset, uint32_t length,
                           uint8_t watch, enum bus_master master)
{
    struct machine *machine = ctx;
    if (watch & WATCH_DEBUG)
        machine_debug_written(machine, ram, offset, length, master);
    for (unsigned n = 0; n < SOC_CORES; n++) {
        struct machine_core *core = &machine->core[n];
        uint8_t code = n == SOC_CM7 ? WATCH_CODE_CM7 : WATCH_CODE_CM4;
        if (watch & code) {
            ram->page_watch[offset >> BUS_PAGE_SHIFT] &= (uint8_t)~code;
            code_changed(core, ram, offset & ~(uint32_t)(BUS_PAGE_SIZE - 1));
        }
        if (master != core->master)
            exclusive_written(core, ram, offset, length);
    }
}

void machine_map_changed(void *ctx)
{
    struct machine *machine = ctx;
    for (unsigned n = 0; n < SOC_CORES; n++)
        if (machine->core[n].cpu)
            cpu_forget_pages(machine->core[n].cpu);
}

const struct cpu_bus machine_cpu_bus = {
    .read = core_read,
    .write = core_write,
    .page = core_page,
    .watch_code = core_watch_code,
    .watch_exclusive = core_watch_exclusive,
};
