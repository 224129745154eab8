/*
 * SDMMC1 and SDMMC2 with an empty socket: RM0399 chapter 59. Commands go out in their time; one that
 * wants an answer ends with a time-out, and so does waiting for data. Not modelled: a card.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum {
    POWER = 0x00,
    CLKCR = 0x04,
    CMDR = 0x0c,
    RESPCMDR = 0x10,
    DTIMER = 0x24,
    DLENR = 0x28,
    DCTRL = 0x2c,
    DCNTR = 0x30,
    STAR = 0x34,
    ICR = 0x38,
    MASKR = 0x3c,
    FIFOR = 0x80,
};

enum {
    POWER_ON = 3,
    CMDR_CMDTRANS = 1 << 6,
    CMDR_WAITRESP = 3 << 8,
    CMDR_CPSMEN = 1 << 12,
    DCTRL_DTEN = 1 << 0,
    CTIMEOUT = 1 << 2,
    DTIMEOUT = 1 << 3,
    CMDSENT = 1 << 7,
    DPSMACT = 1 << 12,
    CPSMACT = 1 << 13,
    CLEARABLE = 0x1fe00fff,
    COMMAND_BITS = 48,
    ANSWER_BITS = 64, /* how long an answer may keep one waiting */
};

static const struct reg sdmmc_regs[] = {
    {POWER, "POWER", 0, 0x1f, 0, 0},
    {CLKCR, "CLKCR", 0, 0x3fd3ff, 0, 0},
    {0x08, "ARGR", 0, 0xffffffff, 0, 0},
    {CMDR, "CMDR", 0, 0x1ffff, 0, 0},
    {RESPCMDR, "RESPCMDR", 0, 0, 0, 0},
    {0x14, "RESP%uR", 0, 0, 4, 4},
    {DTIMER, "DTIMER", 0, 0xffffffff, 0, 0},
    {DLENR, "DLENR", 0, 0x1ffffff, 0, 0},
    {DCTRL, "DCTRL", 0, 0x3fff, 0, 0},
    {DCNTR, "DCNTR", 0, 0, 0, 0},
    {STAR, "STAR", 0, 0, 0, 0},
    {ICR, "ICR", 0, 0, 0, 0},
    {MASKR, "MASKR", 0, 0x1fffffff, 0, 0},
    {0x40, "ACKTIMER", 0, 0x1ffffff, 0, 0},
    {0x50, "IDMACTRLR", 0, 0x7, 0, 0},
    {0x54, "IDMABSIZER", 0, 0x1fe0, 0, 0},
    {0x58, "IDMABASE0R", 0, 0xffffffff, 0, 0},
    {0x5c, "IDMABASE1R", 0, 0xffffffff, 0, 0},
    {FIFOR, "FIFOR", 0, 0, 0, 0},
};

struct sdmmc {
    struct block block;
    struct event command_ends, data_ends;
};

static void update(struct sdmmc *s)
{
    block_irq(&s->block, 0, REG(&s->block, STAR) & REG(&s->block, MASKR));
}

static void after(struct sdmmc *s, struct event *event, uint64_t bits)
{
    uint32_t divider = REG(&s->block, CLKCR) & 0x3ff;
    sim_time time =
        sim_cycles_to_time(bits * (divider ? 2 * divider : 1), block_kernel_hz(&s->block));
    if (time != SIM_NEVER && (REG(&s->block, POWER) & POWER_ON) == POWER_ON)
        event_in(&block_sim(&s->block)->events, event, time);
}

static void command_ends(void *ctx)
{
    struct sdmmc *s = ctx;
    bool answer = REG(&s->block, CMDR) & CMDR_WAITRESP;
    REG(&s->block, STAR) &= ~(uint32_t)CPSMACT;
    REG(&s->block, STAR) |= answer ? CTIMEOUT : CMDSENT;
    update(s);
}

static void data_ends(void *ctx)
{
    struct sdmmc *s = ctx;
    REG(&s->block, STAR) &= ~(uint32_t)DPSMACT;
    REG(&s->block, STAR) |= DTIMEOUT;
    update(s);
}

static void start_command(struct sdmmc *s)
{
    bool answer = REG(&s->block, CMDR) & CMDR_WAITRESP;
    REG(&s->block, STAR) |= CPSMACT;
    after(s, &s->command_ends, COMMAND_BITS + (answer ? ANSWER_BITS : 0));
}

static void start_data(struct sdmmc *s)
{
    REG(&s->block, STAR) |= DPSMACT;
    REG(&s->block, DCNTR) = REG(&s->block, DLENR);
    after(s, &s->data_ends, REG(&s->block, DTIMER));
}

static void sdmmc_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct sdmmc *s = (struct sdmmc *)block;
    block_store(block, offset, value, access);
    if (offset == ICR)
        REG(block, STAR) &= ~(value & CLEARABLE);
    if (offset == CMDR && REG(block, CMDR) & CMDR_CPSMEN)
        start_command(s);
    if ((offset == DCTRL && REG(block, DCTRL) & DCTRL_DTEN) ||
        (offset == CMDR && REG(block, CMDR) & CMDR_CMDTRANS))
        start_data(s);
    update(s);
}

static void sdmmc_reset(struct block *block)
{
    struct sdmmc *s = (struct sdmmc *)block;
    event_cancel(&block_sim(block)->events, &s->command_ends);
    event_cancel(&block_sim(block)->events, &s->data_ends);
}

static void sdmmc_init(struct block *block)
{
    struct sdmmc *s = (struct sdmmc *)block;
    event_init(&s->command_ends, block->row->name, command_ends, s);
    event_init(&s->data_ends, block->row->name, data_ends, s);
}

const struct block_class sdmmc_class = {
    .name = "SDMMC",
    .regs = sdmmc_regs,
    .reg_count = sizeof sdmmc_regs / sizeof sdmmc_regs[0],
    .size = sizeof(struct sdmmc),
    .init = sdmmc_init,
    .reset = sdmmc_reset,
    .write = sdmmc_write,
};
