/* Multiplication and division. The decoder leaves halves, exchange and rounding in `imm`; ra is the
 * accumulator (15: none), or RdLo of the long forms. */
#include "sim/cpu/isa.h"

static inline uint32_t accumulator(const struct cpu *cpu, const struct insn *insn)
{
    return insn->ra == 15 ? 0 : cpu->r[insn->ra];
}

static inline int32_t half(uint32_t value, uint32_t top)
{
    return top ? (int32_t)value >> 16 : (int16_t)value;
}

/* The sum as a signed word; Q is set where it does not fit. */
static inline uint32_t sum_with_q(struct cpu *cpu, int64_t sum)
{
    if (sum != (int32_t)sum)
        cpu->flag_q = 1;
    return (uint32_t)sum;
}

static inline uint64_t long_accumulator(const struct cpu *cpu, const struct insn *insn)
{
    return (uint64_t)cpu->r[insn->rd] << 32 | cpu->r[insn->ra];
}

static inline enum flow set_long(struct cpu *cpu, const struct insn *insn, uint64_t value)
{
    cpu->r[insn->ra] = (uint32_t)value;
    cpu->r[insn->rd] = (uint32_t)(value >> 32);
    return FLOW_NEXT;
}

enum flow execute_mul(struct cpu *cpu, const struct insn *insn)
{
    uint32_t result = cpu->r[insn->rn] * cpu->r[insn->rm];
    cpu->r[insn->rd] = result;
    if (insn->set_flags)
        set_nz(cpu, result);
    return FLOW_NEXT;
}

enum flow execute_mla(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[insn->rd] = accumulator(cpu, insn) + cpu->r[insn->rn] * cpu->r[insn->rm];
    return FLOW_NEXT;
}

enum flow execute_mls(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[insn->rd] = cpu->r[insn->ra] - cpu->r[insn->rn] * cpu->r[insn->rm];
    return FLOW_NEXT;
}

enum flow execute_smla_xy(struct cpu *cpu, const struct insn *insn)
{
    int64_t product =
        (int64_t)half(cpu->r[insn->rn], insn->imm & 2) * half(cpu->r[insn->rm], insn->imm & 1);
    cpu->r[insn->rd] = sum_with_q(cpu, product + (int32_t)accumulator(cpu, insn));
    return FLOW_NEXT;
}

enum flow execute_smlaw(struct cpu *cpu, const struct insn *insn)
{
    int64_t product = (int64_t)(int32_t)cpu->r[insn->rn] * half(cpu->r[insn->rm], insn->imm & 1);
    cpu->r[insn->rd] = sum_with_q(cpu, (product >> 16) + (int32_t)accumulator(cpu, insn));
    return FLOW_NEXT;
}

/* The two products of halves, the second operand's halves exchanged with X. */
static inline void dual_products(const struct cpu *cpu, const struct insn *insn, int64_t *low,
                                 int64_t *high)
{
    uint32_t n = cpu->r[insn->rn], m = ror32(cpu->r[insn->rm], insn->imm & 1 ? 16 : 0);
    *low = (int64_t)half(n, 0) * half(m, 0);
    *high = (int64_t)half(n, 1) * half(m, 1);
}

enum flow execute_smlad(struct cpu *cpu, const struct insn *insn)
{
    int64_t low, high;
    dual_products(cpu, insn, &low, &high);
    cpu->r[insn->rd] = sum_with_q(cpu, low + high + (int32_t)accumulator(cpu, insn));
    return FLOW_NEXT;
}

enum flow execute_smlsd(struct cpu *cpu, const struct insn *insn)
{
    int64_t low, high;
    dual_products(cpu, insn, &low, &high);
    cpu->r[insn->rd] = sum_with_q(cpu, low - high + (int32_t)accumulator(cpu, insn));
    return FLOW_NEXT;
}

/* Most significant word; imm 1 rounds. */
static inline enum flow most_significant(struct cpu *cpu, const struct insn *insn, uint64_t sum)
{
    cpu->r[insn->rd] = (uint32_t)((sum + (insn->imm & 1 ? 0x80000000u : 0)) >> 32);
    return FLOW_NEXT;
}

static inline uint64_t signed_product(const struct cpu *cpu, const struct insn *insn)
{
    return (uint64_t)((int64_t)(int32_t)cpu->r[insn->rn] * (int32_t)cpu->r[insn->rm]);
}

static inline uint64_t unsigned_product(const struct cpu *cpu, const struct insn *insn)
{
    return (uint64_t)cpu->r[insn->rn] * cpu->r[insn->rm];
}

enum flow execute_smmla(struct cpu *cpu, const struct insn *insn)
{
    uint64_t sum = ((uint64_t)accumulator(cpu, insn) << 32) + signed_product(cpu, insn);
    return most_significant(cpu, insn, sum);
}

enum flow execute_smmls(struct cpu *cpu, const struct insn *insn)
{
    uint64_t sum = ((uint64_t)accumulator(cpu, insn) << 32) - signed_product(cpu, insn);
    return most_significant(cpu, insn, sum);
}

enum flow execute_smull(struct cpu *cpu, const struct insn *insn)
{
    return set_long(cpu, insn, signed_product(cpu, insn));
}

enum flow execute_umull(struct cpu *cpu, const struct insn *insn)
{
    return set_long(cpu, insn, unsigned_product(cpu, insn));
}

enum flow execute_smlal(struct cpu *cpu, const struct insn *insn)
{
    return set_long(cpu, insn, long_accumulator(cpu, insn) + signed_product(cpu, insn));
}

enum flow execute_umlal(struct cpu *cpu, const struct insn *insn)
{
    return set_long(cpu, insn, long_accumulator(cpu, insn) + unsigned_product(cpu, insn));
}

enum flow execute_umaal(struct cpu *cpu, const struct insn *insn)
{
    uint64_t sum = unsigned_product(cpu, insn) + cpu->r[insn->ra];
    return set_long(cpu, insn, sum + cpu->r[insn->rd]);
}

enum flow execute_smlal_xy(struct cpu *cpu, const struct insn *insn)
{
    int64_t product =
        (int64_t)half(cpu->r[insn->rn], insn->imm & 2) * half(cpu->r[insn->rm], insn->imm & 1);
    return set_long(cpu, insn, long_accumulator(cpu, insn) + (uint64_t)product);
}

enum flow execute_smlald(struct cpu *cpu, const struct insn *insn)
{
    int64_t low, high;
    dual_products(cpu, insn, &low, &high);
    return set_long(cpu, insn, long_accumulator(cpu, insn) + (uint64_t)(low + high));
}

enum flow execute_smlsld(struct cpu *cpu, const struct insn *insn)
{
    int64_t low, high;
    dual_products(cpu, insn, &low, &high);
    return set_long(cpu, insn, long_accumulator(cpu, insn) + (uint64_t)(low - high));
}

enum flow execute_sdiv(struct cpu *cpu, const struct insn *insn)
{
    int32_t n = (int32_t)cpu->r[insn->rn], m = (int32_t)cpu->r[insn->rm];
    if (m == 0 && trap_divide_by_zero(cpu))
        return fault(cpu, insn, FAULT_DIVIDE_BY_ZERO, 0);
    cpu->r[insn->rd] = m == 0 ? 0 : (uint32_t)((int64_t)n / m);
    return FLOW_NEXT;
}

enum flow execute_udiv(struct cpu *cpu, const struct insn *insn)
{
    uint32_t n = cpu->r[insn->rn], m = cpu->r[insn->rm];
    if (m == 0 && trap_divide_by_zero(cpu))
        return fault(cpu, insn, FAULT_DIVIDE_BY_ZERO, 0);
    cpu->r[insn->rd] = m == 0 ? 0 : n / m;
    return FLOW_NEXT;
}
