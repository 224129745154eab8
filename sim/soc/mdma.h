/*
 * What the files of the MDMA share (RM0399 chapter 15): mdma.c has the registers and the channels,
 * mdma_chunk.c how much goes at once and how long that takes, mdma_move.c what happens to the bytes.
 */
#ifndef SIM_SOC_MDMA_H
#define SIM_SOC_MDMA_H

#include "sim/soc/block.h"

enum { CHANNELS = 16, STRIDE = 0x40 };

enum {
    GISR0 = 0x00,
    C0 = 0x40,
    /* from a channel's first register */
    ISR = 0x00,
    IFCR = 0x04,
    ESR = 0x08,
    CR = 0x0c,
    TCR = 0x10,
    BNDTR = 0x14,
    SAR = 0x18,
    DAR = 0x1c,
    BRUR = 0x20,
    LAR = 0x24,
    TBR = 0x28,
    MAR = 0x30,
    MDR = 0x34,
};

enum {
    ISR_TEIF = 1 << 0,
    ISR_CTCIF = 1 << 1,
    ISR_BRTIF = 1 << 2,
    ISR_BTIF = 1 << 3,
    ISR_TCIF = 1 << 4,
    ISR_FLAGS = 0x1f,
    ISR_CRQA = 1 << 16,
    ESR_TEA = 0x7f,
    ESR_TED = 1 << 7,
    ESR_TELD = 1 << 8,
    ESR_TEMD = 1 << 9,
    ESR_ASE = 1 << 10,
    ESR_BSE = 1 << 11,
    ESR_KINDS = ESR_TELD | ESR_TEMD | ESR_ASE | ESR_BSE,
    CR_EN = 1 << 0,
    CR_ENABLES = 0x3e, /* TEIE to TCIE, in the order of the flags */
    CR_BTIE = 1 << 4,
    CR_TCIE = 1 << 5,
    CR_BEX = 1 << 12,
    CR_HEX = 1 << 13,
    CR_WEX = 1 << 14,
    CR_SWRQ = 1 << 16,
    CR_WRITABLE = 0x70ff,
    TCR_PKE = 1 << 25,
    TCR_SWRM = 1 << 30,
    BNDTR_BNDT = 0x1ffff,
    BNDTR_BRSUM = 1 << 18,
    BNDTR_BRDUM = 1 << 19,
    BNDTR_BRC_SHIFT = 20,
    TBR_SBUS = 1 << 16,
    TBR_DBUS = 1 << 17,
    TBR_WRITABLE = 0x0003003f,
};

#define BNDTR_WRITABLE 0xfffdffffu
#define LAR_WRITABLE   0xfffffff8u

enum trigger_mode { TRIGGER_BUFFER, TRIGGER_BLOCK, TRIGGER_REPEATED, TRIGGER_LIST };
enum increment { FIXED = 0, INCREMENT = 2, DECREMENT = 3 };

struct mdma;

struct mdma_channel {
    struct mdma *mdma;
    unsigned n;
    uint32_t *regs;        /* this channel's part of the block's registers */
    bool requested;        /* latched: a trigger's edge or SWRQ */
    bool active;           /* between the request and the end of what it asked for */
    bool stopping;         /* EN was cleared while a buffer was under way */
    struct bus_job job;    /* for reports: the block */
    uint32_t block_length; /* BNDT as written or loaded: what repetition reloads */
};

struct mdma {
    struct block block;
    struct event event;
    struct mdma_channel *current; /* whose chunk is on the bus while the event is pending */
    sim_time begun;               /* since when */
    uint32_t chunk;               /* its bytes */
    uint32_t blocks;              /* how many such chunks, each of them a repeated block */
    struct mdma_channel channel[CHANNELS];
};

/* One side of a channel's transfer, decoded. */
struct mdma_side {
    uint32_t address;
    unsigned size; /* 1, 2, 4 or 8 */
    int32_t step;
    unsigned burst; /* bytes */
    bool tcm;       /* by the AHB port, which leads to the TCMs only */
};

#define CREG(channel, offset) ((channel)->regs[(offset) / 4])

static inline enum trigger_mode trigger_mode(const struct mdma_channel *c)
{
    return (enum trigger_mode)(CREG(c, TCR) >> 28 & 3);
}

static inline uint32_t bytes_left(const struct mdma_channel *c)
{
    return CREG(c, BNDTR) & BNDTR_BNDT;
}

static inline uint32_t buffer_length(const struct mdma_channel *c)
{
    uint32_t length = (CREG(c, TCR) >> 18 & 0x7f) + 1;
    return length < bytes_left(c) ? length : bytes_left(c);
}

static inline bool packed(const struct mdma_channel *c)
{
    uint32_t tcr = CREG(c, TCR);
    return tcr & TCR_PKE || (tcr >> 4 & 3) == (tcr >> 6 & 3);
}

struct mdma_side mdma_source(const struct mdma_channel *c);
struct mdma_side mdma_destination(const struct mdma_channel *c);

/* By the AHB port, and by no other. */
bool mdma_in_tcm(uint32_t address);

/* What of the channel's block goes next: into its engine's chunk and blocks. */
void mdma_choose_chunk(struct mdma_channel *c);
/* How long that takes, `cycles` before it included. SIM_NEVER: the clock stands. */
sim_time mdma_chunk_time(struct mdma_channel *c, uint32_t cycles);

/* Moves `length` bytes of the block and counts them in SAR, DAR and BNDTR. False: the channel failed. */
bool mdma_move(struct mdma_channel *c, uint32_t length);
/* Of `count` repeated blocks of `length` bytes, which go together, all but the last, in which more may
 * happen: how many. */
uint32_t mdma_move_blocks(struct mdma_channel *c, uint32_t length, uint32_t count);

/* The next repetition of a block: addresses, count and length. */
void mdma_repeat_block(struct mdma_channel *c);
/* The channel stops with this ESR. Returns false. */
bool mdma_fail(struct mdma_channel *c, uint32_t esr);

#endif
