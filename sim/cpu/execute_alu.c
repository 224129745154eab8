/* Data processing: arithmetic, logic, shifts, bit fields, extension (A7.7). */
#include "sim/cpu/isa.h"

static inline uint32_t add_with_carry(struct cpu *cpu, uint32_t a, uint32_t b, uint32_t carry,
                                      bool set_flags)
{
    uint64_t sum = (uint64_t)a + b + carry;
    uint32_t result = (uint32_t)sum;
    if (set_flags) {
        set_nz(cpu, result);
        cpu->flag_c = (uint32_t)(sum >> 32);
        cpu->flag_v = ((a ^ result) & (b ^ result)) >> 31;
    }
    return result;
}

static inline void set_logical(struct cpu *cpu, const struct insn *insn, uint32_t result,
                               uint32_t carry)
{
    if (insn->set_flags) {
        set_nz(cpu, result);
        cpu->flag_c = carry;
    }
}

static inline uint32_t immediate_carry(const struct cpu *cpu, const struct insn *insn)
{
    return insn->carry == CARRY_KEEP ? cpu->flag_c : insn->carry;
}

static inline uint32_t operand(struct cpu *cpu, const struct insn *insn, uint32_t *carry)
{
    uint32_t value = cpu->r[insn->rm];
    if (insn->shift == 0) {
        *carry = cpu->flag_c;
        return value;
    }
    return shift_with_carry(value, insn->shift_type, insn->shift, cpu->flag_c, carry);
}

/* Both forms of one operation; `a` is the first operand, `b` the second, `carry` the shifter's. */
#define FORMS(name, body)                                                                          \
    enum flow execute_##name##_i(struct cpu *cpu, const struct insn *insn)                         \
    {                                                                                              \
        uint32_t a = cpu->r[insn->rn], b = insn->imm, carry = immediate_carry(cpu, insn);          \
        body return FLOW_NEXT;                                                                     \
    }                                                                                              \
    enum flow execute_##name##_r(struct cpu *cpu, const struct insn *insn)                         \
    {                                                                                              \
        uint32_t a = cpu->r[insn->rn], carry, b = operand(cpu, insn, &carry);                      \
        body return FLOW_NEXT;                                                                     \
    }
#define LOGICAL(name, expression)                                                                  \
    FORMS(name, {                                                                                  \
        (void)a;                                                                                   \
        uint32_t result = (expression);                                                            \
        cpu->r[insn->rd] = result;                                                                 \
        set_logical(cpu, insn, result, carry);                                                     \
    })
#define TEST(name, expression)                                                                     \
    FORMS(name, {                                                                                  \
        set_nz(cpu, (expression));                                                                 \
        cpu->flag_c = carry;                                                                       \
    })
#define SUM(name, x, y, c)                                                                         \
    FORMS(name, {                                                                                  \
        (void)carry;                                                                               \
        cpu->r[insn->rd] = add_with_carry(cpu, x, y, c, insn->set_flags);                          \
    })
#define COMPARE(name, y, c)                                                                        \
    FORMS(name, {                                                                                  \
        (void)carry;                                                                               \
        add_with_carry(cpu, a, y, c, true);                                                        \
    })

LOGICAL(and, a &b)
LOGICAL(bic, a & ~b)
LOGICAL(orr, a | b)
LOGICAL(orn, a | ~b)
LOGICAL(eor, a ^ b)
LOGICAL(mov, b)
LOGICAL(mvn, ~b)
TEST(tst, a &b)
TEST(teq, a ^ b)
SUM(add, a, b, 0)
SUM(adc, a, b, cpu->flag_c)
SUM(sub, a, ~b, 1)
SUM(sbc, a, ~b, cpu->flag_c)
SUM(rsb, ~a, b, 1)
COMPARE(cmp, ~b, 1)
COMPARE(cmn, b, 0)

enum flow execute_shift_r(struct cpu *cpu, const struct insn *insn)
{
    uint32_t carry;
    uint32_t result = shift_with_carry(cpu->r[insn->rn], insn->shift_type, cpu->r[insn->rm] & 0xff,
                                       cpu->flag_c, &carry);
    cpu->r[insn->rd] = result;
    set_logical(cpu, insn, result, carry);
    return FLOW_NEXT;
}

enum flow execute_movt(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[insn->rd] = (cpu->r[insn->rd] & 0xffff) | insn->imm << 16;
    return FLOW_NEXT;
}

/* ---- Bit fields ------------------------------------------------------------------------------- */

static inline uint32_t low_mask(uint32_t width)
{
    return width >= 32 ? UINT32_MAX : (1u << width) - 1;
}

enum flow execute_bfi(struct cpu *cpu, const struct insn *insn)
{
    uint32_t mask = low_mask(insn->imm) << insn->shift;
    uint32_t value = insn->rn == 15 ? 0 : cpu->r[insn->rn] << insn->shift;
    cpu->r[insn->rd] = (cpu->r[insn->rd] & ~mask) | (value & mask);
    return FLOW_NEXT;
}

enum flow execute_ubfx(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[insn->rd] = cpu->r[insn->rn] >> insn->shift & low_mask(insn->imm);
    return FLOW_NEXT;
}

enum flow execute_sbfx(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[insn->rd] = (uint32_t)sign_extend(cpu->r[insn->rn] >> insn->shift, insn->imm);
    return FLOW_NEXT;
}

enum flow execute_clz(struct cpu *cpu, const struct insn *insn)
{
    uint32_t value = cpu->r[insn->rm];
    cpu->r[insn->rd] = value ? (uint32_t)__builtin_clz(value) : 32;
    return FLOW_NEXT;
}

enum flow execute_rbit(struct cpu *cpu, const struct insn *insn)
{
    uint32_t v = cpu->r[insn->rm];
    v = (v >> 1 & 0x55555555) | (v & 0x55555555) << 1;
    v = (v >> 2 & 0x33333333) | (v & 0x33333333) << 2;
    v = (v >> 4 & 0x0f0f0f0f) | (v & 0x0f0f0f0f) << 4;
    cpu->r[insn->rd] = __builtin_bswap32(v);
    return FLOW_NEXT;
}

enum flow execute_rev(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[insn->rd] = __builtin_bswap32(cpu->r[insn->rm]);
    return FLOW_NEXT;
}

enum flow execute_rev16(struct cpu *cpu, const struct insn *insn)
{
    uint32_t v = cpu->r[insn->rm];
    cpu->r[insn->rd] = (v >> 8 & 0x00ff00ff) | (v & 0x00ff00ff) << 8;
    return FLOW_NEXT;
}

enum flow execute_revsh(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[insn->rd] = (uint32_t)(int16_t)__builtin_bswap16((uint16_t)cpu->r[insn->rm]);
    return FLOW_NEXT;
}

/* ---- Extension: with Rn 15 nothing is added --------------------------------------------------- */

static inline uint32_t addend(const struct cpu *cpu, const struct insn *insn)
{
    return insn->rn == 15 ? 0 : cpu->r[insn->rn];
}

#define EXTEND(name, type)                                                                         \
    enum flow execute_##name(struct cpu *cpu, const struct insn *insn)                             \
    {                                                                                              \
        int32_t part = (type)ror32(cpu->r[insn->rm], insn->shift);                                 \
        cpu->r[insn->rd] = addend(cpu, insn) + (uint32_t)part;                                     \
        return FLOW_NEXT;                                                                          \
    }
EXTEND(sxtb, int8_t)
EXTEND(sxth, int16_t)
EXTEND(uxtb, uint8_t)
EXTEND(uxth, uint16_t)

#define EXTEND16(name, type)                                                                       \
    enum flow execute_##name(struct cpu *cpu, const struct insn *insn)                             \
    {                                                                                              \
        uint32_t rotated = ror32(cpu->r[insn->rm], insn->shift), sum = addend(cpu, insn);          \
        int32_t low = (type)rotated, high = (type)(rotated >> 16);                                 \
        uint32_t top = (sum >> 16) + (uint32_t)high;                                               \
        cpu->r[insn->rd] = top << 16 | ((sum + (uint32_t)low) & 0xffff);                           \
        return FLOW_NEXT;                                                                          \
    }
EXTEND16(sxtb16, int8_t)
EXTEND16(uxtb16, uint8_t)
