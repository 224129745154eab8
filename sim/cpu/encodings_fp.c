/* The floating-point encodings (DDI 0403E A6): coprocessors 10 (single) and 11 (double). */
#include "sim/cpu/isa.h"

static inline uint32_t bits(uint32_t word, unsigned high, unsigned low)
{
    return word >> low & ((2u << (high - low)) - 1);
}

static unsigned single(uint32_t low4, uint32_t bit)
{
    return low4 << 1 | bit;
}

static uint8_t single_d(uint32_t w)
{
    return (uint8_t)single(bits(w, 15, 12), bits(w, 22, 22));
}

static uint8_t single_n(uint32_t w)
{
    return (uint8_t)single(bits(w, 19, 16), bits(w, 7, 7));
}

static uint8_t single_m(uint32_t w)
{
    return (uint8_t)single(bits(w, 3, 0), bits(w, 5, 5));
}

static uint8_t double_d(uint32_t w)
{
    return (uint8_t)(bits(w, 22, 22) << 4 | bits(w, 15, 12));
}

static uint8_t double_n(uint32_t w)
{
    return (uint8_t)(bits(w, 7, 7) << 4 | bits(w, 19, 16));
}

static uint8_t double_m(uint32_t w)
{
    return (uint8_t)(bits(w, 5, 5) << 4 | bits(w, 3, 0));
}

static bool is_double(uint32_t w)
{
    return bits(w, 8, 8);
}

static bool three(struct insn *insn, uint32_t w)
{
    if (is_double(w)) {
        insn->rd = double_d(w);
        insn->rn = double_n(w);
        insn->rm = double_m(w);
        return insn->rd < 16 && insn->rn < 16 && insn->rm < 16;
    }
    insn->rd = single_d(w);
    insn->rn = single_n(w);
    insn->rm = single_m(w);
    return true;
}

static bool two(struct insn *insn, uint32_t w)
{
    three(insn, w);
    insn->rn = 0;
    return !is_double(w) || (insn->rd < 16 && insn->rm < 16);
}

static bool vcmp(struct insn *insn, uint32_t w)
{
    insn->shift = bits(w, 7, 7) & 1; /* E: signalling */
    return two(insn, w);
}

static bool vcmp_zero(struct insn *insn, uint32_t w)
{
    insn->shift = bits(w, 7, 7) & 1;
    two(insn, w);
    insn->rm = 0;
    return !is_double(w) || insn->rd < 16;
}

/* VFPExpandImm: imm is the single or the upper half of the double. */
static bool vmov_immediate(struct insn *insn, uint32_t w)
{
    uint32_t imm8 = bits(w, 19, 16) << 4 | bits(w, 3, 0);
    uint32_t sign = imm8 >> 7 << 31, b = imm8 >> 6 & 1;
    three(insn, w);
    if (is_double(w))
        insn->imm = sign | (b ^ 1) << 30 | (b ? 0xffu : 0) << 22 | (imm8 & 0x3f) << 16;
    else
        insn->imm = sign | (b ^ 1) << 30 | (b ? 0x1fu : 0) << 25 | (imm8 & 0x3f) << 19;
    return !is_double(w) || insn->rd < 16;
}

enum { ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_ZERO, ROUND_FPSCR, ROUND_AWAY };

/* VRINTA, N, P, M and VCVTA, N, P, M: shift is the rounding of the two low bits of opc2 */
static uint8_t directed(uint32_t w)
{
    static const uint8_t modes[4] = {ROUND_AWAY, ROUND_NEAREST, ROUND_UP, ROUND_DOWN};
    return modes[bits(w, 17, 16)];
}

static bool vrint_directed(struct insn *insn, uint32_t w)
{
    insn->shift = directed(w);
    return two(insn, w);
}

/* imm: raise Inexact */
static bool vrintr(struct insn *insn, uint32_t w)
{
    insn->shift = ROUND_FPSCR;
    return two(insn, w);
}

static bool vrintx(struct insn *insn, uint32_t w)
{
    insn->imm = 1;
    return vrintr(insn, w);
}

static bool vrintz(struct insn *insn, uint32_t w)
{
    insn->shift = ROUND_ZERO;
    return two(insn, w);
}

/* To an integer: rd is an S register; imm is 1 if signed. */
static bool to_integer(struct insn *insn, uint32_t w)
{
    two(insn, w);
    insn->rd = single_d(w);
    return !is_double(w) || insn->rm < 16;
}

static bool vcvt_to_integer(struct insn *insn, uint32_t w)
{
    insn->shift = bits(w, 7, 7) ? ROUND_ZERO : ROUND_FPSCR;
    insn->imm = bits(w, 16, 16);
    return to_integer(insn, w);
}

static bool vcvt_directed(struct insn *insn, uint32_t w)
{
    insn->shift = directed(w);
    insn->imm = bits(w, 7, 7);
    return to_integer(insn, w);
}

static bool vcvt_from_integer(struct insn *insn, uint32_t w)
{
    insn->imm = bits(w, 7, 7);
    two(insn, w);
    insn->rm = single_m(w);
    return !is_double(w) || insn->rd < 16;
}

/* Fixed point in place: shift is the number of fraction bits, ra the width, imm 1 if signed. */
static bool vcvt_fixed(struct insn *insn, uint32_t w)
{
    unsigned width = bits(w, 7, 7) ? 32 : 16;
    unsigned imm5 = bits(w, 3, 0) << 1 | bits(w, 5, 5);
    three(insn, w);
    insn->ra = (uint8_t)width;
    insn->imm = !bits(w, 16, 16);
    insn->shift = (uint8_t)(width - imm5);
    return width >= imm5 && (!is_double(w) || insn->rd < 16);
}

/* Half precision: shift is the bit where the half lies in its S register. */
static bool from_half(struct insn *insn, uint32_t w)
{
    two(insn, w);
    insn->rm = single_m(w);
    insn->shift = bits(w, 7, 7) ? 16 : 0;
    return !is_double(w) || insn->rd < 16;
}

static bool to_half(struct insn *insn, uint32_t w)
{
    two(insn, w);
    insn->rd = single_d(w);
    insn->shift = bits(w, 7, 7) ? 16 : 0;
    return !is_double(w) || insn->rm < 16;
}

static bool double_to_single(struct insn *insn, uint32_t w)
{
    insn->rd = single_d(w);
    insn->rm = double_m(w);
    return insn->rm < 16;
}

static bool single_to_double(struct insn *insn, uint32_t w)
{
    insn->rd = double_d(w);
    insn->rm = single_m(w);
    return insn->rd < 16;
}

static bool vsel(struct insn *insn, uint32_t w)
{
    static const uint8_t conditions[4] = {0, 6, 10, 12}; /* EQ VS GE GT */
    insn->shift = conditions[bits(w, 21, 20)];
    return three(insn, w);
}

static bool load_store(struct insn *insn, uint32_t w)
{
    bool store = insn->op == OP_vstr_f32 || insn->op == OP_vstr_f64;
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->rd = is_double(w) ? double_d(w) : single_d(w);
    insn->imm = (bits(w, 23, 23) ? bits(w, 7, 0) : 0u - bits(w, 7, 0)) * 4;
    return insn->rd < 32 && (!is_double(w) || insn->rd < 16) && !(store && insn->rn == 15);
}

/* rd: the first S register, ra: how many of them; imm: bytes that the base moves (FLDMX has one
 * word more). */
static bool load_store_multiple(struct insn *insn, uint32_t w)
{
    unsigned words = bits(w, 7, 0);
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->add = bits(w, 23, 23);
    insn->write_back = bits(w, 21, 21);
    insn->imm = words * 4;
    if (is_double(w)) {
        unsigned first = double_d(w);
        insn->rd = (uint8_t)(first * 2);
        words &= ~1u;
        if (first >= 16)
            return false;
    } else {
        insn->rd = single_d(w);
    }
    insn->ra = (uint8_t)words;
    /* pc as base with nothing written back is deprecated for loads only in ARM state */
    return words && insn->rd + words <= 32 && insn->rn != 15;
}

/* Between core and S registers: rm is the S register, rd the core's; ra the second one. */
static bool core_single(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 15, 12);
    insn->rm = single_n(w);
    return insn->rd != 15;
}

static bool core_scalar(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 15, 12);
    insn->rm = (uint8_t)(double_n(w) * 2 + bits(w, 21, 21));
    return insn->rd != 15 && double_n(w) < 16;
}

static bool core_pair(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 15, 12);
    insn->ra = (uint8_t)bits(w, 19, 16);
    insn->rm = is_double(w) ? (uint8_t)(double_m(w) * 2) : single_m(w);
    if (insn->rd == 15 || insn->ra == 15 || insn->rm >= 31)
        return false;
    return !(insn->op == OP_vmov_to_pair && insn->rd == insn->ra);
}

/* VMRS with Rt 15 copies the flags to APSR. */
static bool status(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 15, 12);
    return insn->rd != 15 || insn->op == OP_vmrs;
}

#define SIZED(name, mask, value, format, op, features)                                             \
    {name ".F32", (mask) | 0xf00, (value) | 0xa00u, format, OP_##op##_f32, features},              \
    {                                                                                              \
        name ".F64", (mask) | 0xf00, (value) | 0xb00u, format, OP_##op##_f64,                      \
            (features) | FEATURE_DOUBLE                                                            \
    }
#define ARITHMETIC(name, value, op) SIZED(name, 0xffb00050, value, three, op, FEATURE_FP)
#define UNARY(name, value, format, op, f)                                                          \
    SIZED(name, 0xffbf00d0, value, format, op, FEATURE_FP | (f))

const struct encoding encodings_fp[] = {
    {"VMOV core to two singles", 0xfff00fd0, 0xec400a10, core_pair, OP_vmov_from_pair, FEATURE_FP},
    {"VMOV two singles to core", 0xfff00fd0, 0xec500a10, core_pair, OP_vmov_to_pair, FEATURE_FP},
    {"VMOV core to double", 0xfff00fd0, 0xec400b10, core_pair, OP_vmov_from_pair, FEATURE_FP},
    {"VMOV double to core", 0xfff00fd0, 0xec500b10, core_pair, OP_vmov_to_pair, FEATURE_FP},
    {"VSTR.32", 0xff300f00, 0xed000a00, load_store, OP_vstr_f32, FEATURE_FP},
    {"VSTR.64", 0xff300f00, 0xed000b00, load_store, OP_vstr_f64, FEATURE_FP},
    {"VLDR.32", 0xff300f00, 0xed100a00, load_store, OP_vldr_f32, FEATURE_FP},
    {"VLDR.64", 0xff300f00, 0xed100b00, load_store, OP_vldr_f64, FEATURE_FP},
    {"VSTMIA.32", 0xff900f00, 0xec800a00, load_store_multiple, OP_vstm, FEATURE_FP},
    {"VSTMIA.64", 0xff900f00, 0xec800b00, load_store_multiple, OP_vstm, FEATURE_FP},
    {"VSTMDB.32 (VPUSH)", 0xffb00f00, 0xed200a00, load_store_multiple, OP_vstm, FEATURE_FP},
    {"VSTMDB.64 (VPUSH)", 0xffb00f00, 0xed200b00, load_store_multiple, OP_vstm, FEATURE_FP},
    {"VLDMIA.32 (VPOP)", 0xff900f00, 0xec900a00, load_store_multiple, OP_vldm, FEATURE_FP},
    {"VLDMIA.64 (VPOP)", 0xff900f00, 0xec900b00, load_store_multiple, OP_vldm, FEATURE_FP},
    {"VLDMDB.32", 0xffb00f00, 0xed300a00, load_store_multiple, OP_vldm, FEATURE_FP},
    {"VLDMDB.64", 0xffb00f00, 0xed300b00, load_store_multiple, OP_vldm, FEATURE_FP},
    {"VMOV core to single", 0xfff00f7f, 0xee000a10, core_single, OP_vmov_from_core, FEATURE_FP},
    {"VMOV single to core", 0xfff00f7f, 0xee100a10, core_single, OP_vmov_to_core, FEATURE_FP},
    {"VMOV core to scalar", 0xffd00f7f, 0xee000b10, core_scalar, OP_vmov_from_core, FEATURE_FP},
    {"VMOV scalar to core", 0xffd00f7f, 0xee100b10, core_scalar, OP_vmov_to_core, FEATURE_FP},
    {"VMSR", 0xffff0fff, 0xeee10a10, status, OP_vmsr, FEATURE_FP},
    {"VMRS", 0xffff0fff, 0xeef10a10, status, OP_vmrs, FEATURE_FP},
    ARITHMETIC("VMLA", 0xee000000u, vmla),
    ARITHMETIC("VMLS", 0xee000040u, vmls),
    ARITHMETIC("VNMLS", 0xee100000u, vnmls),
    ARITHMETIC("VNMLA", 0xee100040u, vnmla),
    ARITHMETIC("VMUL", 0xee200000u, vmul),
    ARITHMETIC("VNMUL", 0xee200040u, vnmul),
    ARITHMETIC("VADD", 0xee300000u, vadd),
    ARITHMETIC("VSUB", 0xee300040u, vsub),
    ARITHMETIC("VDIV", 0xee800000u, vdiv),
    ARITHMETIC("VFNMS", 0xee900000u, vfnms),
    ARITHMETIC("VFNMA", 0xee900040u, vfnma),
    ARITHMETIC("VFMA", 0xeea00000u, vfma),
    ARITHMETIC("VFMS", 0xeea00040u, vfms),
    SIZED("VMOV (immediate)", 0xffb000f0, 0xeeb00000u, vmov_immediate, vmov_i, FEATURE_FP),
    UNARY("VMOV (register)", 0xeeb00040u, two, vmov, 0),
    UNARY("VABS", 0xeeb000c0u, two, vabs, 0),
    UNARY("VNEG", 0xeeb10040u, two, vneg, 0),
    UNARY("VSQRT", 0xeeb100c0u, two, vsqrt, 0),
    SIZED("VCVTB, VCVTT from F16", 0xffbf0050, 0xeeb20040u, from_half, vcvt_from_half, FEATURE_FP),
    SIZED("VCVTB, VCVTT to F16", 0xffbf0050, 0xeeb30040u, to_half, vcvt_to_half, FEATURE_FP),
    SIZED("VCMP, VCMPE", 0xffbf0050, 0xeeb40040u, vcmp, vcmp, FEATURE_FP),
    SIZED("VCMP, VCMPE with zero", 0xffbf007f, 0xeeb50040u, vcmp_zero, vcmp_z, FEATURE_FP),
    UNARY("VRINTR", 0xeeb60040u, vrintr, vrint, FEATURE_FPV5),
    UNARY("VRINTZ", 0xeeb600c0u, vrintz, vrint, FEATURE_FPV5),
    UNARY("VRINTX", 0xeeb70040u, vrintx, vrint, FEATURE_FPV5),
    {"VCVT.F64.F32", 0xffbf0fd0, 0xeeb70ac0, single_to_double, OP_vcvt_f64_f32,
     FEATURE_FP | FEATURE_DOUBLE},
    {"VCVT.F32.F64", 0xffbf0fd0, 0xeeb70bc0, double_to_single, OP_vcvt_f32_f64,
     FEATURE_FP | FEATURE_DOUBLE},
    SIZED("VCVT from integer", 0xffbf0050, 0xeeb80040u, vcvt_from_integer, vcvt_from_int,
          FEATURE_FP),
    SIZED("VCVT from fixed", 0xffbe0050, 0xeeba0040u, vcvt_fixed, vcvt_from_fixed, FEATURE_FP),
    SIZED("VCVT, VCVTR to integer", 0xffbe0050, 0xeebc0040u, vcvt_to_integer, vcvt_to_int,
          FEATURE_FP),
    SIZED("VCVT to fixed", 0xffbe0050, 0xeebe0040u, vcvt_fixed, vcvt_to_fixed, FEATURE_FP),
    SIZED("VSEL", 0xff800050, 0xfe000000u, vsel, vsel, FEATURE_FP | FEATURE_FPV5),
    SIZED("VMAXNM", 0xffb00050, 0xfe800000u, three, vmaxnm, FEATURE_FP | FEATURE_FPV5),
    SIZED("VMINNM", 0xffb00050, 0xfe800040u, three, vminnm, FEATURE_FP | FEATURE_FPV5),
    SIZED("VRINTA, N, P, M", 0xffbc00d0, 0xfeb80040u, vrint_directed, vrint,
          FEATURE_FP | FEATURE_FPV5),
    SIZED("VCVTA, N, P, M", 0xffbc0050, 0xfebc0040u, vcvt_directed, vcvt_to_int,
          FEATURE_FP | FEATURE_FPV5),
};
const unsigned encodings_fp_count = sizeof encodings_fp / sizeof *encodings_fp;
