/* Where Unicorn is known to differ from the manual, one by one, with the check that the core is the
 * one who is right. */
#include "sim/test/cpu/differential/differential.h"

#include <math.h>
#include <string.h>

/* The oracle's state with one of its registers as the core has it. */
static bool same_but_register(const struct result *core, const struct result *oracle, unsigned r)
{
    struct state patched = oracle->after;
    patched.r[r] = core->after.r[r];
    return memcmp(&patched, &core->after, sizeof patched) == 0;
}

static bool sp_low_bits(const struct vector *vector, const struct result *core,
                        const struct result *oracle)
{
    (void)vector;
    return core->outcome == ENDED_WELL && oracle->outcome == ENDED_WELL &&
           same_but_register(core, oracle, 13) &&
           core->after.r[13] == (oracle->after.r[13] & ~3u) &&
           core->after.r[13] != oracle->after.r[13];
}

/* The hint did nothing but move on. */
static bool hint_ends_emulation(const struct vector *vector, const struct result *core,
                                const struct result *oracle)
{
    const struct encoding *row = encoding_row(vector->row);
    struct state expected = vector->before;
    if (!row || (strncmp(row->name, "YIELD", 5) && strncmp(row->name, "WF", 2)))
        return false;
    expected.r[15] = vector->end;
    return core->outcome == ENDED_WELL && oracle->outcome != ENDED_WELL &&
           memcmp(&expected, &core->after, sizeof expected) == 0;
}

/* SMLAD's Q by the manual: the sum of both products and the accumulator, at full width. */
static bool q_of_first_sum(const struct vector *vector, const struct result *core,
                           const struct result *oracle)
{
    const struct insn *insn = &vector->insn;
    const uint32_t *r = vector->before.r;
    if (insn->op != OP_smlad || core->outcome != ENDED_WELL || oracle->outcome != ENDED_WELL)
        return false;
    uint32_t m = ror32(r[insn->rm], insn->imm & 1 ? 16 : 0), n = r[insn->rn];
    int64_t sum =
        (int64_t)(int16_t)n * (int16_t)m + (int64_t)(int16_t)(n >> 16) * (int16_t)(m >> 16);
    int64_t total = sum + (insn->ra == 15 ? 0 : (int32_t)r[insn->ra]);
    struct state patched = oracle->after;
    patched.apsr &= ~(1u << 27);
    return sum == 0x80000000 && total == (int32_t)total && !(vector->before.apsr >> 27 & 1) &&
           memcmp(&patched, &core->after, sizeof patched) == 0;
}

/* Fixed point to single rounds to nearest whatever FPSCR says (A7.7.229). Exact reference: the value
 * has at most 32 bits, so a double holds it. */
static bool fixed_to_single(const struct vector *vector, const struct result *core,
                            const struct result *oracle)
{
    const struct insn *insn = &vector->insn;
    if (insn->op != OP_vcvt_from_fixed_f32 || oracle->outcome != ENDED_WELL)
        return false;
    uint32_t before = (uint32_t)(vector->before.d[insn->rd / 2] >> (insn->rd & 1 ? 32 : 0));
    double value = insn->ra == 16 ? (insn->imm ? (int16_t)before : (uint16_t)before)
                                  : (insn->imm ? (double)(int32_t)before : (double)before);
    float expected = (float)ldexp(value, -insn->shift);
    uint32_t bits;
    struct state patched = oracle->after;
    memcpy(&bits, &expected, 4);
    memcpy((uint8_t *)patched.d + 4 * insn->rd, &bits, 4);
    return memcmp(&patched, &core->after, sizeof patched) == 0;
}

/* Advanced SIMD's loads and stores: no M-profile core has them. */
static bool simd_element(const struct vector *vector, const struct result *core,
                         const struct result *oracle)
{
    (void)oracle;
    return (vector->code[0] & 0xff10) == 0xf900 && core->outcome == ENDED_UNDEFINED;
}

/* LDREXD and STREXD are of the A and R profiles alone (DDI 0403E A5.3.6 leaves their words free). */
static bool exclusive_double(const struct vector *vector, const struct result *core,
                             const struct result *oracle)
{
    (void)oracle;
    bool load = (vector->code[0] & 0xfff0) == 0xe8d0 && (vector->code[1] & 0x00ff) == 0x007f;
    bool store = (vector->code[0] & 0xfff0) == 0xe8c0 && (vector->code[1] & 0x00f0) == 0x0070;
    return (load || store) && core->outcome == ENDED_UNDEFINED;
}

/* The word is of an encoding, with operands for which the manual leaves open what happens: pc or sp
 * where it cannot be, equal registers with writing back. The core makes all of these UNDEFINED. */
static bool unpredictable_operands(const struct vector *vector, const struct result *core,
                                   const struct result *oracle)
{
    bool wide = is_wide(vector->code[0]);
    uint32_t word = wide ? (uint32_t)vector->code[0] << 16 | vector->code[1] : vector->code[0];
    (void)oracle;
    if (core->outcome != ENDED_UNDEFINED || vector->row != encoding_count())
        return false;
    for (unsigned i = wide ? encodings_16_count : 0; i < encoding_count(); i++) {
        const struct encoding *row = encoding_row(i);
        if ((word & row->mask) == row->value && encoding_in_model(row, vector->model))
            return true;
    }
    return false;
}

const struct quirk quirks[] = {
    {"SP bits 1:0", "ARMv7-M has them RAZ/WI (B1.4.1); Unicorn keeps what is written.",
     sp_low_bits},
    {"YIELD, WFE and WFI", "leave Unicorn's loop with an exception of its own; they are hints.",
     hint_ends_emulation},
    {"SMLAD, SMUAD: Q",
     "Unicorn sets Q when the sum of the products overflows and the total does not.",
     q_of_first_sum},
    {"VCVT.F32 from fixed point", "Unicorn rounds by FPSCR; the manual says to nearest.",
     fixed_to_single},
    {"Advanced SIMD element loads", "Unicorn decodes them though the core has none: UNDEFINED.",
     simd_element},
    {"LDREXD and STREXD", "Unicorn decodes them though no M profile has them: UNDEFINED.",
     exclusive_double},
    {"UNPREDICTABLE operands", "the core refuses them as UNDEFINED; Unicorn executes some.",
     unpredictable_operands},
};
const unsigned quirk_count = sizeof quirks / sizeof *quirks;
