/*
 * The translating back end for x86-64: blocks that run often become machine code. It reads the decoded
 * form and calls the executors for what it does not translate, so that it adds speed and no behaviour:
 * registers, flags, cycles and memory are the same, to the bit, whether a block is translated or not.
 *
 * While translated code runs: rbp is the core, r15 the cycles left before the deadline, after this
 * block; r0..r7, r12 and sp are in host registers, all else is in struct cpu.
 */
#ifndef SIM_CPU_TRANSLATE_H
#define SIM_CPU_TRANSLATE_H

#include "sim/cpu/isa.h"

/* What is left when translated code has been left. */
struct departure {
    uint64_t flow; /* enum flow; DEPART_RESUME: go on at `insn` */
    union {
        const struct insn *insn; /* the last one executed, not accounted for; or NULL */
        uint8_t *slot;           /* with FLOW_LEAVE: a jump that may be led to the next block */
    } at;
};
enum { DEPART_CHAIN = 16, DEPART_RESUME = 17 };

bool translator_create(struct cpu *cpu); /* false: there is none; all is interpreted */
void translator_destroy(struct cpu *cpu);
/* Makes block->code, or leaves it NULL. */
void translate_block(struct cpu *cpu, struct block *block);
/* The block is no longer valid: nothing may get into its code any more. */
void translator_forget(struct block *block);
/* Runs block->code; the budget must suffice for the whole block. */
enum flow translator_run(struct cpu *cpu, struct block *block);

#if defined(__x86_64__)
#include "sim/cpu/x64.h"

enum { NEED_N = 8, NEED_Z = 4, NEED_C = 2, NEED_V = 1, NEED_ALL = 15 };

/* What the host's flags say about the guest's. */
enum host_flags { HOST_NOTHING, HOST_LOGIC, HOST_SUM, HOST_DIFFERENCE };

/* Out of line: the executor of one instruction, then back (or out). */
struct detour {
    uint8_t *from[8];
    unsigned froms;
    const struct insn *insn;
    uint8_t *back;
    bool reports_back; /* else it resumes in the interpreter */
    uint8_t *missed;   /* the TLB: slower lookups come before; or NULL */
    uint8_t *found;    /* where a hit goes on */
    uint8_t align, span;
    uint32_t table; /* that missed */
    bool write;
};

enum { DETOURS = 2 * BLOCK_MAX + 4 };

struct translation {
    struct x64 x;
    struct cpu *cpu;
    struct block *block;
    unsigned total; /* cycles of the block */
    enum host_flags host_flags;
    uint8_t need[BLOCK_MAX + 1]; /* flags to be stored, by instruction */
    bool fp_checked;
    bool literal; /* the load being translated is relative to pc */
    struct detour detours[DETOURS];
    unsigned detour_count;
    struct {
        uint8_t *from;
        uint32_t pc;
        uint8_t it;
    } exits[4];
    unsigned exit_count;
};

#define CORE(field) ((uint32_t)offsetof(struct cpu, field))

static inline uint32_t core_r(unsigned n)
{
    return CORE(r) + 4 * n;
}

/* The host register of a guest register; RBP: none, it is in memory. */
static inline unsigned host_of(unsigned guest)
{
    static const uint8_t map[16] = {RBX, RSI, RDI, R8,  R9,  R10, R11, R12,
                                    RBP, RBP, RBP, RBP, R13, R14, RBP, RBP};
    return map[guest];
}

static inline void get_guest(struct x64 *x, unsigned reg, unsigned guest)
{
    if (host_of(guest) == RBP)
        x_rm(x, 0x8b, reg, core_r(guest));
    else if (host_of(guest) != reg)
        x_rr(x, 0x8b, reg, host_of(guest));
}

static inline void put_guest(struct x64 *x, unsigned guest, unsigned reg)
{
    if (host_of(guest) == RBP)
        x_rm(x, 0x89, reg, core_r(guest));
    else if (host_of(guest) != reg)
        x_rr(x, 0x8b, host_of(guest), reg);
}

/* op reg, guest */
static inline void with_guest(struct x64 *x, unsigned opcode, unsigned reg, unsigned guest)
{
    if (host_of(guest) == RBP)
        x_rm(x, opcode, reg, core_r(guest));
    else
        x_rr(x, opcode, reg, host_of(guest));
}

struct detour *detour_for(struct translation *t, const struct insn *insn);
void detour_from(struct detour *detour, uint8_t *jump);

/* Each true if it made code for the instruction. `conditional`: the result is taken only if the
 * condition holds, by a conditional move; those that cannot are jumped over by the caller. */
bool translate_alu(struct translation *t, const struct insn *insn, unsigned need, bool conditional);
bool translate_memory(struct translation *t, const struct insn *insn);
/* Out of line, for a lookup that missed in the TLB: the lines of the data cache, then pages that take
 * longer. A hit goes back, a miss falls through. */
void emit_slower_lookups(struct translation *t, struct detour *detour);
bool translate_fp(struct translation *t, const struct insn *insn);
/* The x86 condition that is true when `cond` holds, after code that sets the host's flags for it. */
unsigned emit_condition(struct translation *t, unsigned cond);
bool alu_can_move_conditionally(const struct insn *insn);
unsigned alu_flags_written(const struct insn *insn);
unsigned alu_flags_read(const struct insn *insn);
#endif

#endif
