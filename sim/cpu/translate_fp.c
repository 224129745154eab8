/*
 * Floating point in x86-64, for the usual mode: rounding to nearest, no flushing, Inexact already
 * set. Then a result that is an ordinary number changes no flag (fp_ieee.inc); any other result goes
 * to the executor, which starts from the operands again. In another mode the rest of the block is
 * interpreted.
 */
#include "sim/cpu/fp.h"
#include "sim/cpu/translate.h"

#if defined(__x86_64__)

enum { XMM0, XMM1, XMM2 };

static uint32_t place(bool wide, unsigned number)
{
    return CORE(fp) + (wide ? 8u : 4u) * number;
}

/* [prefix] 0F opcode xmm, [core + displacement] */
static void sse_core(struct x64 *x, unsigned prefix, unsigned opcode, unsigned reg,
                     uint32_t displacement)
{
    if (prefix)
        x_byte(x, prefix);
    x_byte(x, 0x0f);
    x_byte(x, opcode);
    x_modrm_core(x, reg, displacement);
}

static void sse(struct x64 *x, unsigned prefix, unsigned opcode, unsigned reg, unsigned rm)
{
    if (prefix)
        x_byte(x, prefix);
    x_byte(x, 0x0f);
    x_byte(x, opcode);
    x_byte(x, 0xc0 | reg << 3 | rm);
}

static unsigned scalar(bool wide)
{
    return wide ? 0xf2 : 0xf3;
}

static void load_xmm(struct x64 *x, bool wide, unsigned xmm, unsigned number)
{
    sse_core(x, scalar(wide), 0x10, xmm, place(wide, number));
}

static void store_xmm(struct x64 *x, bool wide, unsigned xmm, unsigned number)
{
    sse_core(x, scalar(wide), 0x11, xmm, place(wide, number));
}

/* VEX.LIG.66.0F38.W opcode xmm, xmm, [core + displacement] */
static void fma_core(struct x64 *x, bool wide, unsigned opcode, unsigned reg, unsigned second,
                     uint32_t displacement)
{
    x_byte(x, 0xc4);
    x_byte(x, 0xe2);
    x_byte(x, (unsigned)wide << 7 | (~second & 15) << 3 | 1);
    x_byte(x, opcode);
    x_modrm_core(x, reg, displacement);
}

static void check_ready(struct translation *t, struct detour *detour)
{
    x_byte(&t->x, 0x80); /* cmp byte [fp_ready], 0 */
    x_modrm_core(&t->x, 7, CORE(fp_ready));
    x_byte(&t->x, 0);
    detour_from(detour, x_jcc(&t->x, X_E));
}

/* Once a block: the mode cannot change within it but by what ends this knowledge. */
static void check_mode(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    if (t->fp_checked)
        return;
    struct detour *detour = detour_for(t, insn);
    detour->reports_back = false;
    check_ready(t, detour);
    x_rm(x, 0x8b, RAX, CORE(fpscr));
    x_alu_i(x, X_AND, RAX, FPSCR_FZ | FPSCR_RMODE | FPSCR_IXC);
    x_alu_i(x, X_CMP, RAX, FPSCR_IXC);
    detour_from(detour, x_jcc(x, X_NE));
    t->fp_checked = true;
}

/* The result in xmm0 is an ordinary number, neither the smallest nor zero, infinite or NaN. */
static void check_plain(struct translation *t, struct detour *detour, bool wide)
{
    struct x64 *x = &t->x;
    x_byte(x, 0x66); /* movd eax, xmm0; movq rax, xmm0 */
    if (wide)
        x_byte(x, 0x48);
    x_byte(x, 0x0f);
    x_byte(x, 0x7e);
    x_byte(x, 0xc0);
    if (wide) {
        x_byte(x, 0x48); /* shr rax, 52 */
        x_byte(x, 0xc1);
        x_byte(x, 0xe8);
        x_byte(x, 52);
        x_alu_i(x, X_AND, RAX, 0x7ff);
        x_alu_i(x, X_SUB, RAX, 2);
        x_alu_i(x, X_CMP, RAX, 0x7fd);
    } else {
        x_alu(x, X_ADD, RAX, RAX);
        x_alu_i(x, X_SUB, RAX, 0x02000000);
        x_alu_i(x, X_CMP, RAX, 0xfd000000);
    }
    detour_from(detour, x_jcc(x, X_AE));
}

/* xmm0 with its sign changed, by way of eax and xmm1 */
static void negate(struct x64 *x, bool wide)
{
    if (wide)
        x_mov_i64(x, RAX, 0x8000000000000000);
    else
        x_mov_i(x, RAX, 0x80000000);
    x_byte(x, 0x66); /* movd xmm1, eax; movq xmm1, rax */
    if (wide)
        x_byte(x, 0x48);
    x_byte(x, 0x0f);
    x_byte(x, 0x6e);
    x_byte(x, 0xc8);
    sse(x, 0, 0x57, XMM0, XMM1);
}

static bool arithmetic(struct translation *t, const struct insn *insn, bool wide, unsigned opcode,
                       bool negative)
{
    struct x64 *x = &t->x;
    check_mode(t, insn);
    struct detour *detour = detour_for(t, insn);
    load_xmm(x, wide, XMM0, insn->rn);
    sse_core(x, scalar(wide), opcode, XMM0, place(wide, insn->rm));
    check_plain(t, detour, wide);
    if (negative)
        negate(x, wide);
    store_xmm(x, wide, XMM0, insn->rd);
    detour->back = x->at;
    return true;
}

/* d + n * m, signs by the opcode (231 forms: xmm0 is the addend) */
static bool fused(struct translation *t, const struct insn *insn, bool wide, unsigned opcode)
{
    struct x64 *x = &t->x;
    if (!__builtin_cpu_supports("fma"))
        return false;
    check_mode(t, insn);
    struct detour *detour = detour_for(t, insn);
    load_xmm(x, wide, XMM0, insn->rd);
    load_xmm(x, wide, XMM1, insn->rn);
    fma_core(x, wide, opcode, XMM0, XMM1, place(wide, insn->rm));
    check_plain(t, detour, wide);
    store_xmm(x, wide, XMM0, insn->rd);
    detour->back = x->at;
    return true;
}

/* Both roundings of VMLA and its kin: the product is checked, then the sum. */
static bool chained(struct translation *t, const struct insn *insn, bool wide, bool subtract)
{
    struct x64 *x = &t->x;
    check_mode(t, insn);
    struct detour *detour = detour_for(t, insn);
    load_xmm(x, wide, XMM0, insn->rn);
    sse_core(x, scalar(wide), 0x59, XMM0, place(wide, insn->rm));
    check_plain(t, detour, wide);
    if (subtract)
        negate(x, wide);
    sse_core(x, scalar(wide), 0x58, XMM0, place(wide, insn->rd));
    check_plain(t, detour, wide);
    store_xmm(x, wide, XMM0, insn->rd);
    detour->back = x->at;
    return true;
}

/* ---- Moves: bits only ------------------------------------------------------------------------- */

static bool move(struct translation *t, const struct insn *insn, bool wide, enum op kind)
{
    struct x64 *x = &t->x;
    struct detour *detour = detour_for(t, insn);
    uint32_t from = place(wide, insn->rm), to = place(wide, insn->rd);
    if (!t->fp_checked)
        check_ready(t, detour);
    if (kind == OP_vmov_i_f32) {
        x_store_i(x, to + (wide ? 4 : 0), insn->imm);
        if (wide)
            x_store_i(x, to, 0);
    } else if (wide) {
        x_rm64(x, 0x8b, RAX, from);
        if (kind != OP_vmov_f32) { /* btc or btr rax, 63 */
            x_rex(x, 1, 0, 0, RAX, 0);
            x_opcode(x, 0x0fba);
            x_byte(x, kind == OP_vneg_f32 ? 0xf8 : 0xf0);
            x_byte(x, 63);
        }
        x_rm64(x, 0x89, RAX, to);
    } else {
        x_rm(x, 0x8b, RAX, from);
        if (kind == OP_vneg_f32)
            x_alu_i(x, X_XOR, RAX, 0x80000000);
        if (kind == OP_vabs_f32)
            x_alu_i(x, X_AND, RAX, 0x7fffffff);
        x_rm(x, 0x89, RAX, to);
    }
    detour->back = x->at;
    t->host_flags = HOST_NOTHING;
    return true;
}

static bool transfer(struct translation *t, const struct insn *insn)
{
    struct x64 *x = &t->x;
    struct detour *detour = detour_for(t, insn);
    unsigned words = insn->op == OP_vmov_to_pair || insn->op == OP_vmov_from_pair ? 2 : 1;
    bool to_core = insn->op == OP_vmov_to_core || insn->op == OP_vmov_to_pair;
    if (!t->fp_checked)
        check_ready(t, detour);
    for (unsigned i = 0; i < words; i++) {
        unsigned guest = i ? insn->ra : insn->rd;
        if (to_core) {
            x_rm(x, 0x8b, RAX, place(false, insn->rm + i));
            put_guest(x, guest, RAX);
        } else {
            get_guest(x, RAX, guest);
            x_rm(x, 0x89, RAX, place(false, insn->rm + i));
        }
    }
    detour->back = x->at;
    t->host_flags = HOST_NOTHING;
    return true;
}

/* ---- Comparison ------------------------------------------------------------------------------- */

/* NZCV of FPSCR by (below) + 2 * (equal): C, N, ZC. */
static const uint32_t compared[4] = {2u << 28, 8u << 28, 6u << 28, 6u << 28};

static bool compare(struct translation *t, const struct insn *insn, bool wide, bool with_zero)
{
    struct x64 *x = &t->x;
    check_mode(t, insn);
    struct detour *detour = detour_for(t, insn);
    load_xmm(x, wide, XMM0, insn->rd);
    if (with_zero)
        sse(x, 0, 0x57, XMM1, XMM1);
    else
        load_xmm(x, wide, XMM1, insn->rm);
    sse(x, wide ? 0x66 : 0, 0x2e, XMM0, XMM1);
    detour_from(detour, x_jcc(x, X_P)); /* a NaN */
    x_mov_i(x, RAX, 0);
    x_mov_i(x, RCX, 0);
    x_rr8(x, 0x0f90 | X_B, 0, RAX);
    x_rr8(x, 0x0f90 | X_E, 0, RCX);
    x_byte(x, 0x8d); /* lea eax, [rax + 2 * rcx] */
    x_byte(x, 0x04);
    x_byte(x, 0x48);
    x_mov_i64(x, RCX, (uintptr_t)compared);
    x_byte(x, 0x8b); /* mov eax, [rcx + 4 * rax] */
    x_byte(x, 0x04);
    x_byte(x, 0x81);
    x_rm(x, 0x8b, RDX, CORE(fpscr));
    x_alu_i(x, X_AND, RDX, 0x0fffffff);
    x_alu(x, X_OR, RDX, RAX);
    x_rm(x, 0x89, RDX, CORE(fpscr));
    detour->back = x->at;
    return true;
}

static bool read_status(struct translation *t, const struct insn *insn)
{
    static const uint32_t flags[4] = {CORE(flag_v), CORE(flag_c), CORE(flag_z), CORE(flag_n)};
    struct x64 *x = &t->x;
    if (insn->rd != 15)
        return false;
    struct detour *detour = detour_for(t, insn);
    if (!t->fp_checked)
        check_ready(t, detour);
    for (unsigned i = 0; i < 4; i++) {
        x_rm(x, 0x8b, RAX, CORE(fpscr));
        x_shift_i(x, X_SHR, RAX, 28 + i);
        if (i < 3)
            x_alu_i(x, X_AND, RAX, 1);
        x_rm(x, 0x89, RAX, flags[i]);
    }
    detour->back = x->at;
    t->host_flags = HOST_NOTHING;
    return true;
}

/* ---- All -------------------------------------------------------------------------------------- */

static bool translate_sized(struct translation *t, const struct insn *insn, bool wide, enum op op)
{
    switch (op) {
    case OP_vadd_f32:
        return arithmetic(t, insn, wide, 0x58, false);
    case OP_vsub_f32:
        return arithmetic(t, insn, wide, 0x5c, false);
    case OP_vmul_f32:
        return arithmetic(t, insn, wide, 0x59, false);
    case OP_vnmul_f32:
        return arithmetic(t, insn, wide, 0x59, true);
    case OP_vfma_f32:
        return fused(t, insn, wide, 0xb9);
    case OP_vfms_f32:
        return fused(t, insn, wide, 0xbd);
    case OP_vfnma_f32:
        return fused(t, insn, wide, 0xbf);
    case OP_vfnms_f32:
        return fused(t, insn, wide, 0xbb);
    case OP_vmla_f32:
        return chained(t, insn, wide, false);
    case OP_vmls_f32:
        return chained(t, insn, wide, true);
    case OP_vmov_i_f32:
    case OP_vmov_f32:
    case OP_vabs_f32:
    case OP_vneg_f32:
        return move(t, insn, wide, op);
    case OP_vcmp_f32:
        return compare(t, insn, wide, false);
    case OP_vcmp_z_f32:
        return compare(t, insn, wide, true);
    default:
        return false;
    }
}

bool translate_fp(struct translation *t, const struct insn *insn)
{
    enum op op = (enum op)insn->op;
    if (op < OP_vcvt_f32_f64 || insn->wrap & INSN_ALIGNS_SP)
        return false;
    t->host_flags = HOST_NOTHING;
    if (op >= OP_vmla_f64)
        return translate_sized(t, insn, true, (enum op)(op - OP_vmla_f64 + OP_vmla_f32));
    if (op >= OP_vmla_f32)
        return translate_sized(t, insn, false, op);
    if (op == OP_vmrs)
        return read_status(t, insn);
    if (op >= OP_vmov_to_core && op <= OP_vmov_from_pair)
        return transfer(t, insn);
    return false;
}

#endif
