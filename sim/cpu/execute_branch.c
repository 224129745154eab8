/* Branches and what touches the system: SVC, hints, barriers, special registers. */
#include "sim/cpu/isa.h"

enum flow branch_exchange(struct cpu *cpu, const struct insn *insn, uint32_t address)
{
    cpu->itstate = 0;
    if (cpu->ipsr != 0 && address >> 28 == 15) {
        expose(cpu, insn);
        cpu->itstate = 0;
        exception_return(cpu, address);
        conceal(cpu, insn);
        return FLOW_LEAVE;
    }
    cpu->thumb = address & 1;
    return jump(cpu, address);
}

enum flow execute_b(struct cpu *cpu, const struct insn *insn)
{
    return jump(cpu, insn->imm);
}

enum flow execute_b_cond(struct cpu *cpu, const struct insn *insn)
{
    if (condition_holds(cpu, insn->shift))
        return jump(cpu, insn->imm);
    return leave(cpu, insn);
}

enum flow execute_bl(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[14] = (insn->pc + 4) | 1;
    return jump(cpu, insn->imm);
}

enum flow execute_bx(struct cpu *cpu, const struct insn *insn)
{
    return branch_exchange(cpu, insn, cpu->r[insn->rm]);
}

enum flow execute_blx(struct cpu *cpu, const struct insn *insn)
{
    uint32_t target = cpu->r[insn->rm];
    cpu->r[14] = (insn->pc + 2) | 1;
    cpu->thumb = target & 1;
    return jump(cpu, target);
}

enum flow execute_cbz(struct cpu *cpu, const struct insn *insn)
{
    if ((cpu->r[insn->rn] != 0) == insn->shift)
        return jump(cpu, insn->imm);
    return leave(cpu, insn);
}

enum flow execute_mov_pc(struct cpu *cpu, const struct insn *insn)
{
    return jump(cpu, cpu->r[insn->rm]);
}

enum flow execute_add_pc(struct cpu *cpu, const struct insn *insn)
{
    uint32_t other = insn->rm == 15 ? insn->pc + 4 : cpu->r[insn->rm];
    return jump(cpu, insn->pc + 4 + other);
}

/* The sentinel: `pc` is the next instruction, `it` its ITSTATE. */
enum flow execute_end(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[15] = insn->pc;
    cpu->itstate = insn->it;
    return FLOW_LEAVE;
}

enum flow execute_breakpoint(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[15] = insn->pc;
    cpu->itstate = insn->it;
    return FLOW_BREAK;
}

/* ---- System ----------------------------------------------------------------------------------- */

/* r[15] and itstate are the next instruction's while `what` happens. */
#define SYSTEM(name, what)                                                                         \
    enum flow execute_##name(struct cpu *cpu, const struct insn *insn)                             \
    {                                                                                              \
        expose(cpu, insn);                                                                         \
        leave(cpu, insn);                                                                          \
        what;                                                                                      \
        conceal(cpu, insn);                                                                        \
        return FLOW_LEAVE;                                                                         \
    }
SYSTEM(wfe, wait_for_event(cpu))
SYSTEM(wfi, wait_for_interrupt(cpu))
SYSTEM(sev, send_event(cpu))
SYSTEM(barrier, barrier(cpu, insn->imm))
SYSTEM(svc, raise_svc(cpu))
SYSTEM(cps, change_state(cpu, insn->shift, insn->imm >> 1 & 1, insn->imm & 1))
SYSTEM(msr, special_write(cpu, insn->imm, insn->shift, cpu->r[insn->rn]))

enum flow execute_mrs(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[insn->rd] = special_read(cpu, insn->imm);
    return FLOW_NEXT;
}

enum flow execute_nop(struct cpu *cpu, const struct insn *insn)
{
    (void)cpu;
    (void)insn;
    return FLOW_NEXT;
}

/* The block knows every instruction's ITSTATE; nothing is left to do when IT executes. */
enum flow execute_it(struct cpu *cpu, const struct insn *insn)
{
    (void)cpu;
    (void)insn;
    return FLOW_NEXT;
}

enum flow execute_bkpt(struct cpu *cpu, const struct insn *insn)
{
    return fault(cpu, insn, FAULT_BREAKPOINT, insn->pc);
}

/* In the FPU's space (imm 1) an access without permission comes first. */
enum flow execute_undefined(struct cpu *cpu, const struct insn *insn)
{
    if (insn->imm && !cpu->fp_ready) {
        expose(cpu, insn);
        enum cpu_fault what = fp_prepare(cpu);
        conceal(cpu, insn);
        if (what == FAULT_YIELD)
            return FLOW_FAULT;
        if (what != FAULT_NONE)
            return fault(cpu, insn, what, 0);
    }
    return fault(cpu, insn, FAULT_UNDEFINED, 0);
}

enum flow execute_nocp(struct cpu *cpu, const struct insn *insn)
{
    return fault(cpu, insn, FAULT_NO_COPROCESSOR, 0);
}
