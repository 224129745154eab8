/*
 * Sleep and the event register: WFI, WFE, SEV, sleep-on-exit (ARMv7-M ARM B1.5.17 to B1.5.19).
 */
#include "sim/cpu/late.h"

/* WFI and sleep-on-exit end for an exception that would preempt if PRIMASK were 0; WFE only for one
 * that does preempt. */
static bool wake_is_due(const struct cpu *cpu)
{
    if (cpu->system->sleep != SLEEP_WFE)
        return preempts(cpu, 0);
    return cpu->event_register || preempts(cpu, cpu->primask);
}

void wake_if_due(struct cpu *cpu)
{
    if (!cpu->asleep || !wake_is_due(cpu))
        return;
    cpu->asleep = false;
    trace(cpu, CPU_TRACE_WAKE, cpu->r[15], 0);
    if (cpu->system->sleep == SLEEP_WFE)
        cpu->event_register = false;
    cpu->attention = true;
}

static void fall_asleep(struct cpu *cpu, enum sleep_kind kind)
{
    cpu->system->sleep = kind;
    if (wake_is_due(cpu))
        return;
    if (!cpu->system->stores.late)
        drain_stores(cpu);
    cpu->asleep = true;
    cpu->attention = true;
}

void wait_for_interrupt(struct cpu *cpu)
{
    trace(cpu, CPU_TRACE_WAIT, cpu->r[15], 0);
    fall_asleep(cpu, SLEEP_WFI);
}

void wait_for_event(struct cpu *cpu)
{
    trace(cpu, CPU_TRACE_WAIT, cpu->r[15], 1);
    if (cpu->event_register)
        cpu->event_register = false;
    else
        fall_asleep(cpu, SLEEP_WFE);
}

void sleep_on_exit(struct cpu *cpu)
{
    fall_asleep(cpu, SLEEP_ON_EXIT);
}

void set_event_register(struct cpu *cpu)
{
    cpu->event_register = true;
    wake_if_due(cpu);
}

void send_event(struct cpu *cpu)
{
    set_event_register(cpu);
    if (cpu->config.host.send_event)
        cpu->config.host.send_event(cpu->config.host.ctx);
}

void barrier(struct cpu *cpu, unsigned kind)
{
    if (kind != BARRIER_ISB)
        drain_stores(cpu);
    late_barrier(cpu, kind);
    trace(cpu, CPU_TRACE_BARRIER, cpu->r[15], kind);
}

void cpu_signal_event(struct cpu *cpu)
{
    set_event_register(cpu);
}

bool cpu_asleep(const struct cpu *cpu)
{
    return cpu->asleep;
}

bool cpu_sleeps_deeply(const struct cpu *cpu)
{
    return cpu->system->scr & SCR_SLEEPDEEP;
}

bool cpu_sleeping_on_exit(const struct cpu *cpu)
{
    return cpu->asleep && cpu->system->sleep == SLEEP_ON_EXIT;
}

bool cpu_locked_up(const struct cpu *cpu)
{
    return cpu->locked_up;
}

/* DWT_CYCCNT stands still and SysTick counts on, unless its clock is stopped as well. */
void cpu_skip(struct cpu *cpu, uint64_t cycles, bool systick)
{
    cpu->cycles += cycles;
    cpu->asleep_cycles += cycles;
    if (cpu->cycles >= cpu->stores_due)
        store_buffer_tick(cpu);
    if (systick)
        system_tick(cpu);
    else
        cpu->system->systick.stopped_cycles += cycles;
}
