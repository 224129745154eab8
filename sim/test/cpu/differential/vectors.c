/* Random instructions and operands that make every path likely. */
#include "sim/test/cpu/differential/differential.h"

#include <string.h>

/* xorshift64* */
uint64_t random_bits(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545f4914f6cdd1du;
}

static uint32_t random_32(uint64_t *seed)
{
    return (uint32_t)(random_bits(seed) >> 32);
}

static unsigned below(uint64_t *seed, unsigned limit)
{
    return (unsigned)(((uint64_t)random_32(seed) * limit) >> 32);
}

/* ---- Instructions ----------------------------------------------------------------------------- */

static bool is_branch(const struct insn *insn)
{
    switch (insn->op) {
    case OP_b:
    case OP_b_cond:
    case OP_bl:
    case OP_bx:
    case OP_blx:
    case OP_cbz:
    case OP_mov_pc:
    case OP_add_pc:
    case OP_tbb:
    case OP_ldr_pc:
    case OP_svc:
    case OP_bkpt:
    case OP_undefined:
    case OP_nocp:
    case OP_wfi:
    case OP_wfe:
        return true;
    case OP_ldm:
        return insn->imm >> 15;
    default:
        return false;
    }
}

/* Those to which the manual gives no meaning in an IT block. */
static bool allowed_in_it(const struct insn *insn)
{
    return insn->op != OP_it && insn->op != OP_cbz && insn->op != OP_b_cond && insn->op != OP_cps &&
           insn->op != OP_bkpt && insn->op != OP_undefined && insn->op != OP_nocp &&
           insn->op != OP_svc && insn->op != OP_strex;
}

static uint32_t draw_word(const struct encoding *row, bool wide, uint64_t *seed)
{
    uint32_t word = random_32(seed);
    if (!wide)
        word &= 0xffff;
    if (below(seed, 8) == 0) /* registers that are equal */
        word = (word & ~0xf0f0fu) | (word & 0xf) * 0x10101u;
    if (!wide)
        word &= 0xffff;
    return row ? (word & ~row->mask) | row->value : word;
}

static void put(struct vector *vector, uint32_t word, bool wide)
{
    if (wide)
        vector->code[vector->halfwords++] = (uint16_t)(word >> 16);
    vector->code[vector->halfwords++] = (uint16_t)word;
}

static void decode_at(struct cpu *cpu, struct vector *vector, uint32_t word, bool wide, uint8_t it)
{
    vector->insn.pc = CODE_AT + (it ? 2 : 0);
    vector->insn.it = it;
    decode(cpu, &vector->insn, word, wide);
}

/* Special registers other than APSR and the masks belong to the exception model (Unicorn has none);
 * a branch to pc or sp goes to data or out of this test's code. */
static bool is_tested(const struct insn *insn)
{
    if (insn->op == OP_mrs)
        return insn->imm < 8 || insn->imm == 16 || insn->imm == 19;
    if (insn->op == OP_msr)
        return insn->imm < 4 || insn->imm == 16 || insn->imm == 19;
    if (insn->op == OP_bx || insn->op == OP_blx || insn->op == OP_mov_pc || insn->op == OP_add_pc)
        return insn->rm != 15 && insn->rm != 13;
    if (insn->op == OP_ldr_pc && !insn->rm && insn->imm & 3) /* word aligned, sp and pc are */
        return insn->rn != 13 && insn->rn != 15;
    return true;
}

/* Before STREX: LDREX of the same address into a register that it does not use, or CLREX. */
static void put_monitor(struct vector *vector, uint64_t *seed)
{
    const struct insn *insn = &vector->insn;
    uint32_t free = 0, base = (uint32_t)insn->rn << 16;
    while (free == insn->rd || free == insn->rn || free == insn->ra)
        free++;
    if (below(seed, 4) == 0)
        put(vector, 0xf3bf8f2f, true);
    else if (insn->shift == 4)
        put(vector, 0xe8500f00 | base | free << 12 | insn->imm / 4, true);
    else
        put(vector, (insn->shift == 2 ? 0xe8d00f5fu : 0xe8d00f4fu) | base | free << 12, true);
}

bool draw_instruction(struct cpu *cpu, struct vector *vector, unsigned row, uint64_t *seed)
{
    const struct encoding *encoding = encoding_row(row);
    bool wide = encoding ? row >= encodings_16_count : below(seed, 4) != 0;
    uint32_t word = draw_word(encoding, wide, seed);
    uint8_t it = 0;
    if (!encoding && wide)
        word |= 0xe8000000;
    if (is_wide(wide ? word >> 16 : word) != wide)
        return false;
    memset(vector, 0, sizeof *vector);
    vector->model = cpu->config.model;
    vector->row = row;
    decode_at(cpu, vector, word, wide, 0);
    if (encoding ? vector->insn.encoding != row : vector->insn.encoding != UINT16_MAX)
        return false;
    if (below(seed, 4) == 0 && allowed_in_it(&vector->insn)) {
        it = (uint8_t)(below(seed, 14) << 4 | 8);
        put(vector, 0xbf00u | it, false);
        decode_at(cpu, vector, word, wide, it);
    }
    if (!is_tested(&vector->insn))
        return false;
    vector->in_it = it != 0;
    if (vector->insn.op == OP_strex)
        put_monitor(vector, seed);
    put(vector, word, wide);
    vector->branches = is_branch(&vector->insn);
    vector->end = CODE_AT + 2 * vector->halfwords;
    vector->code[vector->halfwords] = 0xe7fe;
    for (unsigned i = 0; vector->insn.op == OP_it && i < 5; i++)
        vector->code[vector->halfwords + i] = i < 4 ? 0xbf00 : 0xe7fe;
    if (vector->insn.op == OP_it)
        vector->end += 8;
    return true;
}

/* ---- Operands --------------------------------------------------------------------------------- */

static uint32_t draw_word_value(uint64_t *seed)
{
    static const uint32_t special[] = {0,          1,          2,          0x7fffffff, 0x80000000,
                                       0xffffffff, 0xfffffffe, 0x7fff7fff, 0x80008000, 0xff00ff00,
                                       0x00010001, 0x7f7f7f7f, 0x80808080, 31,         32,
                                       33,         0xff,       0x8000,     0x7fff,     0xffff};
    switch (below(seed, 4)) {
    case 0:
        return special[below(seed, sizeof special / sizeof *special)];
    case 1:
        return random_32(seed) >> below(seed, 32);
    default:
        return random_32(seed);
    }
}

static uint32_t draw_single(uint64_t *seed)
{
    static const uint32_t special[] = {
        0x00000000, 0x3f800000, 0x00800000, 0x007fffff, 0x00000001, 0x7f7fffff, 0x7f800000,
        0x7fc00000, 0x7fc12345, 0x7f800001, 0x7fa00000, 0x4b000000, 0x4f000000, 0x4f800000,
        0x3f000000, 0x3fc00000, 0x40200000, 0x477fe000, 0x38800000, 0x33000000, 0x00ffffff};
    uint32_t sign = random_32(seed) & 0x80000000;
    switch (below(seed, 4)) {
    case 0:
        return sign | special[below(seed, sizeof special / sizeof *special)];
    case 1:
        return sign | (uint32_t)(127 - 16 + below(seed, 32)) << 23 | random_32(seed) >> 9;
    case 2:
        return sign | (uint32_t)(100 + below(seed, 60)) << 23 | (random_32(seed) & 0x700000);
    default:
        return random_32(seed);
    }
}

static uint64_t draw_double(uint64_t *seed)
{
    static const uint64_t special[] = {
        0x0000000000000000, 0x3ff0000000000000, 0x0010000000000000, 0x000fffffffffffff,
        0x0000000000000001, 0x7fefffffffffffff, 0x7ff0000000000000, 0x7ff8000000000000,
        0x7ff8000000012345, 0x7ff0000000000001, 0x7ff4000000000000, 0x4330000000000000,
        0x41e0000000000000, 0x41f0000000000000, 0x3fe0000000000000, 0x3ff8000000000000,
        0x4004000000000000, 0x47efffffe0000000, 0x47efffffffffffff, 0x3810000000000000,
        0x380fffffffffffff, 0x36a0000000000000, 0x40effc0000000000, 0x3f10000000000000};
    uint64_t sign = random_bits(seed) & 0x8000000000000000;
    switch (below(seed, 4)) {
    case 0:
        return sign | special[below(seed, sizeof special / sizeof *special)];
    case 1:
        return sign | (uint64_t)(1023 - 20 + below(seed, 56)) << 52 | random_bits(seed) >> 12;
    case 2:
        return sign | (uint64_t)(1023 - 150 + below(seed, 300)) << 52 |
               (random_bits(seed) & 0x000e000000000000);
    default:
        return random_bits(seed);
    }
}

static void draw_fp(struct state *state, uint64_t *seed)
{
    bool doubles = random_32(seed) & 1;
    for (unsigned i = 0; i < 16; i++)
        state->d[i] =
            doubles ? draw_double(seed) : (uint64_t)draw_single(seed) << 32 | draw_single(seed);
    state->fpscr = random_32(seed) & 0xf000009f;
    if (below(seed, 2))
        state->fpscr |= random_32(seed) & 0x07c00000;
    if (below(seed, 2)) /* related operands: sums that cancel, products at the borders */
        state->d[below(seed, 16)] = state->d[below(seed, 16)] ^ (random_bits(seed) & 3);
}

static bool accesses_memory(const struct insn *insn)
{
    return (insn->op >= OP_ldr_i && insn->op <= OP_tbb && insn->op != OP_clrex) ||
           (insn->op >= OP_vldr_f32 && insn->op <= OP_vstm);
}

static bool must_align(const struct insn *insn)
{
    return insn->op >= OP_ldrd || insn->op == OP_ldr_pc;
}

/* Base in the middle of the data, index small, so that every access lies in it. */
static void aim(struct vector *vector, uint64_t *seed)
{
    const struct insn *insn = &vector->insn;
    uint32_t *r = vector->before.r;
    bool indexed = (insn->op >= OP_ldr_r && insn->op <= OP_strh_r) || insn->op == OP_tbb ||
                   (insn->op == OP_ldr_pc && encoding_row(vector->row)->op == OP_ldr_r);
    if (insn->rn == 15)
        return;
    if (indexed && insn->rm != insn->rn)
        r[insn->rm] = below(seed, 256) & (insn->op == OP_ldr_pc ? ~3u : ~0u);
    r[insn->rn] = DATA_MIDDLE + (below(seed, 512) & (must_align(insn) ? ~3u : ~0u));
    if (insn->op == OP_ldr_pc && !indexed && insn->index)
        r[insn->rn] -= insn->imm & 3;
    if (insn->rn == 13)
        r[13] &= ~3u;
    if (indexed && insn->rn == insn->rm) /* base + base: nowhere; the fault is compared */
        r[insn->rn] = DATA_BASE / 4;
    if (insn->op == OP_strex && insn->rn != insn->rd && insn->shift == 4)
        r[insn->rn] &= ~3u;
}

void draw_operands(struct vector *vector, uint64_t *seed)
{
    struct state *state = &vector->before;
    for (unsigned i = 0; i < 15; i++)
        state->r[i] = draw_word_value(seed);
    state->r[13] = DATA_MIDDLE + (below(seed, 1024) & ~3u);
    state->apsr = random_32(seed) & 0xf8000000;
    draw_fp(state, seed);
    if (accesses_memory(&vector->insn))
        aim(vector, seed);
    if (vector->insn.op == OP_bx || vector->insn.op == OP_blx || vector->insn.op == OP_mov_pc)
        state->r[vector->insn.rm] = (CODE_AT + 0x200 + (random_32(seed) & 0xfe)) | 1;
    if (vector->insn.op == OP_add_pc)
        state->r[vector->insn.rm] = random_32(seed) & 0xfe;
    state->r[15] = CODE_AT;
}
