/*
 * RNG (RM0399, "True random number generator"): a random word some clock cycles after it is enabled, and after each is
 * read. The words follow from the simulation's seed alone, so that runs repeat.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum { CR = 0x00, SR = 0x04, DR = 0x08, WORD_CYCLES = 54 };

enum {
    CR_RNGEN = 1 << 2,
    CR_IE = 1 << 3,
    CR_CED = 1 << 5, /* nobody watches the clock */
    SR_DRDY = 1 << 0,
    SR_CECS = 1 << 1,
    SR_CEIS = 1 << 5,
    SR_SEIS = 1 << 6,
};

static const struct reg rng_regs[] = {
    {CR, "CR", 0, 0x2c, 0, 0},
    {SR, "SR", 0, 0, 0, 0},
    {DR, "DR", 0, 0, 0, 0},
};

struct rng {
    struct block block;
    struct event ready;
    uint64_t state;
};

static void update_irq(struct rng *r)
{
    bool pending = REG(&r->block, SR) & (SR_DRDY | SR_CEIS | SR_SEIS);
    block_irq(&r->block, 0, pending && REG(&r->block, CR) & CR_IE);
}

/* A clock that is slower than a 32nd of the bus's, or none, is an error: it stands, and is remembered. */
static void watch_clock(struct rng *r)
{
    uint32_t cr = REG(&r->block, CR), *sr = &REG(&r->block, SR);
    bool watched = cr & CR_RNGEN && !(cr & CR_CED);
    bool wrong = watched && block_kernel_hz(&r->block) * 32 < block_bus_hz(&r->block);
    if (wrong && !(*sr & SR_CECS))
        *sr |= SR_CEIS;
    *sr = (*sr & ~(uint32_t)SR_CECS) | (wrong ? SR_CECS : 0);
    update_irq(r);
}

static void begin_word(struct rng *r)
{
    sim_time time = sim_cycles_to_time(WORD_CYCLES, block_kernel_hz(&r->block));
    if (time != SIM_NEVER && REG(&r->block, CR) & CR_RNGEN && !(REG(&r->block, SR) & SR_DRDY))
        event_in(&block_sim(&r->block)->events, &r->ready, time);
}

/* splitmix64 */
static uint32_t next_word(struct rng *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)(z >> 32);
}

static void word_ready(void *ctx)
{
    struct rng *r = ctx;
    uint32_t word = next_word(r);
    while (!word) /* 34.3.3: 0 means that there was no valid word */
        word = next_word(r);
    REG(&r->block, DR) = word;
    REG(&r->block, SR) |= SR_DRDY;
    update_irq(r);
}

static uint32_t rng_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct rng *r = (struct rng *)block;
    uint32_t value = REG(block, offset);
    (void)access;
    if (offset != DR)
        return value;
    REG(block, DR) = 0;
    REG(block, SR) &= ~(uint32_t)SR_DRDY;
    if (!event_pending(&r->ready))
        begin_word(r);
    update_irq(r);
    return value;
}

static void rng_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct rng *r = (struct rng *)block;
    if (offset == SR) {
        REG(block, SR) &=
            block_merge(block, offset, value, access) | ~(uint32_t)(SR_CEIS | SR_SEIS);
    } else if (offset == CR) {
        block_store(block, offset, value, access);
        watch_clock(r);
        if (!(REG(block, CR) & CR_RNGEN)) {
            event_cancel(&block_sim(block)->events, &r->ready);
            REG(block, SR) &= ~(uint32_t)SR_DRDY;
            REG(block, DR) = 0;
        } else if (!event_pending(&r->ready)) {
            begin_word(r);
        }
    }
    update_irq(r);
}

static void rng_clock_changed(struct block *block)
{
    struct rng *r = (struct rng *)block;
    watch_clock(r);
    if (!event_pending(&r->ready))
        begin_word(r);
}

static void rng_init(struct block *block)
{
    struct rng *r = (struct rng *)block;
    event_init(&r->ready, "RNG word", word_ready, r);
    r->state = block_sim(block)->seed;
}

static void rng_reset(struct block *block)
{
    event_cancel(&block_sim(block)->events, &((struct rng *)block)->ready);
}

const struct block_class rng_class = {
    .name = "RNG",
    .regs = rng_regs,
    .reg_count = sizeof rng_regs / sizeof rng_regs[0],
    .size = sizeof(struct rng),
    .init = rng_init,
    .reset = rng_reset,
    .read = rng_read,
    .write = rng_write,
    .clock_changed = rng_clock_changed,
};
