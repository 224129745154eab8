/* The core as its owner sees it: creation, the run loop, registers, breakpoints. */
#include "sim/cpu/translate.h"

#include <stdlib.h>
#include <string.h>

struct cpu *cpu_create(const struct cpu_config *config)
{
    struct cpu *cpu = calloc(1, sizeof *cpu);
    if (!cpu)
        return NULL;
    cpu->config = *config;
    cpu->pause_at = UINT64_MAX;
    if (!isa_create(cpu) || !system_create(cpu)) {
        cpu_destroy(cpu);
        return NULL;
    }
    return cpu;
}

void cpu_destroy(struct cpu *cpu)
{
    if (!cpu)
        return;
    system_destroy(cpu);
    isa_destroy(cpu);
    free(cpu);
}

void cpu_reset(struct cpu *cpu, uint32_t vtor)
{
    isa_invalidate_code(cpu);
    cpu->isa->resuming = false;
    cpu->end_slice = false;
    system_reset(cpu, vtor);
}

/* ---- The loop --------------------------------------------------------------------------------- */

static enum flow run_block(struct cpu *cpu, const struct block *block)
{
    const struct insn *insn = block->insns;
    enum flow flow;
    cpu->itstate = 0;
    while ((flow = insn->execute(cpu, insn)) == FLOW_NEXT)
        insn++;
    account(cpu, insn, flow);
    return flow;
}

/* The same where the deadline lies within the block: looks before each instruction. */
static enum flow step_block(struct cpu *cpu, const struct block *block)
{
    const struct insn *insn = block->insns;
    uint64_t budget = cpu->deadline - cpu->cycles;
    enum flow flow;
    cpu->itstate = 0;
    while ((flow = insn->execute(cpu, insn)) == FLOW_NEXT) {
        if (insn->cycles_after >= budget) {
            flow = leave(cpu, insn);
            break;
        }
        insn++;
    }
    account(cpu, insn, flow);
    return flow;
}

static void set_deadline(struct cpu *cpu)
{
    uint64_t tick = system_deadline(cpu);
    cpu->deadline = tick < cpu->limit ? tick : cpu->limit;
    if (cpu->stores_due < cpu->deadline)
        cpu->deadline = cpu->stores_due;
}

/* Looks at everything that may stop the loop or precede the next instruction. */
static bool stopped(struct cpu *cpu, enum cpu_stop *stop)
{
    if (cpu->cycles >= cpu->stores_due)
        store_buffer_tick(cpu);
    if (cpu->cycles >= system_deadline(cpu))
        system_tick(cpu);
    if (cpu->attention)
        service(cpu);
    set_deadline(cpu);
    if (cpu->locked_up)
        *stop = CPU_STOP_LOCKUP;
    else if (cpu->asleep)
        *stop = CPU_STOP_SLEEP;
    else if (cpu->end_slice)
        *stop = CPU_STOP_ASKED;
    else if (cpu->cycles >= cpu->limit)
        *stop = CPU_STOP_LIMIT;
    else if (cpu->instructions >= cpu->pause_at)
        *stop = CPU_STOP_PAUSED;
    else
        return false;
    return true;
}

/* An instruction takes a cycle or more: none is passed by. */
static void heed_pause(struct cpu *cpu)
{
    uint64_t left = cpu->pause_at - cpu->instructions;
    if (left < cpu->deadline - cpu->cycles)
        cpu->deadline = cpu->cycles + left;
}

/* As much of a block as the budget allows, in the fastest way that can. */
static enum flow run_some(struct cpu *cpu, struct block *block)
{
    uint64_t budget = cpu->deadline - cpu->cycles;
    if (budget <= block->cycles_before_last)
        return step_block(cpu, block);
    if (!block->code && block->runs++ == cpu->isa->threshold)
        translate_block(cpu, block);
    if (block->code && budget >= block->cycles)
        return translator_run(cpu, block);
    return run_block(cpu, block);
}

/* Runs blocks up to the deadline or until something must be looked at. */
static enum flow run_blocks(struct cpu *cpu)
{
    struct isa_state *isa = cpu->isa;
    enum flow flow = FLOW_LEAVE;
    while (flow == FLOW_LEAVE && !interrupted(cpu)) {
        if (__builtin_expect(isa->code_changed, 0))
            blocks_free_dead(isa);
        if (__builtin_expect(!cpu->thumb, 0)) {
            raise_fault(cpu, FAULT_INVALID_STATE, 0);
            return FLOW_FAULT;
        }
        struct block *block = block_find(cpu);
        if (!block)
            return FLOW_FAULT;
        flow = run_some(cpu, block);
    }
    return flow;
}

/* The instruction under the breakpoint that ended the last slice. */
static enum flow step_over(struct cpu *cpu)
{
    struct isa_state *isa = cpu->isa;
    struct block *block = isa->resume_pc == cpu->r[15] ? block_single(cpu) : NULL;
    enum flow flow = block ? run_block(cpu, block) : FLOW_LEAVE;
    isa->resuming = false;
    return flow;
}

static void mix_state(struct cpu *cpu)
{
    uint64_t sum = cpu->instructions;
    for (unsigned i = 0; i < 16; i++)
        sum = (sum << 7 | sum >> 57) + cpu->r[i];
    hash_mix(cpu, cpu->cycles);
    hash_mix(cpu, sum);
}

enum cpu_stop cpu_run(struct cpu *cpu, uint64_t limit)
{
    enum cpu_stop stop = CPU_STOP_LIMIT;
    enum flow flow = FLOW_LEAVE;
    cpu->limit = limit;
    cpu->end_slice = false;
    if (__builtin_expect(cpu->isa->stale_until != 0, 0) && !cpu->broken &&
        cpu->cycles >= cpu->isa->stale_until)
        icache_evict(cpu);
    while (flow <= FLOW_FAULT && cpu->cycles < limit && !stopped(cpu, &stop)) {
        if (__builtin_expect(cpu->pause_at != UINT64_MAX, 0))
            heed_pause(cpu);
        flow = cpu->isa->resuming && cpu->thumb ? step_over(cpu) : run_blocks(cpu);
    }
    if (cpu->cycles >= cpu->stores_due)
        store_buffer_tick(cpu);
    if (flow == FLOW_YIELD)
        stop = CPU_STOP_YIELD;
    if (flow == FLOW_BREAK) {
        stop = CPU_STOP_BREAKPOINT;
        cpu->isa->resuming = true;
        cpu->isa->resume_pc = cpu->r[15];
    }
    cpu->broken = stop >= CPU_STOP_BREAKPOINT;
    if (!cpu->broken) /* the owner's slices count, a debugger's stops do not */
        mix_state(cpu);
    return stop;
}

void cpu_end_slice(struct cpu *cpu)
{
    cpu->end_slice = true;
}

void cpu_pause_at(struct cpu *cpu, uint64_t instructions)
{
    cpu->pause_at = instructions;
}

bool cpu_pause_due(const struct cpu *cpu)
{
    return cpu->instructions >= cpu->pause_at;
}

void cpu_pause(struct cpu *cpu)
{
    cpu->pause_at = 0;
    cpu->attention = true;
}

/* ---- Code and breakpoints --------------------------------------------------------------------- */

void cpu_code_written(struct cpu *cpu, uint32_t address)
{
    isa_forget_page(cpu, address);
}

bool cpu_set_breakpoint(struct cpu *cpu, uint32_t address, bool on)
{
    struct isa_state *isa = cpu->isa;
    unsigned i = 0;
    while (i < isa->breakpoint_count && isa->breakpoints[i] != address)
        i++;
    bool found = i < isa->breakpoint_count;
    if (on && !found) {
        if (isa->breakpoint_count == BREAKPOINTS)
            return false;
        isa->breakpoints[isa->breakpoint_count++] = address;
    } else if (!on && found) {
        isa->breakpoints[i] = isa->breakpoints[--isa->breakpoint_count];
    }
    isa_forget_code(cpu);
    return on || found;
}

void cpu_clear_breakpoints(struct cpu *cpu)
{
    if (cpu->isa->breakpoint_count)
        isa_forget_code(cpu);
    cpu->isa->breakpoint_count = 0;
}

/* ---- Registers and counts --------------------------------------------------------------------- */

static unsigned active_bank(const struct cpu *cpu)
{
    return cpu->ipsr == 0 && (cpu->control & 2) ? 1 : 0;
}

uint32_t cpu_get(const struct cpu *cpu, enum cpu_reg reg)
{
    if (reg <= CPU_PC)
        return cpu->r[reg];
    if (reg >= CPU_S0)
        return reg < CPU_S0 + 32 ? cpu->fp.s[reg - CPU_S0] : 0;
    switch (reg) {
    case CPU_XPSR:
        return xpsr_read(cpu);
    case CPU_MSP:
    case CPU_PSP:
        return active_bank(cpu) == reg - CPU_MSP ? cpu->r[13] : cpu->banked_sp[reg - CPU_MSP];
    case CPU_PRIMASK:
        return cpu->primask;
    case CPU_BASEPRI:
        return cpu->basepri;
    case CPU_FAULTMASK:
        return cpu->faultmask;
    case CPU_CONTROL:
        return cpu->control;
    case CPU_FPSCR:
        return cpu->fpscr;
    default:
        return 0;
    }
}

static void set_control(struct cpu *cpu, uint32_t value)
{
    if (cpu->ipsr == 0)
        select_stack(cpu, value >> 1 & 1);
    cpu->control = (value & 5) | (cpu->control & 2);
}

static void set_special(struct cpu *cpu, enum cpu_reg reg, uint32_t value)
{
    if (reg == CPU_XPSR) {
        xpsr_write(cpu, value);
        cpu->ipsr = value & 0x1ff;
    } else if (reg == CPU_MSP || reg == CPU_PSP) {
        unsigned bank = reg - CPU_MSP;
        *(active_bank(cpu) == bank ? &cpu->r[13] : &cpu->banked_sp[bank]) = value & ~3u;
    } else if (reg == CPU_PRIMASK) {
        cpu->primask = value & 1;
    } else if (reg == CPU_BASEPRI) {
        cpu->basepri = value & 0xff;
    } else if (reg == CPU_FAULTMASK) {
        cpu->faultmask = value & 1;
    } else if (reg == CPU_CONTROL) {
        set_control(cpu, value);
    } else if (reg == CPU_FPSCR) {
        cpu->fpscr = value & 0xf7c0009f;
    }
}

void cpu_set(struct cpu *cpu, enum cpu_reg reg, uint32_t value)
{
    if (reg == CPU_SP)
        cpu->r[13] = value & ~3u;
    else if (reg == CPU_PC)
        branch_to(cpu, value);
    else if (reg < CPU_SP || reg == CPU_LR)
        cpu->r[reg] = value;
    else if (reg >= CPU_S0 && reg < CPU_S0 + 32)
        cpu->fp.s[reg - CPU_S0] = value;
    else
        set_special(cpu, reg, value);
    system_refresh(cpu);
}

void isa_translate_after(struct cpu *cpu, unsigned runs)
{
    cpu->isa->threshold = runs;
    isa_forget_code(cpu);
}

void cpu_stall(struct cpu *cpu, unsigned cycles)
{
    stall(cpu, cycles);
}

uint64_t cpu_cycles(const struct cpu *cpu)
{
    return cpu->cycles;
}

void cpu_statistics(const struct cpu *cpu, struct cpu_statistics *statistics)
{
    *statistics = (struct cpu_statistics){
        .instructions = cpu->instructions,
        .cycles_awake = cpu->cycles - cpu->asleep_cycles,
        .exceptions = system_exceptions(cpu),
    };
}

uint64_t cpu_hash(const struct cpu *cpu)
{
    return cpu->hash;
}
