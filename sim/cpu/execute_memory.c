/* Loads and stores of the core registers. Nothing of an instruction's effect on registers is done
 * before its last access has succeeded. */
#include "sim/cpu/isa.h"

static inline unsigned access_flags(const struct insn *insn)
{
    return insn->unprivileged ? ACCESS_UNPRIVILEGED : 0;
}

/* ---- Single loads and stores ------------------------------------------------------------------ */

static inline enum flow load_to(struct cpu *cpu, const struct insn *insn, uint32_t address,
                                unsigned size, bool is_signed)
{
    uint32_t value = 0;
    bool slow = false;
    enum cpu_fault what = load(cpu, insn, address, size, 0, &value, &slow);
    if (__builtin_expect(what != FAULT_NONE, 0))
        return fault(cpu, insn, what, address);
    cpu->r[insn->rd] = is_signed ? (uint32_t)sign_extend(value, size * 8) : value;
    return slow ? after_slow(cpu, insn) : FLOW_NEXT;
}

/* A write that the bus accepted and will report late is complete. */
static inline enum flow stored(struct cpu *cpu, const struct insn *insn, enum cpu_fault what,
                               uint32_t address, bool slow)
{
    if (__builtin_expect(what != FAULT_NONE, 0))
        return fault(cpu, insn, what, address);
    return slow ? after_slow(cpu, insn) : FLOW_NEXT;
}

static inline enum flow store_from(struct cpu *cpu, const struct insn *insn, uint32_t address,
                                   unsigned size)
{
    bool slow = false;
    enum cpu_fault what = store(cpu, insn, address, size, 0, cpu->r[insn->rd], &slow);
    return stored(cpu, insn, what, address, slow);
}

static inline uint32_t offset_address(const struct cpu *cpu, const struct insn *insn)
{
    return cpu->r[insn->rn] + insn->imm;
}

static inline uint32_t register_address(const struct cpu *cpu, const struct insn *insn)
{
    return cpu->r[insn->rn] + (cpu->r[insn->rm] << insn->shift);
}

/* Pre- and post-indexed and unprivileged forms. */
static enum flow load_indexed(struct cpu *cpu, const struct insn *insn, unsigned size,
                              bool is_signed)
{
    uint32_t base = cpu->r[insn->rn], moved = base + insn->imm, value = 0;
    uint32_t address = insn->index ? moved : base;
    bool slow = false;
    enum cpu_fault what = load(cpu, insn, address, size, access_flags(insn), &value, &slow);
    if (what != FAULT_NONE)
        return fault(cpu, insn, what, address);
    if (insn->write_back)
        cpu->r[insn->rn] = moved;
    cpu->r[insn->rd] = is_signed ? (uint32_t)sign_extend(value, size * 8) : value;
    return slow ? after_slow(cpu, insn) : FLOW_NEXT;
}

static enum flow store_indexed(struct cpu *cpu, const struct insn *insn, unsigned size)
{
    uint32_t base = cpu->r[insn->rn], moved = base + insn->imm;
    uint32_t address = insn->index ? moved : base;
    bool slow = false;
    enum cpu_fault what =
        store(cpu, insn, address, size, access_flags(insn), cpu->r[insn->rd], &slow);
    if (what == FAULT_NONE && insn->write_back)
        cpu->r[insn->rn] = moved;
    return stored(cpu, insn, what, address, slow);
}

#define LOAD(name, size, is_signed)                                                                \
    enum flow execute_##name##_i(struct cpu *cpu, const struct insn *insn)                         \
    {                                                                                              \
        return load_to(cpu, insn, offset_address(cpu, insn), size, is_signed);                     \
    }                                                                                              \
    enum flow execute_##name##_r(struct cpu *cpu, const struct insn *insn)                         \
    {                                                                                              \
        return load_to(cpu, insn, register_address(cpu, insn), size, is_signed);                   \
    }                                                                                              \
    enum flow execute_##name##_w(struct cpu *cpu, const struct insn *insn)                         \
    {                                                                                              \
        return load_indexed(cpu, insn, size, is_signed);                                           \
    }
#define STORE(name, size)                                                                          \
    enum flow execute_##name##_i(struct cpu *cpu, const struct insn *insn)                         \
    {                                                                                              \
        return store_from(cpu, insn, offset_address(cpu, insn), size);                             \
    }                                                                                              \
    enum flow execute_##name##_r(struct cpu *cpu, const struct insn *insn)                         \
    {                                                                                              \
        return store_from(cpu, insn, register_address(cpu, insn), size);                           \
    }                                                                                              \
    enum flow execute_##name##_w(struct cpu *cpu, const struct insn *insn)                         \
    {                                                                                              \
        return store_indexed(cpu, insn, size);                                                     \
    }

LOAD(ldr, 4, false)
LOAD(ldrb, 1, false)
LOAD(ldrh, 2, false)
LOAD(ldrsb, 1, true)
LOAD(ldrsh, 2, true)
STORE(str, 4)
STORE(strb, 1)
STORE(strh, 2)

/* LDR to pc, in every form: imm is 0 in the register form, rm and shift are 0 in the others. */
enum flow execute_ldr_pc(struct cpu *cpu, const struct insn *insn)
{
    bool by_register = insn->encoding != UINT16_MAX && encoding_row(insn->encoding)->op == OP_ldr_r;
    uint32_t base = cpu->r[insn->rn], value = 0;
    uint32_t moved = by_register ? register_address(cpu, insn) : base + insn->imm;
    uint32_t address = insn->index ? moved : base;
    bool slow = false;
    enum cpu_fault what = load(cpu, insn, address, 4, 0, &value, &slow);
    if (what != FAULT_NONE)
        return fault(cpu, insn, what, address);
    if (insn->write_back)
        cpu->r[insn->rn] = insn->rn == 13 ? moved & ~3u : moved;
    return branch_exchange(cpu, insn, value);
}

/* ---- Double words ----------------------------------------------------------------------------- */

static inline uint32_t dual_address(const struct cpu *cpu, const struct insn *insn, uint32_t *moved)
{
    *moved = cpu->r[insn->rn] + insn->imm;
    return insn->index ? *moved : cpu->r[insn->rn];
}

static inline void dual_write_back(struct cpu *cpu, const struct insn *insn, uint32_t moved)
{
    if (insn->write_back)
        cpu->r[insn->rn] = insn->rn == 13 ? moved & ~3u : moved;
}

enum flow execute_ldrd(struct cpu *cpu, const struct insn *insn)
{
    uint32_t moved, address = dual_address(cpu, insn, &moved), first = 0, second = 0;
    bool slow = false;
    enum cpu_fault what = load(cpu, insn, address, 4, ACCESS_ALIGNED, &first, &slow);
    if (what != FAULT_NONE)
        return fault(cpu, insn, what, address);
    what = load(cpu, insn, address + 4, 4, ACCESS_ALIGNED, &second, &slow);
    if (what != FAULT_NONE)
        return fault(cpu, insn, what, address + 4);
    dual_write_back(cpu, insn, moved);
    cpu->r[insn->rd] = first;
    cpu->r[insn->ra] = second;
    return slow ? after_slow(cpu, insn) : FLOW_NEXT;
}

enum flow execute_strd(struct cpu *cpu, const struct insn *insn)
{
    uint32_t moved, address = dual_address(cpu, insn, &moved);
    bool slow = false;
    enum cpu_fault what = store(cpu, insn, address, 4, ACCESS_ALIGNED, cpu->r[insn->rd], &slow);
    if (what != FAULT_NONE)
        return fault(cpu, insn, what, address);
    what = store(cpu, insn, address + 4, 4, ACCESS_ALIGNED, cpu->r[insn->ra], &slow);
    if (what == FAULT_NONE)
        dual_write_back(cpu, insn, moved);
    return stored(cpu, insn, what, address + 4, slow);
}

/* ---- Multiple --------------------------------------------------------------------------------- */

enum flow execute_ldm(struct cpu *cpu, const struct insn *insn)
{
    uint32_t list = insn->imm, size = 4u * (uint32_t)__builtin_popcount(list);
    uint32_t base = cpu->r[insn->rn], values[16];
    uint32_t address = insn->add ? base : base - size;
    bool slow = false;
    unsigned count = 0;
    for (; count < size / 4; count++, address += 4) {
        enum cpu_fault what = load(cpu, insn, address, 4, ACCESS_ALIGNED, &values[count], &slow);
        if (__builtin_expect(what != FAULT_NONE, 0))
            return fault(cpu, insn, what, address);
    }
    if (insn->write_back)
        cpu->r[insn->rn] = insn->add ? base + size : base - size;
    count = 0;
    for (uint32_t left = list & 0x7fff; left; left &= left - 1)
        cpu->r[__builtin_ctz(left)] = values[count++];
    if (insn->rn == 13 && insn->write_back)
        cpu->r[13] &= ~3u;
    if (list >> 15)
        return branch_exchange(cpu, insn, values[count]);
    return slow ? after_slow(cpu, insn) : FLOW_NEXT;
}

enum flow execute_stm(struct cpu *cpu, const struct insn *insn)
{
    uint32_t list = insn->imm, size = 4u * (uint32_t)__builtin_popcount(list);
    uint32_t base = cpu->r[insn->rn];
    uint32_t address = insn->add ? base : base - size;
    bool slow = false;
    for (uint32_t left = list; left; left &= left - 1, address += 4) {
        enum cpu_fault what =
            store(cpu, insn, address, 4, ACCESS_ALIGNED, cpu->r[__builtin_ctz(left)], &slow);
        if (__builtin_expect(what != FAULT_NONE, 0))
            return fault(cpu, insn, what, address);
    }
    if (insn->write_back)
        cpu->r[insn->rn] = insn->add ? base + size : base - size;
    return slow ? after_slow(cpu, insn) : FLOW_NEXT;
}

/* ---- Exclusive (A3.4): one tagged address; the size does not matter --------------------------- */

enum flow execute_ldrex(struct cpu *cpu, const struct insn *insn)
{
    uint32_t address = offset_address(cpu, insn), value = 0;
    drain_stores(cpu);
    enum cpu_fault what = slow_read(cpu, insn, address, insn->shift, ACCESS_ALIGNED, &value);
    if (what != FAULT_NONE)
        return fault(cpu, insn, what, address);
    monitor_arm(cpu, address);
    cpu->r[insn->rd] = value;
    return after_slow(cpu, insn);
}

enum flow execute_strex(struct cpu *cpu, const struct insn *insn)
{
    uint32_t address = offset_address(cpu, insn);
    if (address & (insn->shift - 1u))
        return fault(cpu, insn, FAULT_UNALIGNED, address);
    if (!cpu->exclusive.armed || cpu->exclusive.address != address) {
        monitor_clear(cpu);
        cpu->r[insn->ra] = 1;
        return FLOW_NEXT;
    }
    drain_stores(cpu);
    enum cpu_fault what =
        slow_write(cpu, insn, address, insn->shift, ACCESS_ALIGNED, cpu->r[insn->rd]);
    if (what != FAULT_NONE)
        return fault(cpu, insn, what, address);
    drain_stores(cpu); /* its own */
    monitor_clear(cpu);
    cpu->r[insn->ra] = 0;
    return after_slow(cpu, insn);
}

enum flow execute_clrex(struct cpu *cpu, const struct insn *insn)
{
    (void)insn;
    monitor_clear(cpu);
    return FLOW_NEXT;
}

/* TBB and TBH: the table may follow the instruction (Rn 15). */
enum flow execute_tbb(struct cpu *cpu, const struct insn *insn)
{
    uint32_t address = cpu->r[insn->rn] + (cpu->r[insn->rm] << insn->shift), value = 0;
    bool slow = false;
    enum cpu_fault what = load(cpu, insn, address, 1u << insn->shift, 0, &value, &slow);
    if (what != FAULT_NONE)
        return fault(cpu, insn, what, address);
    cpu->itstate = 0;
    return jump(cpu, insn->pc + 4 + value * 2);
}
