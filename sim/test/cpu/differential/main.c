/*
 * Differential test of the instruction set: random encodings and operands on the core and on Unicorn.
 *
 *     differential [--seed N] [--count N] [--translate 0|1]
 *
 * Counts the vectors for each encoding of the manual; fails on a difference that is no known quirk
 * and on an encoding that was never executed.
 */
#include "sim/test/cpu/differential/differential.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = 12, SHOWN = 400 };

struct run {
    struct core *core[2];
    struct oracle *oracle[2];
    uint64_t seed, vectors, differences, explained[16];
    uint64_t *hits; /* by row; the last one counts undefined words */
    uint64_t outcomes[6];
    unsigned shown;
    uint64_t engines_renewed;
    bool translate; /* blocks at once, or never */
};

static void show_pair(const char *name, unsigned i, uint64_t before, uint64_t core, uint64_t oracle)
{
    if (core != oracle)
        printf("    %s%-2u core %llx oracle %llx (before %llx)\n", name, i,
               (unsigned long long)core, (unsigned long long)oracle, (unsigned long long)before);
}

static void show_operands(const struct vector *vector)
{
    const struct insn *insn = &vector->insn;
    const struct state *before = &vector->before;
    const uint32_t *s = (const uint32_t *)before->d;
    printf("    rd %u rn %u rm %u ra %u imm %x: %08x %08x %08x %08x; s %08x %08x %08x; "
           "d %016llx %016llx %016llx\n",
           insn->rd, insn->rn, insn->rm, insn->ra, insn->imm, before->r[insn->rd & 15],
           before->r[insn->rn & 15], before->r[insn->rm & 15], before->r[insn->ra & 15],
           s[insn->rd & 31], s[insn->rn & 31], s[insn->rm & 31],
           (unsigned long long)before->d[insn->rd & 15],
           (unsigned long long)before->d[insn->rn & 15],
           (unsigned long long)before->d[insn->rm & 15]);
}

static void show(const struct vector *vector, const struct result *core,
                 const struct result *oracle, bool memory)
{
    const struct encoding *row = encoding_row(vector->row);
    const struct state *before = &vector->before, *ours = &core->after, *theirs = &oracle->after;
    printf("%s, %s:", row ? row->name : "undefined word",
           vector->model == CPU_CORTEX_M7 ? "Cortex-M7" : "Cortex-M4");
    for (unsigned i = 0; i < vector->halfwords; i++)
        printf(" %04x", vector->code[i]);
    printf(", apsr %08x, fpscr %08x: core ended %d, oracle %d%s\n", before->apsr, before->fpscr,
           core->outcome, oracle->outcome, memory ? " (memory differs)" : "");
    show_operands(vector);
    for (unsigned i = 0; i < 16; i++)
        show_pair("r", i, before->r[i], ours->r[i], theirs->r[i]);
    for (unsigned i = 0; i < 16; i++)
        show_pair("d", i, before->d[i], ours->d[i], theirs->d[i]);
    show_pair("apsr", 0, before->apsr, ours->apsr, theirs->apsr);
    show_pair("fpscr", 0, before->fpscr, ours->fpscr, theirs->fpscr);
}

static bool same(const struct result *core, const struct result *oracle)
{
    if (core->outcome != oracle->outcome)
        return false;
    return core->outcome != ENDED_WELL ||
           memcmp(&core->after, &oracle->after, sizeof core->after) == 0;
}

static bool explained(struct run *run, const struct vector *vector, const struct result *core,
                      const struct result *oracle)
{
    for (unsigned i = 0; i < quirk_count; i++) {
        if (quirks[i].explains(vector, core, oracle)) {
            run->explained[i]++;
            return true;
        }
    }
    return false;
}

static bool loads_pc(const struct insn *insn)
{
    return insn->op == OP_ldr_pc || (insn->op == OP_ldm && insn->imm >> 15);
}

/* What is loaded to pc must have bit 0 set and lead to somewhere. */
static void fill_with_addresses(struct run *run, enum cpu_model model)
{
    uint8_t *data = core_data(run->core[model]);
    for (unsigned i = 0; i < DATA_SIZE; i += 4) {
        uint32_t address = (CODE_AT + 0x100 + (random_bits(&run->seed) & 0xfe)) | 1;
        memcpy(data + i, &address, 4);
    }
    memcpy(oracle_data(run->oracle[model]), data, DATA_SIZE);
}

/* Both execute; true if they agree. */
static bool agree(struct run *run, const struct vector *vector, struct result *ours,
                  struct result *theirs, bool *memory)
{
    struct core *core = run->core[vector->model];
    struct oracle *oracle = run->oracle[vector->model];
    oracle_execute(oracle, vector, theirs);
    core_execute(core, vector, ours);
    *memory = memcmp(core_data(core), oracle_data(oracle), DATA_SIZE) != 0;
    if (*memory)
        memcpy(oracle_data(oracle), core_data(core), DATA_SIZE);
    if (ours->outcome != ENDED_WELL && ours->outcome == theirs->outcome)
        return true;
    return (same(ours, theirs) && !*memory) || explained(run, vector, ours, theirs);
}

/* Unicorn, after millions of vectors, goes on executing an instruction that was overwritten. A
 * difference counts if a new engine shows it too; GE is 0 in a new one. */
static bool agree_afresh(struct run *run, struct vector *vector, const uint8_t *data,
                         struct result *ours, struct result *theirs, bool *memory)
{
    struct core *core = run->core[vector->model];
    oracle_destroy(run->oracle[vector->model]);
    run->oracle[vector->model] = oracle_create(vector->model, core_code(core));
    run->engines_renewed++;
    memcpy(core_data(core), data, DATA_SIZE);
    memcpy(oracle_data(run->oracle[vector->model]), data, DATA_SIZE);
    vector->before.apsr &= 0xf8000000;
    core_load(core, vector);
    oracle_load(run->oracle[vector->model], vector);
    return agree(run, vector, ours, theirs, memory);
}

static void execute_both(struct run *run, struct vector *vector)
{
    static uint8_t data[DATA_SIZE];
    struct result ours, theirs;
    bool memory;
    vector->before.apsr |= oracle_ge(run->oracle[vector->model]);
    if (loads_pc(&vector->insn))
        fill_with_addresses(run, vector->model);
    memcpy(data, core_data(run->core[vector->model]), DATA_SIZE);
    bool well = agree(run, vector, &ours, &theirs, &memory);
    run->vectors++;
    run->hits[vector->row]++;
    run->outcomes[ours.outcome]++;
    if (well || agree_afresh(run, vector, data, &ours, &theirs, &memory))
        return;
    run->differences++;
    if (run->shown++ < SHOWN)
        show(vector, &ours, &theirs, memory);
}

static void one_encoding(struct run *run, enum cpu_model model, unsigned row)
{
    const struct encoding *encoding = encoding_row(row);
    struct vector vector;
    if (encoding && !encoding_in_model(encoding, model))
        return;
    struct cpu *cpu = core_cpu(run->core[model]);
    unsigned tries = 0;
    while (!draw_instruction(cpu, &vector, row, &run->seed))
        if (++tries == 200)
            return;
    core_load(run->core[model], &vector);
    oracle_load(run->oracle[model], &vector);
    for (unsigned i = 0; i < SETS; i++) {
        draw_operands(&vector, &run->seed);
        execute_both(run, &vector);
    }
}

static unsigned report(const struct run *run)
{
    unsigned missing = 0, rows = encoding_count();
    for (unsigned row = 0; row <= rows; row++) {
        const char *name = row < rows ? encoding_row(row)->name : "undefined words";
        printf("%10llu  %s\n", (unsigned long long)run->hits[row], name);
        missing += run->hits[row] == 0;
    }
    printf("encodings: %u of %u executed\n", rows + 1 - missing, rows + 1);
    printf(
        "vectors: %llu (well %llu, undefined %llu, nocp %llu, fault %llu, svc %llu, bkpt %llu)\n",
        (unsigned long long)run->vectors, (unsigned long long)run->outcomes[0],
        (unsigned long long)run->outcomes[1], (unsigned long long)run->outcomes[2],
        (unsigned long long)run->outcomes[3], (unsigned long long)run->outcomes[4],
        (unsigned long long)run->outcomes[5]);
    for (unsigned i = 0; i < quirk_count; i++)
        printf("quirk: %s: %llu times. %s\n", quirks[i].name, (unsigned long long)run->explained[i],
               quirks[i].reason);
    printf("Unicorn was renewed %llu times because of a difference\n",
           (unsigned long long)run->engines_renewed);
    printf("differences without explanation: %llu\n", (unsigned long long)run->differences);
    return missing;
}

static void start(struct run *run)
{
    for (unsigned model = 0; model < 2; model++) {
        run->core[model] = core_create((enum cpu_model)model, run->translate);
        run->oracle[model] = oracle_create((enum cpu_model)model, core_code(run->core[model]));
        uint8_t *data = core_data(run->core[model]);
        for (unsigned i = 0; i < DATA_SIZE; i++)
            data[i] = (uint8_t)(random_bits(&run->seed) >> 40);
        memcpy(oracle_data(run->oracle[model]), data, DATA_SIZE);
    }
}

static void stop(struct run *run)
{
    for (unsigned model = 0; model < 2; model++) {
        core_destroy(run->core[model]);
        oracle_destroy(run->oracle[model]);
    }
    free(run->hits);
}

int main(int argc, char **argv)
{
    struct run run = {.seed = 1, .translate = true};
    uint64_t count = 200000;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--seed"))
            run.seed = strtoull(argv[i + 1], NULL, 0);
        if (!strcmp(argv[i], "--translate"))
            run.translate = strtoull(argv[i + 1], NULL, 0);
        if (!strcmp(argv[i], "--count"))
            count = strtoull(argv[i + 1], NULL, 0);
    }
    printf("seed %llu, count %llu\n", (unsigned long long)run.seed, (unsigned long long)count);
    run.seed = run.seed * 0x9e3779b97f4a7c15u | 1;
    run.hits = calloc(encoding_count() + 1, sizeof *run.hits);
    start(&run);
    unsigned row = 0;
    while (run.vectors < count) {
        one_encoding(&run, CPU_CORTEX_M4, row);
        one_encoding(&run, CPU_CORTEX_M7, row);
        row = row == encoding_count() ? 0 : row + 1;
    }
    unsigned missing = report(&run);
    stop(&run);
    return missing || run.differences ? 1 : 0;
}
