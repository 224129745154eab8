/* Saturation, packing and parallel arithmetic: the DSP extension (A7.7, A4.4.3). */
#include "sim/cpu/isa.h"

static int64_t signed_saturate(int64_t value, unsigned width, bool *saturated)
{
    int64_t high = ((int64_t)1 << (width - 1)) - 1, low = -high - 1;
    *saturated |= value > high || value < low;
    return value > high ? high : value < low ? low : value;
}

static int64_t unsigned_saturate(int64_t value, unsigned width, bool *saturated)
{
    int64_t high = ((int64_t)1 << width) - 1;
    *saturated |= value > high || value < 0;
    return value > high ? high : value < 0 ? 0 : value;
}

static int32_t saturation_operand(const struct cpu *cpu, const struct insn *insn)
{
    uint32_t carry;
    return (int32_t)shift_with_carry(cpu->r[insn->rn], insn->shift_type, insn->shift, 0, &carry);
}

enum flow execute_ssat(struct cpu *cpu, const struct insn *insn)
{
    bool q = false;
    int64_t value = signed_saturate(saturation_operand(cpu, insn), insn->imm, &q);
    cpu->r[insn->rd] = (uint32_t)value;
    cpu->flag_q |= q;
    return FLOW_NEXT;
}

enum flow execute_usat(struct cpu *cpu, const struct insn *insn)
{
    bool q = false;
    int64_t value = unsigned_saturate(saturation_operand(cpu, insn), insn->imm, &q);
    cpu->r[insn->rd] = (uint32_t)value;
    cpu->flag_q |= q;
    return FLOW_NEXT;
}

enum flow execute_ssat16(struct cpu *cpu, const struct insn *insn)
{
    bool q = false;
    uint32_t n = cpu->r[insn->rn];
    uint32_t low = (uint32_t)signed_saturate((int16_t)n, insn->imm, &q);
    uint32_t high = (uint32_t)signed_saturate((int16_t)(n >> 16), insn->imm, &q);
    cpu->r[insn->rd] = high << 16 | (low & 0xffff);
    cpu->flag_q |= q;
    return FLOW_NEXT;
}

enum flow execute_usat16(struct cpu *cpu, const struct insn *insn)
{
    bool q = false;
    uint32_t n = cpu->r[insn->rn];
    uint32_t low = (uint32_t)unsigned_saturate((int16_t)n, insn->imm, &q);
    uint32_t high = (uint32_t)unsigned_saturate((int16_t)(n >> 16), insn->imm, &q);
    cpu->r[insn->rd] = high << 16 | (low & 0xffff);
    cpu->flag_q |= q;
    return FLOW_NEXT;
}

/* Bottom half of one, top half of the other; imm 1: PKHTB. */
enum flow execute_pkh(struct cpu *cpu, const struct insn *insn)
{
    uint32_t carry;
    uint32_t n = cpu->r[insn->rn];
    uint32_t m = shift_with_carry(cpu->r[insn->rm], insn->shift_type, insn->shift, 0, &carry);
    cpu->r[insn->rd] =
        insn->imm ? (n & 0xffff0000) | (m & 0xffff) : (m & 0xffff0000) | (n & 0xffff);
    return FLOW_NEXT;
}

static uint32_t byte_mask(uint32_t ge)
{
    return (ge & 1 ? 0xffu : 0) | (ge & 2 ? 0xff00u : 0) | (ge & 4 ? 0xff0000u : 0) |
           (ge & 8 ? 0xff000000u : 0);
}

enum flow execute_sel(struct cpu *cpu, const struct insn *insn)
{
    uint32_t mask = byte_mask(cpu->ge);
    cpu->r[insn->rd] = (cpu->r[insn->rn] & mask) | (cpu->r[insn->rm] & ~mask);
    return FLOW_NEXT;
}

enum flow execute_usada8(struct cpu *cpu, const struct insn *insn)
{
    uint32_t n = cpu->r[insn->rn], m = cpu->r[insn->rm];
    uint32_t sum = insn->ra == 15 ? 0 : cpu->r[insn->ra];
    for (unsigned at = 0; at < 32; at += 8) {
        int difference = (int)(n >> at & 0xff) - (int)(m >> at & 0xff);
        sum += (uint32_t)(difference < 0 ? -difference : difference);
    }
    cpu->r[insn->rd] = sum;
    return FLOW_NEXT;
}

/* ---- Saturating word arithmetic: Rm and Rn change places (QADD Rd, Rm, Rn) -------------------- */

static enum flow saturating(struct cpu *cpu, const struct insn *insn, bool twice, bool subtract)
{
    bool q = false;
    int64_t n = (int32_t)cpu->r[insn->rn], m = (int32_t)cpu->r[insn->rm];
    if (twice)
        n = signed_saturate(n * 2, 32, &q);
    cpu->r[insn->rd] = (uint32_t)signed_saturate(subtract ? m - n : m + n, 32, &q);
    cpu->flag_q |= q;
    return FLOW_NEXT;
}

enum flow execute_qadd(struct cpu *cpu, const struct insn *insn)
{
    return saturating(cpu, insn, false, false);
}

enum flow execute_qdadd(struct cpu *cpu, const struct insn *insn)
{
    return saturating(cpu, insn, true, false);
}

enum flow execute_qsub(struct cpu *cpu, const struct insn *insn)
{
    return saturating(cpu, insn, false, true);
}

enum flow execute_qdsub(struct cpu *cpu, const struct insn *insn)
{
    return saturating(cpu, insn, true, true);
}

/* ---- Parallel addition and subtraction -------------------------------------------------------- */

enum { PREFIX_S, PREFIX_Q, PREFIX_SH, PREFIX_U = 4, PREFIX_UQ, PREFIX_UH };
enum { ADD8, ADD16, ASX, SUB8 = 4, SUB16, SAX };

static int32_t lane(uint32_t value, unsigned at, unsigned width, bool is_unsigned)
{
    uint32_t part = value >> at & ((1u << width) - 1);
    return is_unsigned ? (int32_t)part : sign_extend(part, width);
}

/* One lane's result, and its GE bit for the S and U forms. */
static uint32_t lane_result(unsigned prefix, int32_t sum, bool subtract, unsigned width, bool *ge)
{
    bool ignored = false;
    switch (prefix) {
    case PREFIX_Q:
        return (uint32_t)signed_saturate(sum, width, &ignored);
    case PREFIX_UQ:
        return (uint32_t)unsigned_saturate(sum, width, &ignored);
    case PREFIX_SH:
    case PREFIX_UH:
        return (uint32_t)(sum >> 1);
    case PREFIX_U:
        *ge = subtract ? sum >= 0 : sum >> width != 0;
        return (uint32_t)sum;
    default:
        *ge = sum >= 0;
        return (uint32_t)sum;
    }
}

enum flow execute_parallel(struct cpu *cpu, const struct insn *insn)
{
    unsigned prefix = insn->imm >> 3, operation = insn->imm & 7;
    unsigned width = (operation & 3) == 0 ? 8 : 16;
    bool exchange = operation == ASX || operation == SAX, is_unsigned = prefix & 4;
    uint32_t n = cpu->r[insn->rn], m = ror32(cpu->r[insn->rm], exchange ? 16 : 0);
    uint32_t result = 0, ge = 0;
    for (unsigned at = 0; at < 32; at += width) {
        bool subtract = exchange ? (operation == ASX) == (at == 0) : operation >= SUB8;
        int32_t a = lane(n, at, width, is_unsigned), b = lane(m, at, width, is_unsigned);
        bool lane_ge = false;
        uint32_t part = lane_result(prefix, subtract ? a - b : a + b, subtract, width, &lane_ge);
        result |= (part & ((1u << width) - 1)) << at;
        if (lane_ge)
            ge |= (width == 8 ? 1u : 3u) << at / 8;
    }
    cpu->r[insn->rd] = result;
    if (prefix == PREFIX_S || prefix == PREFIX_U)
        cpu->ge = ge;
    return FLOW_NEXT;
}
