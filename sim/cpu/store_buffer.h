/*
 * The Cortex-M7's store buffer (DDI 0489, 5.9.2): four entries of 64 bits, in which stores to Normal
 * memory wait that no cache line takes: non-cacheable ones, write-through ones, and misses that do not
 * allocate. Other masters see a store when it leaves. Within a line all leave together; lines leave some
 * cycles after their first store, each by chance, so one may overtake another (ARMv7-M ARM A3.7.3: the
 * order of accesses to Normal memory is nobody's promise). The core's own loads see what waits here.
 *
 * It is empty after DMB and DSB, around exclusive accesses, before loads from Device and Strongly-
 * ordered memory and stores to the latter, before data cache maintenance, before sleep and in lockup; of
 * these cpu_set_late_stores() leaves out maintenance and sleep, which nobody promises.
 * Stores to Device memory do not wait for it, nor do exception entries.
 *
 * Only pages that another master has touched go this way: of the others nobody sees the order.
 */
#ifndef SIM_CPU_STORE_BUFFER_H
#define SIM_CPU_STORE_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;

/* Cycles that a line waits, estimates: mostly what a write on the bus takes, once in so many times what
 * it takes while the bus is busy. That is longer than the cores are apart in time (sim/machine), so
 * that the other core has its turn while a store waits. */
enum {
    STORE_ENTRIES = 4,
    STORE_ENTRY_BYTES = 8,
    STORE_CYCLES = 32,
    STORE_CYCLES_MAX = 512,
    STORE_WAITS_LONG = 8,     /* one in 8 */
    STORE_CYCLES_LATE = 4096, /* after cpu_set_late_stores() */
};

struct buffered_store {
    uint32_t address; /* a multiple of STORE_ENTRY_BYTES */
    uint8_t written;  /* a bit a byte */
    uint8_t bytes[STORE_ENTRY_BYTES];
    uint64_t due; /* cycle at which it leaves; one for all entries of a line */
};

struct store_buffer {
    struct buffered_store entries[STORE_ENTRIES]; /* the oldest first */
    unsigned count;
    uint32_t random; /* never 0 */
    bool late;
};

void store_buffer_set_seed(struct cpu *cpu, uint32_t seed);
/* What waits is lost. */
void store_buffer_reset(struct cpu *cpu);

/* A store of 1, 2 or 4 bytes, aligned, to Normal memory. False: nobody else uses that page, or no RAM
 * is there; it is to be done at once. */
bool store_buffer_put(struct cpu *cpu, uint32_t address, unsigned size, uint32_t value);
/* Puts what waits over what memory has. */
void store_buffer_forward(const struct cpu *cpu, uint32_t address, unsigned size, uint32_t *value);
/* Puts what a debugger writes over what waits. */
void store_buffer_poke(struct cpu *cpu, uint32_t address, const uint8_t *bytes, unsigned size);
/* Something of the page waits: the TLB must not lead around it. */
bool store_buffer_holds_page(const struct cpu *cpu, uint32_t address);
/* Stores to the page go by here and may not be done by the TLB. */
bool store_buffer_concerns(const struct cpu *cpu, uint32_t address, bool page_is_shared);

void store_buffer_drain_line(struct cpu *cpu, uint32_t address);
/* cpu->cycles has reached cpu->stores_due: what is due leaves. */
void store_buffer_tick(struct cpu *cpu);

#endif
