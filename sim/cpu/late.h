/*
 * What a core does to its own interrupts, as late as the architecture lets it take effect. A core with
 * cpu_set_late_effects() waits for the barriers that make it sure, or LATE_CYCLES, with what is done at
 * once else:
 *
 * - taking an interrupt that was pended or enabled by a write: DSB and ISB (ARMv7-M ARM B3.1.1);
 * - taking one that CPS or MSR lets in: ISB (B5.2.1, B5.2.3);
 * - no more taking one that was disabled by a write to NVIC_ICER: DSB and ISB.
 *
 * An exception's entry or return is as good as an ISB. Faults and supervisor calls are always taken at once,
 * and sleep ends when it must.
 */
#ifndef SIM_CPU_LATE_H
#define SIM_CPU_LATE_H

#include "sim/cpu/system.h"

static inline bool late_holds(const struct cpu *cpu)
{
    return cpu->system->late.stage != LATE_NOTHING;
}
/* The effect of what was just done waits for these. */
void late_begin(struct cpu *cpu, enum late_stage stage);
/* The exception is disabled, and may be entered until then. False: it is to be disabled now. */
bool late_disable(struct cpu *cpu, unsigned number);
void late_enable(struct cpu *cpu, unsigned number);
void late_barrier(struct cpu *cpu, unsigned kind); /* as barrier() */
/* Cycle at which late_tick() is to be called. */
static inline uint64_t late_until(const struct cpu *cpu)
{
    return late_holds(cpu) ? cpu->system->late.until : UINT64_MAX;
}
void late_tick(struct cpu *cpu);
void late_reset(struct cpu *cpu);

#endif
