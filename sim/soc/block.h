/*
 * The skeleton that every peripheral of the SoC fills in. One peripheral is one file, in this order:
 * banner naming the manual's chapter, register table, state, side effects, read and write, reset,
 * class. Its header, if others need one, declares only what crosses the chip's boundary.
 */
#ifndef SIM_SOC_BLOCK_H
#define SIM_SOC_BLOCK_H

#include "sim/core/sim.h"
#include "sim/core/wire.h"
#include "sim/soc/soc.h"

/* One register, or `count` equal ones `stride` bytes apart (count 0 means 1). The name is that of
 * the manual and of the vendor's register description without the block's prefix: "CR1", "S%uCR",
 * where %u is the number counted from 0, %1u from 1: "CCR%1u". */
struct reg {
    uint16_t offset;
    const char *name;
    uint32_t reset;
    uint32_t writable; /* bits that keep what is written, if the class has no opinion */
    uint16_t count;
    uint16_t stride;
};

/* The name of the register at `offset` of its block, with its number: "S3CR". */
void reg_name(const struct reg *reg, uint32_t offset, char *text, size_t size);

struct block;

struct block_access {
    enum bus_master master;
    unsigned size;  /* 1, 2 or 4 bytes as the master did it */
    unsigned shift; /* address & 3: first byte's lane */
    uint32_t lanes; /* mask of the bits accessed */
};

struct block_class {
    const char *name; /* "USART" */
    const struct reg *regs;
    unsigned reg_count;
    size_t size;      /* of the state struct, which begins with a struct block */
    bool words_only;  /* a byte or half-word is answered with a bus error */
    bool words_asked; /* the manual asks for words and says not what else does: told, and done */
    /* Once, when all blocks exist: connect wires, set up events. NULL: nothing to do. */
    void (*init)(struct block *block);
    /* Frees what the state struct owns beside itself. NULL: nothing. */
    void (*destroy)(struct block *block);
    /* Registers are at their reset values already. Stop events, let go of lines. May be NULL. */
    void (*reset)(struct block *block);
    /* True: only a power-on reset resets this register. NULL: none is like that. */
    bool (*survives)(const struct block *block, uint32_t offset);
    /* Whole registers: `offset` is a multiple of 4. NULL: the stored value. An access of 1 or 2
     * bytes reads the whole register once and takes its lanes. */
    uint32_t (*read)(struct block *block, uint32_t offset, const struct block_access *access);
    /* `value` has the written bytes in their lanes and 0 elsewhere; access->lanes masks them.
     * Most classes begin with block_merge(). NULL: block_store(). */
    void (*write)(struct block *block, uint32_t offset, uint32_t value,
                  const struct block_access *access);
    /* As up to `count` reads of the whole register, for a FIFO that has so many words; how many were
     * read. NULL: none. */
    unsigned (*read_fifo)(struct block *block, uint32_t offset, uint32_t *words, unsigned count);
    /* The DMA has served request `n` of this block. NULL: requests are levels that fall by
     * themselves when the data register is accessed. */
    void (*dma_served)(struct block *block, unsigned n);
    /* The DMA has done the last transfer of its programme for request `n`, and stopped. NULL: nothing
     * happens. */
    void (*dma_finished)(struct block *block, unsigned n);
    /* The frequency of a clock may have changed. NULL: the block asks when it needs it. */
    void (*clock_changed)(struct block *block);
};

enum { BLOCK_IRQS_MAX = 16, BLOCK_DMA_MAX = 8 };

struct block {
    const struct block_class *class;
    const struct soc_row *row;
    struct soc *soc;
    uint32_t *regs;              /* by offset / 4; row->size bytes */
    const struct reg **reg_at;   /* by offset / 4; NULL: no register there */
    uint8_t irq[BLOCK_IRQS_MAX]; /* present levels of its interrupt outputs, a bit a core */
};

/* The stored word of a register. */
#define REG(block, offset) ((block)->regs[(offset) / 4])

static inline struct sim *block_sim(const struct block *block);

/* The register's value after this write, unwritten bytes kept; no mask applied. */
static inline uint32_t block_merge(const struct block *block, uint32_t offset, uint32_t value,
                                   const struct block_access *access)
{
    return (block->regs[offset / 4] & ~access->lanes) | (value & access->lanes);
}

/* Stores by the register table's writable bits; other bits keep their value. */
void block_store(struct block *block, uint32_t offset, uint32_t value,
                 const struct block_access *access);

/* Interrupt output `n` of the row's list, a level. Outputs that share a line are ORed. The EXTI
 * input `n` of the row's list, if there is one, follows: it wakes cores whose clock is stopped. */
void block_irq(struct block *block, unsigned n, bool level);
/* For blocks that tell the cores apart: the output as one core sees it; no EXTI input follows. */
void block_irq_core(struct block *block, unsigned n, enum soc_core core, bool level);
/* DMA request `n` of the row's list, a level. */
void block_dma(struct block *block, unsigned n, bool level);
/* EXTI line `n`, MDMA trigger `n` of the row's lists, levels. */
void block_exti(struct block *block, unsigned n, bool level);
void block_mdma(struct block *block, unsigned n, bool level);
/* Registers to their reset values, outputs low, then the class's own reset. */
void block_reset(struct block *block);

/* Clock of the block's bus interface, and its kernel clock where it has one; 0 if stopped. */
uint64_t block_bus_hz(const struct block *block);
uint64_t block_kernel_hz(const struct block *block);

/* "USART1: …" complaints; key tells one cause from another (a register's offset, say). */
#define block_complain(block, kind, key, ...)                                                      \
    complain(&block_sim(block)->reporter, kind, (block)->row->name, key, __VA_ARGS__)

static inline struct sim *block_sim(const struct block *block)
{
    return soc_sim(block->soc);
}

#endif
