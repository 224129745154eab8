/*
 * Exceptions: faults and their escalation, entry, return, lockup (ARMv7-M ARM B1.5).
 */
#include "sim/cpu/late.h"

/* Cycles without wait states, Cortex-M4 TRM 3.9 and Cortex-M7 TRM: entry, tail-chain, return. */
enum { CYCLES_ENTRY = 12, CYCLES_TAIL_CHAIN = 6, CYCLES_RETURN = 10 };

#define LOCKUP_ADDRESS 0xfffffffeu

/* Which status bits a fault sets, and which exception it raises (B1.5.14, table B1-9). */
static const struct fault_rule {
    uint32_t cfsr;
    unsigned exception;
} fault_rules[] = {
    [FAULT_UNDEFINED] = {CFSR_UNDEFINSTR, EXCEPTION_USAGEFAULT},
    [FAULT_INVALID_STATE] = {CFSR_INVSTATE, EXCEPTION_USAGEFAULT},
    [FAULT_INVALID_PC] = {CFSR_INVPC, EXCEPTION_USAGEFAULT},
    [FAULT_NO_COPROCESSOR] = {CFSR_NOCP, EXCEPTION_USAGEFAULT},
    [FAULT_UNALIGNED] = {CFSR_UNALIGNED, EXCEPTION_USAGEFAULT},
    [FAULT_DIVIDE_BY_ZERO] = {CFSR_DIVBYZERO, EXCEPTION_USAGEFAULT},
    [FAULT_FETCH_MPU] = {CFSR_IACCVIOL, EXCEPTION_MEMMANAGE},
    [FAULT_DATA_MPU] = {CFSR_DACCVIOL | CFSR_MMARVALID, EXCEPTION_MEMMANAGE},
    [FAULT_FETCH_BUS] = {CFSR_IBUSERR, EXCEPTION_BUSFAULT},
    [FAULT_DATA_BUS] = {CFSR_PRECISERR | CFSR_BFARVALID, EXCEPTION_BUSFAULT},
    [FAULT_DATA_BUS_LATE] = {CFSR_IMPRECISERR, EXCEPTION_BUSFAULT},
};

void update_privilege(struct cpu *cpu)
{
    cpu->privileged = handler_mode(cpu) || !(cpu->control & CONTROL_NPRIV);
    memory_context_changed(cpu);
    update_fp_ready(cpu);
}

void select_stack(struct cpu *cpu, bool process)
{
    unsigned old = cpu->control >> 1 & 1;
    if (old == process)
        return;
    cpu->banked_sp[old] = cpu->r[13];
    cpu->r[13] = cpu->banked_sp[process];
    cpu->control ^= CONTROL_SPSEL;
}

void set_fault_status(struct cpu *cpu, uint32_t cfsr)
{
    trace(cpu, CPU_TRACE_FAULT, cpu->r[15], cfsr & ~cpu->system->cfsr);
    cpu->system->cfsr |= cfsr;
}

/* B1.5.15. The registers keep what led here, for whoever asks; NMI would stack 0xFFFFFFFE. */
void enter_lockup(struct cpu *cpu)
{
    drain_stores(cpu);
    cpu->locked_up = true;
    cpu->attention = true;
}

static bool pend_hard_fault(struct cpu *cpu, uint32_t hfsr)
{
    if (execution_priority(cpu) <= PRIORITY_HARDFAULT) {
        enter_lockup(cpu);
        return false;
    }
    cpu->system->hfsr |= hfsr;
    set_pending(cpu, EXCEPTION_HARDFAULT);
    return true;
}

static bool can_take(const struct cpu *cpu, unsigned number)
{
    const struct system_state *system = cpu->system;
    return bit_test(system->enabled, number) &&
           group_priority(system, exception_priority(system, number)) < execution_priority(cpu);
}

/* B1.5.14, priority escalation of synchronous exceptions. */
bool pend_fault(struct cpu *cpu, unsigned number)
{
    if (!can_take(cpu, number))
        return pend_hard_fault(cpu, HFSR_FORCED);
    set_pending(cpu, number);
    return true;
}

static void fail_vector_read(struct cpu *cpu, unsigned number)
{
    cpu->system->hfsr |= HFSR_VECTTBL;
    if (number == EXCEPTION_HARDFAULT || number == EXCEPTION_NMI ||
        execution_priority(cpu) <= PRIORITY_HARDFAULT) {
        activate(cpu, number);
        cpu->ipsr = number;
        enter_lockup(cpu);
        return;
    }
    set_pending(cpu, EXCEPTION_HARDFAULT);
}

/* Activates and enters `number`, whose vector was read (ExceptionTaken(), B1.5.7). */
static void begin_handler(struct cpu *cpu, unsigned number, uint32_t vector, uint32_t exc_return)
{
    select_stack(cpu, false);
    cpu->r[14] = exc_return;
    cpu->control &= ~(uint32_t)CONTROL_FPCA;
    cpu->ipsr = number;
    cpu->itstate = 0;
    cpu->thumb = vector & 1;
    activate(cpu, number);
    monitor_clear(cpu);
    cpu->event_register = true;
    cpu->locked_up = false;
    cpu->system->exceptions++;
    late_barrier(cpu, BARRIER_ISB);
    hash_mix(cpu, (uint64_t)number << 32 | vector);
    branch_to(cpu, vector);
    update_privilege(cpu);
    trace(cpu, CPU_TRACE_EXCEPTION_ENTRY, vector & ~1u, number);
}

/* Takes whatever is most urgent by now: late arrivals and derived exceptions come first. */
static void take_pending(struct cpu *cpu, uint32_t exc_return)
{
    uint32_t vector = 0;
    unsigned number;

    for (;;) {
        number = highest_pending(cpu->system);
        if (vector_read(cpu, cpu->system->vtor + 4 * number, &vector))
            break;
        fail_vector_read(cpu, number);
        if (cpu->locked_up)
            return;
    }
    begin_handler(cpu, number, vector, exc_return);
    priorities_changed(cpu);
}

void enter_exception(struct cpu *cpu)
{
    cpu->cycles += CYCLES_ENTRY;
    uint32_t exc_return = push_stack(cpu);
    if (!cpu->locked_up || preempts(cpu, cpu->primask))
        take_pending(cpu, exc_return);
}

static void tail_chain(struct cpu *cpu, uint32_t exc_return)
{
    cpu->cycles += CYCLES_TAIL_CHAIN;
    take_pending(cpu, exc_return);
}

/* An unaligned access fails at one of its pieces; `address` is where it began. */
static void record_address(struct cpu *cpu, uint32_t cfsr, uint32_t address)
{
    if (cpu->system->fault_address - address < 4)
        address = cpu->system->fault_address;
    if (cfsr & CFSR_MMARVALID)
        cpu->system->mmfar = address;
    if (cfsr & CFSR_BFARVALID)
        cpu->system->bfar = address;
}

/* BKPT with no debugger (C1.6.1): DebugMonitor if it is on and urgent enough, else HardFault. */
static bool pend_breakpoint(struct cpu *cpu)
{
    cpu->system->dfsr |= DFSR_BKPT;
    if ((cpu->system->demcr & DEMCR_MON_EN) && can_take(cpu, EXCEPTION_DEBUGMONITOR)) {
        set_pending(cpu, EXCEPTION_DEBUGMONITOR);
        return true;
    }
    return pend_hard_fault(cpu, HFSR_DEBUGEVT);
}

/* An asynchronous fault waits for its turn if its priority is too low, and is HardFault's only if
 * BusFault is off (B1.5.14). */
static void pend_late_bus_fault(struct cpu *cpu)
{
    set_fault_status(cpu, CFSR_IMPRECISERR);
    if (!bit_test(cpu->system->enabled, EXCEPTION_BUSFAULT)) {
        cpu->system->hfsr |= HFSR_FORCED;
        set_pending(cpu, EXCEPTION_HARDFAULT);
        return;
    }
    set_pending(cpu, EXCEPTION_BUSFAULT);
}

void raise_fault(struct cpu *cpu, enum cpu_fault fault, uint32_t address)
{
    if (fault == FAULT_NONE)
        return;
    if (fault == FAULT_YIELD) {
        cpu->end_slice = true;
        cpu->attention = true;
        return;
    }
    if (fault == FAULT_DATA_BUS_LATE) {
        pend_late_bus_fault(cpu);
        return;
    }
    if (fault == FAULT_BREAKPOINT) {
        if (pend_breakpoint(cpu))
            enter_exception(cpu);
        return;
    }
    set_fault_status(cpu, fault_rules[fault].cfsr);
    record_address(cpu, fault_rules[fault].cfsr, address);
    if (pend_fault(cpu, fault_rules[fault].exception))
        enter_exception(cpu);
}

void raise_svc(struct cpu *cpu)
{
    if (pend_fault(cpu, EXCEPTION_SVCALL))
        enter_exception(cpu);
}

/* A return that fails its checks chains to UsageFault on the frame it came from (B1.5.8). */
static void fail_return(struct cpu *cpu, uint32_t exc_return)
{
    set_fault_status(cpu, CFSR_INVPC);
    if (pend_fault(cpu, EXCEPTION_USAGEFAULT))
        tail_chain(cpu, 0xf0000000u | (exc_return & 0x0fffffffu));
}

/* The checks of B1.5.8 before the frame is touched; `nested` counts active exceptions before. */
static bool return_is_legal(const struct cpu *cpu, uint32_t exc_return, unsigned nested)
{
    switch (exc_return & 15) {
    case 1:
        return nested > 1;
    case 9:
    case 13:
        return nested == 1 || (cpu->system->ccr & CCR_NONBASETHRDENA);
    default:
        return false;
    }
}

static void leave_handler(struct cpu *cpu, unsigned number)
{
    if (number != EXCEPTION_NMI)
        cpu->faultmask = 0;
    deactivate(cpu, number);
    late_barrier(cpu, BARRIER_ISB);
    priorities_changed(cpu);
    trace(cpu, CPU_TRACE_EXCEPTION_RETURN, cpu->r[15], number);
}

/* PopStack() brought back a mode that EXC_RETURN did not promise: the frame is pushed again. */
static void fail_mode(struct cpu *cpu, uint32_t exc_return)
{
    set_fault_status(cpu, CFSR_INVPC);
    if (!pend_fault(cpu, EXCEPTION_USAGEFAULT))
        return;
    push_stack(cpu);
    take_pending(cpu, 0xf0000000u | (exc_return & 0x0fffffffu));
}

static void finish_return(struct cpu *cpu, uint32_t exc_return, unsigned nested)
{
    bool to_handler = (exc_return & 15) == 1;

    cpu->cycles += CYCLES_RETURN;
    if (!pop_stack(cpu, exc_return)) {
        if (!cpu->locked_up)
            tail_chain(cpu, exc_return);
        return;
    }
    update_privilege(cpu);
    if (handler_mode(cpu) != to_handler) {
        fail_mode(cpu, exc_return);
        return;
    }
    monitor_clear(cpu);
    cpu->event_register = true;
    if (!to_handler && nested == 1 && (cpu->system->scr & SCR_SLEEPONEXIT))
        sleep_on_exit(cpu);
    priorities_changed(cpu);
}

/* B1.5.8, ExceptionReturn(). */
void exception_return(struct cpu *cpu, uint32_t exc_return)
{
    unsigned number = cpu->ipsr;
    unsigned nested = active_count(cpu->system);
    bool active = bit_test(cpu->system->active, number);

    if ((exc_return & 0x0fffffe0u) != 0x0fffffe0u)
        report_unpredictable(cpu, "EXC_RETURN with bits 27:5 not all ones");
    bool legal = active && return_is_legal(cpu, exc_return, nested);
    leave_handler(cpu, number);
    if (!legal)
        fail_return(cpu, exc_return);
    else if (preempts(cpu, cpu->primask))
        tail_chain(cpu, exc_return);
    else
        finish_return(cpu, exc_return, nested);
}

static void leave_lockup(struct cpu *cpu)
{
    /* Only an NMI over a lockup at HardFault's priority gets here (B1.5.15). */
    cpu->r[15] = LOCKUP_ADDRESS;
    enter_exception(cpu);
}

static bool is_due(const struct cpu *cpu)
{
    return !late_holds(cpu) && preempts(cpu, cpu->primask);
}

void service(struct cpu *cpu)
{
    struct system_state *system = cpu->system;

    if (system->reset_requested) {
        system_reset(cpu, system->initial_vtor);
    } else if (cpu->locked_up) {
        if (preempts(cpu, cpu->primask))
            leave_lockup(cpu);
    } else if (!cpu->asleep && is_due(cpu)) {
        enter_exception(cpu);
    }
    cpu->attention = cpu->end_slice || cpu->asleep || cpu->locked_up || is_due(cpu);
}
