#include "sim/cpu/dcache.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_VALID = 1, LINE_DIRTY = 2, LINE_WATCHED = 4, LINE_STATE = CPU_LINE_SIZE - 1 };
enum { LINES = DCACHE_SETS * DCACHE_WAYS, WORDS = CPU_LINE_SIZE / 4 };

/* CACR (DDI 0489, 3.3.8). */
enum { CACR_SIWT = 1u << 0, CACR_FORCEWT = 1u << 2 };
/* ITCMCR and DTCMCR (DDI 0489, 3.3.2): EN, and SZ with 3 for 4 KB. */
enum { TCMCR_EN = 1, DTCM_BASE = 0x20000000 };

struct dcache {
    uint32_t tag[LINES]; /* the line's address, and LINE_* bits */
    _Alignas(8) uint8_t bytes[LINES][CPU_LINE_SIZE];
    uint8_t origin[LINES][CPU_LINE_SIZE]; /* as memory had it at the last fill or clean */
    uint32_t random;                      /* of the replacement; never 0 */
    uint8_t invalidated[LINES];           /* since reset */
    unsigned uninvalidated;               /* how many of them are 0 */
};

bool dcache_create(struct cpu *cpu)
{
    struct dcache *cache = calloc(1, sizeof *cache);
    cpu->system->dcache = cache;
    if (!cache)
        return false;
    cpu_set_seed(cpu, cpu->config.seed);
    dcache_reset(cpu);
    return true;
}

void dcache_destroy(struct cpu *cpu)
{
    free(cpu->system->dcache);
    cpu->system->dcache = NULL;
}

void cpu_set_seed(struct cpu *cpu, uint32_t seed)
{
    icache_set_seed(cpu, seed);
    store_buffer_set_seed(cpu, seed);
    if (cpu->system->dcache)
        cpu->system->dcache->random = seed * 2654435761u ^ 0x2545f491u ?: 1;
}

void dcache_reset(struct cpu *cpu)
{
    struct dcache *cache = cpu->system->dcache;
    memset(cache->invalidated, 0, sizeof cache->invalidated);
    cache->uninvalidated = LINES;
}

/* PM0253 4.5: the arrays hold anything after reset. */
void dcache_switched_on(struct cpu *cpu)
{
    if (cpu->system->dcache->uninvalidated)
        report_unpredictable(cpu, "data cache switched on and not invalidated since reset");
}

/* ---- Policy ----------------------------------------------------------------------------------- */

enum policy { POLICY_NONE, POLICY_WRITE_THROUGH, POLICY_WRITE_BACK, POLICY_WRITE_ALLOCATE };

static bool in_tcm(uint32_t control, uint32_t base, uint32_t address)
{
    unsigned size = control >> 3 & 15;
    return (control & TCMCR_EN) && size >= 3 && address - base < 1u << (size + 9);
}

bool dcache_leaves_to_tcm(const struct cpu *cpu, uint32_t address)
{
    return in_tcm(cpu->system->itcmcr, 0, address) ||
           in_tcm(cpu->system->dtcmcr, DTCM_BASE, address);
}

static enum policy policy_of(const struct cpu *cpu, uint32_t address,
                             const struct memory_attributes *attributes)
{
    const struct system_state *system = cpu->system;
    if (!(system->ccr & CCR_DC) || attributes->type < MEMORY_WRITE_THROUGH ||
        dcache_leaves_to_tcm(cpu, address))
        return POLICY_NONE;
    if (attributes->shareable)
        return system->cacr & CACR_SIWT ? POLICY_WRITE_THROUGH : POLICY_NONE;
    if ((system->cacr & CACR_FORCEWT) || attributes->type == MEMORY_WRITE_THROUGH)
        return POLICY_WRITE_THROUGH;
    return attributes->type == MEMORY_WRITE_BACK ? POLICY_WRITE_BACK : POLICY_WRITE_ALLOCATE;
}

bool dcache_bypasses(const struct cpu *cpu, uint32_t address,
                     const struct memory_attributes *attributes)
{
    return policy_of(cpu, address, attributes) == POLICY_NONE;
}

/* ---- Lines ------------------------------------------------------------------------------------ */

enum { NO_LINE = -1 };

static int find(const struct dcache *cache, uint32_t address)
{
    uint32_t wanted = (address & ~(uint32_t)LINE_STATE) | LINE_VALID;
    int first = (int)(address / CPU_LINE_SIZE % DCACHE_SETS) * DCACHE_WAYS;
    for (int line = first; line < first + DCACHE_WAYS; line++)
        if ((cache->tag[line] & ~(uint32_t)(LINE_STATE ^ LINE_VALID)) == wanted)
            return line;
    return NO_LINE;
}

static uint32_t address_of(const struct dcache *cache, int line)
{
    return cache->tag[line] & ~(uint32_t)LINE_STATE;
}

static struct cpu_cache_line describe(const struct dcache *cache, int line)
{
    return (struct cpu_cache_line){
        .address = address_of(cache, line),
        .set = (unsigned)line / DCACHE_WAYS,
        .way = (unsigned)line % DCACHE_WAYS,
        .dirty = cache->tag[line] & LINE_DIRTY,
        .bytes = cache->bytes[line],
        .origin = cache->origin[line],
    };
}

static void tell(struct cpu *cpu, enum cpu_cache_event event, enum cpu_cache_reason reason,
                 int line)
{
    const struct cpu_cache_ops *ops = cpu->config.cache;
    if (!ops || !ops->event)
        return;
    struct cpu_cache_line what = describe(cpu->system->dcache, line);
    ops->event(ops->ctx, event, reason, &what);
}

static void tell_access(struct cpu *cpu, int line, uint32_t address, unsigned size, bool write)
{
    const struct cpu_cache_ops *ops = cpu->config.cache;
    if (!(cpu->system->dcache->tag[line] & LINE_WATCHED) || !ops || !ops->access)
        return;
    struct cpu_cache_line what = describe(cpu->system->dcache, line);
    ops->access(ops->ctx, &what, address, size, write);
}

static void drop_entry(struct tlb_entry *table, uint32_t address)
{
    struct tlb_entry *entry = &table[line_index(address)];
    if (entry->tag == address)
        entry->tag = TLB_EMPTY;
}

static void enter(struct tlb_entry *table, uint32_t address, uint8_t *bytes)
{
    address &= ~(uint32_t)LINE_STATE;
    table[line_index(address)] = (struct tlb_entry){address, 0, (uintptr_t)bytes - address};
}

void dcache_grant(struct cpu *cpu, uint32_t address, const struct memory_attributes *attributes)
{
    struct dcache *cache = cpu->system->dcache;
    int line = find(cache, address);
    if (line == NO_LINE || (cache->tag[line] & LINE_WATCHED))
        return;
    if (attributes->readable)
        enter(cpu->line_read, address, cache->bytes[line]);
    if (attributes->writable && (cache->tag[line] & LINE_DIRTY) &&
        policy_of(cpu, address, attributes) >= POLICY_WRITE_BACK)
        enter(cpu->line_write, address, cache->bytes[line]);
}

/* ---- Between the cache and memory -------------------------------------------------------------- */

/* The line's bytes in host memory, if the bus gives them; NULL: by words. What is written back goes by
 * a buffer of its own and keeps the core for half the time (an estimate). */
static uint8_t *line_in_page(struct cpu *cpu, uint32_t address, bool write)
{
    struct cpu_page page = {0};
    uint32_t offset = address & (CPU_PAGE_SIZE - 1);
    cpu->config.bus.page(cpu->config.bus.ctx, address - offset, CPU_ACCESS_LINE, &page);
    stall(cpu, write ? page.line_wait / 2u : page.line_wait);
    return page.bytes && (page.writable || !write) ? page.bytes + offset : NULL;
}

/* Only the first word may make the access wait: nothing has happened by then. */
static enum cpu_bus_status read_line(struct cpu *cpu, uint32_t address, enum cpu_access kind,
                                     uint8_t *bytes)
{
    const uint8_t *memory = line_in_page(cpu, address, false);
    if (memory) {
        memcpy(bytes, memory, CPU_LINE_SIZE);
        return CPU_BUS_OK;
    }
    for (unsigned n = 0; n < WORDS; n++) {
        uint32_t word;
        enum cpu_bus_status status =
            cpu->config.bus.read(cpu->config.bus.ctx, address + 4 * n, 4, kind, &word);
        if (status != CPU_BUS_OK)
            return status;
        memcpy(bytes + 4 * n, &word, 4);
        kind = CPU_ACCESS_STACK;
    }
    return CPU_BUS_OK;
}

/* Nobody waits for a line that is written back: an error is an imprecise bus fault. */
static void write_line(struct cpu *cpu, uint32_t address, const uint8_t *bytes)
{
    uint8_t *memory = line_in_page(cpu, address, true);
    bool failed = false;
    if (memory) {
        memcpy(memory, bytes, CPU_LINE_SIZE);
        return;
    }
    for (unsigned n = 0; n < WORDS; n++) {
        uint32_t word;
        memcpy(&word, bytes + 4 * n, 4);
        failed |= cpu->config.bus.write(cpu->config.bus.ctx, address + 4 * n, 4, CPU_ACCESS_STACK,
                                        word) != CPU_BUS_OK;
    }
    if (failed)
        memory_late_error(cpu);
}

static void clean(struct cpu *cpu, int line, enum cpu_cache_reason reason)
{
    struct dcache *cache = cpu->system->dcache;
    if (!(cache->tag[line] & LINE_DIRTY))
        return;
    tell(cpu, CPU_CACHE_CLEANED, reason, line);
    cache->tag[line] &= ~(uint32_t)LINE_DIRTY;
    drop_entry(cpu->line_write, address_of(cache, line));
    memcpy(cache->origin[line], cache->bytes[line], CPU_LINE_SIZE);
    store_buffer_drain_line(cpu, address_of(cache, line));
    write_line(cpu, address_of(cache, line), cache->bytes[line]);
}

static void invalidate(struct cpu *cpu, int line, enum cpu_cache_reason reason)
{
    struct dcache *cache = cpu->system->dcache;
    if (!(cache->tag[line] & LINE_VALID))
        return;
    store_buffer_drain_line(cpu, address_of(cache, line));
    tell(cpu, reason == CPU_CACHE_REPLACEMENT ? CPU_CACHE_EVICTED : CPU_CACHE_INVALIDATED, reason,
         line);
    drop_entry(cpu->line_read, address_of(cache, line));
    drop_entry(cpu->line_write, address_of(cache, line));
    cache->tag[line] = 0;
}

/* An empty way if there is one, else any. */
static int choose_victim(struct dcache *cache, uint32_t address)
{
    int first = (int)(address / CPU_LINE_SIZE % DCACHE_SETS) * DCACHE_WAYS;
    for (int line = first; line < first + DCACHE_WAYS; line++)
        if (!(cache->tag[line] & LINE_VALID))
            return line;
    cache->random ^= cache->random << 13;
    cache->random ^= cache->random >> 17;
    cache->random ^= cache->random << 5;
    return first + (int)(cache->random >> 16) % DCACHE_WAYS;
}

static enum cpu_bus_status fill(struct cpu *cpu, uint32_t address, enum cpu_access kind,
                                enum cpu_cache_reason reason, int *line)
{
    struct dcache *cache = cpu->system->dcache;
    _Alignas(8) uint8_t bytes[CPU_LINE_SIZE];
    address &= ~(uint32_t)LINE_STATE;
    store_buffer_drain_line(cpu, address);
    enum cpu_bus_status status = read_line(cpu, address, kind, bytes);
    if (status != CPU_BUS_OK)
        return status;
    *line = choose_victim(cache, address);
    clean(cpu, *line, CPU_CACHE_REPLACEMENT);
    invalidate(cpu, *line, CPU_CACHE_REPLACEMENT);
    cache->tag[*line] = address | LINE_VALID;
    memcpy(cache->bytes[*line], bytes, CPU_LINE_SIZE);
    memcpy(cache->origin[*line], bytes, CPU_LINE_SIZE);
    tell(cpu, CPU_CACHE_FILLED, reason, *line);
    return CPU_BUS_OK;
}

/* ---- Loads and stores --------------------------------------------------------------------------- */

void dcache_prefetch(struct cpu *cpu, uint32_t address)
{
    struct memory_attributes attributes = mpu_attributes(cpu, address, true);
    uint64_t cycles = cpu->cycles;
    bool stalled = cpu->stalled;
    int line = find(cpu->system->dcache, address);
    if (line != NO_LINE || !attributes.readable || dcache_bypasses(cpu, address, &attributes))
        return;
    fill(cpu, address, CPU_ACCESS_STACK, CPU_CACHE_SPECULATION, &line);
    cpu->cycles = cycles;
    cpu->stalled = stalled;
}

static bool is_normal(const struct memory_attributes *attributes)
{
    return attributes->type >= MEMORY_NON_CACHEABLE;
}

/* From memory, with the core's own stores that are on their way there. */
static enum cpu_bus_status read_past(struct cpu *cpu, uint32_t address, unsigned size,
                                     enum cpu_access kind,
                                     const struct memory_attributes *attributes, uint32_t *value)
{
    if (!is_normal(attributes))
        drain_stores(cpu);
    enum cpu_bus_status status =
        cpu->config.bus.read(cpu->config.bus.ctx, address, size, kind, value);
    store_buffer_forward(cpu, address, size, value);
    return status;
}

/* To memory, by the store buffer where it may wait. */
static enum cpu_bus_status write_past(struct cpu *cpu, uint32_t address, unsigned size,
                                      enum cpu_access kind,
                                      const struct memory_attributes *attributes, uint32_t value)
{
    if (attributes->type == MEMORY_STRONGLY_ORDERED)
        drain_stores(cpu);
    if (is_normal(attributes) && kind == CPU_ACCESS_DATA &&
        store_buffer_put(cpu, address, size, value))
        return CPU_BUS_OK;
    store_buffer_drain_line(cpu, address);
    return cpu->config.bus.write(cpu->config.bus.ctx, address, size, kind, value);
}

enum cpu_bus_status dcache_read(struct cpu *cpu, uint32_t address, unsigned size,
                                enum cpu_access kind, const struct memory_attributes *attributes,
                                uint32_t *value)
{
    struct dcache *cache = cpu->system->dcache;
    if (dcache_bypasses(cpu, address, attributes))
        return read_past(cpu, address, size, kind, attributes, value);
    int line = find(cache, address);
    if (line == NO_LINE) {
        enum cpu_bus_status status = fill(cpu, address, kind, CPU_CACHE_READ, &line);
        if (status != CPU_BUS_OK)
            return status;
    }
    *value = 0;
    memcpy(value, &cache->bytes[line][address % CPU_LINE_SIZE], size);
    tell_access(cpu, line, address, size, false);
    return CPU_BUS_OK;
}

static void wait_for_store(struct cpu *cpu, uint32_t address)
{
    struct cpu_page page = {0};
    cpu->config.bus.page(cpu->config.bus.ctx, address & ~(CPU_PAGE_SIZE - 1u), CPU_ACCESS_DATA,
                         &page);
    stall(cpu, page.write_wait);
}

/* Memory and, on a hit, the line. */
static enum cpu_bus_status write_both(struct cpu *cpu, uint32_t address, unsigned size,
                                      enum cpu_access kind,
                                      const struct memory_attributes *attributes, int line,
                                      uint32_t value)
{
    struct dcache *cache = cpu->system->dcache;
    enum cpu_bus_status status = write_past(cpu, address, size, kind, attributes, value);
    if (status == CPU_BUS_OK)
        wait_for_store(cpu, address);
    if (line == NO_LINE || status != CPU_BUS_OK)
        return status;
    memcpy(&cache->bytes[line][address % CPU_LINE_SIZE], &value, size);
    memcpy(&cache->origin[line][address % CPU_LINE_SIZE], &value, size);
    tell_access(cpu, line, address, size, true);
    return status;
}

static void write_line_only(struct cpu *cpu, uint32_t address, unsigned size, int line,
                            uint32_t value)
{
    struct dcache *cache = cpu->system->dcache;
    bool first = !(cache->tag[line] & LINE_DIRTY);
    memcpy(&cache->bytes[line][address % CPU_LINE_SIZE], &value, size);
    cache->tag[line] |= LINE_DIRTY;
    if (first) {
        isa_line_dirtied(cpu, address);
        tell(cpu, CPU_CACHE_DIRTIED, CPU_CACHE_WRITE, line);
    }
    tell_access(cpu, line, address, size, true);
}

/* A store has left the core when its line fill fails: the fault is imprecise. */
static enum cpu_bus_status late(enum cpu_bus_status status)
{
    return status == CPU_BUS_ERROR ? CPU_BUS_ERROR_LATE : status;
}

enum cpu_bus_status dcache_write(struct cpu *cpu, uint32_t address, unsigned size,
                                 enum cpu_access kind, const struct memory_attributes *attributes,
                                 uint32_t value)
{
    enum policy policy = policy_of(cpu, address, attributes);
    if (policy == POLICY_NONE)
        return write_past(cpu, address, size, kind, attributes, value);
    int line = find(cpu->system->dcache, address);
    if (policy == POLICY_WRITE_THROUGH || (line == NO_LINE && policy == POLICY_WRITE_BACK))
        return write_both(cpu, address, size, kind, attributes, line, value);
    if (line == NO_LINE) {
        enum cpu_bus_status status = fill(cpu, address, kind, CPU_CACHE_WRITE, &line);
        if (status != CPU_BUS_OK)
            return late(status);
    }
    write_line_only(cpu, address, size, line, value);
    return CPU_BUS_OK;
}

/* ---- Maintenance (ARMv7-M ARM B2.2.7; DDI 0489, 5.8) --------------------------------------------- */

enum { CLEAN = 1, INVALIDATE = 2 };
enum { BY_ADDRESS, BY_SET_WAY };

/* DCIMVAC to DCCISW, from 0xE000EF5C on. */
static const struct operation {
    uint8_t does, by;
} operations[] = {
    {INVALIDATE, BY_ADDRESS},
    {INVALIDATE, BY_SET_WAY},
    {CLEAN, BY_ADDRESS},
    {CLEAN, BY_ADDRESS},
    {CLEAN, BY_SET_WAY},
    {CLEAN | INVALIDATE, BY_ADDRESS},
    {CLEAN | INVALIDATE, BY_SET_WAY},
};
#define DCIMVAC 0xE000EF5Cu

static void note_invalidated(struct dcache *cache, int line)
{
    cache->uninvalidated -= !cache->invalidated[line];
    cache->invalidated[line] = 1;
}

/* Way in bits 31:30, set in bits 11:5; the other bits are ignored, as is the level: there is one. */
static int line_of_set_way(uint32_t value)
{
    return (int)(value / CPU_LINE_SIZE % DCACHE_SETS * DCACHE_WAYS + (value >> 30));
}

/* It works on the lines whether or not CCR.DC lets loads and stores look them up. */
void dcache_maintain(struct cpu *cpu, uint32_t address, uint32_t value)
{
    struct dcache *cache = cpu->system->dcache;
    const struct operation *operation = &operations[(address - DCIMVAC) / 4];
    bool by_set_way = operation->by == BY_SET_WAY;
    enum cpu_cache_reason reason = by_set_way ? CPU_CACHE_BY_SET_WAY : CPU_CACHE_BY_ADDRESS;
    if (!cpu->system->stores.late)
        drain_stores(cpu);
    trace(cpu, CPU_TRACE_CACHE_OPERATION, address, value);
    if (operation->does & INVALIDATE && !by_set_way)
        speculation_note(cpu, value);
    int line = by_set_way ? line_of_set_way(value) : find(cache, value);
    if (line == NO_LINE)
        return;
    if (operation->does & CLEAN)
        clean(cpu, line, reason);
    if (operation->does & INVALIDATE) {
        invalidate(cpu, line, reason);
        if (by_set_way)
            note_invalidated(cache, line);
    }
}

/* ---- For debuggers and checkers ------------------------------------------------------------------ */

bool cpu_cache_find(const struct cpu *cpu, uint32_t address, struct cpu_cache_line *line)
{
    const struct dcache *cache = cpu->system->dcache;
    int found = cache ? find(cache, address) : NO_LINE;
    if (found == NO_LINE)
        return false;
    *line = describe(cache, found);
    return true;
}

bool cpu_cache_watch(struct cpu *cpu, uint32_t address, bool on)
{
    struct dcache *cache = cpu->system->dcache;
    int line = cache ? find(cache, address) : NO_LINE;
    if (line == NO_LINE)
        return false;
    cache->tag[line] &= ~(uint32_t)LINE_WATCHED;
    cache->tag[line] |= on ? LINE_WATCHED : 0;
    drop_entry(cpu->line_read, address_of(cache, line));
    drop_entry(cpu->line_write, address_of(cache, line));
    return true;
}

bool cpu_peek(struct cpu *cpu, uint32_t address, uint8_t *byte)
{
    const struct dcache *cache = cpu->system->dcache;
    uint32_t value = 0;
    struct memory_attributes attributes = mpu_attributes(cpu, address, true);
    int line =
        cache && !dcache_bypasses(cpu, address, &attributes) ? find(cache, address) : NO_LINE;
    if (line != NO_LINE) {
        *byte = cache->bytes[line][address % CPU_LINE_SIZE];
        return true;
    }
    enum cpu_bus_status status =
        cpu->config.bus.read(cpu->config.bus.ctx, address, 1, CPU_ACCESS_DEBUG, &value);
    store_buffer_forward(cpu, address, 1, &value);
    *byte = (uint8_t)value;
    return status == CPU_BUS_OK;
}

void cpu_poke_line(struct cpu *cpu, uint32_t address, const uint8_t *bytes, unsigned size)
{
    struct dcache *cache = cpu->system->dcache;
    int line = cache ? find(cache, address) : NO_LINE;
    store_buffer_poke(cpu, address, bytes, size);
    if (line == NO_LINE)
        return;
    memcpy(&cache->bytes[line][address % CPU_LINE_SIZE], bytes, size);
    memcpy(&cache->origin[line][address % CPU_LINE_SIZE], bytes, size);
}
