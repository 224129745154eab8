/*
 * The way of an access: alignment, MPU, private peripheral bus, bit-band, data cache, bus; and the
 * TLB that takes most accesses around it (ARMv7-M ARM A3, B2.3.7, B3.1).
 */
#include <string.h>

#include "sim/cpu/dcache.h"

#define PPB_BASE      0xE0000000u
#define PPB_SIZE      0x00100000u
#define PAGE_MASK     (~(uint32_t)(CPU_PAGE_SIZE - 1))
#define BITBAND_SIZE  0x02000000u
#define BITBAND_ALIAS 0x02000000u /* offset of the alias from its region's base */

static bool in_ppb(uint32_t address)
{
    return address - PPB_BASE < PPB_SIZE;
}

/* Cortex-M4 TRM 3.7: 1 MB at 0x20000000 and 0x40000000, each aliased bit by bit 32 MB above. */
static bool in_bitband_alias(const struct cpu *cpu, uint32_t address)
{
    return cpu->config.model == CPU_CORTEX_M4 &&
           (address - 0x22000000u < BITBAND_SIZE || address - 0x42000000u < BITBAND_SIZE);
}

struct bitband {
    uint32_t container; /* address of the unit of the access' size that holds the bit */
    unsigned bit;
};

static struct bitband bitband_target(uint32_t address, unsigned size)
{
    uint32_t offset = address & (BITBAND_SIZE - 1);
    uint32_t byte = (address & 0xf0000000u) + (offset >> 5);
    struct bitband target = {byte & ~(size - 1), (offset >> 2 & 7) + 8 * (byte & (size - 1))};
    return target;
}

static enum cpu_bus_status read_through(struct cpu *cpu, uint32_t address, unsigned size,
                                        enum cpu_access kind,
                                        const struct memory_attributes *attributes, uint32_t *value)
{
    if (cpu->config.model == CPU_CORTEX_M7)
        return dcache_read(cpu, address, size, kind, attributes, value);
    return cpu->config.bus.read(cpu->config.bus.ctx, address, size, kind, value);
}

static enum cpu_bus_status write_through(struct cpu *cpu, uint32_t address, unsigned size,
                                         enum cpu_access kind,
                                         const struct memory_attributes *attributes, uint32_t value)
{
    if (cpu->config.model == CPU_CORTEX_M7)
        return dcache_write(cpu, address, size, kind, attributes, value);
    return cpu->config.bus.write(cpu->config.bus.ctx, address, size, kind, value);
}

static enum cpu_bus_status bitband_read(struct cpu *cpu, uint32_t address, unsigned size,
                                        enum cpu_access kind, uint32_t *value)
{
    struct bitband target = bitband_target(address, size);
    uint32_t unit = 0;
    enum cpu_bus_status status =
        cpu->config.bus.read(cpu->config.bus.ctx, target.container, size, kind, &unit);
    *value = unit >> target.bit & 1;
    return status;
}

static enum cpu_bus_status bitband_write(struct cpu *cpu, uint32_t address, unsigned size,
                                         enum cpu_access kind, uint32_t value)
{
    struct bitband target = bitband_target(address, size);
    uint32_t unit = 0;
    enum cpu_bus_status status =
        cpu->config.bus.read(cpu->config.bus.ctx, target.container, size, kind, &unit);
    if (status != CPU_BUS_OK)
        return status;
    unit = (unit & ~(1u << target.bit)) | (value & 1) << target.bit;
    return cpu->config.bus.write(cpu->config.bus.ctx, target.container, size, kind, unit);
}

/* ---- TLB ----------------------------------------------------------------------------------- */

static void empty_place(struct cpu *cpu, unsigned place)
{
    cpu->tlb_read[place].tag = TLB_EMPTY;
    cpu->tlb_write[place].tag = TLB_EMPTY;
    cpu->tlb_literal[place].tag = TLB_EMPTY;
}

/* Asked for whenever the memories' load changes, when a core that sleeps has filled but few. */
void cpu_refresh_pages(struct cpu *cpu)
{
    bool few = cpu->filled_count <= TLB_FEW;
    for (unsigned n = 0; few && n < cpu->filled_count; n++)
        empty_place(cpu, cpu->filled[n]);
    for (unsigned place = 0; !few && place < TLB_SIZE; place++)
        empty_place(cpu, place);
    cpu->filled_count = 0;
    memset(cpu->devices, 0, sizeof cpu->devices);
}

void memory_flush(struct cpu *cpu)
{
    cpu->filled_count = TLB_FEW + 1; /* all places, also those that nobody has filled yet */
    cpu_refresh_pages(cpu);
    for (unsigned i = 0; i < LINE_TLB_SIZE; i++) {
        cpu->line_read[i].tag = TLB_EMPTY;
        cpu->line_write[i].tag = TLB_EMPTY;
    }
}

/* Only the pages from `first` to `last`; all, where they are many. */
void memory_flush_range(struct cpu *cpu, uint32_t first, uint32_t last)
{
    if (last - first > 4 * CPU_PAGE_SIZE) {
        memory_flush(cpu);
        return;
    }
    uint32_t pages = (last >> CPU_PAGE_SHIFT) - (first >> CPU_PAGE_SHIFT) + 1;
    for (uint32_t n = 0; n < pages; n++) {
        uint32_t page = (first & PAGE_MASK) + n * CPU_PAGE_SIZE;
        empty_place(cpu, tlb_index(page));
        cpu->devices[(page >> CPU_PAGE_SHIFT) % DEVICE_PAGES] = 0;
        for (uint32_t line = page; line - page < CPU_PAGE_SIZE; line += CPU_LINE_SIZE)
            cpu->line_read[line_index(line)].tag = cpu->line_write[line_index(line)].tag =
                TLB_EMPTY;
    }
}

void cpu_forget_pages(struct cpu *cpu)
{
    memory_flush(cpu);
    isa_forget_code(cpu);
}

/* With the MPU off, privilege changes nothing outside the private peripheral bus. Decoded code is kept
 * by privilege, so that only the MPU's coming and going (HFNMIENA) concerns it. */
void memory_context_changed(struct cpu *cpu)
{
    unsigned old = cpu->system->tlb_context;
    unsigned context = !mpu_active(cpu) ? 0 : cpu->privileged ? 1 : 2;
    if (context == old)
        return;
    cpu->system->tlb_context = context;
    memory_flush(cpu);
    if (!context || !old)
        isa_forget_code(cpu);
}

static bool strict_alignment(const struct memory_attributes *attributes)
{
    return attributes->type == MEMORY_DEVICE || attributes->type == MEMORY_STRONGLY_ORDERED;
}

static void enter_page(struct cpu *cpu, struct tlb_entry *tlb, uint32_t address,
                       const struct cpu_page *page, uint32_t wait)
{
    uint32_t base = address & PAGE_MASK, tag = base | (wait ? TLB_WAITS : 0);
    if (cpu->filled_count < TLB_FEW)
        cpu->filled[cpu->filled_count] = (uint8_t)tlb_index(address);
    if (cpu->filled_count <= TLB_FEW)
        cpu->filled_count++;
    tlb[tlb_index(address)] = (struct tlb_entry){tag, wait, (uintptr_t)page->bytes - base};
}

/* ---- A debugger's watch on loads and stores ---- */

void cpu_watch(struct cpu *cpu, const struct cpu_watcher *watcher)
{
    cpu->watcher = watcher;
    memory_flush(cpu);
}

static unsigned watched(const struct cpu *cpu, uint32_t address)
{
    return cpu->watcher ? cpu->watcher->watches(cpu->watcher->ctx, address) : 0;
}

static void tell_access(struct cpu *cpu, uint32_t address, unsigned size, bool write)
{
    if (cpu->watcher)
        cpu->watcher->accessed(cpu->watcher->ctx, address, size, write);
}

static uint32_t *device_at(struct cpu *cpu, uint32_t address)
{
    return &cpu->devices[(address >> CPU_PAGE_SHIFT) % DEVICE_PAGES];
}

/* Pages of Device memory stay out on the M7, where unaligned accesses to them must fault. */
static void fill_tlb(struct cpu *cpu, uint32_t address, const struct memory_attributes *attributes,
                     bool write)
{
    struct cpu_page page = {0};
    uint32_t *device = device_at(cpu, address), as_device = (address & PAGE_MASK) + 1;

    if (*device == as_device)
        return;
    if (cpu->config.model == CPU_CORTEX_M7 && strict_alignment(attributes))
        return;
    if (cpu->config.model == CPU_CORTEX_M7 && !dcache_bypasses(cpu, address, attributes)) {
        if (!watched(cpu, address))
            dcache_grant(cpu, address, attributes);
        return;
    }
    if (in_bitband_alias(cpu, address))
        return;
    cpu->config.bus.page(cpu->config.bus.ctx, address & PAGE_MASK, CPU_ACCESS_DATA, &page);
    stall(cpu, write ? page.write_wait : page.read_wait);
    if (!page.bytes && !page.read_wait && !page.write_wait)
        *device = as_device;
    unsigned watches = watched(cpu, address);
    if (!page.bytes || !mpu_page_is_uniform(cpu, address))
        return;
    if (attributes->readable && !(watches & CPU_WATCH_LOADS) &&
        !store_buffer_holds_page(cpu, address))
        enter_page(cpu, cpu->tlb_read, address, &page, page.read_wait);
    if (attributes->writable && page.writable && !(watches & CPU_WATCH_STORES) &&
        !store_buffer_concerns(cpu, address, page.shared))
        enter_page(cpu, cpu->tlb_write, address, &page, page.write_wait);
}

/* ---- Data ---------------------------------------------------------------------------------- */

static bool ignores_bus_faults(const struct cpu *cpu)
{
    return (cpu->system->ccr & CCR_BFHFNMIGN) && execution_priority(cpu) < 0;
}

static enum cpu_fault fail(struct cpu *cpu, enum cpu_fault fault, uint32_t address)
{
    cpu->system->fault_address = address;
    return fault;
}

/* What the bus' answer means for a load or store. CCR.BFHFNMIGN leaves only the status (B3.2.8). */
static enum cpu_fault data_fault(struct cpu *cpu, enum cpu_bus_status status, uint32_t address)
{
    if (status == CPU_BUS_OK)
        return FAULT_NONE;
    if (status == CPU_BUS_YIELD)
        return FAULT_YIELD;
    if (ignores_bus_faults(cpu)) {
        set_fault_status(cpu, CFSR_PRECISERR | CFSR_BFARVALID);
        cpu->system->bfar = address;
        return FAULT_NONE;
    }
    return fail(cpu, FAULT_DATA_BUS, address);
}

static enum cpu_fault read_aligned(struct cpu *cpu, uint32_t address, unsigned size,
                                   bool privileged, uint32_t *value)
{
    enum cpu_bus_status status;

    *value = 0;
    if (in_ppb(address))
        return fail(cpu, ppb_read(cpu, address, size, privileged, value), address);
    struct memory_attributes attributes = mpu_attributes(cpu, address, privileged);
    if (!attributes.readable)
        return fail(cpu, FAULT_DATA_MPU, address);
    if (in_bitband_alias(cpu, address))
        status = bitband_read(cpu, address, size, CPU_ACCESS_DATA, value);
    else
        status = read_through(cpu, address, size, CPU_ACCESS_DATA, &attributes, value);
    if (status == CPU_BUS_OK && privileged == cpu->privileged)
        fill_tlb(cpu, address, &attributes, false);
    if (status == CPU_BUS_OK)
        tell_access(cpu, address, size, false);
    return data_fault(cpu, status, address);
}

/* A write that the bus took and will fail: imprecise, unless ACTLR.DISDEFWBUF of the M4 makes every
 * store wait (Cortex-M4 TRM 4.2). */
enum cpu_bus_status memory_late_error(struct cpu *cpu)
{
    if (cpu->config.model == CPU_CORTEX_M4 && (cpu->system->actlr & 2))
        return CPU_BUS_ERROR;
    if (!ignores_bus_faults(cpu))
        raise_fault(cpu, FAULT_DATA_BUS_LATE, 0);
    return CPU_BUS_OK;
}

static enum cpu_fault write_aligned(struct cpu *cpu, uint32_t address, unsigned size,
                                    bool privileged, uint32_t value)
{
    enum cpu_bus_status status;

    if (in_ppb(address))
        return fail(cpu, ppb_write(cpu, address, size, privileged, value), address);
    struct memory_attributes attributes = mpu_attributes(cpu, address, privileged);
    if (!attributes.writable)
        return fail(cpu, FAULT_DATA_MPU, address);
    if (in_bitband_alias(cpu, address))
        status = bitband_write(cpu, address, size, CPU_ACCESS_DATA, value);
    else
        status = write_through(cpu, address, size, CPU_ACCESS_DATA, &attributes, value);
    if (status == CPU_BUS_OK && privileged == cpu->privileged)
        fill_tlb(cpu, address, &attributes, true);
    if (status == CPU_BUS_ERROR_LATE)
        status = memory_late_error(cpu);
    if (status == CPU_BUS_OK)
        tell_access(cpu, address, size, true);
    return data_fault(cpu, status, address);
}

/* Alignment faults of an access that is not naturally aligned. The M7 also faults in Device and
 * Strongly-ordered memory (DDI 0489), the M4 splits there as anywhere; no core does in the PPB. */
static enum cpu_fault check_unaligned(struct cpu *cpu, uint32_t address, unsigned size,
                                      bool aligned, bool privileged)
{
    if (aligned || trap_unaligned(cpu) || in_ppb(address) || in_ppb(address + size - 1))
        return FAULT_UNALIGNED;
    if (cpu->config.model != CPU_CORTEX_M7)
        return FAULT_NONE;
    struct memory_attributes first = mpu_attributes(cpu, address, privileged);
    struct memory_attributes last = mpu_attributes(cpu, address + size - 1, privileged);
    if (!first.readable || !last.readable) /* the MPU speaks first */
        return FAULT_NONE;
    return strict_alignment(&first) || strict_alignment(&last) ? FAULT_UNALIGNED : FAULT_NONE;
}

/* The largest aligned piece of an unaligned access that begins at `address`. */
static unsigned piece_size(uint32_t address, unsigned left)
{
    if (address & 1 || left == 1)
        return 1;
    return address & 2 || left < 4 ? 2 : 4;
}

static enum cpu_fault read_pieces(struct cpu *cpu, uint32_t address, unsigned size, bool privileged,
                                  uint32_t *value)
{
    uint32_t whole = 0;
    for (unsigned done = 0; done < size;) {
        unsigned piece = piece_size(address + done, size - done);
        uint32_t part = 0;
        enum cpu_fault fault = read_aligned(cpu, address + done, piece, privileged, &part);
        if (fault != FAULT_NONE)
            return fault;
        whole |= part << 8 * done;
        done += piece;
    }
    *value = whole;
    return FAULT_NONE;
}

static enum cpu_fault write_pieces(struct cpu *cpu, uint32_t address, unsigned size,
                                   bool privileged, uint32_t value)
{
    if (!mpu_attributes(cpu, address + size - 1, privileged).writable &&
        mpu_attributes(cpu, address, privileged).writable) /* nothing may have happened */
        return fail(cpu, FAULT_DATA_MPU, (address + size - 1) & ~(size - 1));
    for (unsigned done = 0; done < size;) {
        unsigned piece = piece_size(address + done, size - done);
        enum cpu_fault fault =
            write_aligned(cpu, address + done, piece, privileged, value >> 8 * done);
        if (fault != FAULT_NONE)
            return fault;
        done += piece;
    }
    return FAULT_NONE;
}

static uint32_t low_bytes(uint32_t value, unsigned size)
{
    return size == 4 ? value : value & ((1u << 8 * size) - 1);
}

enum cpu_fault memory_read(struct cpu *cpu, uint32_t address, unsigned size, bool aligned,
                           bool unprivileged, uint32_t *value)
{
    bool privileged = cpu->privileged && !unprivileged;
    enum cpu_fault fault;

    if (!(address & (size - 1))) {
        fault = read_aligned(cpu, address, size, privileged, value);
        *value = low_bytes(*value, size);
        return fault;
    }
    fault = check_unaligned(cpu, address, size, aligned, privileged);
    return fault != FAULT_NONE ? fault : read_pieces(cpu, address, size, privileged, value);
}

enum cpu_fault memory_write(struct cpu *cpu, uint32_t address, unsigned size, bool aligned,
                            bool unprivileged, uint32_t value)
{
    bool privileged = cpu->privileged && !unprivileged;
    enum cpu_fault fault;

    if (!(address & (size - 1)))
        return write_aligned(cpu, address, size, privileged, low_bytes(value, size));
    fault = check_unaligned(cpu, address, size, aligned, privileged);
    return fault != FAULT_NONE ? fault : write_pieces(cpu, address, size, privileged, value);
}

/* ---- Code ---------------------------------------------------------------------------------- */

enum cpu_fault memory_fetch(struct cpu *cpu, uint32_t address, uint16_t *halfword)
{
    uint32_t value = 0;
    if (!mpu_attributes(cpu, address, cpu->privileged).executable)
        return FAULT_FETCH_MPU;
    if (cpu->config.bus.read(cpu->config.bus.ctx, address, 2, CPU_ACCESS_FETCH, &value) !=
        CPU_BUS_OK)
        return FAULT_FETCH_BUS;
    *halfword = (uint16_t)value;
    return FAULT_NONE;
}

bool memory_code_page(struct cpu *cpu, uint32_t address, struct cpu_page *page)
{
    *page = (struct cpu_page){0};
    if (!mpu_page_is_uniform(cpu, address) ||
        !mpu_attributes(cpu, address, cpu->privileged).executable)
        return false;
    cpu->config.bus.page(cpu->config.bus.ctx, address & PAGE_MASK, CPU_ACCESS_FETCH, page);
    return page->bytes != NULL;
}

bool memory_code_is_cached(const struct cpu *cpu, uint32_t address)
{
    return cpu->config.model == CPU_CORTEX_M7 && (cpu->system->ccr & CCR_IC) &&
           mpu_attributes(cpu, address, cpu->privileged).type >= MEMORY_WRITE_THROUGH &&
           !dcache_leaves_to_tcm(cpu, address);
}

void memory_look_for_hidden_code(struct cpu *cpu, uint32_t address, uint32_t end)
{
    struct cpu_cache_line line;
    for (uint32_t at = address & ~(CPU_LINE_SIZE - 1u); at < end; at += CPU_LINE_SIZE) {
        uint32_t first = at < address ? address - at : 0;
        uint32_t last = end - at < CPU_LINE_SIZE ? end - at : CPU_LINE_SIZE;
        if (!cpu_cache_find(cpu, at, &line) || !line.dirty ||
            !memcmp(line.bytes + first, line.origin + first, last - first))
            continue;
        report_unpredictable(cpu, "executes instructions whose newer bytes are dirty in the data "
                                  "cache: they must be cleaned first");
        return;
    }
}

/* ---- Frames and vectors -------------------------------------------------------------------- */

enum cpu_fault stack_read(struct cpu *cpu, uint32_t address, bool privileged, uint32_t *value)
{
    struct memory_attributes attributes = mpu_attributes(cpu, address, privileged);
    *value = 0;
    if (!attributes.readable)
        return FAULT_DATA_MPU;
    if (in_ppb(address) ||
        read_through(cpu, address, 4, CPU_ACCESS_STACK, &attributes, value) != CPU_BUS_OK)
        return FAULT_DATA_BUS;
    tell_access(cpu, address, 4, false);
    return FAULT_NONE;
}

enum cpu_fault stack_write(struct cpu *cpu, uint32_t address, bool privileged, uint32_t value)
{
    struct memory_attributes attributes = mpu_attributes(cpu, address, privileged);
    if (!attributes.writable)
        return FAULT_DATA_MPU;
    if (in_ppb(address) ||
        write_through(cpu, address, 4, CPU_ACCESS_STACK, &attributes, value) != CPU_BUS_OK)
        return FAULT_DATA_BUS;
    tell_access(cpu, address, 4, true);
    return FAULT_NONE;
}

bool vector_read(struct cpu *cpu, uint32_t address, uint32_t *value)
{
    struct memory_attributes attributes = default_attributes(address);
    return !in_ppb(address) &&
           read_through(cpu, address, 4, CPU_ACCESS_STACK, &attributes, value) == CPU_BUS_OK;
}

/* ---- Exclusive monitor (A3.4) --------------------------------------------------------------- */

void monitor_arm(struct cpu *cpu, uint32_t address)
{
    if (cpu->exclusive.armed && cpu->exclusive.address == address)
        return;
    monitor_clear(cpu);
    cpu->exclusive.armed = true;
    cpu->exclusive.address = address;
    if (cpu->config.bus.watch_exclusive)
        cpu->config.bus.watch_exclusive(cpu->config.bus.ctx, address, true);
}

void monitor_clear(struct cpu *cpu)
{
    if (!cpu->exclusive.armed)
        return;
    cpu->exclusive.armed = false;
    if (cpu->config.bus.watch_exclusive)
        cpu->config.bus.watch_exclusive(cpu->config.bus.ctx, cpu->exclusive.address, false);
}

void cpu_clear_exclusive(struct cpu *cpu)
{
    monitor_clear(cpu);
}
