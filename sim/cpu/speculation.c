/*
 * Speculative line fills of the Cortex-M7 (DDI 0489, 5.8; ARMv7-M ARM A3.5.7): it may read any line of
 * cacheable memory at any time, also one that no instruction asks for. What makes that visible is a
 * line that was invalidated because another master is about to write it, and that comes back too
 * soon. So these are the lines that are remembered, and one of them comes back at a pseudo-random
 * time while the core runs.
 */
#include "sim/cpu/dcache.h"

void cpu_set_speculation(struct cpu *cpu, uint32_t seed)
{
    struct speculation *speculation = &cpu->system->speculation;
    speculation->on = true;
    speculation->random = seed * 2246822519u ^ 0x5bd1e995u ?: 1;
}

static uint32_t draw(struct speculation *speculation, uint32_t below)
{
    speculation->random ^= speculation->random << 13;
    speculation->random ^= speculation->random >> 17;
    speculation->random ^= speculation->random << 5;
    return (speculation->random >> 8) % below;
}

void speculation_note(struct cpu *cpu, uint32_t address)
{
    struct speculation *speculation = &cpu->system->speculation;
    if (!speculation->on)
        return;
    if (speculation->count < SPECULATION_LINES)
        speculation->line[speculation->count++] = address;
    else
        speculation->line[draw(speculation, SPECULATION_LINES)] = address;
}

void cpu_speculate(struct cpu *cpu)
{
    struct speculation *speculation = &cpu->system->speculation;
    if (!speculation->count)
        return;
    uint32_t chosen = draw(speculation, speculation->count);
    uint32_t address = speculation->line[chosen];
    speculation->line[chosen] = speculation->line[--speculation->count];
    dcache_prefetch(cpu, address);
}
