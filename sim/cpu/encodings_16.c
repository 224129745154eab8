/* The 16-bit encodings (DDI 0403E A5.2, A7.7), most specific first. */
#include "sim/cpu/isa.h"

static inline uint32_t bits(uint32_t word, unsigned high, unsigned low)
{
    return word >> low & ((2u << (high - low)) - 1);
}

/* 16-bit data processing sets the flags outside IT blocks only. */
static void set_flags_outside_it(struct insn *insn)
{
    insn->set_flags = !(insn->it & 15);
}

static bool rd_rm_shift(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 2, 0);
    insn->rm = (uint8_t)bits(w, 5, 3);
    insn->shift_type = (uint8_t)bits(w, 12, 11);
    insn->shift = (uint8_t)bits(w, 10, 6);
    if (insn->shift == 0 && insn->shift_type != SHIFT_LSL)
        insn->shift = 32;
    set_flags_outside_it(insn);
    return true;
}

/* MOV (register) T2 is not allowed in an IT block, yet silicon executes it. */
static bool movs_rd_rm(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 2, 0);
    insn->rm = (uint8_t)bits(w, 5, 3);
    set_flags_outside_it(insn);
    return true;
}

static bool rd_rn_rm(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 2, 0);
    insn->rn = (uint8_t)bits(w, 5, 3);
    insn->rm = (uint8_t)bits(w, 8, 6);
    set_flags_outside_it(insn);
    return true;
}

static bool rd_rn_imm3(struct insn *insn, uint32_t w)
{
    rd_rn_rm(insn, w);
    insn->imm = insn->rm;
    return true;
}

static bool rdn_imm8(struct insn *insn, uint32_t w)
{
    insn->rd = insn->rn = (uint8_t)bits(w, 10, 8);
    insn->imm = bits(w, 7, 0);
    insn->carry = CARRY_KEEP;
    set_flags_outside_it(insn);
    return true;
}

static bool rdn_rm(struct insn *insn, uint32_t w)
{
    insn->rd = insn->rn = (uint8_t)bits(w, 2, 0);
    insn->rm = (uint8_t)bits(w, 5, 3);
    set_flags_outside_it(insn);
    return true;
}

static bool compare_rn_rm(struct insn *insn, uint32_t w)
{
    rdn_rm(insn, w);
    insn->set_flags = 1;
    return true;
}

static bool compare_imm8(struct insn *insn, uint32_t w)
{
    rdn_imm8(insn, w);
    insn->set_flags = 1;
    return true;
}

/* RSBS rd, rn, #0 */
static bool negate(struct insn *insn, uint32_t w)
{
    rd_rn_rm(insn, w);
    insn->imm = 0;
    return true;
}

static bool multiply(struct insn *insn, uint32_t w)
{
    rdn_rm(insn, w);
    insn->rn = (uint8_t)bits(w, 5, 3);
    insn->rm = insn->rd;
    return true;
}

static bool shift_by_register(struct insn *insn, uint32_t w)
{
    static const uint8_t types[8] = {
        [2] = SHIFT_LSL, [3] = SHIFT_LSR, [4] = SHIFT_ASR, [7] = SHIFT_ROR};
    rdn_rm(insn, w);
    insn->shift_type = types[bits(w, 8, 6)];
    return true;
}

static bool high_registers(struct insn *insn, uint32_t w)
{
    insn->rd = insn->rn = (uint8_t)(bits(w, 7, 7) << 3 | bits(w, 2, 0));
    insn->rm = (uint8_t)bits(w, 6, 3);
    return true;
}

static bool add_high(struct insn *insn, uint32_t w)
{
    high_registers(insn, w);
    if (insn->rd == 15)
        insn->op = OP_add_pc;
    return true;
}

static bool mov_high(struct insn *insn, uint32_t w)
{
    high_registers(insn, w);
    if (insn->rd == 15)
        insn->op = OP_mov_pc;
    return true;
}

static bool compare_high(struct insn *insn, uint32_t w)
{
    high_registers(insn, w);
    insn->set_flags = 1;
    return true;
}

static bool rm_only(struct insn *insn, uint32_t w)
{
    insn->rm = (uint8_t)bits(w, 6, 3);
    return true;
}

static bool load_literal(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 10, 8);
    insn->rn = 15;
    insn->imm = bits(w, 7, 0) * 4;
    return true;
}

static bool load_register(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 2, 0);
    insn->rn = (uint8_t)bits(w, 5, 3);
    insn->rm = (uint8_t)bits(w, 8, 6);
    return true;
}

static bool load_imm5(struct insn *insn, uint32_t w)
{
    unsigned size = w >> 12 == 6 ? 4 : w >> 12 == 7 ? 1 : 2;
    load_register(insn, w);
    insn->imm = bits(w, 10, 6) * size;
    return true;
}

static bool load_sp(struct insn *insn, uint32_t w)
{
    load_literal(insn, w);
    insn->rn = 13;
    return true;
}

/* ADR and ADD rd, sp: imm8 words; the flags stay. */
static bool add_pc_imm8(struct insn *insn, uint32_t w)
{
    load_literal(insn, w);
    return true;
}

static bool add_sp_imm7(struct insn *insn, uint32_t w)
{
    insn->rd = insn->rn = 13;
    insn->imm = bits(w, 6, 0) * 4;
    return true;
}

static bool compare_branch(struct insn *insn, uint32_t w)
{
    insn->rn = (uint8_t)bits(w, 2, 0);
    insn->imm = insn->pc + 4 + (bits(w, 9, 9) << 6 | bits(w, 7, 3) << 1);
    insn->shift = bits(w, 11, 11) & 1; /* CBNZ */
    return true;
}

static bool rd_rm(struct insn *insn, uint32_t w)
{
    insn->rd = (uint8_t)bits(w, 2, 0);
    insn->rm = (uint8_t)bits(w, 5, 3);
    insn->rn = 15;
    return true;
}

static bool push(struct insn *insn, uint32_t w)
{
    insn->imm = bits(w, 7, 0) | bits(w, 8, 8) << 14;
    insn->rn = 13;
    insn->write_back = true;
    return insn->imm != 0;
}

static bool pop(struct insn *insn, uint32_t w)
{
    insn->imm = bits(w, 7, 0) | bits(w, 8, 8) << 15;
    insn->rn = 13;
    insn->write_back = insn->add = true;
    return insn->imm != 0;
}

static bool multiple(struct insn *insn, uint32_t w)
{
    insn->imm = bits(w, 7, 0);
    insn->rn = (uint8_t)bits(w, 10, 8);
    insn->add = true;
    insn->write_back = insn->op == OP_stm || !(insn->imm >> insn->rn & 1);
    return insn->imm != 0;
}

static bool cps(struct insn *insn, uint32_t w)
{
    insn->shift = bits(w, 4, 4) & 1; /* disable */
    insn->imm = bits(w, 1, 0);       /* I, F */
    return true;
}

static bool immediate_8(struct insn *insn, uint32_t w)
{
    insn->imm = bits(w, 7, 0);
    return true;
}

/* An IT inside an IT block is UNPREDICTABLE; it starts a new block here. */
static bool if_then(struct insn *insn, uint32_t w)
{
    insn->imm = bits(w, 7, 0);
    return true;
}

static bool branch_cond(struct insn *insn, uint32_t w)
{
    insn->shift = (uint8_t)bits(w, 11, 8);
    insn->imm = insn->pc + 4 + (uint32_t)sign_extend(bits(w, 7, 0) << 1, 9);
    return true;
}

static bool branch(struct insn *insn, uint32_t w)
{
    insn->imm = insn->pc + 4 + (uint32_t)sign_extend(bits(w, 10, 0) << 1, 12);
    return true;
}

static bool nothing(struct insn *insn, uint32_t w)
{
    (void)insn;
    (void)w;
    return true;
}

#define DATA(name, value, format, op)                                                              \
    {                                                                                              \
        name " T1", 0xffc0, value, format, OP_##op, 0                                              \
    }
#define BY3(name, value, op)                                                                       \
    {                                                                                              \
        name " (register) T1", 0xfe00, value, load_register, OP_##op, 0                            \
    }
#define BY5(name, value, op)                                                                       \
    {                                                                                              \
        name " (immediate) T1", 0xf800, value, load_imm5, OP_##op, 0                               \
    }

const struct encoding encodings_16[] = {
    {"MOV (register) T2", 0xffc0, 0x0000, movs_rd_rm, OP_mov_r, 0},
    {"LSL (immediate) T1", 0xf800, 0x0000, rd_rm_shift, OP_mov_r, 0},
    {"LSR (immediate) T1", 0xf800, 0x0800, rd_rm_shift, OP_mov_r, 0},
    {"ASR (immediate) T1", 0xf800, 0x1000, rd_rm_shift, OP_mov_r, 0},
    {"ADD (register) T1", 0xfe00, 0x1800, rd_rn_rm, OP_add_r, 0},
    {"SUB (register) T1", 0xfe00, 0x1a00, rd_rn_rm, OP_sub_r, 0},
    {"ADD (immediate) T1", 0xfe00, 0x1c00, rd_rn_imm3, OP_add_i, 0},
    {"SUB (immediate) T1", 0xfe00, 0x1e00, rd_rn_imm3, OP_sub_i, 0},
    {"MOV (immediate) T1", 0xf800, 0x2000, rdn_imm8, OP_mov_i, 0},
    {"CMP (immediate) T1", 0xf800, 0x2800, compare_imm8, OP_cmp_i, 0},
    {"ADD (immediate) T2", 0xf800, 0x3000, rdn_imm8, OP_add_i, 0},
    {"SUB (immediate) T2", 0xf800, 0x3800, rdn_imm8, OP_sub_i, 0},
    DATA("AND (register)", 0x4000, rdn_rm, and_r),
    DATA("EOR (register)", 0x4040, rdn_rm, eor_r),
    DATA("LSL (register)", 0x4080, shift_by_register, shift_r),
    DATA("LSR (register)", 0x40c0, shift_by_register, shift_r),
    DATA("ASR (register)", 0x4100, shift_by_register, shift_r),
    DATA("ADC (register)", 0x4140, rdn_rm, adc_r),
    DATA("SBC (register)", 0x4180, rdn_rm, sbc_r),
    DATA("ROR (register)", 0x41c0, shift_by_register, shift_r),
    DATA("TST (register)", 0x4200, compare_rn_rm, tst_r),
    DATA("RSB (immediate)", 0x4240, negate, rsb_i),
    DATA("CMP (register)", 0x4280, compare_rn_rm, cmp_r),
    DATA("CMN (register)", 0x42c0, compare_rn_rm, cmn_r),
    DATA("ORR (register)", 0x4300, rdn_rm, orr_r),
    DATA("MUL", 0x4340, multiply, mul),
    DATA("BIC (register)", 0x4380, rdn_rm, bic_r),
    DATA("MVN (register)", 0x43c0, rdn_rm, mvn_r),
    {"ADD (register) T2", 0xff00, 0x4400, add_high, OP_add_r, 0},
    {"CMP (register) T2", 0xff00, 0x4500, compare_high, OP_cmp_r, 0},
    {"MOV (register) T1", 0xff00, 0x4600, mov_high, OP_mov_r, 0},
    {"BX T1", 0xff87, 0x4700, rm_only, OP_bx, 0},
    {"BLX (register) T1", 0xff87, 0x4780, rm_only, OP_blx, 0},
    {"LDR (literal) T1", 0xf800, 0x4800, load_literal, OP_ldr_i, 0},
    BY3("STR", 0x5000, str_r),
    BY3("STRH", 0x5200, strh_r),
    BY3("STRB", 0x5400, strb_r),
    BY3("LDRSB", 0x5600, ldrsb_r),
    BY3("LDR", 0x5800, ldr_r),
    BY3("LDRH", 0x5a00, ldrh_r),
    BY3("LDRB", 0x5c00, ldrb_r),
    BY3("LDRSH", 0x5e00, ldrsh_r),
    BY5("STR", 0x6000, str_i),
    BY5("LDR", 0x6800, ldr_i),
    BY5("STRB", 0x7000, strb_i),
    BY5("LDRB", 0x7800, ldrb_i),
    BY5("STRH", 0x8000, strh_i),
    BY5("LDRH", 0x8800, ldrh_i),
    {"STR (immediate) T2", 0xf800, 0x9000, load_sp, OP_str_i, 0},
    {"LDR (immediate) T2", 0xf800, 0x9800, load_sp, OP_ldr_i, 0},
    {"ADR T1", 0xf800, 0xa000, add_pc_imm8, OP_add_i, 0},
    {"ADD (SP plus immediate) T1", 0xf800, 0xa800, load_sp, OP_add_i, 0},
    {"ADD (SP plus immediate) T2", 0xff80, 0xb000, add_sp_imm7, OP_add_i, 0},
    {"SUB (SP minus immediate) T1", 0xff80, 0xb080, add_sp_imm7, OP_sub_i, 0},
    {"CBZ T1", 0xfd00, 0xb100, compare_branch, OP_cbz, 0},
    {"CBNZ T1", 0xfd00, 0xb900, compare_branch, OP_cbz, 0},
    {"SXTH T1", 0xffc0, 0xb200, rd_rm, OP_sxth, 0},
    {"SXTB T1", 0xffc0, 0xb240, rd_rm, OP_sxtb, 0},
    {"UXTH T1", 0xffc0, 0xb280, rd_rm, OP_uxth, 0},
    {"UXTB T1", 0xffc0, 0xb2c0, rd_rm, OP_uxtb, 0},
    {"PUSH T1", 0xfe00, 0xb400, push, OP_stm, 0},
    {"CPS T1", 0xffec, 0xb660, cps, OP_cps, 0},
    {"REV T1", 0xffc0, 0xba00, rd_rm, OP_rev, 0},
    {"REV16 T1", 0xffc0, 0xba40, rd_rm, OP_rev16, 0},
    {"REVSH T1", 0xffc0, 0xbac0, rd_rm, OP_revsh, 0},
    {"POP T1", 0xfe00, 0xbc00, pop, OP_ldm, 0},
    {"BKPT T1", 0xff00, 0xbe00, immediate_8, OP_bkpt, 0},
    {"NOP T1", 0xffff, 0xbf00, nothing, OP_nop, 0},
    {"YIELD T1", 0xffff, 0xbf10, nothing, OP_nop, 0},
    {"WFE T1", 0xffff, 0xbf20, nothing, OP_wfe, 0},
    {"WFI T1", 0xffff, 0xbf30, nothing, OP_wfi, 0},
    {"SEV T1", 0xffff, 0xbf40, nothing, OP_sev, 0},
    {"hint, unallocated T1", 0xff0f, 0xbf00, nothing, OP_nop, 0},
    {"IT T1", 0xff00, 0xbf00, if_then, OP_it, 0},
    {"STM T1", 0xf800, 0xc000, multiple, OP_stm, 0},
    {"LDM T1", 0xf800, 0xc800, multiple, OP_ldm, 0},
    {"UDF T1", 0xff00, 0xde00, nothing, OP_undefined, 0},
    {"SVC T1", 0xff00, 0xdf00, immediate_8, OP_svc, 0},
    {"B T1", 0xf000, 0xd000, branch_cond, OP_b_cond, 0},
    {"B T2", 0xf800, 0xe000, branch, OP_b, 0},
};
const unsigned encodings_16_count = sizeof encodings_16 / sizeof *encodings_16;
