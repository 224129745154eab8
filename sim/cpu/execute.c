/* What all executors share: conditions, the wrapper, faults, the slow way to memory. */
#include "sim/cpu/isa.h"

executor *const executors[OP_COUNT] = {
#define OP_EXECUTOR(name) [OP_##name] = execute_##name,
    OPS(OP_EXECUTOR)
#undef OP_EXECUTOR
};

bool condition_holds(const struct cpu *cpu, unsigned cond)
{
    bool holds;
    switch (cond >> 1) {
    case 0:
        holds = cpu->flag_z;
        break;
    case 1:
        holds = cpu->flag_c;
        break;
    case 2:
        holds = cpu->flag_n;
        break;
    case 3:
        holds = cpu->flag_v;
        break;
    case 4:
        holds = cpu->flag_c && !cpu->flag_z;
        break;
    case 5:
        holds = cpu->flag_n == cpu->flag_v;
        break;
    case 6:
        holds = cpu->flag_n == cpu->flag_v && !cpu->flag_z;
        break;
    default:
        return true;
    }
    return holds != (cond & 1);
}

enum flow wrapped(struct cpu *cpu, const struct insn *insn)
{
    if (insn->wrap & INSN_CONDITIONAL && !condition_holds(cpu, insn->cond))
        return FLOW_NEXT;
    if (insn->wrap & INSN_READS_PC)
        cpu->r[15] = insn->pc_operand;
    enum flow flow = insn->operation(cpu, insn);
    if (insn->wrap & INSN_ALIGNS_SP && flow <= FLOW_LEAVE)
        cpu->r[13] &= ~3u;
    return flow;
}

enum flow fault(struct cpu *cpu, const struct insn *insn, enum cpu_fault what, uint32_t address)
{
    expose(cpu, insn);
    raise_fault(cpu, what, address);
    conceal(cpu, insn);
    return what == FAULT_YIELD ? FLOW_YIELD : FLOW_FAULT;
}

enum cpu_fault slow_read(struct cpu *cpu, const struct insn *insn, uint32_t address, unsigned size,
                         unsigned flags, uint32_t *value)
{
    expose(cpu, insn);
    enum cpu_fault what =
        memory_read(cpu, address, size, flags & ACCESS_ALIGNED, flags & ACCESS_UNPRIVILEGED, value);
    conceal(cpu, insn);
    if (insn->rn == 15) /* found or not: it is valid, and of whichever page has its place */
        cpu->tlb_literal[tlb_index(address)] = cpu->tlb_read[tlb_index(address)];
    return what;
}

/* Peripherals and the private peripheral bus. Whether a store to memory comes by here depends on the
 * TLB, hence on who watches; one to these always does. */
static bool is_device_address(uint32_t address)
{
    return address >> 29 == 2 || address >= 0xe0000000u;
}

enum cpu_fault slow_write(struct cpu *cpu, const struct insn *insn, uint32_t address, unsigned size,
                          unsigned flags, uint32_t value)
{
    expose(cpu, insn);
    if (is_device_address(address))
        hash_mix(cpu, (uint64_t)address << 32 | value);
    enum cpu_fault what = memory_write(cpu, address, size, flags & ACCESS_ALIGNED,
                                       flags & ACCESS_UNPRIVILEGED, value);
    conceal(cpu, insn);
    return what;
}

uint32_t shift_with_carry(uint32_t value, unsigned type, unsigned amount, uint32_t carry_in,
                          uint32_t *carry)
{
    *carry = carry_in;
    if (type == SHIFT_RRX) {
        *carry = value & 1;
        return carry_in << 31 | value >> 1;
    }
    if (amount == 0)
        return value;
    if (type == SHIFT_ROR) {
        value = ror32(value, amount);
        *carry = value >> 31;
        return value;
    }
    if (type == SHIFT_ASR) {
        unsigned by = amount < 32 ? amount - 1 : 31;
        int32_t shifted = (int32_t)value >> by;
        *carry = (uint32_t)shifted & 1;
        return (uint32_t)(shifted >> (amount < 32 ? 1 : 0));
    }
    if (amount > 32) {
        *carry = 0;
        return 0;
    }
    uint64_t wide = type == SHIFT_LSL ? (uint64_t)value << amount : (uint64_t)value << 32 >> amount;
    *carry = type == SHIFT_LSL ? (uint32_t)(wide >> 32) & 1 : (uint32_t)(wide >> 31) & 1;
    return type == SHIFT_LSL ? (uint32_t)wide : (uint32_t)(wide >> 32);
}
