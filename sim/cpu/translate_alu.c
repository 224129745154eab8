/* Data processing in x86-64. */
#include "sim/cpu/translate.h"

#if defined(__x86_64__)

static bool in(enum op op, enum op first, enum op last)
{
    return op >= first && op <= last;
}

static bool is_immediate_form(const struct insn *insn)
{
    return in((enum op)insn->op, OP_and_i, OP_cmn_i);
}

static bool is_binary(const struct insn *insn)
{
    return in((enum op)insn->op, OP_and_i, OP_cmn_r);
}

/* The operation of the immediate form, whichever form it is. */
static enum op base_op(const struct insn *insn)
{
    return (enum op)(is_immediate_form(insn) ? insn->op : insn->op - OP_and_r + OP_and_i);
}

static bool is_logical(enum op op)
{
    return op == OP_and_i || op == OP_bic_i || op == OP_orr_i || op == OP_orn_i || op == OP_eor_i ||
           op == OP_mov_i || op == OP_mvn_i || op == OP_tst_i || op == OP_teq_i;
}

static bool is_compare(enum op op)
{
    return op == OP_tst_i || op == OP_teq_i || op == OP_cmp_i || op == OP_cmn_i;
}

static bool keeps_carry(const struct insn *insn)
{
    return is_immediate_form(insn) ? insn->carry == CARRY_KEEP : insn->shift == 0;
}

static bool sets_flags(const struct insn *insn)
{
    return is_binary(insn) && (insn->set_flags || is_compare(base_op(insn)));
}

unsigned alu_flags_written(const struct insn *insn)
{
    if (insn->op == OP_mul || insn->op == OP_shift_r)
        return insn->set_flags ? NEED_N | NEED_Z : 0;
    if (!sets_flags(insn))
        return 0;
    if (!is_logical(base_op(insn)))
        return NEED_ALL;
    return keeps_carry(insn) ? NEED_N | NEED_Z : NEED_N | NEED_Z | NEED_C;
}

unsigned alu_flags_read(const struct insn *insn)
{
    if (insn->op == OP_shift_r)
        return insn->set_flags ? NEED_C : 0;
    if (!is_binary(insn))
        return 0;
    enum op op = base_op(insn);
    if (op == OP_adc_i || op == OP_sbc_i ||
        (!is_immediate_form(insn) && insn->shift_type == SHIFT_RRX))
        return NEED_C;
    return 0;
}

bool alu_can_move_conditionally(const struct insn *insn)
{
    return is_binary(insn) && !sets_flags(insn);
}

/* ---- Flags ------------------------------------------------------------------------------------ */

static void store_flags(struct translation *t, enum host_flags kind, unsigned need)
{
    struct x64 *x = &t->x;
    t->host_flags = kind;
    if (need & NEED_N)
        x_setcc_core(x, X_S, CORE(flag_n));
    if (need & NEED_Z)
        x_setcc_core(x, X_E, CORE(flag_z));
    if (kind == HOST_LOGIC)
        return;
    if (need & NEED_C)
        x_setcc_core(x, kind == HOST_SUM ? X_B : X_AE, CORE(flag_c));
    if (need & NEED_V)
        x_setcc_core(x, X_O, CORE(flag_v));
}

/* Conditions that the host's flags answer as they are. */
static int direct_condition(enum host_flags kind, unsigned cond)
{
    static const uint8_t difference[14] = {X_E,  X_NE, X_AE, X_B,  X_S, X_NS, X_O,
                                           X_NO, X_A,  X_BE, X_GE, X_L, X_G,  X_LE};
    if (kind == HOST_DIFFERENCE)
        return difference[cond];
    if (kind == HOST_LOGIC && (cond < 2 || cond == 4 || cond == 5))
        return difference[cond];
    if (kind == HOST_SUM && cond != 8 && cond != 9)
        return cond == 2 ? X_B : cond == 3 ? X_AE : difference[cond];
    return -1;
}

unsigned emit_condition(struct translation *t, unsigned cond)
{
    static const uint32_t flags[4] = {CORE(flag_z), CORE(flag_c), CORE(flag_n), CORE(flag_v)};
    struct x64 *x = &t->x; /* bytes, as SETcc stored them: a wider load would wait for the store */
    int direct = direct_condition(t->host_flags, cond);
    if (direct >= 0)
        return (unsigned)direct;
    t->host_flags = HOST_NOTHING;
    if (cond < 8) {
        x_cmp_core_i8(x, flags[cond >> 1], 0);
        return cond & 1 ? X_E : X_NE;
    }
    if (cond < 10) { /* C above Z */
        x_rm(x, 0x0fb6, RDX, CORE(flag_c));
        x_rm(x, 0x3a, RDX, CORE(flag_z));
        return cond & 1 ? X_BE : X_A;
    }
    x_rm(x, 0x0fb6, RDX, CORE(flag_n));
    x_rm(x, 0x32, RDX, CORE(flag_v));
    if (cond >= 12)
        x_rm(x, 0x0a, RDX, CORE(flag_z));
    x_rr(x, 0x85, RDX, RDX);
    return cond & 1 ? X_NE : X_E;
}

/* ---- The two operands ------------------------------------------------------------------------- */

/* The second operand of the register form: in `ecx` if shifted, else where the guest has it.
 * Stores the shifter's carry if it is needed. */
static bool shifted_operand(struct translation *t, const struct insn *insn, unsigned reg,
                            unsigned need)
{
    static const uint8_t shifts[4] = {X_SHL, X_SHR, X_SAR, X_ROR};
    if (insn->shift_type == SHIFT_RRX || insn->shift == 32)
        return false;
    get_guest(&t->x, reg, insn->rm);
    x_shift_i(&t->x, shifts[insn->shift_type], reg, insn->shift);
    if (need & NEED_C && is_logical(base_op(insn)) && sets_flags(insn))
        x_setcc_core(&t->x, X_B, CORE(flag_c));
    return true;
}

static void carry_in(struct translation *t, bool borrow)
{
    struct x64 *x = &t->x;
    x_rm(x, 0x0fb6, RDX, CORE(flag_c));
    if (borrow)
        x_alu_i(x, X_CMP, RDX, 1);
    else
        x_rr(x, 0xf7, 3, RDX); /* neg */
}

static void operate(struct translation *t, const struct insn *insn, enum x64_alu alu, unsigned to,
                    int shifted)
{
    if (is_immediate_form(insn))
        x_alu_i(&t->x, alu, to, insn->imm);
    else if (shifted >= 0)
        x_alu(&t->x, alu, to, (unsigned)shifted);
    else
        with_guest(&t->x, (unsigned)alu << 3 | 3, to, insn->rm);
}

/* x = second operand, inverted if asked, in `to` */
static void second_operand(struct translation *t, const struct insn *insn, unsigned to, int shifted,
                           bool invert)
{
    if (is_immediate_form(insn)) {
        x_mov_i(&t->x, to, invert ? ~insn->imm : insn->imm);
        return;
    }
    if (shifted >= 0 && (unsigned)shifted != to)
        x_rr(&t->x, 0x8b, to, (unsigned)shifted);
    else if (shifted < 0)
        get_guest(&t->x, to, insn->rm);
    if (invert)
        x_rr(&t->x, 0xf7, 2, to); /* not */
}

/* ---- One operation ---------------------------------------------------------------------------- */

/* Where the result is computed: the destination itself if nothing is read from it afterwards. */
static unsigned choose_target(const struct insn *insn, bool conditional, bool in_place)
{
    unsigned host = host_of(insn->rd);
    bool reads_late = !is_immediate_form(insn) && insn->shift == 0 && insn->rm == insn->rd;
    if (conditional || host == RBP || !in_place || (reads_late && insn->rn != insn->rd))
        return RAX;
    return host;
}

static void compare(struct translation *t, const struct insn *insn, enum op op, int shifted,
                    unsigned need)
{
    struct x64 *x = &t->x;
    unsigned rn = host_of(insn->rn);
    bool keeps = op == OP_cmp_i; /* does not write its operand */
    if (rn == RBP || !keeps)
        get_guest(x, RAX, insn->rn);
    if (rn == RBP || !keeps)
        rn = RAX;
    static const uint8_t alus[4] = {X_AND, X_XOR, X_CMP, X_ADD};
    operate(t, insn, (enum x64_alu)alus[op - OP_tst_i], rn, shifted);
    store_flags(t, op == OP_cmp_i ? HOST_DIFFERENCE : op == OP_cmn_i ? HOST_SUM : HOST_LOGIC, need);
}

static enum host_flags compute(struct translation *t, const struct insn *insn, enum op op,
                               unsigned to, int shifted)
{
    static const uint8_t alus[] = {X_AND, X_AND, X_OR, X_OR, X_XOR, X_ADD, X_ADC, X_SBB, X_SUB};
    struct x64 *x = &t->x;
    if (op == OP_mov_i || op == OP_mvn_i) {
        second_operand(t, insn, to, shifted, op == OP_mvn_i);
        if (sets_flags(insn))
            x_rr(x, 0x85, to, to);
        return HOST_LOGIC;
    }
    if (op == OP_rsb_i) {
        second_operand(t, insn, to, shifted, false);
        with_guest(x, 0x2b, to, insn->rn);
        return HOST_DIFFERENCE;
    }
    if (op == OP_bic_i || op == OP_orn_i) {
        second_operand(t, insn, RCX, shifted, true);
        get_guest(x, to, insn->rn);
        x_alu(x, (enum x64_alu)alus[op - OP_and_i], to, RCX);
        return HOST_LOGIC;
    }
    get_guest(x, to, insn->rn);
    if (op == OP_adc_i || op == OP_sbc_i)
        carry_in(t, op == OP_sbc_i);
    operate(t, insn, (enum x64_alu)alus[op - OP_and_i], to, shifted);
    if (op == OP_sub_i || op == OP_sbc_i)
        return HOST_DIFFERENCE;
    return op == OP_add_i || op == OP_adc_i ? HOST_SUM : HOST_LOGIC;
}

static void immediate_carry(struct translation *t, const struct insn *insn, enum op op,
                            unsigned need)
{
    if (need & NEED_C && sets_flags(insn) && is_logical(op) && is_immediate_form(insn) &&
        insn->carry != CARRY_KEEP)
        x_store_i(&t->x, CORE(flag_c), insn->carry);
}

static void move_conditionally(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    unsigned cc, host = host_of(insn->rd);
    if (host != RBP) {
        cc = emit_condition(t, insn->cond);
        x_rr(x, 0x0f40 | cc, host, RAX);
        return;
    }
    x_rm(x, 0x8b, RCX, core_r(insn->rd));
    cc = emit_condition(t, insn->cond);
    x_rr(x, 0x0f40 | cc, RCX, RAX);
    put_guest(x, insn->rd, RCX);
}

static bool binary(struct translation *t, const struct insn *insn, unsigned need, bool conditional)
{
    enum op op = base_op(insn);
    int shifted = -1;
    if (insn->wrap & INSN_READS_PC)
        return false;
    if (!is_immediate_form(insn) && insn->shift) {
        if (!shifted_operand(t, insn, RCX, need))
            return false;
        shifted = RCX;
    }
    immediate_carry(t, insn, op, need);
    if (is_compare(op)) {
        compare(t, insn, op, shifted, need);
        return true;
    }
    bool in_place = op != OP_rsb_i || insn->rn != insn->rd;
    unsigned to = choose_target(insn, conditional, in_place && op != OP_bic_i && op != OP_orn_i);
    enum host_flags kind = compute(t, insn, op, to, shifted);
    bool moves_only = (op == OP_mov_i || op == OP_mvn_i) && !sets_flags(insn);
    if (!moves_only || shifted >= 0)
        t->host_flags = HOST_NOTHING;
    if (conditional) {
        t->host_flags = HOST_NOTHING;
        move_conditionally(t, insn);
        return true;
    }
    if (sets_flags(insn))
        store_flags(t, kind, need);
    if (to == RAX)
        put_guest(&t->x, insn->rd, RAX);
    return true;
}

/* ---- Others ----------------------------------------------------------------------------------- */

/* By a register: amounts of 32 and more give 0 (LSL, LSR) or the sign (ASR). */
static bool shift_by_register(struct translation *t, const struct insn *insn, unsigned need)
{
    static const uint8_t shifts[4] = {X_SHL, X_SHR, X_SAR, X_ROR};
    struct x64 *x = &t->x;
    if (insn->set_flags && need & NEED_C)
        return false;
    get_guest(x, RCX, insn->rm);
    x_rr8(x, 0x0fb6, RCX, RCX);
    if (insn->shift_type == SHIFT_ASR) {
        x_mov_i(x, RDX, 31);
        x_alu(x, X_CMP, RCX, RDX);
        x_rr(x, 0x0f40 | X_A, RCX, RDX);
    }
    get_guest(x, RAX, insn->rn);
    x_shift_cl(x, (enum x64_shift)shifts[insn->shift_type], RAX);
    if (insn->shift_type == SHIFT_LSL || insn->shift_type == SHIFT_LSR) {
        x_mov_i(x, RDX, 0);
        x_alu_i(x, X_CMP, RCX, 32);
        x_rr(x, 0x0f40 | X_AE, RAX, RDX);
    }
    t->host_flags = HOST_NOTHING;
    if (insn->set_flags && need) {
        x_rr(x, 0x85, RAX, RAX);
        store_flags(t, HOST_LOGIC, need);
    }
    put_guest(x, insn->rd, RAX);
    return true;
}

static bool extend(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    static const uint16_t opcodes[4] = {0x0fbe, 0x0fbf, 0x0fb6, 0x0fb7};
    get_guest(x, RAX, insn->rm);
    if (insn->shift)
        x_shift_i(x, X_ROR, RAX, insn->shift);
    if (insn->op == OP_sxtb || insn->op == OP_uxtb)
        x_rr8(x, opcodes[insn->op - OP_sxtb], RAX, RAX);
    else
        x_rr(x, opcodes[insn->op - OP_sxtb], RAX, RAX);
    if (insn->rn != 15)
        with_guest(x, 0x03, RAX, insn->rn);
    put_guest(x, insn->rd, RAX);
    return true;
}

static bool bit_field(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    uint32_t mask = insn->imm >= 32 ? UINT32_MAX : (1u << insn->imm) - 1;
    if (insn->op == OP_bfi) {
        get_guest(x, RCX, insn->rd);
        x_alu_i(x, X_AND, RCX, ~(mask << insn->shift));
        if (insn->rn != 15) {
            get_guest(x, RAX, insn->rn);
            x_alu_i(x, X_AND, RAX, mask);
            if (insn->shift)
                x_shift_i(x, X_SHL, RAX, insn->shift);
            x_alu(x, X_OR, RCX, RAX);
        }
        put_guest(x, insn->rd, RCX);
        return true;
    }
    get_guest(x, RAX, insn->rn);
    if (insn->op == OP_ubfx) {
        if (insn->shift)
            x_shift_i(x, X_SHR, RAX, insn->shift);
        x_alu_i(x, X_AND, RAX, mask);
    } else {
        unsigned up = 32 - insn->imm - insn->shift, down = 32 - insn->imm;
        if (up)
            x_shift_i(x, X_SHL, RAX, up);
        if (down)
            x_shift_i(x, X_SAR, RAX, down);
    }
    put_guest(x, insn->rd, RAX);
    return true;
}

static bool multiply(struct translation *t, const struct insn *insn, unsigned need)
{
    struct x64 *x = &t->x;
    get_guest(x, RAX, insn->rn);
    with_guest(x, 0x0faf, RAX, insn->rm);
    if (insn->op == OP_mla && insn->ra != 15)
        with_guest(x, 0x03, RAX, insn->ra);
    if (insn->op == OP_mls) {
        get_guest(x, RCX, insn->ra);
        x_alu(x, X_SUB, RCX, RAX);
        x_rr(x, 0x8b, RAX, RCX);
    }
    t->host_flags = HOST_NOTHING;
    if (insn->set_flags && need) {
        x_rr(x, 0x85, RAX, RAX);
        store_flags(t, HOST_LOGIC, need);
    }
    put_guest(x, insn->rd, RAX);
    return true;
}

/* 64-bit products in rax: rd is the high word, ra the low one. */
static bool multiply_long(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    bool is_signed = insn->op == OP_smull || insn->op == OP_smlal;
    get_guest(x, RAX, insn->rn);
    get_guest(x, RCX, insn->rm);
    if (is_signed) {
        x_rr64(x, 0x63, RAX, RAX);
        x_rr64(x, 0x63, RCX, RCX);
    } else {
        x_rr(x, 0x8b, RAX, RAX);
        x_rr(x, 0x8b, RCX, RCX);
    }
    x_rr64(x, 0x0faf, RAX, RCX);
    if (insn->op == OP_smlal || insn->op == OP_umlal) {
        get_guest(x, RCX, insn->rd);
        x_rex(x, 1, 0, 0, RCX, 0); /* shl rcx, 32 */
        x_byte(x, 0xc1);
        x_byte(x, 0xe1);
        x_byte(x, 32);
        get_guest(x, RDX, insn->ra);
        x_rr64(x, 0x0b, RCX, RDX);
        x_rr64(x, 0x03, RAX, RCX);
    }
    put_guest(x, insn->ra, RAX);
    x_rex(x, 1, 0, 0, RAX, 0); /* shr rax, 32 */
    x_byte(x, 0xc1);
    x_byte(x, 0xe8);
    x_byte(x, 32);
    put_guest(x, insn->rd, RAX);
    return true;
}

static bool reverse(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    get_guest(x, RAX, insn->rm);
    x_byte(x, 0x0f); /* bswap eax */
    x_byte(x, 0xc8);
    if (insn->op == OP_rev16)
        x_shift_i(x, X_ROR, RAX, 16);
    put_guest(x, insn->rd, RAX);
    return true;
}

static bool count_zeros(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    x_mov_i(x, RCX, 63);
    get_guest(x, RDX, insn->rm);
    x_rr(x, 0x0fbd, RAX, RDX); /* bsr */
    x_rr(x, 0x0f40 | X_E, RAX, RCX);
    x_alu_i(x, X_XOR, RAX, 31);
    put_guest(x, insn->rd, RAX);
    return true;
}

static bool move_top(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    get_guest(x, RAX, insn->rd);
    x_alu_i(x, X_AND, RAX, 0xffff);
    x_alu_i(x, X_OR, RAX, insn->imm << 16);
    put_guest(x, insn->rd, RAX);
    return true;
}

bool translate_alu(struct translation *t, const struct insn *insn, unsigned need, bool conditional)
{
    enum op op = (enum op)insn->op;
    if (insn->wrap & INSN_ALIGNS_SP)
        return false;
    if (is_binary(insn))
        return binary(t, insn, need, conditional);
    if (op != OP_shift_r)
        t->host_flags = HOST_NOTHING;
    switch (op) {
    case OP_shift_r:
        return shift_by_register(t, insn, need);
    case OP_movt:
        return move_top(t, insn);
    case OP_bfi:
    case OP_ubfx:
    case OP_sbfx:
        return bit_field(t, insn);
    case OP_clz:
        return count_zeros(t, insn);
    case OP_rev:
    case OP_rev16:
        return reverse(t, insn);
    case OP_sxtb:
    case OP_sxth:
    case OP_uxtb:
    case OP_uxth:
        return extend(t, insn);
    case OP_mul:
    case OP_mla:
    case OP_mls:
        return multiply(t, insn, need);
    case OP_smull:
    case OP_umull:
    case OP_smlal:
    case OP_umlal:
        return multiply_long(t, insn);
    case OP_nop:
    case OP_it:
        return true;
    default:
        return false;
    }
}

#endif
