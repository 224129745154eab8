/*
 * SAI1 to SAI4: RM0399 chapter 56. Two sub-blocks each: FIFO, thresholds, DMA and flags at the pace of the
 * frames that clocks and registers give. What is sent goes to a listener; what is received is silence.
 * Not modelled: being the slave of an outside clock or of another SAI, AC'97, SPDIF, companding, PDM.
 */
#include "sim/soc/sai.h"

#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum {
    GCR = 0x00,
    HALF = 0x20, /* from sub-block A to B */
    CR1 = 0x04,
    CR2 = 0x08,
    FRCR = 0x0c,
    SLOTR = 0x10,
    IMR = 0x14,
    SR = 0x18,
    CLRFR = 0x1c,
    DR = 0x20,
};

enum {
    CR1_MODE = 3,
    CR1_RECEIVER = 1,
    CR1_SLAVE = 2,
    CR1_SYNC = 3 << 10,
    CR1_SYNC_INSIDE = 1 << 10,
    CR1_SAIEN = 1 << 16,
    CR1_DMAEN = 1 << 17,
    CR1_NODIV = 1 << 19,
    CR1_OSR = 1 << 26,
    CR2_FFLUSH = 1 << 3,
    OVRUDR = 1 << 0,
    FREQ = 1 << 3,
    SR_FLVL = 16,
    FLAGS = 0x77,
};

#define HALF_REGS(name, at)                                                                        \
    {CR1 + (at), name "CR1", 0x40, 0x0ffb3fef, 0, 0}, {CR2 + (at), name "CR2", 0, 0xfff7, 0, 0},   \
        {FRCR + (at), name "FRCR", 7, 0x00077fff, 0, 0},                                           \
        {SLOTR + (at), name "SLOTR", 0, 0xffff0fdf, 0, 0}, {IMR + (at), name "IM", 0, 0x7f, 0, 0}, \
        {SR + (at), name "SR", 8, 0, 0, 0}, {CLRFR + (at), name "CLRFR", 0, 0, 0, 0},              \
    {                                                                                              \
        DR + (at), name "DR", 0, 0, 0, 0                                                           \
    }

static const struct reg sai_regs[] = {
    {GCR, "GCR", 0, 0x33, 0, 0},
    HALF_REGS("A", 0),
    HALF_REGS("B", HALF),
    {0x44, "PDMCR", 0, 0x0f31, 0, 0},
    {0x48, "PDMDLY", 0, 0x77777777, 0, 0},
};

enum { HALVES = 2, FIFO_WORDS = 8 };

struct half {
    struct sai *sai;
    uint32_t at;
    struct event frame;
    uint32_t fifo[FIFO_WORDS];
    unsigned first, level;
};

struct sai {
    struct block block;
    struct half half[HALVES];
    struct sai_listener listener;
};

static uint32_t *reg(const struct half *h, uint32_t offset)
{
    return &REG(&h->sai->block, h->at + offset);
}

static bool receives(const struct half *h)
{
    return *reg(h, CR1) & CR1_RECEIVER;
}

static bool runs(const struct half *h)
{
    return *reg(h, CR1) & CR1_SAIEN;
}

/* ---- FIFO and flags ---- */

static uint32_t pop(struct half *h)
{
    uint32_t word = h->fifo[h->first];
    h->first = (h->first + 1) % FIFO_WORDS;
    h->level--;
    return word;
}

static void push(struct half *h, uint32_t word)
{
    h->fifo[(h->first + h->level++) % FIFO_WORDS] = word;
}

/* 56.3.9, FTH: in quarters; a sender asks up to it, a receiver from it on. */
static bool asks(const struct half *h)
{
    unsigned quarters = *reg(h, CR2) & 7;
    if (receives(h))
        return h->level >= (quarters ? 2 * quarters : 1);
    return quarters ? h->level < 2 * quarters : !h->level;
}

static uint32_t level_code(const struct half *h)
{
    return h->level == FIFO_WORDS ? 5 : (h->level + 1) / 2; /* in begun quarters */
}

static uint32_t status(const struct half *h)
{
    return (*reg(h, SR) & FLAGS) | (asks(h) ? FREQ : 0) | level_code(h) << SR_FLVL;
}

static void update(struct sai *sai)
{
    bool pending = false;
    for (unsigned n = 0; n < HALVES; n++) {
        const struct half *h = &sai->half[n];
        uint32_t flags = status(h);
        pending |= flags & *reg(h, IMR);
        block_dma(&sai->block, n, *reg(h, CR1) & CR1_DMAEN && flags & FREQ);
    }
    block_irq(&sai->block, 0, pending);
}

/* ---- Frames ---- */

static unsigned slots(const struct half *h)
{
    unsigned count = (*reg(h, SLOTR) >> 8 & 15) + 1;
    return (unsigned)__builtin_popcount(*reg(h, SLOTR) >> 16 & ((1u << count) - 1));
}

/* 56.3.8: by the master clock 256 or 512 times the frames', or by the bits of a frame. */
static sim_time frame_time(const struct half *h)
{
    uint32_t cr1 = *reg(h, CR1), divider = cr1 >> 20 & 0x3f;
    uint64_t clocks = cr1 & CR1_NODIV ? (*reg(h, FRCR) & 0xff) + 1u : cr1 & CR1_OSR ? 512 : 256;
    return sim_cycles_to_time(clocks * (divider ? divider : 1), block_kernel_hz(&h->sai->block));
}

static void begin_frame(struct half *h)
{
    sim_time time = frame_time(h);
    if (runs(h) && !(*reg(h, CR1) & CR1_SLAVE) && time != SIM_NEVER)
        event_in(&block_sim(&h->sai->block)->events, &h->frame, time);
}

static void tell_listener(const struct half *h, const uint32_t *words, unsigned count)
{
    static const uint8_t bits[8] = {8, 8, 8, 10, 16, 20, 24, 32};
    const struct sai_listener *listener = &h->sai->listener;
    if (listener->frame && count && !receives(h))
        listener->frame(listener->ctx, h->at / HALF, words, count, bits[*reg(h, CR1) >> 5 & 7],
                        frame_time(h));
}

static void move_slots(struct half *h)
{
    uint32_t sent[SAI_SLOTS] = {0};
    unsigned count = 0;
    for (unsigned n = slots(h); runs(h) && n; n--, count++) {
        bool possible = receives(h) ? h->level < FIFO_WORDS : h->level > 0;
        if (!possible)
            *reg(h, SR) |= OVRUDR;
        else if (receives(h))
            push(h, 0);
        else
            sent[count] = pop(h);
        update(h->sai); /* the DMA keeps up */
    }
    tell_listener(h, sent, count);
}

/* The other half goes with it where it is its slave. */
static void frame_over(void *ctx)
{
    struct half *h = ctx;
    struct half *other = &h->sai->half[h->at == 0];
    uint32_t slave = *reg(other, CR1) & (CR1_SLAVE | CR1_SYNC);
    move_slots(h);
    if (slave == (CR1_SLAVE | CR1_SYNC_INSIDE))
        move_slots(other);
    begin_frame(h);
    update(h->sai);
}

/* ---- Registers ---- */

static void start_or_stop(struct half *h, bool ran)
{
    if (!runs(h)) {
        event_cancel(&block_sim(&h->sai->block)->events, &h->frame);
        return;
    }
    if (ran)
        return;
    if (*reg(h, CR1) & CR1_SLAVE && (*reg(h, CR1) & CR1_SYNC) != CR1_SYNC_INSIDE)
        block_complain(&h->sai->block, COMPLAINT_UNMODELLED, h->at,
                       "the clock of another SAI or from outside is not modelled");
    begin_frame(h);
}

static struct half *half_at(struct sai *sai, uint32_t offset)
{
    return offset < CR1 || offset >= CR1 + 2 * HALF ? NULL : &sai->half[(offset - CR1) / HALF];
}

static void sai_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct sai *sai = (struct sai *)block;
    struct half *h = half_at(sai, offset);
    bool ran = h && runs(h);
    block_store(block, offset, value, access);
    if (h && offset - h->at == CR1) {
        start_or_stop(h, ran);
    } else if (h && offset - h->at == CR2 && value & CR2_FFLUSH) {
        h->level = 0;
    } else if (h && offset - h->at == CLRFR) {
        *reg(h, SR) &= ~(value & FLAGS);
    } else if (h && offset - h->at == DR && !receives(h)) {
        if (h->level < FIFO_WORDS)
            push(h, value);
        else
            *reg(h, SR) |= OVRUDR;
    }
    update(sai);
}

static uint32_t sai_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct sai *sai = (struct sai *)block;
    struct half *h = half_at(sai, offset);
    (void)access;
    if (h && offset - h->at == SR)
        return status(h);
    if (!h || offset - h->at != DR || !receives(h) || !h->level)
        return REG(block, offset);
    uint32_t word = pop(h);
    update(sai);
    return word;
}

static void sai_reset(struct block *block)
{
    struct sai *sai = (struct sai *)block;
    for (unsigned n = 0; n < HALVES; n++) {
        event_cancel(&block_sim(block)->events, &sai->half[n].frame);
        sai->half[n].level = 0;
    }
}

static void sai_init(struct block *block)
{
    struct sai *sai = (struct sai *)block;
    for (unsigned n = 0; n < HALVES; n++) {
        sai->half[n].sai = sai;
        sai->half[n].at = n * HALF;
        event_init(&sai->half[n].frame, block->row->name, frame_over, &sai->half[n]);
    }
}

void sai_listen(struct block *sai, const struct sai_listener *listener)
{
    ((struct sai *)sai)->listener = *listener;
}

const struct block_class sai_class = {
    .name = "SAI",
    .regs = sai_regs,
    .reg_count = sizeof sai_regs / sizeof sai_regs[0],
    .size = sizeof(struct sai),
    .init = sai_init,
    .reset = sai_reset,
    .read = sai_read,
    .write = sai_write,
};
