/*
 * Lifetime and reset of the system half (ARMv7-M ARM B1.5.5).
 */
#include <stdlib.h>

#include "sim/cpu/dcache.h"
#include "sim/cpu/late.h"

bool system_create(struct cpu *cpu)
{
    cpu->system = calloc(1, sizeof *cpu->system);
    if (!cpu->system)
        return false;
    unsigned bits = cpu->config.priority_bits;
    if (bits < 3 || bits > 8)
        bits = bits < 3 ? 3 : 8;
    cpu->system->priority_mask = 0xff00u >> bits & 0xff;
    if (cpu->config.irq_count > EXCEPTION_MAX - EXCEPTION_IRQ0)
        cpu->config.irq_count = EXCEPTION_MAX - EXCEPTION_IRQ0;
    if (cpu->config.mpu_regions > MPU_MAX_REGIONS)
        cpu->config.mpu_regions = MPU_MAX_REGIONS;
    cpu->system->active_priority = PRIORITY_NONE;
    store_buffer_reset(cpu);
    memory_flush(cpu);
    return cpu->config.model != CPU_CORTEX_M7 || dcache_create(cpu);
}

void system_destroy(struct cpu *cpu)
{
    if (!cpu->system)
        return;
    dcache_destroy(cpu);
    free(cpu->system);
    cpu->system = NULL;
}

static void reset_exceptions(struct system_state *system)
{
    for (unsigned word = 0; word < EXCEPTION_WORDS; word++) {
        system->pending[word] = system->level[word]; /* a line that is high pends at once */
        system->active[word] = 0;
        system->enabled[word] = 0;
    }
    for (unsigned number = 0; number < EXCEPTION_MAX; number++)
        system->priority[number] = 0;
    for (unsigned number = EXCEPTION_RESET; number < EXCEPTION_IRQ0; number++)
        bit_set(system->enabled, number);
    bit_clear(system->enabled, EXCEPTION_MEMMANAGE);
    bit_clear(system->enabled, EXCEPTION_BUSFAULT);
    bit_clear(system->enabled, EXCEPTION_USAGEFAULT);
    system->active_priority = PRIORITY_NONE;
    system->prigroup = 0;
}

static void reset_core(struct cpu *cpu)
{
    monitor_clear(cpu);
    xpsr_write(cpu, 0);
    cpu->ipsr = cpu->control = 0;
    cpu->primask = cpu->basepri = cpu->faultmask = 0;
    cpu->fpscr = 0;
    cpu->asleep = cpu->locked_up = cpu->event_register = false;
    cpu->banked_sp[0] = cpu->banked_sp[1] = 0;
    cpu->r[14] = 0xffffffffu;
    cpu->attention = true;
}

/* A fault on the first two vectors is a HardFault that cannot be taken (B1.5.15). */
static void lock_up_at_reset(struct cpu *cpu)
{
    cpu->system->hfsr |= HFSR_VECTTBL;
    cpu->ipsr = EXCEPTION_HARDFAULT;
    activate(cpu, EXCEPTION_HARDFAULT);
    enter_lockup(cpu);
}

void system_reset(struct cpu *cpu, uint32_t vtor)
{
    uint32_t sp = 0, pc = 0;

    cpu->system->reset_requested = false;
    cpu->system->initial_vtor = vtor;
    reset_exceptions(cpu->system);
    late_reset(cpu);
    scs_reset(cpu);
    if (cpu->system->dcache)
        dcache_reset(cpu);
    store_buffer_reset(cpu);
    cpu->system->vtor = vtor & ~0x7fu;
    reset_core(cpu);
    bool ok = vector_read(cpu, vtor, &sp) && vector_read(cpu, vtor + 4, &pc);
    cpu->r[13] = sp & ~3u;
    cpu->thumb = pc & 1;
    branch_to(cpu, pc);
    if (!ok)
        lock_up_at_reset(cpu);
    update_privilege(cpu);
    cpu_forget_pages(cpu);
}

void system_refresh(struct cpu *cpu)
{
    update_privilege(cpu);
    cpu->attention = true;
}

uint64_t system_exceptions(const struct cpu *cpu)
{
    return cpu->system->exceptions;
}

void system_report(struct cpu *cpu, const char *what)
{
    report_unpredictable(cpu, what);
}

bool trap_divide_by_zero(const struct cpu *cpu)
{
    return cpu->system->ccr & CCR_DIV_0_TRP;
}

bool trap_unaligned(const struct cpu *cpu)
{
    return cpu->system->ccr & CCR_UNALIGN_TRP;
}
