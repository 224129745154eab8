/* What a debugger may do: watch memory, change it, stop the run without a trace. */
#include "sim/machine/internal.h"

#include <string.h>

void machine_pause(struct machine *machine)
{
    machine->pause_asked = machine->disturbed = true;
    if (machine->running) {
        machine->stopped_core = machine->running->id;
        cpu_pause(machine->running->cpu);
    }
}

void machine_pause_at(struct machine *machine, enum soc_core core, uint64_t instructions)
{
    machine->pause_at[core] = instructions;
    cpu_pause_at(machine->core[core].cpu, instructions);
}

/* --- Positions --- */

static uint64_t retired(const struct machine_core *core)
{
    struct cpu_statistics statistics;
    cpu_statistics(core->cpu, &statistics);
    return statistics.instructions;
}

struct machine_position machine_position(const struct machine *machine)
{
    return (struct machine_position){
        .turn = machine->turns,
        .instructions = {retired(&machine->core[0]), retired(&machine->core[1])},
        .amid = machine->broken,
        .of_core = machine->turned,
        .core = machine->turned ? machine->turned->id : SOC_CM7,
    };
}

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int machine_position_compare(const struct machine_position *a, const struct machine_position *b)
{
    int order = compare(a->turn, b->turn);
    for (unsigned n = 0; n < SOC_CORES && !order; n++)
        order = compare(a->instructions[n], b->instructions[n]);
    return order ? order : b->amid - a->amid;
}

struct machine_position machine_position_before(const struct machine_position *position)
{
    struct machine_position before = *position;
    before.amid = position->of_core;
    if (position->of_core)
        before.instructions[position->core] -= before.instructions[position->core] > 0;
    else
        before.turn--;
    return before;
}

/* As asked for by machine_pause_at(), or sooner where `to` is. */
static void set_pauses(struct machine *machine, const struct machine_position *to)
{
    for (unsigned n = 0; n < SOC_CORES; n++) {
        bool sooner = to && to->instructions[n] < machine->pause_at[n];
        cpu_pause_at(machine->core[n].cpu, sooner ? to->instructions[n] : machine->pause_at[n]);
    }
}

static enum machine_stop run_turns(struct machine *machine, sim_time until, uint64_t last)
{
    machine->last_turn = last;
    enum machine_stop stop = machine_run(machine, until);
    machine->last_turn = UINT64_MAX;
    return stop;
}

/* A place amid a turn is reached by way of the turn's beginning, where the counts of both cores are
 * what they were. */
enum machine_stop machine_run_to(struct machine *machine, sim_time until,
                                 const struct machine_position *to)
{
    set_pauses(machine, NULL);
    if (to->amid && machine->turns < to->turn) {
        enum machine_stop stop = run_turns(machine, until, to->turn - 1);
        if (stop != MACHINE_STOP_PAUSED || machine->pause_asked || machine->broken)
            return stop;
    }
    set_pauses(machine, to->amid ? to : NULL);
    enum machine_stop stop = run_turns(machine, until, to->turn);
    set_pauses(machine, NULL);
    return stop;
}

/* --- Watches --- */

/* Of memory whose domain sleeps (a gate stands before it) the debugger still sees what it holds. */
static struct bus_region *region_of(struct machine *machine, enum bus_master master,
                                    uint32_t address)
{
    struct bus_region *region = bus_find(&machine->sim.bus, master, address);
    struct bus_region *behind = bus_find(&machine->sim.bus, MASTER_DEBUG, address);
    return region && !region->ram && behind ? behind : region;
}

static bool overlap(uint32_t a, uint32_t a_length, uint32_t b, uint32_t b_length)
{
    return a - b < b_length || b - a < a_length;
}

/* Where an access goes: (memory, offset), or the address where no memory is. */
static uint32_t place_of_access(struct machine_core *core, uint32_t address, struct ram **ram)
{
    struct bus_region *region = region_of(core->machine, core->master, address);
    *ram = region ? region->ram : NULL;
    return *ram ? region->ram_offset + (address - region->base) : address;
}

static uint32_t place_of_watch(const struct machine_watch *watch)
{
    return watch->ram ? watch->offset : watch->address;
}

static unsigned core_watches(void *ctx, uint32_t address)
{
    enum { BOTH = CPU_WATCH_LOADS | CPU_WATCH_STORES };
    struct machine_core *core = ctx;
    const struct machine *machine = core->machine;
    struct ram *ram;
    uint32_t page = place_of_access(core, address & ~(uint32_t)(CPU_PAGE_SIZE - 1), &ram);
    unsigned watches = 0;
    if (machine->check && check_is_alert(machine->check, core->master))
        return BOTH;
    if (machine->check && ram)
        watches = check_watches(machine->check, core->master, ram, page >> BUS_PAGE_SHIFT);
    for (unsigned n = 0; n < machine->watch_count; n++) {
        const struct machine_watch *watch = &machine->watches[n];
        if (watch->ram == ram && overlap(page, CPU_PAGE_SIZE, place_of_watch(watch), watch->length))
            return BOTH;
    }
    return watches;
}

static void core_accessed(void *ctx, uint32_t address, unsigned size, bool write)
{
    struct machine_core *core = ctx;
    const struct machine *machine = core->machine;
    struct ram *ram;
    uint32_t place = place_of_access(core, address, &ram);
    if (machine->check)
        check_own_access(machine->check, core->master, address, write);
    if (machine->check && ram)
        check_access(machine->check, core->master, ram, place, size, write);
    for (unsigned n = 0; n < machine->watch_count; n++) {
        const struct machine_watch *watch = &machine->watches[n];
        if (watch->ram == ram && overlap(place, size, place_of_watch(watch), watch->length) &&
            (watch->kinds & (write ? MACHINE_WATCH_WRITE : MACHINE_WATCH_READ)))
            watch->hit(watch->ctx, watch, core->master, write ? MACHINE_WRITTEN : MACHINE_READ);
    }
}

/* The cores' own accesses are told by core_accessed(), where the M7's cache does not hide them; what
 * comes to memory from the M7 is then that cache's doing, or was told so for a moment. */
void machine_debug_written(struct machine *machine, struct ram *ram, uint32_t offset,
                           uint32_t length, enum bus_master master)
{
    if (master == MASTER_CM4 || master == MASTER_DEBUG)
        return;
    enum machine_access access = master == MASTER_CM7 ? MACHINE_WRITTEN_BACK : MACHINE_WRITTEN;
    for (unsigned n = 0; n < machine->watch_count; n++) {
        const struct machine_watch *watch = &machine->watches[n];
        if (watch->ram == ram && overlap(offset, length, watch->offset, watch->length) &&
            (watch->kinds & MACHINE_WATCH_WRITE))
            watch->hit(watch->ctx, watch, master, access);
    }
}

static void mark_pages(const struct machine *machine)
{
    for (unsigned n = 0; n < machine->watch_count; n++) {
        const struct machine_watch *watch = &machine->watches[n];
        for (uint32_t at = watch->offset & ~(uint32_t)(BUS_PAGE_SIZE - 1);
             watch->ram && at < watch->offset + watch->length; at += BUS_PAGE_SIZE)
            watch->ram->page_watch[at >> BUS_PAGE_SHIFT] |= WATCH_DEBUG;
    }
}

static void unmark_pages(const struct machine_watch *watch)
{
    for (uint32_t at = watch->offset & ~(uint32_t)(BUS_PAGE_SIZE - 1);
         watch->ram && at < watch->offset + watch->length; at += BUS_PAGE_SIZE)
        watch->ram->page_watch[at >> BUS_PAGE_SHIFT] &= (uint8_t)~WATCH_DEBUG;
}

void machine_update_watcher(struct machine_core *core)
{
    const struct machine *machine = core->machine;
    core->watcher = (struct cpu_watcher){core, core_watches, core_accessed};
    cpu_watch(core->cpu, machine->watch_count || machine->check ? &core->watcher : NULL);
}

static void watches_changed(struct machine *machine)
{
    mark_pages(machine);
    for (unsigned n = 0; n < SOC_CORES; n++)
        machine_update_watcher(&machine->core[n]);
}

bool machine_add_watch(struct machine *machine, const struct machine_watch *watch)
{
    struct bus_region *region = region_of(machine, MASTER_CM7, watch->address);
    if (!region)
        region = region_of(machine, MASTER_CM4, watch->address);
    if (!region || machine->watch_count == MACHINE_WATCHES || !watch->length ||
        watch->length > region->size - (watch->address - region->base))
        return false;
    struct machine_watch *added = &machine->watches[machine->watch_count++];
    *added = *watch;
    added->ram = region->ram;
    added->offset = region->ram_offset + (watch->address - region->base);
    watches_changed(machine);
    return true;
}

bool machine_remove_watch(struct machine *machine, const struct machine_watch *watch)
{
    for (unsigned n = 0; n < machine->watch_count; n++) {
        struct machine_watch *found = &machine->watches[n];
        if (found->address != watch->address || found->length != watch->length ||
            found->kinds != watch->kinds || found->ctx != watch->ctx)
            continue;
        unmark_pages(found);
        *found = machine->watches[--machine->watch_count];
        watches_changed(machine);
        return true;
    }
    return false;
}

void machine_clear_watches(struct machine *machine)
{
    while (machine->watch_count)
        machine_remove_watch(machine, &machine->watches[0]);
}

/* --- Changing memory --- */

static bool poke_device(struct machine *machine, enum bus_master master, uint32_t address,
                        const uint8_t *bytes, unsigned size)
{
    uint32_t value = 0;
    memcpy(&value, bytes, size);
    return bus_write(&machine->sim.bus, master, address, size, value) == BUS_OK;
}

static unsigned access_size(uint32_t address, uint32_t left)
{
    if (address % 4 == 0 && left >= 4)
        return 4;
    return address % 2 == 0 && left >= 2 ? 2 : 1;
}

bool machine_poke(struct machine *machine, enum soc_core id, uint32_t address, const void *bytes,
                  uint32_t length)
{
    const struct machine_core *core = &machine->core[id];
    const uint8_t *from = bytes;
    while (length) {
        struct bus_region *region = region_of(machine, core->master, address);
        unsigned size = access_size(address, length);
        if (!region)
            return false;
        if (region->ram) {
            machine_put(machine, region->ram, region->ram_offset + (address - region->base), from,
                        size);
            cpu_poke_line(core->cpu, address, from, size);
        } else if (!poke_device(machine, core->master, address, from, size)) {
            return false;
        }
        address += size;
        from += size;
        length -= size;
    }
    return true;
}
