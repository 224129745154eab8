/*
 * The instruction set half's own: the decoded form, the blocks that hold it, and what the executors
 * share. An instruction is decoded once into `struct insn`; a block is a straight run of them that
 * ends with a sentinel (OP_END). Executing means calling each one's executor in turn until one
 * answers with something else than FLOW_NEXT. A translating back end reads the same form and may
 * call the same executors for what it does not translate itself.
 */
#ifndef SIM_CPU_ISA_H
#define SIM_CPU_ISA_H

#include "sim/cpu/cpu_internal.h"
#include "sim/cpu/ops.h"

/* What an executor did. */
enum flow {
    FLOW_NEXT,  /* done; the next instruction follows in the block */
    FLOW_LEAVE, /* done; r[15] and itstate are those of the next instruction */
    FLOW_FAULT, /* not done; the fault was raised, r[15] is in its handler */
    FLOW_YIELD, /* not done, to be tried again; r[15] and itstate are this instruction's */
    FLOW_BREAK, /* not done: a debugger's breakpoint */
};

struct insn;
typedef enum flow executor(struct cpu *cpu, const struct insn *insn);

enum { COND_ALWAYS = 14 };
enum { SHIFT_LSL, SHIFT_LSR, SHIFT_ASR, SHIFT_ROR, SHIFT_RRX };
enum { CARRY_CLEAR, CARRY_SET, CARRY_KEEP }; /* of a modified immediate */

/* What an instruction does beside its operation; any of these makes it go through wrapped(). */
enum {
    INSN_CONDITIONAL = 1,
    INSN_READS_PC = 2,  /* r[15] is `pc_operand` while it executes */
    INSN_ALIGNS_SP = 4, /* r[13] is a destination that may not be a multiple of four */
};

struct insn {
    executor *execute;   /* what the loop calls: wrapped() or `operation` */
    executor *operation; /* of `op` */
    uint32_t pc;
    uint32_t imm;
    uint8_t rd, rn, rm, ra; /* ra: also Rt2; FP: numbers of S or D registers */
    uint8_t shift_type, shift;
    uint8_t set_flags; /* the S bit */
    uint8_t carry;     /* CARRY_* of a modified immediate */
    uint8_t cond;
    uint8_t wrap; /* INSN_* */
    uint8_t length;
    uint8_t it; /* ITSTATE when it executes */
    uint8_t op; /* enum op */
    uint8_t cycles;
    uint16_t encoding;      /* row of the table of encodings */
    uint16_t block_cycles;  /* of the whole block */
    uint16_t cycles_after;  /* of the block, this instruction included */
    uint16_t retired_after; /* likewise, in instructions */
    uint32_t pc_operand;
    /* Memory: how the address is made. FP: see fp executors. */
    bool index, add, write_back, unprivileged;
};

/* ---- decode.c --------------------------------------------------------------------------------- */

enum { FEATURE_ALL = 0, FEATURE_DOUBLE = 1, FEATURE_FPV5 = 2, FEATURE_FP = 4 };

/* One row: an encoding of the manual. `mask` and `value` are of the 16-bit word, or of the 32-bit
 * one with the first halfword on top. */
struct encoding {
    const char *name;
    uint32_t mask, value;
    bool (*format)(struct insn *insn, uint32_t word); /* false: UNDEFINED */
    uint8_t op;
    uint8_t features;
};
extern const struct encoding encodings_16[], encodings_32[], encodings_fp[];
extern const unsigned encodings_16_count, encodings_32_count, encodings_fp_count;

unsigned encoding_count(void);
const struct encoding *encoding_row(unsigned index);
/* True if the row's features are in the model. */
bool encoding_in_model(const struct encoding *row, enum cpu_model model);

static inline bool is_wide(uint32_t halfword)
{
    return (halfword >> 11) >= 0x1d;
}
/* `word`: the 16-bit form, or both halfwords of the 32-bit one. `insn->pc` and `insn->it` are set. */
void decode(const struct cpu *cpu, struct insn *insn, uint32_t word, bool wide);
unsigned instruction_cost(enum cpu_model model, const struct insn *insn);

static inline uint8_t it_advance(uint8_t it)
{
    unsigned next = (it & 0xe0u) | (it & 0xfu) << 1;
    return (uint8_t)(it & 7 ? next : 0);
}

/* ---- block.c ---------------------------------------------------------------------------------- */

enum { BLOCK_MAX = 48, JUMP_BITS = 12, JUMP_SIZE = 1 << JUMP_BITS };

struct block {
    uint32_t key; /* address | privileged */
    uint8_t it;   /* ITSTATE at the start */
    bool valid;
    uint16_t count; /* instructions, without the sentinel */
    uint16_t cycles_before_last;
    uint16_t cycles; /* of all, without the price of a branch that is taken */
    uint32_t end;    /* address behind the last byte */
    uint32_t runs;
    uint8_t *code; /* of the translating back end */
    struct block *next_in_bucket, *next_dead;
    struct block *next_in_page[2]; /* a wide instruction may lie across two pages */
    struct insn insns[];
};

enum { BUCKETS = 4096, PAGES = 1024, BREAKPOINTS = 256 };

struct code_page {
    uint32_t address;
    struct block *blocks;
    uint32_t fetched, stale;      /* of the instruction cache, one bit a line of the page */
    uint8_t lines[CPU_PAGE_SIZE]; /* what it holds */
    struct code_page *next;
};

struct translator;

struct isa_state {
    struct block *jump[JUMP_SIZE];
    struct block *buckets[BUCKETS];
    struct code_page *pages[PAGES];
    struct block *dead; /* invalid blocks, to be freed when none is executing */
    bool code_changed;  /* a block became invalid: leave the one that executes */
    bool resuming;      /* the last run stopped at a breakpoint at `resume_pc` */
    uint32_t resume_pc;
    uint32_t breakpoints[BREAKPOINTS];
    unsigned breakpoint_count;
    unsigned threshold;   /* runs after which a block is translated */
    uint16_t *index_16;   /* row + 1 of each 16-bit word; 0: undefined */
    uint16_t *candidates; /* rows for each bits 28..20 of a wide word */
    uint32_t candidate_start[513];
    struct block *uncached; /* for code that has no host memory behind it */
    struct translator *translator;
    uint32_t icache_random;
    bool stale_reported;  /* of the block that is being built */
    uint64_t stale_until; /* cycle at which what is stale is evicted; 0: nothing is */
};

static inline unsigned jump_slot(uint32_t key)
{
    return (key >> 1 ^ key << 11) & (JUMP_SIZE - 1);
}

/* Blocks run this often before they are translated; 0: at once; UINT32_MAX: never. The results are
 * the same, only the speed is not. */
enum { TRANSLATE_AFTER = 16 };
void isa_translate_after(struct cpu *cpu, unsigned runs);

struct block *block_find(struct cpu *cpu); /* at r[15], itstate; NULL: the fetch fault was raised */
struct block *block_single(struct cpu *cpu); /* one instruction, not kept */
struct code_page *code_page_find(const struct isa_state *isa, uint32_t address);
struct code_page *code_page_make(struct cpu *cpu, uint32_t address); /* NULL: out of memory */
void blocks_free_dead(struct isa_state *isa);

/* ---- icache.c ---------------------------------------------------------------------------------- */

/* A halfword as the instruction cache has it, after filling the line from the page's `memory`. */
uint16_t icache_read(struct cpu *cpu, uint32_t address, const uint8_t *memory);
/* Drops what is stale: isa->stale_until has come. */
void icache_evict(struct cpu *cpu);

/* ---- execute.c, shared by the executors ------------------------------------------------------- */

executor wrapped;
#define OP_DECLARE(name) executor execute_##name;
OPS(OP_DECLARE)
#undef OP_DECLARE
extern executor *const executors[OP_COUNT];

bool condition_holds(const struct cpu *cpu, unsigned cond);

/* Makes the architectural state visible before something outside the executors looks. */
static inline void expose(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[15] = insn->pc;
    cpu->itstate = insn->it;
    cpu->cycles += (uint64_t)insn->cycles_after - insn->cycles;
}

static inline void conceal(struct cpu *cpu, const struct insn *insn)
{
    cpu->cycles -= (uint64_t)insn->cycles_after - insn->cycles;
}

/* Ends the block after this instruction. */
static inline enum flow leave(struct cpu *cpu, const struct insn *insn)
{
    cpu->r[15] = insn->pc + insn->length;
    cpu->itstate = insn[1].it;
    return FLOW_LEAVE;
}

/* Accesses took so long that the rest of the block does not fit before the deadline. */
static inline bool overruns(struct cpu *cpu, const struct insn *insn)
{
    bool stalled = cpu->stalled;
    cpu->stalled = false;
    return stalled && cpu->cycles + insn->block_cycles > cpu->deadline;
}

/* After something that may have changed what the loop must look at. */
static inline enum flow after_slow(struct cpu *cpu, const struct insn *insn)
{
    if (cpu->attention || cpu->end_slice || cpu->isa->code_changed || overruns(cpu, insn))
        return leave(cpu, insn);
    cpu->itstate = 0;
    return FLOW_NEXT;
}

/* Counts what was executed of a block: all up to `insn`, which answered with `flow`. */
static inline void account(struct cpu *cpu, const struct insn *insn, enum flow flow)
{
    bool completed = flow <= FLOW_LEAVE;
    cpu->instructions += insn->retired_after - (completed || flow == FLOW_BREAK ? 0u : 1u);
    cpu->cycles += (uint64_t)insn->cycles_after - (completed ? 0u : insn->cycles);
}

/* Something must be looked at before the next block. */
static inline bool interrupted(const struct cpu *cpu)
{
    return cpu->attention || cpu->end_slice || cpu->asleep || cpu->locked_up ||
           cpu->cycles >= cpu->deadline;
}

enum flow fault(struct cpu *cpu, const struct insn *insn, enum cpu_fault what, uint32_t address);

/* A branch that was taken costs more (a table, until the timing model). */
static inline void charge_branch(struct cpu *cpu)
{
    cpu->cycles += cpu->config.model == CPU_CORTEX_M7 ? 1 : 2;
}

static inline enum flow jump(struct cpu *cpu, uint32_t address)
{
    cpu->r[15] = address & ~1u;
    charge_branch(cpu);
    return FLOW_LEAVE;
}

/* BX and loads to pc: EXC_RETURN in Handler mode, else the state bit and the address. */
enum flow branch_exchange(struct cpu *cpu, const struct insn *insn, uint32_t address);

/* ---- Memory: the fast path, and the way around it --------------------------------------------- */

static inline void *tlb_lookup(const struct tlb_entry *tlb, uint32_t address, unsigned size)
{
    const struct tlb_entry *entry = &tlb[tlb_index(address)];
    uint32_t tag = address & (~(uint32_t)(CPU_PAGE_SIZE - 1) | (size - 1));
    return entry->tag == tag ? (void *)(entry->host + address) : NULL;
}

/* A page whose accesses take longer. */
static inline void *waiting_lookup(struct cpu *cpu, const struct tlb_entry *tlb, uint32_t address,
                                   unsigned size, bool *slow)
{
    const struct tlb_entry *entry = &tlb[tlb_index(address)];
    uint32_t tag = address & (~(uint32_t)(CPU_PAGE_SIZE - 1) | (size - 1));
    if (entry->tag != (tag | TLB_WAITS))
        return NULL;
    stall(cpu, entry->wait);
    *slow = true;
    return (void *)(entry->host + address);
}

static inline void *line_lookup(const struct tlb_entry *lines, uint32_t address, unsigned size)
{
    const struct tlb_entry *entry = &lines[line_index(address)];
    uint32_t tag = address & (~(uint32_t)(CPU_LINE_SIZE - 1) | (size - 1));
    return entry->tag == tag ? (void *)(entry->host + address) : NULL;
}

enum { ACCESS_ALIGNED = 1, ACCESS_UNPRIVILEGED = 2 };

enum cpu_fault slow_read(struct cpu *cpu, const struct insn *insn, uint32_t address, unsigned size,
                         unsigned flags, uint32_t *value);
enum cpu_fault slow_write(struct cpu *cpu, const struct insn *insn, uint32_t address, unsigned size,
                          unsigned flags, uint32_t value);

/* `*slow` becomes true if the access went around the fast path. */
static inline enum cpu_fault load(struct cpu *cpu, const struct insn *insn, uint32_t address,
                                  unsigned size, unsigned flags, uint32_t *value, bool *slow)
{
    const struct tlb_entry *table = insn->rn == 15 ? cpu->tlb_literal : cpu->tlb_read;
    const void *host = tlb_lookup(table, address, size);
    if (!host)
        host = line_lookup(cpu->line_read, address, size);
    if (!host && !(flags & ACCESS_UNPRIVILEGED))
        host = waiting_lookup(cpu, table, address, size, slow);
    if (__builtin_expect(host && !(flags & ACCESS_UNPRIVILEGED), 1)) {
        *value = size == 1   ? *(const uint8_t *)host
                 : size == 2 ? *(const uint16_t *)host
                             : *(const uint32_t *)host;
        return FAULT_NONE;
    }
    *slow = true;
    return slow_read(cpu, insn, address, size, flags, value);
}

static inline enum cpu_fault store(struct cpu *cpu, const struct insn *insn, uint32_t address,
                                   unsigned size, unsigned flags, uint32_t value, bool *slow)
{
    void *host = tlb_lookup(cpu->tlb_write, address, size);
    if (!host)
        host = line_lookup(cpu->line_write, address, size);
    if (!host && !(flags & ACCESS_UNPRIVILEGED))
        host = waiting_lookup(cpu, cpu->tlb_write, address, size, slow);
    if (__builtin_expect(host && !(flags & ACCESS_UNPRIVILEGED), 1)) {
        if (size == 1)
            *(uint8_t *)host = (uint8_t)value;
        else if (size == 2)
            *(uint16_t *)host = (uint16_t)value;
        else
            *(uint32_t *)host = value;
        return FAULT_NONE;
    }
    *slow = true;
    return slow_write(cpu, insn, address, size, flags, value);
}

/* ---- Small arithmetic used in several files --------------------------------------------------- */

static inline uint32_t ror32(uint32_t value, unsigned amount)
{
    amount &= 31;
    return amount ? value >> amount | value << (32 - amount) : value;
}

static inline int32_t sign_extend(uint32_t value, unsigned bits)
{
    return (int32_t)(value << (32 - bits)) >> (32 - bits);
}

/* Shift_C of A7.4.2 for an amount of 0..255. */
uint32_t shift_with_carry(uint32_t value, unsigned type, unsigned amount, uint32_t carry_in,
                          uint32_t *carry);

static inline void set_nz(struct cpu *cpu, uint32_t result)
{
    cpu->flag_n = result >> 31;
    cpu->flag_z = result == 0;
}

#endif
