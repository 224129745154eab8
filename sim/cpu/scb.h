/*
 * Registers of the system control block proper, the FP extension, the M7's memory control and the
 * debug control block.
 */
#ifndef SIM_CPU_SCB_H
#define SIM_CPU_SCB_H

#include "sim/cpu/system.h"

/* `address` is word-aligned. False: no such register, reads as zero, writes are ignored. */
bool scb_read(struct cpu *cpu, uint32_t address, bool peek, uint32_t *value);
bool scb_write(struct cpu *cpu, uint32_t address, uint32_t value);

#endif
