/*
 * One random instruction with random operands, executed by the core and by Unicorn, and everything
 * that it may have changed compared.
 */
#ifndef SIM_TEST_CPU_DIFFERENTIAL_H
#define SIM_TEST_CPU_DIFFERENTIAL_H

#include "sim/cpu/isa.h"

enum { CODE_BASE = 0x08000000, CODE_SIZE = 0x1000, DATA_BASE = 0x20000000, DATA_SIZE = 0x4000 };
enum { CODE_AT = CODE_BASE + 0x400, DATA_MIDDLE = DATA_BASE + 0x2000 };

/* How an instruction ended. */
enum outcome { ENDED_WELL, ENDED_UNDEFINED, ENDED_NOCP, ENDED_FAULT, ENDED_SVC, ENDED_BKPT };

struct state {
    uint32_t r[16];
    uint32_t apsr; /* NZCVQ and GE */
    uint32_t fpscr;
    uint64_t d[16];
};
_Static_assert(sizeof(struct state) == 16 * 4 + 2 * 4 + 16 * 8, "states are compared as bytes");

struct vector {
    enum cpu_model model;
    unsigned row;       /* of the encodings */
    struct insn insn;   /* as the core decodes it, at CODE_AT or behind the IT */
    uint16_t code[8];   /* [IT] instruction, then B . */
    unsigned halfwords; /* without the B . */
    uint32_t end;       /* address of the B . */
    bool branches;      /* one step instead of a run to `end` */
    bool in_it;
    struct state before;
};

struct result {
    enum outcome outcome;
    struct state after;
};

/* ---- vectors.c */
uint64_t random_bits(uint64_t *seed);
/* An instruction of that row, or of no row (row == encoding_count()): any undefined word. False if
 * the drawn word is not of the row or not to be executed here. */
bool draw_instruction(struct cpu *cpu, struct vector *vector, unsigned row, uint64_t *seed);
void draw_operands(struct vector *vector, uint64_t *seed);

/* ---- core.c */
struct core;
struct core *core_create(enum cpu_model model, bool translate);
void core_destroy(struct core *core);
struct cpu *core_cpu(struct core *core);
const uint8_t *core_code(struct core *core); /* CODE_SIZE bytes */
uint8_t *core_data(struct core *core);
void core_load(struct core *core, const struct vector *vector);
void core_execute(struct core *core, const struct vector *vector, struct result *result);

/* ---- oracle.c */
struct oracle;
struct oracle *oracle_create(enum cpu_model model, const uint8_t *code);
void oracle_destroy(struct oracle *oracle);
uint8_t *oracle_data(struct oracle *oracle);
/* APSR.GE: can be read, not written. */
uint32_t oracle_ge(struct oracle *oracle);
void oracle_load(struct oracle *oracle, const struct vector *vector);
void oracle_execute(struct oracle *oracle, const struct vector *vector, struct result *result);

/* ---- quirks.c */
struct quirk {
    const char *name, *reason;
    /* True if this is the quirk and the core did what the manual says: then the core is right. */
    bool (*explains)(const struct vector *vector, const struct result *core,
                     const struct result *oracle);
};
extern const struct quirk quirks[];
extern const unsigned quirk_count;

#endif
