/* A core with 64 KB of code at 0 and of data at 0x20000000, and a device page at 0x40000000 whose
 * answers a test decides. For the tests of the instruction set. */
#ifndef SIM_TEST_CPU_ISA_FIXTURE_H
#define SIM_TEST_CPU_ISA_FIXTURE_H

#include "sim/cpu/isa.h"

#include <stdlib.h>
#include <string.h>

enum { ROM_SIZE = 0x10000, RAM_BASE = 0x20000000, RAM_SIZE = 0x10000, DEVICE = 0x40000000 };
enum { VECTORS = 0x400, START = 0x1000, HANDLER = 0x800 }; /* vector n leads to HANDLER + 4 n */

struct fixture {
    struct cpu *cpu;
    _Alignas(8) uint8_t rom[ROM_SIZE];
    _Alignas(8) uint8_t ram[RAM_SIZE];
    enum cpu_bus_status device_answer;
    uint32_t device_value, device_address;
    unsigned device_reads, device_writes;
    bool device_ends_slice;
    unsigned device_raises; /* interrupt that an access raises, plus one */
    uint64_t device_cycles; /* cpu_cycles() at the last access */
    uint32_t device_pc;
    uint64_t device_saw; /* over the RAM around a page's end at each access, if `device_looks` */
    bool device_looks;
    uint8_t ram_wait;    /* cycles of a load; of a store half of them */
    bool ram_holds_code; /* the RAM's pages are watched */
    bool ram_shared;     /* other masters use them, too */
    uint32_t watched;
    unsigned entered; /* the last exception */
    uint32_t faults;  /* CFSR bits */
};

static inline uint8_t *fixture_place(struct fixture *f, uint32_t address)
{
    if (address < ROM_SIZE)
        return f->rom + address;
    return address - RAM_BASE < RAM_SIZE ? f->ram + (address - RAM_BASE) : NULL;
}

static inline enum cpu_bus_status fixture_device(struct fixture *f, uint32_t address)
{
    if (address - DEVICE >= 0x1000)
        return CPU_BUS_ERROR;
    f->device_address = address;
    f->device_cycles = cpu_cycles(f->cpu);
    f->device_pc = cpu_get(f->cpu, CPU_PC);
    for (unsigned n = 0x3e0; f->device_looks && n < 0x480; n++)
        f->device_saw = (f->device_saw ^ f->ram[n]) * 0x100000001b3u;
    if (f->device_ends_slice)
        cpu_end_slice(f->cpu);
    if (f->device_raises)
        cpu_set_irq(f->cpu, f->device_raises - 1, true);
    return f->device_answer;
}

static inline enum cpu_bus_status fixture_read(void *ctx, uint32_t address, unsigned size,
                                               enum cpu_access kind, uint32_t *value)
{
    struct fixture *f = ctx;
    const uint8_t *bytes = fixture_place(f, address);
    (void)kind;
    *value = 0;
    if (bytes) {
        memcpy(value, bytes, size);
        return CPU_BUS_OK;
    }
    f->device_reads++;
    *value = f->device_value;
    return fixture_device(f, address);
}

static inline enum cpu_bus_status fixture_write(void *ctx, uint32_t address, unsigned size,
                                                enum cpu_access kind, uint32_t value)
{
    struct fixture *f = ctx;
    uint8_t *bytes = fixture_place(f, address);
    (void)kind;
    if (bytes) {
        memcpy(bytes, &value, size);
        if (f->ram_holds_code)
            cpu_code_written(f->cpu, address);
        return CPU_BUS_OK;
    }
    f->device_writes++;
    f->device_value = value;
    return fixture_device(f, address);
}

static inline void fixture_page(void *ctx, uint32_t address, enum cpu_access kind,
                                struct cpu_page *page)
{
    struct fixture *f = ctx;
    (void)kind;
    page->bytes = fixture_place(f, address);
    page->writable = address >= RAM_BASE && !f->ram_holds_code;
    page->shared = address >= RAM_BASE && f->ram_shared;
    page->read_wait = address >= RAM_BASE ? f->ram_wait : 0;
    page->write_wait = page->read_wait / 2;
}

static inline void fixture_watch(void *ctx, uint32_t page_address)
{
    struct fixture *f = ctx;
    f->watched = page_address;
}

static inline void fixture_exclusive(void *ctx, uint32_t address, bool armed)
{
    (void)ctx, (void)address, (void)armed;
}

static inline void fixture_ignore(void *ctx)
{
    (void)ctx;
}

static inline void fixture_text(void *ctx, const char *what)
{
    (void)ctx, (void)what;
}

static inline void fixture_trace(void *ctx, enum cpu_trace_kind kind, uint32_t address,
                                 uint32_t value)
{
    struct fixture *f = ctx;
    (void)address;
    if (kind == CPU_TRACE_EXCEPTION_ENTRY)
        f->entered = value;
    if (kind == CPU_TRACE_FAULT)
        f->faults |= value;
}

static inline void fixture_put(struct fixture *f, uint32_t address, const uint16_t *code,
                               size_t halfwords)
{
    memcpy(fixture_place(f, address), code, 2 * halfwords);
}

/* Handlers are BX LR unless a test writes others. */
static inline void fixture_vectors(struct fixture *f)
{
    uint32_t word = RAM_BASE + RAM_SIZE;
    memcpy(f->rom, &word, 4);
    for (uint32_t i = 1; i < VECTORS / 4; i++) {
        word = i == 1 ? START | 1 : (HANDLER + 4 * i) | 1;
        memcpy(f->rom + 4 * i, &word, 4);
        fixture_put(f, HANDLER + 4 * i, (const uint16_t[]){0x4770}, 1);
    }
}

/* `runs`: as isa_translate_after(); 0 tests the translator, UINT32_MAX the interpreter. */
static inline struct fixture *fixture_create(enum cpu_model model, unsigned runs)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct cpu_config config = {
        .model = model,
        .irq_count = 32,
        .priority_bits = 4,
        .mpu_regions = 8,
        .bus = {f, fixture_read, fixture_write, fixture_page, fixture_watch, fixture_exclusive},
        .host = {f, fixture_ignore, fixture_ignore, fixture_text, fixture_trace},
    };
    fixture_vectors(f);
    f->cpu = cpu_create(&config);
    isa_translate_after(f->cpu, runs);
    cpu_reset(f->cpu, 0);
    return f;
}

static inline void fixture_destroy(struct fixture *f)
{
    cpu_destroy(f->cpu);
    free(f);
}

/* Private peripheral bus, as the core's own store would. */
static inline void fixture_scs(struct fixture *f, uint32_t address, uint32_t value)
{
    memory_write(f->cpu, address, 4, true, false, value);
}

#define CODE(f, ...)                                                                               \
    fixture_put(f, START, (const uint16_t[]){__VA_ARGS__},                                         \
                sizeof((const uint16_t[]){__VA_ARGS__}) / 2)

#endif
