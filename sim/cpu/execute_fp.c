/* Floating-point instructions (A7.7, A2.5): registers and memory here, arithmetic in fp_*.c. */
#include "sim/cpu/fp.h"
#include "sim/cpu/isa.h"

/* The FPU may have to be prepared: access rights, lazily stacked state, CONTROL.FPCA. */
static enum flow prepare(struct cpu *cpu, const struct insn *insn)
{
    expose(cpu, insn);
    enum cpu_fault what = fp_prepare(cpu);
    conceal(cpu, insn);
    if (what == FAULT_YIELD)
        return FLOW_FAULT;
    if (what != FAULT_NONE)
        return fault(cpu, insn, what, 0);
    cpu->itstate = 0;
    if (insn->wrap & INSN_READS_PC)
        cpu->r[15] = insn->pc_operand;
    return FLOW_NEXT;
}

#define PREPARE                                                                                    \
    if (__builtin_expect(!cpu->fp_ready, 0)) {                                                     \
        enum flow prepared = prepare(cpu, insn);                                                   \
        if (prepared != FLOW_NEXT)                                                                 \
            return prepared;                                                                       \
    }

/* One instruction in both sizes: D, N, M are its registers' patterns. */
#define SIZED(name, body)                                                                          \
    SIZE(name, f32, uint32_t, s, body)                                                             \
    SIZE(name, f64, uint64_t, d, body)
#define SIZE(name, f, bits, file, body)                                                            \
    enum flow execute_##name##_##f(struct cpu *cpu, const struct insn *insn)                       \
    {                                                                                              \
        PREPARE                                                                                    \
        uint32_t *fpscr = &cpu->fpscr;                                                             \
        bits *d = &cpu->fp.file[insn->rd], n = cpu->fp.file[insn->rn], m = cpu->fp.file[insn->rm]; \
        const bits sign = (bits)1 << (sizeof(bits) * 8 - 1);                                       \
        (void)fpscr, (void)n, (void)m, (void)d, (void)sign;                                        \
        body(f) return FLOW_NEXT;                                                                  \
    }

#define VADD(f)   *d = f##_add(n, m, fpscr);
#define VSUB(f)   *d = f##_add(n, f##_is_nan_pattern(m) ? m : m ^ sign, fpscr);
#define VMUL(f)   *d = f##_mul(n, m, fpscr);
#define VNMUL(f)  *d = f##_mul(n, m, fpscr) ^ sign;
#define VDIV(f)   *d = f##_div(n, m, fpscr);
#define VSQRT(f)  *d = f##_sqrt(m, fpscr);
#define VMLA(f)   *d = f##_add(*d, f##_mul(n, m, fpscr), fpscr);
#define VMLS(f)   *d = f##_add(*d, f##_mul(n, m, fpscr) ^ sign, fpscr);
#define VNMLA(f)  *d = f##_add(*d ^ sign, f##_mul(n, m, fpscr) ^ sign, fpscr);
#define VNMLS(f)  *d = f##_add(*d ^ sign, f##_mul(n, m, fpscr), fpscr);
#define VFMA(f)   *d = f##_fma(*d, n, m, fpscr);
#define VFMS(f)   *d = f##_fma(*d, n ^ sign, m, fpscr);
#define VFNMA(f)  *d = f##_fma(*d ^ sign, n ^ sign, m, fpscr);
#define VFNMS(f)  *d = f##_fma(*d ^ sign, n, m, fpscr);
#define VMOV(f)   *d = m;
#define VABS(f)   *d = m & ~sign;
#define VNEG(f)   *d = m ^ sign;
#define VMAXNM(f) *d = f##_max_number(n, m, fpscr);
#define VMINNM(f) *d = f##_min_number(n, m, fpscr);
#define VSEL(f)   *d = condition_holds(cpu, insn->shift) ? n : m;
#define VRINT(f)  *d = f##_round_integral(m, (enum fp_rounding)insn->shift, insn->imm, fpscr);
#define VCMP(f)                                                                                    \
    uint32_t nzcv = f##_compare(*d, m, insn->shift, fpscr);                                        \
    *fpscr = (*fpscr & 0x0fffffff) | nzcv;
#define VCMP_Z(f)                                                                                  \
    uint32_t nzcv = f##_compare(*d, 0, insn->shift, fpscr);                                        \
    *fpscr = (*fpscr & 0x0fffffff) | nzcv;
#define VCVT_TO_INT(f)                                                                             \
    cpu->fp.s[insn->rd] = f##_to_fixed(m, 0, 32, insn->imm, (enum fp_rounding)insn->shift, fpscr);
#define VCVT_FROM_INT(f)                                                                           \
    uint32_t whole = cpu->fp.s[insn->rm];                                                          \
    *d = f##_from_fixed(insn->imm ? (int32_t)whole : (int64_t)whole, 0, FP_BY_FPSCR, fpscr);
#define VCVT_FROM_FIXED(f)                                                                         \
    *d = f##_from_fixed(fixed((uint32_t)*d, insn->ra, insn->imm), insn->shift, FP_NEAREST, fpscr);
#define VCVT_FROM_HALF(f) *d = f##_from_half((uint16_t)(cpu->fp.s[insn->rm] >> insn->shift), fpscr);
#define VCVT_TO_HALF(f)                                                                            \
    uint32_t *word = &cpu->fp.s[insn->rd];                                                         \
    uint32_t half = (uint32_t)f##_to_half(m, fpscr) << insn->shift;                                \
    *word = (*word & (insn->shift ? 0x0000ffff : 0xffff0000)) | half;

/* FPSub is not FPAdd of the negated: a NaN keeps its sign. */
static inline bool f32_is_nan_pattern(uint32_t a)
{
    return a << 1 > 0xff000000u;
}

static inline bool f64_is_nan_pattern(uint64_t a)
{
    return a << 1 > 0xffe0000000000000u;
}

static int64_t fixed(uint32_t value, unsigned width, bool is_signed)
{
    if (width == 16)
        return is_signed ? (int16_t)value : (int64_t)(uint16_t)value;
    return is_signed ? (int32_t)value : (int64_t)value;
}

SIZED(vadd, VADD)
SIZED(vsub, VSUB)
SIZED(vmul, VMUL)
SIZED(vnmul, VNMUL)
SIZED(vdiv, VDIV)
SIZED(vsqrt, VSQRT)
SIZED(vmla, VMLA)
SIZED(vmls, VMLS)
SIZED(vnmla, VNMLA)
SIZED(vnmls, VNMLS)
SIZED(vfma, VFMA)
SIZED(vfms, VFMS)
SIZED(vfnma, VFNMA)
SIZED(vfnms, VFNMS)
SIZED(vmov, VMOV)
SIZED(vabs, VABS)
SIZED(vneg, VNEG)
SIZED(vmaxnm, VMAXNM)
SIZED(vminnm, VMINNM)
SIZED(vsel, VSEL)
SIZED(vrint, VRINT)
SIZED(vcmp, VCMP)
SIZED(vcmp_z, VCMP_Z)
SIZED(vcvt_to_int, VCVT_TO_INT)
SIZED(vcvt_from_int, VCVT_FROM_INT)
SIZED(vcvt_from_fixed, VCVT_FROM_FIXED)
SIZED(vcvt_from_half, VCVT_FROM_HALF)
SIZED(vcvt_to_half, VCVT_TO_HALF)

/* The fixed-point result is extended to the whole register. */
static uint32_t extend_fixed(uint32_t value, unsigned width, bool is_signed)
{
    return (uint32_t)fixed(value, width, is_signed);
}

enum flow execute_vcvt_to_fixed_f32(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    uint32_t *d = &cpu->fp.s[insn->rd];
    uint32_t value = f32_to_fixed(*d, insn->shift, insn->ra, insn->imm, FP_TRUNCATE, &cpu->fpscr);
    *d = extend_fixed(value, insn->ra, insn->imm);
    return FLOW_NEXT;
}

enum flow execute_vcvt_to_fixed_f64(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    uint64_t *d = &cpu->fp.d[insn->rd];
    uint32_t value = f64_to_fixed(*d, insn->shift, insn->ra, insn->imm, FP_TRUNCATE, &cpu->fpscr);
    *d = (uint64_t)fixed(value, insn->ra, insn->imm);
    return FLOW_NEXT;
}

enum flow execute_vmov_i_f32(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    cpu->fp.s[insn->rd] = insn->imm;
    return FLOW_NEXT;
}

enum flow execute_vmov_i_f64(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    cpu->fp.d[insn->rd] = (uint64_t)insn->imm << 32;
    return FLOW_NEXT;
}

enum flow execute_vcvt_f32_f64(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    cpu->fp.s[insn->rd] = f32_from_f64(cpu->fp.d[insn->rm], &cpu->fpscr);
    return FLOW_NEXT;
}

enum flow execute_vcvt_f64_f32(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    cpu->fp.d[insn->rd] = f64_from_f32(cpu->fp.s[insn->rm], &cpu->fpscr);
    return FLOW_NEXT;
}

/* ---- Between the register files --------------------------------------------------------------- */

enum flow execute_vmov_to_core(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    cpu->r[insn->rd] = cpu->fp.s[insn->rm];
    return FLOW_NEXT;
}

enum flow execute_vmov_from_core(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    cpu->fp.s[insn->rm] = cpu->r[insn->rd];
    return FLOW_NEXT;
}

enum flow execute_vmov_to_pair(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    cpu->r[insn->rd] = cpu->fp.s[insn->rm];
    cpu->r[insn->ra] = cpu->fp.s[insn->rm + 1];
    return FLOW_NEXT;
}

enum flow execute_vmov_from_pair(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    cpu->fp.s[insn->rm] = cpu->r[insn->rd];
    cpu->fp.s[insn->rm + 1] = cpu->r[insn->ra];
    return FLOW_NEXT;
}

enum flow execute_vmsr(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    cpu->fpscr = cpu->r[insn->rd] & 0xf7c0009f;
    return FLOW_NEXT;
}

enum flow execute_vmrs(struct cpu *cpu, const struct insn *insn)
{
    PREPARE
    if (insn->rd != 15) {
        cpu->r[insn->rd] = cpu->fpscr;
        return FLOW_NEXT;
    }
    cpu->flag_n = cpu->fpscr >> 31;
    cpu->flag_z = cpu->fpscr >> 30 & 1;
    cpu->flag_c = cpu->fpscr >> 29 & 1;
    cpu->flag_v = cpu->fpscr >> 28 & 1;
    return FLOW_NEXT;
}

/* ---- Memory ----------------------------------------------------------------------------------- */

/* `count` words from `address` on; nothing is loaded unless all are. */
static enum flow load_words(struct cpu *cpu, const struct insn *insn, uint32_t address,
                            unsigned first, unsigned count, bool *slow)
{
    uint32_t values[32];
    for (unsigned i = 0; i < count; i++) {
        enum cpu_fault what = load(cpu, insn, address + 4 * i, 4, ACCESS_ALIGNED, &values[i], slow);
        if (__builtin_expect(what != FAULT_NONE, 0))
            return fault(cpu, insn, what, address + 4 * i);
    }
    for (unsigned i = 0; i < count; i++)
        cpu->fp.s[first + i] = values[i];
    return FLOW_NEXT;
}

static enum flow store_words(struct cpu *cpu, const struct insn *insn, uint32_t address,
                             unsigned first, unsigned count, bool *slow)
{
    for (unsigned i = 0; i < count; i++) {
        enum cpu_fault what =
            store(cpu, insn, address + 4 * i, 4, ACCESS_ALIGNED, cpu->fp.s[first + i], slow);
        if (__builtin_expect(what != FAULT_NONE, 0))
            return fault(cpu, insn, what, address + 4 * i);
    }
    return FLOW_NEXT;
}

static inline enum flow finish(struct cpu *cpu, const struct insn *insn, enum flow flow, bool slow)
{
    return flow == FLOW_NEXT && slow ? after_slow(cpu, insn) : flow;
}

#define ONE(name, what, scale)                                                                     \
    enum flow execute_##name(struct cpu *cpu, const struct insn *insn)                             \
    {                                                                                              \
        PREPARE                                                                                    \
        bool slow = false;                                                                         \
        uint32_t address = cpu->r[insn->rn] + insn->imm;                                           \
        enum flow flow = what(cpu, insn, address, insn->rd * scale, scale, &slow);                 \
        return finish(cpu, insn, flow, slow);                                                      \
    }
ONE(vldr_f32, load_words, 1u)
ONE(vldr_f64, load_words, 2u)
ONE(vstr_f32, store_words, 1u)
ONE(vstr_f64, store_words, 2u)

#define MANY(name, what)                                                                           \
    enum flow execute_##name(struct cpu *cpu, const struct insn *insn)                             \
    {                                                                                              \
        PREPARE                                                                                    \
        bool slow = false;                                                                         \
        uint32_t base = cpu->r[insn->rn];                                                          \
        uint32_t moved = insn->add ? base + insn->imm : base - insn->imm;                          \
        enum flow flow = what(cpu, insn, insn->add ? base : moved, insn->rd, insn->ra, &slow);     \
        if (flow == FLOW_NEXT && insn->write_back)                                                 \
            cpu->r[insn->rn] = insn->rn == 13 ? moved & ~3u : moved;                               \
        return finish(cpu, insn, flow, slow);                                                      \
    }
MANY(vldm, load_words)
MANY(vstm, store_words)
