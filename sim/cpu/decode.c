/* From a word to the decoded form, by the tables of encodings. */
#include "sim/cpu/translate.h"

#include <stdlib.h>
#include <string.h>

unsigned encoding_count(void)
{
    return encodings_16_count + encodings_32_count + encodings_fp_count;
}

const struct encoding *encoding_row(unsigned index)
{
    if (index < encodings_16_count)
        return &encodings_16[index];
    index -= encodings_16_count;
    if (index < encodings_32_count)
        return &encodings_32[index];
    index -= encodings_32_count;
    return index < encodings_fp_count ? &encodings_fp[index] : NULL;
}

bool encoding_in_model(const struct encoding *row, enum cpu_model model)
{
    return model == CPU_CORTEX_M7 || !(row->features & (FEATURE_DOUBLE | FEATURE_FPV5));
}

/* ---- Lookup ----------------------------------------------------------------------------------- */

static void index_narrow(uint16_t *index)
{
    for (unsigned row = encodings_16_count; row-- > 0;)
        for (uint32_t word = 0; word < 0x10000; word++)
            if ((word & encodings_16[row].mask) == encodings_16[row].value)
                index[word] = (uint16_t)(row + 1);
}

/* For each value of bits 28..20, the rows that can match it, in order. */
static unsigned index_wide(uint16_t *candidates, uint32_t *start)
{
    unsigned count = 0;
    for (uint32_t key = 0; key < 512; key++) {
        start[key] = count;
        for (unsigned row = encodings_16_count; row < encoding_count(); row++) {
            const struct encoding *encoding = encoding_row(row);
            if (((key << 20 ^ encoding->value) & encoding->mask & 0x1ff00000) == 0) {
                if (candidates)
                    candidates[count] = (uint16_t)row;
                count++;
            }
        }
    }
    start[512] = count;
    return count;
}

static bool decode_create(struct isa_state *isa)
{
    isa->index_16 = calloc(0x10000, sizeof *isa->index_16);
    unsigned count = index_wide(NULL, isa->candidate_start);
    isa->candidates = calloc(count, sizeof *isa->candidates);
    if (!isa->index_16 || !isa->candidates)
        return false;
    index_narrow(isa->index_16);
    index_wide(isa->candidates, isa->candidate_start);
    return true;
}

bool isa_create(struct cpu *cpu)
{
    cpu->isa = calloc(1, sizeof *cpu->isa);
    if (!cpu->isa || !decode_create(cpu->isa))
        return false;
    cpu->isa->threshold = TRANSLATE_AFTER;
    if (!translator_create(cpu))
        cpu->isa->threshold = UINT32_MAX;
    cpu->isa->uncached = calloc(1, sizeof(struct block) + 2 * sizeof(struct insn));
    return cpu->isa->uncached != NULL;
}

void isa_destroy(struct cpu *cpu)
{
    if (!cpu->isa)
        return;
    isa_forget_code(cpu);
    blocks_free_dead(cpu->isa);
    for (unsigned i = 0; i < PAGES; i++) {
        for (struct code_page *page = cpu->isa->pages[i], *next; page; page = next) {
            next = page->next;
            free(page);
        }
    }
    translator_destroy(cpu);
    free(cpu->isa->index_16);
    free(cpu->isa->candidates);
    free(cpu->isa->uncached);
    free(cpu->isa);
    cpu->isa = NULL;
}

static int find_row(const struct cpu *cpu, uint32_t word, bool wide)
{
    const struct isa_state *isa = cpu->isa;
    if (!wide)
        return isa->index_16[word] - 1;
    uint32_t key = word >> 20 & 0x1ff;
    for (uint32_t i = isa->candidate_start[key]; i < isa->candidate_start[key + 1]; i++) {
        const struct encoding *row = encoding_row(isa->candidates[i]);
        if ((word & row->mask) == row->value && encoding_in_model(row, cpu->config.model))
            return isa->candidates[i];
    }
    return -1;
}

/* ---- What an instruction does beside its operation -------------------------------------------- */

static bool op_between(enum op op, enum op first, enum op last)
{
    return op >= first && op <= last;
}

/* Executes whatever ITSTATE says (A7.3.2, A7.7): IT, BKPT, CBZ and what has its own condition. */
static bool ignores_it(const struct insn *insn)
{
    return insn->op == OP_it || insn->op == OP_bkpt || insn->op == OP_cbz || insn->op == OP_b_cond;
}

static bool compares(enum op op)
{
    return op_between(op, OP_tst_i, OP_cmn_i) || op_between(op, OP_tst_r, OP_cmn_r);
}

static bool is_fp(enum op op)
{
    return op >= OP_vcvt_f32_f64;
}

static bool reads_pc(const struct insn *insn)
{
    enum op op = (enum op)insn->op;
    if (is_fp(op))
        return insn->rn == 15 && op_between(op, OP_vldr_f32, OP_vstr_f64);
    if (op_between(op, OP_ldr_i, OP_ldrd) || op == OP_tbb || op_between(op, OP_add_i, OP_sub_i))
        return insn->rn == 15;
    if (op_between(op, OP_add_r, OP_sub_r) || op == OP_cmp_r)
        return insn->rn == 15 || insn->rm == 15;
    return insn->rm == 15 &&
           (op == OP_mov_r || op == OP_add_pc || op == OP_mov_pc || op == OP_bx || op == OP_blx);
}

/* True for all that writes r[13] with what may not be a multiple of four. */
static bool aligns_sp(const struct insn *insn)
{
    enum op op = (enum op)insn->op;
    if (op == OP_vmov_to_pair || op == OP_vmov_to_core || op == OP_vmrs)
        return insn->rd == 13 || insn->ra == 13;
    if (is_fp(op) || op >= OP_b || compares(op))
        return false;
    if (op_between(op, OP_ldr_w, OP_strh_w) || op == OP_ldr_pc)
        return insn->rd == 13 || insn->rn == 13;
    if (op_between(op, OP_str_i, OP_strh_i) || op_between(op, OP_str_r, OP_strh_r))
        return false;
    if ((op == OP_add_i || op == OP_sub_i) && insn->rn == 13)
        return insn->rd == 13 && insn->imm & 3;
    return insn->rd == 13 || (insn->ra == 13 && op >= OP_mul);
}

static void finish(struct insn *insn)
{
    insn->cond = (insn->it & 15) && !ignores_it(insn) ? insn->it >> 4 : COND_ALWAYS;
    if (insn->cond < COND_ALWAYS)
        insn->wrap |= INSN_CONDITIONAL;
    if (reads_pc(insn)) {
        bool plain = insn->op == OP_add_r || insn->op == OP_mov_r || insn->op == OP_cmp_r ||
                     insn->op == OP_add_pc || insn->op == OP_mov_pc || insn->op == OP_tbb ||
                     insn->op == OP_bx || insn->op == OP_blx;
        insn->wrap |= INSN_READS_PC;
        insn->pc_operand = plain ? insn->pc + 4 : (insn->pc + 4) & ~3u;
    }
    if (aligns_sp(insn))
        insn->wrap |= INSN_ALIGNS_SP;
    insn->operation = executors[insn->op];
    insn->execute = insn->wrap ? wrapped : insn->operation;
}

/* Coprocessors: 10 and 11 are the FPU; every other one is not there (B1.5.14). */
static void decode_coprocessor(struct insn *insn, uint32_t word)
{
    unsigned number = word >> 8 & 15;
    bool space = (word >> 26 & 3) == 3 && (word >> 29) == 7 && (word >> 24 & 3) != 3;
    insn->op = OP_undefined;
    if (space && number != 10 && number != 11)
        insn->op = OP_nocp;
    insn->imm = space && (number == 10 || number == 11); /* UNDEFINED, yet NOCP while it is off */
}

void decode(const struct cpu *cpu, struct insn *insn, uint32_t word, bool wide)
{
    uint32_t pc = insn->pc;
    uint8_t it = insn->it;
    int index = find_row(cpu, word, wide);
    const struct encoding *row = index < 0 ? NULL : encoding_row((unsigned)index);
    memset(insn, 0, sizeof *insn);
    insn->pc = pc;
    insn->it = it;
    insn->length = wide ? 4 : 2;
    insn->encoding = (uint16_t)index;
    if (row)
        insn->op = row->op;
    if (!row || !row->format(insn, word)) {
        memset(insn, 0, sizeof *insn);
        insn->pc = pc;
        insn->it = it;
        insn->length = wide ? 4 : 2;
        insn->encoding = UINT16_MAX;
        decode_coprocessor(insn, wide ? word : 0);
    }
    finish(insn);
    insn->cycles = (uint8_t)instruction_cost(cpu->config.model, insn);
}

/* ---- Cost ------------------------------------------------------------------------------------- */

/* Cycles without the price of a taken branch: an estimate by the M4's table (100166, 3.3.1) and,
 * for the dual-issue M7, somewhat less. To be replaced by a model of the pipeline. */
unsigned instruction_cost(enum cpu_model model, const struct insn *insn)
{
    enum op op = (enum op)insn->op;
    bool m7 = model == CPU_CORTEX_M7;
    if (op == OP_end)
        return 0;
    if (op == OP_ldm || op == OP_stm)
        return 1 + (unsigned)__builtin_popcount(insn->imm) / (m7 ? 2 : 1);
    if (op == OP_vldm || op == OP_vstm)
        return 1 + insn->ra / (m7 ? 2u : 1u);
    if (op == OP_sdiv || op == OP_udiv)
        return m7 ? 7 : 6;
    if (op_between(op, OP_vldr_f32, OP_vstr_f64) || op == OP_ldrd || op == OP_strd)
        return m7 ? 1 : 3;
    if (op_between(op, OP_ldr_i, OP_ldrsh_i) || op_between(op, OP_ldr_r, OP_ldrsh_r) ||
        op_between(op, OP_ldr_w, OP_ldrsh_w) || op_between(op, OP_ldr_pc, OP_tbb))
        return m7 ? 1 : 2;
    if (op == OP_vdiv_f32 || op == OP_vsqrt_f32)
        return 14;
    if (op == OP_vdiv_f64 || op == OP_vsqrt_f64)
        return 28;
    if (op_between(op, OP_vmla_f32, OP_vnmls_f32) || op_between(op, OP_vfma_f32, OP_vfnms_f32))
        return m7 ? 1 : 3;
    if (op_between(op, OP_vmla_f64, OP_vminnm_f64))
        return op_between(op, OP_vmov_i_f64, OP_vneg_f64) ? 1 : 3;
    return 1;
}
