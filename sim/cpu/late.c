/* Interrupts that are let in, or shut out, as late as the architecture permits. */
#include "sim/cpu/late.h"

#include <string.h>

/* Longer than any pipeline of these cores, shorter than what a program does between two sections. */
enum { LATE_CYCLES = 32 };

void cpu_set_late_effects(struct cpu *cpu)
{
    cpu->system->late.on = true;
}

void late_begin(struct cpu *cpu, enum late_stage stage)
{
    struct late *late = &cpu->system->late;
    if (!late->on)
        return;
    if (late->stage == LATE_NOTHING) { /* what waits already does not wait longer: no starving */
        late->until = 0;               /* counted from this instruction's end, see late_tick() */
        cpu->attention = true;         /* the deadline moved */
    }
    if (stage > late->stage)
        late->stage = stage;
}

/* Nothing that was disabled is entered from now on. */
static void take_effect(struct cpu *cpu)
{
    struct late *late = &cpu->system->late;
    late->stage = LATE_NOTHING;
    for (unsigned word = 0; word < EXCEPTION_WORDS; word++) {
        cpu->system->enabled[word] &= ~late->disabled[word];
        late->disabled[word] = 0;
    }
    priorities_changed(cpu);
}

bool late_disable(struct cpu *cpu, unsigned number)
{
    if (!cpu->system->late.on)
        return false;
    bit_set(cpu->system->late.disabled, number);
    late_begin(cpu, LATE_UNTIL_DSB);
    return true;
}

void late_enable(struct cpu *cpu, unsigned number)
{
    bit_clear(cpu->system->late.disabled, number);
}

void late_barrier(struct cpu *cpu, unsigned kind)
{
    struct late *late = &cpu->system->late;
    if (!late->on)
        return;
    if (kind == BARRIER_DSB && late->stage == LATE_UNTIL_DSB)
        late->stage = LATE_UNTIL_ISB;
    else if (kind == BARRIER_ISB && late->stage != LATE_UNTIL_DSB)
        take_effect(cpu);
}

/* No barrier came. What waits to be entered goes first, even if it was disabled meanwhile; then, by its
 * entry, what was disabled is. */
static void time_is_up(struct cpu *cpu)
{
    cpu->system->late.stage = LATE_NOTHING;
    if (preempts(cpu, cpu->primask))
        cpu->attention = true;
    else
        take_effect(cpu);
}

void late_tick(struct cpu *cpu)
{
    struct late *late = &cpu->system->late;
    if (late->stage == LATE_NOTHING)
        return;
    if (!late->until)
        late->until = cpu->cycles + LATE_CYCLES;
    else if (cpu->cycles >= late->until)
        time_is_up(cpu);
}

void late_reset(struct cpu *cpu)
{
    struct late *late = &cpu->system->late;
    *late = (struct late){.on = late->on};
}
