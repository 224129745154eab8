#include "sim/cpu/store_buffer.h"

#include <string.h>

#include "sim/cpu/dcache.h"

#define ENTRY_OF(address) ((address) & ~(STORE_ENTRY_BYTES - 1u))
#define LINE_OF(address)  ((address) & ~(CPU_LINE_SIZE - 1u))

static struct store_buffer *stores_of(struct cpu *cpu)
{
    return &cpu->system->stores;
}

void store_buffer_set_seed(struct cpu *cpu, uint32_t seed)
{
    stores_of(cpu)->random = seed * 2246822519u ^ 0x9e3779b9u ?: 1;
}

void cpu_set_late_stores(struct cpu *cpu)
{
    stores_of(cpu)->late = true;
}

void store_buffer_reset(struct cpu *cpu)
{
    stores_of(cpu)->count = 0;
    cpu->stores_due = UINT64_MAX;
}

/* ---- Leaving ----------------------------------------------------------------------------------- */

static void find_due(struct cpu *cpu)
{
    const struct store_buffer *stores = stores_of(cpu);
    cpu->stores_due = UINT64_MAX;
    for (unsigned n = 0; n < stores->count; n++)
        if (stores->entries[n].due < cpu->stores_due)
            cpu->stores_due = stores->entries[n].due;
}

/* The largest aligned piece from byte `first` on that is written as a whole. */
static unsigned piece_at(const struct buffered_store *entry, unsigned first)
{
    for (unsigned size = 4; size > 1; size /= 2) {
        unsigned mask = ((1u << size) - 1) << first;
        if (first % size == 0 && (entry->written & mask) == mask)
            return size;
    }
    return 1;
}

/* The core has gone on: an error is an imprecise bus fault. */
static void write_entry(struct cpu *cpu, const struct buffered_store *entry)
{
    bool failed = false;
    for (unsigned n = 0; n < STORE_ENTRY_BYTES;) {
        if (!(entry->written >> n & 1)) {
            n++;
            continue;
        }
        unsigned size = piece_at(entry, n);
        uint32_t value = 0;
        memcpy(&value, &entry->bytes[n], size);
        failed |= cpu->config.bus.write(cpu->config.bus.ctx, entry->address + n, size,
                                        CPU_ACCESS_STACK, value) != CPU_BUS_OK;
        n += size;
    }
    if (failed)
        memory_late_error(cpu);
}

/* The entry is gone before it is written: whoever hears of the write may ask what waits. */
static void drain_entry(struct cpu *cpu, unsigned n)
{
    struct store_buffer *stores = stores_of(cpu);
    struct buffered_store entry = stores->entries[n];
    stores->count--;
    memmove(&stores->entries[n], &stores->entries[n + 1],
            (stores->count - n) * sizeof *stores->entries);
    write_entry(cpu, &entry);
}

void drain_stores(struct cpu *cpu)
{
    while (stores_of(cpu)->count)
        drain_entry(cpu, 0);
    cpu->stores_due = UINT64_MAX;
}

void store_buffer_drain_line(struct cpu *cpu, uint32_t address)
{
    struct store_buffer *stores = stores_of(cpu);
    if (!stores->count)
        return;
    for (unsigned n = 0; n < stores->count;) {
        if (LINE_OF(stores->entries[n].address) == LINE_OF(address))
            drain_entry(cpu, n);
        else
            n++;
    }
    find_due(cpu);
}

/* In the order in which they are due; a line's entries are due together and stay in theirs. */
void store_buffer_tick(struct cpu *cpu)
{
    struct store_buffer *stores = stores_of(cpu);
    while (cpu->stores_due <= cpu->cycles) {
        unsigned n = 0;
        while (stores->entries[n].due != cpu->stores_due)
            n++;
        drain_entry(cpu, n);
        find_due(cpu);
    }
}

/* ---- Entering ---------------------------------------------------------------------------------- */

bool store_buffer_concerns(const struct cpu *cpu, uint32_t address, bool page_is_shared)
{
    return page_is_shared && cpu->config.model == CPU_CORTEX_M7 &&
           !dcache_leaves_to_tcm(cpu, address);
}

static bool takes(struct cpu *cpu, uint32_t address)
{
    struct cpu_page page = {0};
    cpu->config.bus.page(cpu->config.bus.ctx, address & ~(CPU_PAGE_SIZE - 1u), CPU_ACCESS_DATA,
                         &page);
    return page.bytes && store_buffer_concerns(cpu, address, page.shared);
}

/* Loads of the page come by memory.c from now on. */
static void close_page(struct cpu *cpu, uint32_t address)
{
    cpu->tlb_read[tlb_index(address)].tag = TLB_EMPTY;
    cpu->tlb_literal[tlb_index(address)].tag = TLB_EMPTY;
}

static uint64_t some_cycles_on(struct cpu *cpu)
{
    uint32_t *random = &stores_of(cpu)->random;
    *random ^= *random << 13;
    *random ^= *random >> 17;
    *random ^= *random << 5;
    if (stores_of(cpu)->late)
        return cpu->cycles + STORE_CYCLES_LATE;
    bool is_long = (*random >> 28) % STORE_WAITS_LONG == 0;
    return cpu->cycles + 1 + (*random >> 8) % (is_long ? STORE_CYCLES_MAX : STORE_CYCLES);
}

/* When a store of this line leaves: with the line's others, if there are any. */
static uint64_t due_of(struct cpu *cpu, uint32_t address)
{
    const struct store_buffer *stores = stores_of(cpu);
    for (unsigned n = 0; n < stores->count; n++)
        if (LINE_OF(stores->entries[n].address) == LINE_OF(address))
            return stores->entries[n].due;
    return some_cycles_on(cpu);
}

static struct buffered_store *entry_for(struct cpu *cpu, uint32_t address)
{
    struct store_buffer *stores = stores_of(cpu);
    for (unsigned n = 0; n < stores->count; n++)
        if (stores->entries[n].address == ENTRY_OF(address))
            return &stores->entries[n];
    if (stores->count == STORE_ENTRIES)
        store_buffer_drain_line(cpu, stores->entries[0].address);
    uint64_t due = due_of(cpu, address);
    struct buffered_store *entry = &stores->entries[stores->count++];
    *entry = (struct buffered_store){.address = ENTRY_OF(address), .due = due};
    return entry;
}

/* The running block must look up when the store is due. */
static void run_until_due(struct cpu *cpu)
{
    if (cpu->stores_due >= cpu->deadline)
        return;
    cpu->deadline = cpu->stores_due;
    cpu->stalled = true;
}

bool store_buffer_put(struct cpu *cpu, uint32_t address, unsigned size, uint32_t value)
{
    if (!takes(cpu, address))
        return false;
    struct buffered_store *entry = entry_for(cpu, address);
    unsigned first = address % STORE_ENTRY_BYTES;
    memcpy(&entry->bytes[first], &value, size);
    entry->written |= (uint8_t)(((1u << size) - 1) << first);
    close_page(cpu, address);
    find_due(cpu);
    run_until_due(cpu);
    return true;
}

/* ---- What waits, for the core's own loads ------------------------------------------------------ */

void store_buffer_forward(const struct cpu *cpu, uint32_t address, unsigned size, uint32_t *value)
{
    const struct store_buffer *stores = &cpu->system->stores;
    for (unsigned n = 0; n < stores->count; n++) {
        const struct buffered_store *entry = &stores->entries[n];
        if (entry->address != ENTRY_OF(address))
            continue;
        unsigned first = address % STORE_ENTRY_BYTES;
        uint8_t bytes[4];
        memcpy(bytes, value, 4);
        for (unsigned k = 0; k < size; k++)
            if (entry->written >> (first + k) & 1)
                bytes[k] = entry->bytes[first + k];
        memcpy(value, bytes, 4);
    }
}

void store_buffer_poke(struct cpu *cpu, uint32_t address, const uint8_t *bytes, unsigned size)
{
    struct store_buffer *stores = stores_of(cpu);
    for (unsigned n = 0; n < stores->count; n++)
        for (unsigned k = 0; k < size; k++)
            if (ENTRY_OF(address + k) == stores->entries[n].address)
                stores->entries[n].bytes[(address + k) % STORE_ENTRY_BYTES] = bytes[k];
}

bool store_buffer_holds_page(const struct cpu *cpu, uint32_t address)
{
    const struct store_buffer *stores = &cpu->system->stores;
    for (unsigned n = 0; n < stores->count; n++)
        if (stores->entries[n].address >> CPU_PAGE_SHIFT == address >> CPU_PAGE_SHIFT)
            return true;
    return false;
}
