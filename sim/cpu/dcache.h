/*
 * The Cortex-M7's L1 data cache, a stage between the core and its bus (DDI 0489, 5.8; ARMv7-M ARM
 * A3.5, B2.2): 16 KB, 4 ways of 128 sets, lines of 32 bytes. Lines hold data of their own: what was
 * not cleaned is not in memory, what was not invalidated stays as it was when it was filled.
 *
 * Speculative line fills are in speculation.c. Not modelled: the dynamic read-allocate mode
 * (ACTLR.DISRAMODE).
 */
#ifndef SIM_CPU_DCACHE_H
#define SIM_CPU_DCACHE_H

#include "sim/cpu/system.h"

enum { DCACHE_WAYS = 4, DCACHE_SETS = 128 };

struct dcache;
bool dcache_create(struct cpu *cpu); /* false: out of memory */
void dcache_destroy(struct cpu *cpu);
/* The lines stay as they are; whoever switches the cache on must invalidate them first. */
void dcache_reset(struct cpu *cpu);
/* CCR.DC went from 0 to 1. */
void dcache_switched_on(struct cpu *cpu);

/* `address` is a multiple of `size` (1, 2 or 4); `attributes` are those of the address. Called from
 * memory.c for everything outside the private peripheral bus. */
enum cpu_bus_status dcache_read(struct cpu *cpu, uint32_t address, unsigned size,
                                enum cpu_access kind, const struct memory_attributes *attributes,
                                uint32_t *value);
enum cpu_bus_status dcache_write(struct cpu *cpu, uint32_t address, unsigned size,
                                 enum cpu_access kind, const struct memory_attributes *attributes,
                                 uint32_t value);
/* The address is a TCM's, which no cache holds. */
bool dcache_leaves_to_tcm(const struct cpu *cpu, uint32_t address);
/* Accesses to the page may go around the cache, by the TLB. */
bool dcache_bypasses(const struct cpu *cpu, uint32_t address,
                     const struct memory_attributes *attributes);
/* Accesses to a cached line from now on go by the line table: reads of any line, writes of those
 * that are dirty and written back. No-op where there is no line. */
void dcache_grant(struct cpu *cpu, uint32_t address, const struct memory_attributes *attributes);
/* A write to DCIMVAC, DCISW, DCCMVAU, DCCMVAC, DCCSW, DCCIMVAC or DCCISW (B2.2.7), at `address`. */
void dcache_maintain(struct cpu *cpu, uint32_t address, uint32_t value);

/* The line is there from now on, if its memory may be cached; takes no time. */
void dcache_prefetch(struct cpu *cpu, uint32_t address);
/* The line was invalidated by address. */
void speculation_note(struct cpu *cpu, uint32_t address);

#endif
