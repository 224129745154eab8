/*
 * The Cortex-M7's L1 data cache, a stage between the core and its bus (DDI 0489, 5.8). In this form
 * it is transparent: every access goes through to the bus, and maintenance has nothing to do.
 */
#ifndef SIM_CPU_DCACHE_H
#define SIM_CPU_DCACHE_H

#include "sim/cpu/system.h"

/* `address` is a multiple of `size` (1, 2 or 4); `attributes` are those of the address. Called from
 * memory.c for everything outside the private peripheral bus. */
enum cpu_bus_status dcache_read(struct cpu *cpu, uint32_t address, unsigned size,
                                enum cpu_access kind, const struct memory_attributes *attributes,
                                uint32_t *value);
enum cpu_bus_status dcache_write(struct cpu *cpu, uint32_t address, unsigned size,
                                 enum cpu_access kind, const struct memory_attributes *attributes,
                                 uint32_t value);
/* Accesses to the page may go around the cache, by the TLB. */
bool dcache_bypasses(const struct cpu *cpu, const struct memory_attributes *attributes);
/* A write to DCIMVAC, DCISW, DCCMVAU, DCCMVAC, DCCSW, DCCIMVAC or DCCISW (B2.2.7), at `address`. */
void dcache_maintain(struct cpu *cpu, uint32_t address, uint32_t value);

#endif
