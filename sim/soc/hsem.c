/*
 * HSEM, hardware semaphores: RM0399 chapter 11.
 *
 * Who locks is known by the bus master: the M7 is core 3, the M4 is core 1. No other master locks,
 * frees or clears (11.3.8, table 95).
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum {
    R0 = 0x00,
    RLR0 = 0x80,
    SEMAPHORES = 32,
    C1IER = 0x100,
    C1ICR = 0x104,
    C1ISR = 0x108,
    C1MISR = 0x10c,
    CORE_STRIDE = 0x10,
    CR = 0x140,
    KEYR = 0x144,
};

#define LOCK 0x80000000u
enum {
    COREID = 0xf00,
    PROCID = 0xff,
    COREID_CM7 = 3,
    COREID_CM4 = 1,
    KEY = 0xffff0000u,
};

static const struct reg hsem_regs[] = {
    {R0, "R%u", 0, 0, SEMAPHORES, 4},
    {RLR0, "RLR%u", 0, 0, SEMAPHORES, 4},
    {C1IER, "C1IER", 0, 0xffffffff, 0, 0},
    {C1ICR, "C1ICR", 0, 0, 0, 0},
    {C1ISR, "C1ISR", 0, 0, 0, 0},
    {C1MISR, "C1MISR", 0, 0, 0, 0},
    {C1IER + CORE_STRIDE, "C2IER", 0, 0xffffffff, 0, 0},
    {C1ICR + CORE_STRIDE, "C2ICR", 0, 0, 0, 0},
    {C1ISR + CORE_STRIDE, "C2ISR", 0, 0, 0, 0},
    {C1MISR + CORE_STRIDE, "C2MISR", 0, 0, 0, 0},
    {CR, "CR", 0, 0, 0, 0},
    {KEYR, "KEYR", 0, (uint32_t)KEY, 0, 0},
};

struct hsem {
    struct block block;
};

/* 0: a master that cannot lock. */
static uint32_t core_id(enum bus_master master)
{
    switch (master) {
    case MASTER_CM7:
        return COREID_CM7 << 8;
    case MASTER_CM4:
        return COREID_CM4 << 8;
    default:
        return 0;
    }
}

static enum bus_master master_of(uint32_t value)
{
    return (value & COREID) == COREID_CM7 << 8 ? MASTER_CM7 : MASTER_CM4;
}

static void update_interrupts(struct block *block)
{
    for (unsigned core = 0; core < SOC_CORES; core++) {
        uint32_t base = core * CORE_STRIDE;
        REG(block, C1MISR + base) = REG(block, C1ISR + base) & REG(block, C1IER + base);
        block_irq(block, core, REG(block, C1MISR + base) != 0);
    }
}

static void take(struct block *block, unsigned n, uint32_t value)
{
    REG(block, R0 + 4 * n) = LOCK | value;
    sim_trace_begin(block_sim(block), "HSEM", n, bus_master_name(master_of(value)), 0, 0);
}

/* Who is interrupted for it: the cores that listen to the semaphore. */
static void tell_release(const struct block *block, unsigned n)
{
    struct sim *sim = block_sim(block);
    enum bus_master from = master_of(REG(block, R0 + 4 * n));
    sim_trace_end(sim, "HSEM", n);
    for (unsigned core = 0; core < SOC_CORES; core++) {
        enum bus_master to = core == SOC_CM7 ? MASTER_CM7 : MASTER_CM4;
        if (!(REG(block, C1IER + core * CORE_STRIDE) >> n & 1))
            continue;
        sim->notified[from] += to != from;
        if (sim->tracer)
            sim->tracer->notify(sim->tracer->ctx, sim_now(sim), n, from, to);
    }
}

/* Freeing sets the status of both cores, whatever they have enabled (11.3.7). */
static void release(struct block *block, uint32_t semaphores)
{
    for (unsigned n = 0; n < SEMAPHORES; n++)
        if (semaphores >> n & 1) {
            tell_release(block, n);
            REG(block, R0 + 4 * n) = 0;
        }
    REG(block, C1ISR) |= semaphores;
    REG(block, C1ISR + CORE_STRIDE) |= semaphores;
    update_interrupts(block);
}

/* 2-step lock (11.3.3) and release (11.3.5): a release must name its owner exactly. */
static void write_semaphore(struct block *block, unsigned n, uint32_t value, uint32_t core)
{
    uint32_t *semaphore = &REG(block, R0 + 4 * n);
    if (!core || (value & COREID) != core)
        return;
    if (value & LOCK) {
        if (!(*semaphore & LOCK))
            take(block, n, value & (COREID | PROCID));
    } else if (*semaphore == (LOCK | (value & (COREID | PROCID)))) {
        release(block, 1u << n);
    }
}

/* 1-step lock (11.3.3): the read takes it, with process id 0. Other masters read 0 (11.3.8). */
static uint32_t read_lock(struct block *block, unsigned n, uint32_t core)
{
    uint32_t *semaphore = &REG(block, R0 + 4 * n);
    if (!core)
        return 0;
    if (!(*semaphore & LOCK))
        take(block, n, core);
    return *semaphore;
}

/* 11.3.6: all semaphores of one core, by the key. */
static void write_clear(struct block *block, uint32_t value, uint32_t core)
{
    uint32_t freed = 0;
    if (!core || (value & KEY) != REG(block, KEYR))
        return;
    for (unsigned n = 0; n < SEMAPHORES; n++) {
        uint32_t semaphore = REG(block, R0 + 4 * n);
        if ((semaphore & LOCK) && (semaphore & COREID) == (value & COREID))
            freed |= 1u << n;
    }
    if (freed)
        release(block, freed);
}

static uint32_t hsem_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    if (offset >= RLR0 && offset < C1IER)
        return read_lock(block, (offset - RLR0) / 4, core_id(access->master));
    return REG(block, offset);
}

static void hsem_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    if (offset < RLR0) {
        write_semaphore(block, offset / 4, block_merge(block, offset, value, access),
                        core_id(access->master));
        return;
    }
    switch (offset) {
    case C1ICR:
    case C1ICR + CORE_STRIDE:
        REG(block, offset - C1ICR + C1ISR) &= ~value;
        break;
    case CR:
        write_clear(block, value, core_id(access->master));
        return;
    default:
        block_store(block, offset, value, access);
        break;
    }
    update_interrupts(block);
}

const struct block_class hsem_class = {
    .name = "HSEM",
    .regs = hsem_regs,
    .reg_count = sizeof hsem_regs / sizeof hsem_regs[0],
    .size = sizeof(struct hsem),
    .words_only = true, /* 11.4 */
    .read = hsem_read,
    .write = hsem_write,
};
