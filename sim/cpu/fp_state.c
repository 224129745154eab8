/*
 * The floating-point extension's place in the exception model: access control, automatic and lazy
 * state preservation (ARMv7-M ARM B1.5.7, B1.5.16, B3.2.20 to B3.2.23).
 */
#include "sim/cpu/system.h"

bool fp_enabled(const struct cpu *cpu)
{
    unsigned access = cpu->system->cpacr >> 20 & 3; /* CP10 */
    return access == 3 || (access == 1 && cpu->privileged);
}

void update_fp_ready(struct cpu *cpu)
{
    uint32_t fpccr = cpu->system->fpccr;
    cpu->fp_ready = fp_enabled(cpu) && !(fpccr & FPCCR_LSPACT) &&
                    ((cpu->control & CONTROL_FPCA) || !(fpccr & FPCCR_ASPEN));
}

static bool would_preempt(const struct cpu *cpu, unsigned number, int current)
{
    const struct system_state *system = cpu->system;
    return group_priority(system, exception_priority(system, number)) < current;
}

/* UpdateFPCCR(): notes what a fault of the preservation to come may become. */
void prepare_lazy_fp(struct cpu *cpu, uint32_t frame)
{
    struct system_state *system = cpu->system;
    int current = execution_priority(cpu);
    uint32_t fpccr = (system->fpccr & (FPCCR_ASPEN | FPCCR_LSPEN)) | FPCCR_LSPACT;

    if (!cpu->privileged)
        fpccr |= FPCCR_USER;
    if (!handler_mode(cpu))
        fpccr |= FPCCR_THREAD;
    if (current > PRIORITY_HARDFAULT)
        fpccr |= FPCCR_HFRDY;
    if (bit_test(system->enabled, EXCEPTION_BUSFAULT) &&
        would_preempt(cpu, EXCEPTION_BUSFAULT, current))
        fpccr |= FPCCR_BFRDY;
    if (bit_test(system->enabled, EXCEPTION_MEMMANAGE) &&
        would_preempt(cpu, EXCEPTION_MEMMANAGE, current))
        fpccr |= FPCCR_MMRDY;
    if ((system->demcr & DEMCR_MON_EN) && would_preempt(cpu, EXCEPTION_DEBUGMONITOR, current))
        fpccr |= FPCCR_MONRDY;
    system->fpccr = fpccr;
    system->fpcar = frame & ~7u;
}

/* TakePreserveFPException(): by the readiness recorded at the entry, not by today's. */
static void pend_lazy_fault(struct cpu *cpu, enum cpu_fault fault)
{
    struct system_state *system = cpu->system;
    bool mpu = fault == FAULT_DATA_MPU;

    set_fault_status(cpu, mpu ? CFSR_MLSPERR : CFSR_LSPERR);
    if (system->fpccr & (mpu ? FPCCR_MMRDY : FPCCR_BFRDY)) {
        set_pending(cpu, mpu ? EXCEPTION_MEMMANAGE : EXCEPTION_BUSFAULT);
    } else if (system->fpccr & FPCCR_HFRDY) {
        system->hfsr |= HFSR_FORCED;
        set_pending(cpu, EXCEPTION_HARDFAULT);
    } else {
        enter_lockup(cpu);
    }
}

static enum cpu_fault store_lazy_state(struct cpu *cpu)
{
    uint32_t address = cpu->system->fpcar;
    bool privileged = !(cpu->system->fpccr & FPCCR_USER);
    enum cpu_fault fault = FAULT_NONE;

    for (unsigned i = 0; i < 16 && fault == FAULT_NONE; i++)
        fault = stack_write(cpu, address + 4 * i, privileged, cpu->fp.s[i]);
    if (fault == FAULT_NONE)
        fault = stack_write(cpu, address + 64, privileged, cpu->fpscr);
    cpu->cycles += 17;
    return fault;
}

/* False: a fault of it was taken (or locked up); the FP instruction has not begun. */
static bool preserve_fp_state(struct cpu *cpu)
{
    enum cpu_fault fault = store_lazy_state(cpu);
    if (fault != FAULT_NONE) {
        pend_lazy_fault(cpu, fault);
        if (cpu->locked_up)
            return false;
        if (preempts(cpu, cpu->primask)) {
            enter_exception(cpu);
            return false;
        }
    }
    cpu->system->fpccr &= ~FPCCR_LSPACT;
    return true;
}

/* ExecuteFPCheck(). */
enum cpu_fault fp_prepare(struct cpu *cpu)
{
    struct system_state *system = cpu->system;

    trace(cpu, CPU_TRACE_FP, cpu->r[15], 0);
    if (!fp_enabled(cpu))
        return FAULT_NO_COPROCESSOR;
    if ((system->fpccr & FPCCR_LSPACT) && !preserve_fp_state(cpu))
        return FAULT_YIELD;
    if ((system->fpccr & FPCCR_ASPEN) && !(cpu->control & CONTROL_FPCA)) {
        cpu->fpscr = (cpu->fpscr & ~0x07c00000u) | (system->fpdscr & 0x07c00000u);
        cpu->control |= CONTROL_FPCA;
    }
    update_fp_ready(cpu);
    return FAULT_NONE;
}
