/* The 32-bit encodings but floating point (DDI 0403E A5.3, A7.7), most specific first.
 * What the manual calls UNPREDICTABLE because pc is an operand where it cannot be is UNDEFINED here,
 * as are load and store multiple of fewer than two registers. */
#include "sim/cpu/isa.h"

static inline uint32_t bits(uint32_t word, unsigned high, unsigned low)
{
    return word >> low & ((2u << (high - low)) - 1);
}

static void three_registers(struct insn *insn, uint32_t w)
{
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->rd = (uint8_t)bits(w, 11, 8);
    insn->rm = (uint8_t)bits(w, 3, 0);
    insn->set_flags = bits(w, 20, 20) & 1;
}

/* DecodeImmShift, A7.4.2 */
static void immediate_shift(struct insn *insn, unsigned type, uint32_t amount)
{
    insn->shift_type = (uint8_t)type;
    insn->shift = (uint8_t)amount;
    if (amount == 0 && (type == SHIFT_LSR || type == SHIFT_ASR))
        insn->shift = 32;
    if (amount == 0 && type == SHIFT_ROR) {
        insn->shift_type = SHIFT_RRX;
        insn->shift = 1;
    }
}

static bool shifted_register(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    immediate_shift(insn, bits(w, 5, 4), bits(w, 14, 12) << 2 | bits(w, 7, 6));
    return insn->rd != 15 && insn->rm != 15;
}

static bool shifted_compare(struct insn *insn, uint32_t w)
{
    shifted_register(insn, w);
    return insn->rn != 15 && insn->rm != 15;
}

static bool shifted_rn(struct insn *insn, uint32_t w)
{
    return shifted_register(insn, w) && insn->rn != 15;
}

/* ThumbExpandImm_C, A5.3.2 */
static void modified_immediate(struct insn *insn, uint32_t w)
{
    uint32_t imm12 = bits(w, 26, 26) << 11 | bits(w, 14, 12) << 8 | bits(w, 7, 0);
    uint32_t byte = imm12 & 0xff;
    insn->carry = CARRY_KEEP;
    if (imm12 >> 10) {
        insn->imm = ror32(0x80 | (imm12 & 0x7f), imm12 >> 7);
        insn->carry = (uint8_t)(insn->imm >> 31 ? CARRY_SET : CARRY_CLEAR);
        return;
    }
    static const uint32_t spread[4] = {1, 0x00010001, 0x01000100, 0x01010101};
    insn->imm = byte * spread[imm12 >> 8 & 3];
}

static bool immediate(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    modified_immediate(insn, w);
    return insn->rd != 15;
}

static bool immediate_rn(struct insn *insn, uint32_t w)
{
    return immediate(insn, w) && insn->rn != 15;
}

static bool immediate_compare(struct insn *insn, uint32_t w)
{
    immediate(insn, w);
    return insn->rn != 15;
}

static bool plain_imm12(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    insn->imm = bits(w, 26, 26) << 11 | bits(w, 14, 12) << 8 | bits(w, 7, 0);
    insn->set_flags = 0;
    return insn->rd != 15;
}

static bool imm16(struct insn *insn, uint32_t w)
{
    plain_imm12(insn, w);
    insn->imm |= bits(w, 19, 16) << 12;
    insn->carry = CARRY_KEEP;
    return insn->rd != 15;
}

/* SSAT, USAT: imm is the width; shift_type LSL or ASR */
static bool saturate(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    insn->imm = bits(w, 4, 0) + (insn->op == OP_ssat || insn->op == OP_ssat16 ? 1u : 0u);
    insn->shift = (uint8_t)(bits(w, 14, 12) << 2 | bits(w, 7, 6));
    insn->shift_type = (uint8_t)(bits(w, 21, 21) ? SHIFT_ASR : SHIFT_LSL);
    return insn->rd != 15 && insn->rn != 15;
}

/* Bit fields: shift is the low bit, imm the width. */
static bool bit_field(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    insn->shift = (uint8_t)(bits(w, 14, 12) << 2 | bits(w, 7, 6));
    insn->imm = bits(w, 4, 0) + 1;
    return insn->rd != 15 && insn->rn != 15 && insn->shift + insn->imm <= 32;
}

/* BFI and BFC give the field's high bit; rn 15 is BFC. */
static bool bit_field_insert(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    insn->shift = (uint8_t)(bits(w, 14, 12) << 2 | bits(w, 7, 6));
    insn->imm = bits(w, 4, 0) + 1 - insn->shift;
    return insn->rd != 15 && insn->shift <= bits(w, 4, 0);
}

static bool dp_register(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    return insn->rd != 15 && insn->rn != 15 && insn->rm != 15;
}

static bool shift_by_register(struct insn *insn, uint32_t w)
{
    insn->shift_type = (uint8_t)bits(w, 22, 21);
    return dp_register(insn, w);
}

/* Without the S bit: the field is part of the operation. */
static bool dsp_register(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    insn->set_flags = 0;
    return insn->rd != 15 && insn->rn != 15 && insn->rm != 15;
}

/* CLZ, REV…: Rn repeats Rm. */
static bool rd_rm(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    return insn->rd != 15 && insn->rm != 15;
}

static bool extend(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    insn->shift = (uint8_t)(bits(w, 5, 4) * 8);
    return insn->rd != 15 && insn->rm != 15;
}

/* imm: the prefix (S Q SH - U UQ UH) above the operation, as encoded */
static bool parallel(struct insn *insn, uint32_t w)
{
    insn->imm = bits(w, 6, 4) << 3 | bits(w, 22, 20);
    return dsp_register(insn, w);
}

/* imm: the low bits of the operation (halves, exchange, round) */
static bool multiply(struct insn *insn, uint32_t w)
{
    three_registers(insn, w);
    insn->set_flags = 0;
    insn->ra = (uint8_t)bits(w, 15, 12);
    insn->imm = bits(w, 7, 4);
    return insn->rd != 15 && insn->rn != 15 && insn->rm != 15;
}

static bool multiply_accumulate(struct insn *insn, uint32_t w)
{
    return multiply(insn, w) && insn->ra != 15;
}

/* ra: RdLo, rd: RdHi */
static bool multiply_long(struct insn *insn, uint32_t w)
{
    return multiply(insn, w) && insn->ra != 15 && insn->ra != insn->rd;
}

static bool pack_halves(struct insn *insn, uint32_t w)
{
    shifted_rn(insn, w);
    insn->set_flags = 0;
    insn->shift_type = bits(w, 5, 5) ? SHIFT_ASR : SHIFT_LSL;
    if (insn->shift_type == SHIFT_LSL)
        insn->shift = (uint8_t)(bits(w, 14, 12) << 2 | bits(w, 7, 6));
    insn->imm = bits(w, 5, 5);
    return insn->rd != 15 && insn->rn != 15 && insn->rm != 15;
}

/* ---- Loads and stores ------------------------------------------------------------------------- */

static bool is_store(const struct insn *insn)
{
    return insn->op == OP_str_i || insn->op == OP_strb_i || insn->op == OP_strh_i ||
           insn->op == OP_str_r || insn->op == OP_strb_r || insn->op == OP_strh_r ||
           insn->op == OP_str_w || insn->op == OP_strb_w || insn->op == OP_strh_w;
}

/* Rt 15: LDR branches; the narrower loads are preload hints; a store is not possible. */
static bool load_to_pc(struct insn *insn)
{
    if (insn->rd != 15)
        return true;
    if (is_store(insn))
        return false;
    if (insn->op == OP_ldr_i || insn->op == OP_ldr_r || insn->op == OP_ldr_w)
        insn->op = OP_ldr_pc;
    else if (insn->write_back || insn->unprivileged)
        return false;
    else
        insn->op = OP_nop;
    return true;
}

static bool load_imm12(struct insn *insn, uint32_t w)
{
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->rd = (uint8_t)bits(w, 15, 12);
    insn->imm = bits(w, 11, 0);
    insn->index = insn->add = true;
    return (insn->rn != 15 || !is_store(insn)) && load_to_pc(insn);
}

static bool load_literal(struct insn *insn, uint32_t w)
{
    insn->rn = 15;
    insn->rd = (uint8_t)bits(w, 15, 12);
    insn->imm = bits(w, 11, 0);
    insn->index = insn->add = true;
    if (!bits(w, 23, 23))
        insn->imm = 0u - insn->imm;
    return load_to_pc(insn);
}

/* imm8 with P, U, W; the offset is signed in `imm`. */
static bool load_imm8(struct insn *insn, uint32_t w)
{
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->rd = (uint8_t)bits(w, 15, 12);
    insn->index = bits(w, 10, 10);
    insn->write_back = bits(w, 8, 8);
    insn->imm = bits(w, 9, 9) ? bits(w, 7, 0) : 0u - bits(w, 7, 0);
    if (insn->rn == 15 || (insn->write_back && insn->rn == insn->rd))
        return false;
    return load_to_pc(insn);
}

static bool load_unprivileged(struct insn *insn, uint32_t w)
{
    insn->unprivileged = true;
    load_imm8(insn, w & ~0x100u);
    return insn->rn != 15 && insn->rd != 15;
}

static bool load_register(struct insn *insn, uint32_t w)
{
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->rd = (uint8_t)bits(w, 15, 12);
    insn->rm = (uint8_t)bits(w, 3, 0);
    insn->shift = (uint8_t)bits(w, 5, 4);
    insn->index = insn->add = true;
    return insn->rm != 15 && insn->rn != 15 && load_to_pc(insn);
}

static bool load_dual(struct insn *insn, uint32_t w)
{
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->rd = (uint8_t)bits(w, 15, 12);
    insn->ra = (uint8_t)bits(w, 11, 8);
    insn->index = bits(w, 24, 24);
    insn->write_back = bits(w, 21, 21);
    insn->imm = (bits(w, 23, 23) ? bits(w, 7, 0) : 0u - bits(w, 7, 0)) * 4;
    if (insn->rd == 15 || insn->ra == 15 || (insn->op == OP_ldrd && insn->rd == insn->ra))
        return false;
    if (insn->write_back && (insn->rn == insn->rd || insn->rn == insn->ra))
        return false;
    return insn->rn != 15 || (insn->op == OP_ldrd && !insn->write_back);
}

static bool load_multiple(struct insn *insn, uint32_t w)
{
    uint32_t list = w & 0xffff;
    insn->imm = list & ~(1u << 13);
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->add = !bits(w, 24, 24);
    insn->write_back = bits(w, 21, 21);
    if (insn->rn == 15 || !(list & (list - 1)) || list >> 13 & 1)
        return false;
    if (insn->write_back && list >> insn->rn & 1)
        return false;
    return insn->op == OP_stm ? !(list >> 15) : list >> 14 != 3;
}

/* shift: the size in bytes; ra: the status register */
static bool exclusive_word(struct insn *insn, uint32_t w)
{
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->rd = (uint8_t)bits(w, 15, 12);
    insn->ra = (uint8_t)bits(w, 11, 8);
    insn->imm = bits(w, 7, 0) * 4;
    insn->shift = 4;
    if (insn->op == OP_strex && (insn->ra == 15 || insn->ra == insn->rd || insn->ra == insn->rn))
        return false;
    return insn->rn != 15 && insn->rd != 15 && insn->rd != 13 && insn->ra != 13;
}

static bool exclusive_narrow(struct insn *insn, uint32_t w)
{
    exclusive_word(insn, w);
    insn->ra = (uint8_t)bits(w, 3, 0);
    insn->imm = 0;
    insn->shift = bits(w, 4, 4) ? 2 : 1;
    if (insn->op == OP_strex && (insn->ra == 15 || insn->ra == insn->rd || insn->ra == insn->rn))
        return false;
    return insn->rn != 15 && insn->rd != 15 && insn->rd != 13 && insn->ra != 13;
}

static bool table_branch(struct insn *insn, uint32_t w)
{
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->rm = (uint8_t)bits(w, 3, 0);
    insn->shift = bits(w, 4, 4) & 1;
    return insn->rm != 15;
}

/* ---- Branches and system ---------------------------------------------------------------------- */

static bool branch_cond(struct insn *insn, uint32_t w)
{
    uint32_t offset = bits(w, 26, 26) << 20 | bits(w, 11, 11) << 19 | bits(w, 13, 13) << 18 |
                      bits(w, 21, 16) << 12 | bits(w, 10, 0) << 1;
    insn->shift = (uint8_t)bits(w, 25, 22);
    insn->imm = insn->pc + 4 + (uint32_t)sign_extend(offset, 21);
    return insn->shift < COND_ALWAYS;
}

static bool branch(struct insn *insn, uint32_t w)
{
    uint32_t s = bits(w, 26, 26);
    uint32_t offset = s << 24 | (bits(w, 13, 13) ^ s ^ 1) << 23 | (bits(w, 11, 11) ^ s ^ 1) << 22 |
                      bits(w, 25, 16) << 12 | bits(w, 10, 0) << 1;
    insn->imm = insn->pc + 4 + (uint32_t)sign_extend(offset, 25);
    return true;
}

static bool msr(struct insn *insn, uint32_t w)
{
    insn->rn = (uint8_t)bits(w, 19, 16);
    insn->shift = (uint8_t)bits(w, 11, 10);
    insn->imm = bits(w, 7, 0);
    return insn->rn != 15;
}

static bool mrs(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 11, 8);
    insn->imm = bits(w, 7, 0);
    return insn->rd != 15;
}

static bool barrier_kind(struct insn *insn, uint32_t w)
{
    uint32_t kind = bits(w, 7, 4);
    insn->imm = kind == 5 ? 0 : kind == 4 ? 1 : 2;
    return true;
}

static bool nothing(struct insn *insn, uint32_t w)
{
    (void)insn;
    (void)w;
    return true;
}

/* Data processing: the shifted register and the modified immediate of one operation, and their
 * forms with pc as destination (compare) or first operand (move). */
#define DATA(name, op, o)                                                                          \
    {name " (register) wide", 0xffe08000, 0xea000000u | (o) << 21, shifted_rn, OP_##op##_r, 0},    \
    {                                                                                              \
        name " (immediate) wide", 0xfbe08000, 0xf0000000u | (o) << 21, immediate_rn, OP_##op##_i,  \
            0                                                                                      \
    }
#define COMPARE(name, op, o)                                                                       \
    {                                                                                              \
        name " (register) wide", 0xfff08f00,  0xea100f00u | (o) << 21,                             \
        shifted_compare,         OP_##op##_r, 0},                                                  \
    {                                                                                              \
        name " (immediate) wide", 0xfbf08f00, 0xf0100f00u | (o) << 21, immediate_compare,          \
            OP_##op##_i, 0                                                                         \
    }
#define MOVE_SHIFT(name, type)                                                                     \
    {                                                                                              \
        name " (immediate) T2", 0xffef8030, 0xea4f0000u | (type) << 4, shifted_register, OP_mov_r, \
            0                                                                                      \
    }
#define PARALLEL(prefix, p)                                                                        \
    {prefix "ADD16 T1", 0xfff0f0f0, 0xfa90f000u | (p) << 4, parallel, OP_parallel, 0},             \
        {prefix "ASX T1", 0xfff0f0f0, 0xfaa0f000u | (p) << 4, parallel, OP_parallel, 0},           \
        {prefix "SAX T1", 0xfff0f0f0, 0xfae0f000u | (p) << 4, parallel, OP_parallel, 0},           \
        {prefix "SUB16 T1", 0xfff0f0f0, 0xfad0f000u | (p) << 4, parallel, OP_parallel, 0},         \
        {prefix "ADD8 T1", 0xfff0f0f0, 0xfa80f000u | (p) << 4, parallel, OP_parallel, 0},          \
    {                                                                                              \
        prefix "SUB8 T1", 0xfff0f0f0, 0xfac0f000u | (p) << 4, parallel, OP_parallel, 0             \
    }
#define ACCESS(name, op, v)                                                                        \
    {name " (immediate) imm12", 0xfff00000, (v) | 0x800000u, load_imm12, OP_##op##_i, 0},          \
        {name "T T1", 0xfff00f00, (v) | 0xe00u, load_unprivileged, OP_##op##_w, 0},                \
        {name " (immediate) negative", 0xfff00f00, (v) | 0xc00u, load_imm8, OP_##op##_i, 0},       \
        {name " (immediate) post-indexed", 0xfff00d00, (v) | 0x900u, load_imm8, OP_##op##_w, 0},   \
        {name " (immediate) pre-indexed", 0xfff00d00, (v) | 0xd00u, load_imm8, OP_##op##_w, 0},    \
    {                                                                                              \
        name " (register) T2", 0xfff00fc0, v, load_register, OP_##op##_r, 0                        \
    }
#define LOAD(name, op, v)                                                                          \
    {name " (literal) wide", 0xff7f0000, (v) | 0xf0000u, load_literal, OP_##op##_i, 0},            \
        ACCESS(name, op, v)
const struct encoding encodings_32[] = {
    {"STMDB (PUSH) T1", 0xffd00000, 0xe9000000, load_multiple, OP_stm, 0},
    {"LDMDB T1", 0xffd00000, 0xe9100000, load_multiple, OP_ldm, 0},
    {"STM T2", 0xffd00000, 0xe8800000, load_multiple, OP_stm, 0},
    {"LDM (POP) T2", 0xffd00000, 0xe8900000, load_multiple, OP_ldm, 0},
    {"STREX T1", 0xfff00000, 0xe8400000, exclusive_word, OP_strex, 0},
    {"LDREX T1", 0xfff00f00, 0xe8500f00, exclusive_word, OP_ldrex, 0},
    {"STREXB T1", 0xfff00ff0, 0xe8c00f40, exclusive_narrow, OP_strex, 0},
    {"STREXH T1", 0xfff00ff0, 0xe8c00f50, exclusive_narrow, OP_strex, 0},
    {"LDREXB T1", 0xfff00fff, 0xe8d00f4f, exclusive_narrow, OP_ldrex, 0},
    {"LDREXH T1", 0xfff00fff, 0xe8d00f5f, exclusive_narrow, OP_ldrex, 0},
    {"TBB T1", 0xfff0fff0, 0xe8d0f000, table_branch, OP_tbb, 0},
    {"TBH T1", 0xfff0fff0, 0xe8d0f010, table_branch, OP_tbb, 0},
    {"STRD (immediate) offset", 0xff700000, 0xe9400000, load_dual, OP_strd, 0},
    {"STRD (immediate) pre-indexed", 0xff700000, 0xe9600000, load_dual, OP_strd, 0},
    {"STRD (immediate) post-indexed", 0xff700000, 0xe8600000, load_dual, OP_strd, 0},
    {"LDRD (literal) T1", 0xff7f0000, 0xe95f0000, load_dual, OP_ldrd, 0},
    {"LDRD (immediate) offset", 0xff700000, 0xe9500000, load_dual, OP_ldrd, 0},
    {"LDRD (immediate) pre-indexed", 0xff700000, 0xe9700000, load_dual, OP_ldrd, 0},
    {"LDRD (immediate) post-indexed", 0xff700000, 0xe8700000, load_dual, OP_ldrd, 0},

    COMPARE("TST", tst, 0u),
    DATA("AND", and, 0u),
    DATA("BIC", bic, 1u),
    {"RRX T1", 0xffeff0f0, 0xea4f0030, shifted_register, OP_mov_r, 0},
    {"MOV (register) T3", 0xffeff0f0, 0xea4f0000, shifted_register, OP_mov_r, 0},
    MOVE_SHIFT("LSL", 0u),
    MOVE_SHIFT("LSR", 1u),
    MOVE_SHIFT("ASR", 2u),
    MOVE_SHIFT("ROR", 3u),
    {"MOV (immediate) T2", 0xfbef8000, 0xf04f0000, immediate, OP_mov_i, 0},
    DATA("ORR", orr, 2u),
    {"MVN (register) T2", 0xffef8000, 0xea6f0000, shifted_register, OP_mvn_r, 0},
    {"MVN (immediate) T1", 0xfbef8000, 0xf06f0000, immediate, OP_mvn_i, 0},
    DATA("ORN", orn, 3u),
    COMPARE("TEQ", teq, 4u),
    DATA("EOR", eor, 4u),
    {"PKHBT T1", 0xfff08030, 0xeac00000, pack_halves, OP_pkh, 0},
    {"PKHTB T1", 0xfff08030, 0xeac00020, pack_halves, OP_pkh, 0},
    COMPARE("CMN", cmn, 8u),
    DATA("ADD", add, 8u),
    DATA("ADC", adc, 10u),
    DATA("SBC", sbc, 11u),
    COMPARE("CMP", cmp, 13u),
    DATA("SUB", sub, 13u),
    DATA("RSB", rsb, 14u),

    {"ADR T3", 0xfbff8000, 0xf20f0000, plain_imm12, OP_add_i, 0},
    {"ADD (immediate) T4", 0xfbf08000, 0xf2000000, plain_imm12, OP_add_i, 0},
    {"MOV (immediate) T3", 0xfbf08000, 0xf2400000, imm16, OP_mov_i, 0},
    {"ADR T2", 0xfbff8000, 0xf2af0000, plain_imm12, OP_sub_i, 0},
    {"SUB (immediate) T4", 0xfbf08000, 0xf2a00000, plain_imm12, OP_sub_i, 0},
    {"MOVT T1", 0xfbf08000, 0xf2c00000, imm16, OP_movt, 0},
    {"SSAT16 T1", 0xfff0f0e0, 0xf3200000, saturate, OP_ssat16, 0},
    {"SSAT T1", 0xffd08020, 0xf3000000, saturate, OP_ssat, 0},
    {"SBFX T1", 0xfff08020, 0xf3400000, bit_field, OP_sbfx, 0},
    {"BFC T1", 0xffff8020, 0xf36f0000, bit_field_insert, OP_bfi, 0},
    {"BFI T1", 0xfff08020, 0xf3600000, bit_field_insert, OP_bfi, 0},
    {"USAT16 T1", 0xfff0f0e0, 0xf3a00000, saturate, OP_usat16, 0},
    {"USAT T1", 0xffd08020, 0xf3800000, saturate, OP_usat, 0},
    {"UBFX T1", 0xfff08020, 0xf3c00000, bit_field, OP_ubfx, 0},

    {"NOP T2", 0xffffffff, 0xf3af8000, nothing, OP_nop, 0},
    {"YIELD T2", 0xffffffff, 0xf3af8001, nothing, OP_nop, 0},
    {"WFE T2", 0xffffffff, 0xf3af8002, nothing, OP_wfe, 0},
    {"WFI T2", 0xffffffff, 0xf3af8003, nothing, OP_wfi, 0},
    {"SEV T2", 0xffffffff, 0xf3af8004, nothing, OP_sev, 0},
    {"DBG T1", 0xfffffff0, 0xf3af80f0, nothing, OP_nop, 0},
    {"hint, unallocated T2", 0xffffff00, 0xf3af8000, nothing, OP_nop, 0},
    {"CLREX T1", 0xffffffff, 0xf3bf8f2f, nothing, OP_clrex, 0},
    {"DSB T1", 0xfffffff0, 0xf3bf8f40, barrier_kind, OP_barrier, 0},
    {"DMB T1", 0xfffffff0, 0xf3bf8f50, barrier_kind, OP_barrier, 0},
    {"ISB T1", 0xfffffff0, 0xf3bf8f60, barrier_kind, OP_barrier, 0},
    {"MSR T1", 0xfff0f300, 0xf3808000, msr, OP_msr, 0},
    {"MRS T1", 0xfffff000, 0xf3ef8000, mrs, OP_mrs, 0},
    {"UDF T2", 0xfff0f000, 0xf7f0a000, nothing, OP_undefined, 0},
    {"B T3", 0xf800d000, 0xf0008000, branch_cond, OP_b_cond, 0},
    {"B T4", 0xf800d000, 0xf0009000, branch, OP_b, 0},
    {"BL T1", 0xf800d000, 0xf000d000, branch, OP_bl, 0},

    LOAD("LDRB", ldrb, 0xf8100000u),
    LOAD("LDRH", ldrh, 0xf8300000u),
    LOAD("LDR", ldr, 0xf8500000u),
    LOAD("LDRSB", ldrsb, 0xf9100000u),
    LOAD("LDRSH", ldrsh, 0xf9300000u),
    ACCESS("STRB", strb, 0xf8000000u),
    ACCESS("STRH", strh, 0xf8200000u),
    ACCESS("STR", str, 0xf8400000u),

    {"LSL (register) T2", 0xffe0f0f0, 0xfa00f000, shift_by_register, OP_shift_r, 0},
    {"LSR (register) T2", 0xffe0f0f0, 0xfa20f000, shift_by_register, OP_shift_r, 0},
    {"ASR (register) T2", 0xffe0f0f0, 0xfa40f000, shift_by_register, OP_shift_r, 0},
    {"ROR (register) T2", 0xffe0f0f0, 0xfa60f000, shift_by_register, OP_shift_r, 0},
    {"SXTH T2", 0xfffff0c0, 0xfa0ff080, extend, OP_sxth, 0},
    {"SXTAH T1", 0xfff0f0c0, 0xfa00f080, extend, OP_sxth, 0},
    {"UXTH T2", 0xfffff0c0, 0xfa1ff080, extend, OP_uxth, 0},
    {"UXTAH T1", 0xfff0f0c0, 0xfa10f080, extend, OP_uxth, 0},
    {"SXTB16 T1", 0xfffff0c0, 0xfa2ff080, extend, OP_sxtb16, 0},
    {"SXTAB16 T1", 0xfff0f0c0, 0xfa20f080, extend, OP_sxtb16, 0},
    {"UXTB16 T1", 0xfffff0c0, 0xfa3ff080, extend, OP_uxtb16, 0},
    {"UXTAB16 T1", 0xfff0f0c0, 0xfa30f080, extend, OP_uxtb16, 0},
    {"SXTB T2", 0xfffff0c0, 0xfa4ff080, extend, OP_sxtb, 0},
    {"SXTAB T1", 0xfff0f0c0, 0xfa40f080, extend, OP_sxtb, 0},
    {"UXTB T2", 0xfffff0c0, 0xfa5ff080, extend, OP_uxtb, 0},
    {"UXTAB T1", 0xfff0f0c0, 0xfa50f080, extend, OP_uxtb, 0},
    PARALLEL("S", 0u),
    PARALLEL("Q", 1u),
    PARALLEL("SH", 2u),
    PARALLEL("U", 4u),
    PARALLEL("UQ", 5u),
    PARALLEL("UH", 6u),
    {"QADD T1", 0xfff0f0f0, 0xfa80f080, dsp_register, OP_qadd, 0},
    {"QDADD T1", 0xfff0f0f0, 0xfa80f090, dsp_register, OP_qdadd, 0},
    {"QSUB T1", 0xfff0f0f0, 0xfa80f0a0, dsp_register, OP_qsub, 0},
    {"QDSUB T1", 0xfff0f0f0, 0xfa80f0b0, dsp_register, OP_qdsub, 0},
    {"REV T2", 0xfff0f0f0, 0xfa90f080, rd_rm, OP_rev, 0},
    {"REV16 T2", 0xfff0f0f0, 0xfa90f090, rd_rm, OP_rev16, 0},
    {"RBIT T1", 0xfff0f0f0, 0xfa90f0a0, rd_rm, OP_rbit, 0},
    {"REVSH T2", 0xfff0f0f0, 0xfa90f0b0, rd_rm, OP_revsh, 0},
    {"SEL T1", 0xfff0f0f0, 0xfaa0f080, dsp_register, OP_sel, 0},
    {"CLZ T1", 0xfff0f0f0, 0xfab0f080, rd_rm, OP_clz, 0},

    {"MUL T2", 0xfff0f0f0, 0xfb00f000, multiply, OP_mul, 0},
    {"MLA T1", 0xfff000f0, 0xfb000000, multiply, OP_mla, 0},
    {"MLS T1", 0xfff000f0, 0xfb000010, multiply_accumulate, OP_mls, 0},
    {"SMULxy T1", 0xfff0f0c0, 0xfb10f000, multiply, OP_smla_xy, 0},
    {"SMLAxy T1", 0xfff000c0, 0xfb100000, multiply, OP_smla_xy, 0},
    {"SMUAD T1", 0xfff0f0e0, 0xfb20f000, multiply, OP_smlad, 0},
    {"SMLAD T1", 0xfff000e0, 0xfb200000, multiply, OP_smlad, 0},
    {"SMULW T1", 0xfff0f0e0, 0xfb30f000, multiply, OP_smlaw, 0},
    {"SMLAW T1", 0xfff000e0, 0xfb300000, multiply, OP_smlaw, 0},
    {"SMUSD T1", 0xfff0f0e0, 0xfb40f000, multiply, OP_smlsd, 0},
    {"SMLSD T1", 0xfff000e0, 0xfb400000, multiply, OP_smlsd, 0},
    {"SMMUL T1", 0xfff0f0e0, 0xfb50f000, multiply, OP_smmla, 0},
    {"SMMLA T1", 0xfff000e0, 0xfb500000, multiply, OP_smmla, 0},
    {"SMMLS T1", 0xfff000e0, 0xfb600000, multiply_accumulate, OP_smmls, 0},
    {"USAD8 T1", 0xfff0f0f0, 0xfb70f000, multiply, OP_usada8, 0},
    {"USADA8 T1", 0xfff000f0, 0xfb700000, multiply, OP_usada8, 0},
    {"SMULL T1", 0xfff000f0, 0xfb800000, multiply_long, OP_smull, 0},
    {"SDIV T1", 0xfff0f0f0, 0xfb90f0f0, multiply, OP_sdiv, 0},
    {"UMULL T1", 0xfff000f0, 0xfba00000, multiply_long, OP_umull, 0},
    {"UDIV T1", 0xfff0f0f0, 0xfbb0f0f0, multiply, OP_udiv, 0},
    {"SMLAL T1", 0xfff000f0, 0xfbc00000, multiply_long, OP_smlal, 0},
    {"SMLALxy T1", 0xfff000c0, 0xfbc00080, multiply_long, OP_smlal_xy, 0},
    {"SMLALD T1", 0xfff000e0, 0xfbc000c0, multiply_long, OP_smlald, 0},
    {"SMLSLD T1", 0xfff000e0, 0xfbd000c0, multiply_long, OP_smlsld, 0},
    {"UMLAL T1", 0xfff000f0, 0xfbe00000, multiply_long, OP_umlal, 0},
    {"UMAAL T1", 0xfff000f0, 0xfbe00060, multiply_long, OP_umaal, 0},
};
const unsigned encodings_32_count = sizeof encodings_32 / sizeof *encodings_32;
