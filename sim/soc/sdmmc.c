/*
 * SDMMC1 and SDMMC2: RM0399 chapter 58. Commands go out and answers come in their time; the data path is
 * sdmmc_data.c. DBCKEND, which belongs to the read wait of SDIO, never rises. Not modelled: SDIO, MMC
 * streams, boot mode, DDR, the switch to 1.8 V, DTHOLD. A command goes out while DTEN is set, which the
 * manual rules out and the maker's driver does.
 */
#include "sim/soc/sdmmc.h"
#include "sim/soc/classes.h"

enum {
    POWER_ON = 3,
    POWER_PWRCTRL = 3,
    POWER_RESERVED = 1,
    POWER_DIRPOL = 1 << 4,
    CLKCR_WIDBUS = 14,
    CMDR_CMDTRANS = 1 << 6,
    CMDR_CMDSTOP = 1 << 7,
    CMDR_WAITRESP = 8,
    CMDR_CPSMEN = 1 << 12,
    CMDR_BOOTEN = 1 << 15,
    DCTRL_DTEN = 1 << 0,
    DCTRL_DTDIR = 1 << 1,
    DCTRL_FIFORST = 1 << 13,
    DCTRL_ALWAYS = 3 << 8, /* RWSTART, RWSTOP */
    CMDR_ALWAYS = 0xac00,  /* BOOTEN, DTHOLD, WAITPEND, WAITINT */
    IDMA_EN = 1 << 0,
    IDMA_SECOND = 1 << 2,
    CLEARABLE = 0x1fe00fff,
    COMMAND_BITS = 48,
    LONG_ANSWER_BITS = 136,
    ANSWER_DELAY = 8, /* N_CR */
    ANSWER_BITS = 64, /* how long an answer may keep one waiting */
    NO_INDEX = 63,
};

enum wanted { WANT_NOTHING, WANT_SHORT, WANT_SHORT_WITHOUT_CRC, WANT_LONG };

static const struct reg sdmmc_regs[] = {
    {SDMMC_POWER, "POWER", 0, 0x1f, 0, 0},
    {SDMMC_CLKCR, "CLKCR", 0, 0x3fd3ff, 0, 0},
    {SDMMC_ARGR, "ARGR", 0, 0xffffffff, 0, 0},
    {SDMMC_CMDR, "CMDR", 0, 0x1ffff, 0, 0},
    {SDMMC_RESPCMDR, "RESPCMDR", 0, 0, 0, 0},
    {SDMMC_RESP1R, "RESP%1uR", 0, 0, 4, 4},
    {SDMMC_DTIMER, "DTIMER", 0, 0xffffffff, 0, 0},
    {SDMMC_DLENR, "DLENR", 0, 0x1ffffff, 0, 0},
    {SDMMC_DCTRL, "DCTRL", 0, 0x3fff, 0, 0},
    {SDMMC_DCNTR, "DCNTR", 0, 0, 0, 0},
    {SDMMC_STAR, "STAR", 0, 0, 0, 0},
    {SDMMC_ICR, "ICR", 0, 0, 0, 0},
    {SDMMC_MASKR, "MASKR", 0, 0x17e6cfff, 0, 0},
    {SDMMC_ACKTIMER, "ACKTIMER", 0, 0x1ffffff, 0, 0},
    {SDMMC_IDMACTRLR, "IDMACTRLR", 0, 0x7, 0, 0},
    {SDMMC_IDMABSIZER, "IDMABSIZER", 0, 0x1fe0, 0, 0},
    {SDMMC_IDMABASE0R, "IDMABASE0R", 0, 0xfffffffc, 0, 0},
    {SDMMC_IDMABASE1R, "IDMABASE1R", 0, 0xfffffffc, 0, 0},
    {SDMMC_FIFOR, "FIFOR", 0, 0, 0, 0},
    {SDMMC_FIFOR + 4, "FIFOR%1u", 0, 0, 15, 4}, /* all of them are the one FIFO (58.10.15) */
};

/* ---- Flags and clock ---- */

static uint32_t status(const struct sdmmc *s)
{
    return REG(&s->block, SDMMC_STAR) | sdmmc_fifo_flags(s) |
           (s->state == DATA_ANSWER_BUSY ? SDMMC_BUSYD0 : 0);
}

void sdmmc_update(struct sdmmc *s)
{
    uint32_t flags = status(s);
    block_irq(&s->block, 0, flags & REG(&s->block, SDMMC_MASKR));
    block_mdma(&s->block, 0, flags & SDMMC_DATAEND);
    block_mdma(&s->block, 1, flags & SDMMC_IDMABTC);
    block_mdma(&s->block, 2,
               flags & SDMMC_CMDSENT || (flags & (SDMMC_CMDREND | SDMMC_BUSYD0)) == SDMMC_CMDREND);
}

struct sd_line sdmmc_line(const struct sdmmc *s)
{
    static const uint8_t widths[] = {1, 4, 8, 8};
    uint32_t clkcr = REG(&s->block, SDMMC_CLKCR), divider = clkcr & 0x3ff;
    return (struct sd_line){widths[clkcr >> CLKCR_WIDBUS & 3],
                            block_kernel_hz(&s->block) / (divider ? 2 * divider : 1)};
}

sim_time sdmmc_clocks(const struct sdmmc *s, uint64_t count)
{
    bool on = (REG(&s->block, SDMMC_POWER) & POWER_ON) == POWER_ON;
    return on ? sim_cycles_to_time(count, sdmmc_line(s).hz) : SIM_NEVER;
}

bool sdmmc_reachable(const struct sdmmc *s, unsigned width)
{
    return s->card && (!s->socket.wired || s->socket.wired(s->socket.ctx, width));
}

/* ---- Commands ---- */

static void after(struct sdmmc *s, uint64_t bits)
{
    sim_time time = sdmmc_clocks(s, bits);
    if (time != SIM_NEVER)
        event_in(&block_sim(&s->block)->events, &s->command, time);
}

static enum wanted wanted(const struct sdmmc *s)
{
    return (enum wanted)(REG(&s->block, SDMMC_CMDR) >> CMDR_WAITRESP & 3);
}

static void end_command(struct sdmmc *s, uint32_t flag)
{
    REG(&s->block, SDMMC_CMDR) &= ~(uint32_t)CMDR_CPSMEN;
    REG(&s->block, SDMMC_STAR) &= ~(uint32_t)SDMMC_CPSMACT;
    REG(&s->block, SDMMC_STAR) |= flag;
    sdmmc_data_look(s);
    sdmmc_update(s);
}

static uint32_t keep_answer(struct sdmmc *s)
{
    const struct sd_answer *answer = &s->answer;
    bool is_long = answer->kind == SD_LONG;
    REG(&s->block, SDMMC_RESPCMDR) = is_long || answer->without_crc ? NO_INDEX : answer->index;
    for (unsigned n = 0; n < 4; n++)
        REG(&s->block, SDMMC_RESP1R + 4 * n) = is_long || n == 0 ? answer->words[n] : 0;
    if (is_long)
        REG(&s->block, SDMMC_RESP1R + 12) &= ~1u; /* table 497 */
    bool fits = is_long == (wanted(s) == WANT_LONG);
    bool without_crc = answer->without_crc && wanted(s) == WANT_SHORT;
    return fits && !without_crc ? SDMMC_CMDREND : SDMMC_CCRCFAIL;
}

static void answer_ends(struct sdmmc *s)
{
    bool write = !(REG(&s->block, SDMMC_DCTRL) & DCTRL_DTDIR);
    uint32_t flag = s->answer.kind == SD_SILENCE ? SDMMC_CTIMEOUT : keep_answer(s);
    if (REG(&s->block, SDMMC_CMDR) & CMDR_CMDTRANS && write)
        sdmmc_data_start(s);
    if (s->answer.kind != SD_SILENCE)
        sdmmc_look_for_busy(s);
    end_command(s, flag);
}

static void command_is_out(struct sdmmc *s)
{
    uint32_t cmdr = REG(&s->block, SDMMC_CMDR);
    const struct sd_line line = sdmmc_line(s);
    s->answer = (struct sd_answer){.kind = SD_SILENCE};
    if (cmdr & CMDR_CMDSTOP)
        sdmmc_data_abort(s);
    if (sdmmc_reachable(s, 1))
        s->card->command(s->card->ctx, &line, cmdr & 0x3f, REG(&s->block, SDMMC_ARGR), &s->answer);
    if (cmdr & CMDR_CMDTRANS && REG(&s->block, SDMMC_DCTRL) & DCTRL_DTDIR)
        sdmmc_data_start(s);
    if (wanted(s) == WANT_NOTHING) {
        end_command(s, SDMMC_CMDSENT);
        return;
    }
    s->answering = true;
    after(s, s->answer.kind == SD_SILENCE ? ANSWER_BITS
             : s->answer.kind == SD_SHORT ? ANSWER_DELAY + COMMAND_BITS
                                          : ANSWER_DELAY + LONG_ANSWER_BITS);
}

static void command_fires(void *ctx)
{
    struct sdmmc *s = ctx;
    if (s->answering)
        answer_ends(s);
    else
        command_is_out(s);
}

static void start_command(struct sdmmc *s)
{
    uint32_t cmdr = REG(&s->block, SDMMC_CMDR);
    if (REG(&s->block, SDMMC_STAR) & SDMMC_CPSMACT)
        return;
    if (cmdr & CMDR_CMDTRANS && !REG(&s->block, SDMMC_DLENR)) { /* 58.10.8 */
        REG(&s->block, SDMMC_CMDR) &= ~(uint32_t)CMDR_CPSMEN;
        return;
    }
    if (cmdr & CMDR_BOOTEN)
        block_complain(&s->block, COMPLAINT_UNMODELLED, SDMMC_CMDR, "boot mode of an eMMC");
    REG(&s->block, SDMMC_STAR) |= SDMMC_CPSMACT;
    s->answering = false;
    after(s, COMMAND_BITS);
}

/* ---- Registers ---- */

/* PWRCTRL stays once it is 11, and 01 is not written. */
static uint32_t open_power(const struct sdmmc *s, uint32_t value)
{
    uint32_t now = REG(&s->block, SDMMC_POWER) & POWER_PWRCTRL, open = UINT32_MAX;
    if (now == POWER_ON || (value & POWER_PWRCTRL) == POWER_RESERVED)
        open &= ~(uint32_t)POWER_PWRCTRL;
    return now ? open & ~(uint32_t)POWER_DIRPOL : open;
}

/* While the DPSM is active: the base address of the buffer that is not in use. */
static bool base_is_open(const struct sdmmc *s, uint32_t offset)
{
    uint32_t control = REG(&s->block, SDMMC_IDMACTRLR);
    bool second = control & IDMA_SECOND;
    return !(control & IDMA_EN) || second == (offset == SDMMC_IDMABASE0R);
}

/* Bits that may be written now: the state machines lock what they use (58.10). */
static uint32_t open_bits(const struct sdmmc *s, uint32_t offset, uint32_t value)
{
    const struct block *block = &s->block;
    bool command = REG(block, SDMMC_STAR) & SDMMC_CPSMACT;
    bool data = REG(block, SDMMC_STAR) & SDMMC_DPSMACT;
    switch (offset) {
    case SDMMC_POWER:
        return open_power(s, value);
    case SDMMC_CLKCR:
    case SDMMC_DTIMER:
        return command || data ? 0 : UINT32_MAX;
    case SDMMC_ARGR:
    case SDMMC_ACKTIMER:
        return command ? 0 : UINT32_MAX;
    case SDMMC_CMDR:
        return command ? CMDR_ALWAYS : UINT32_MAX;
    case SDMMC_DLENR:
    case SDMMC_IDMACTRLR:
    case SDMMC_IDMABSIZER:
        return data ? 0 : UINT32_MAX;
    case SDMMC_DCTRL:
        return data ? DCTRL_ALWAYS | (sdmmc_by_dma(s) ? 0 : DCTRL_FIFORST)
                    : ~(uint32_t)DCTRL_FIFORST;
    case SDMMC_IDMABASE0R:
    case SDMMC_IDMABASE1R:
        return data && !base_is_open(s, offset) ? 0 : UINT32_MAX;
    default:
        return UINT32_MAX;
    }
}

static uint32_t sdmmc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct sdmmc *s = (struct sdmmc *)block;
    (void)access;
    if (offset == SDMMC_STAR)
        return status(s);
    return offset >= SDMMC_FIFOR ? sdmmc_fifo_read(s) : REG(block, offset);
}

static void write_control(struct sdmmc *s, uint32_t offset, uint32_t before)
{
    struct block *block = &s->block;
    if (offset == SDMMC_CMDR && REG(block, offset) & CMDR_CPSMEN)
        start_command(s);
    if (offset == SDMMC_DCTRL && REG(block, offset) & ~before & DCTRL_DTEN)
        sdmmc_data_start(s);
    if (offset == SDMMC_DCTRL && REG(block, offset) & ~before & DCTRL_FIFORST)
        sdmmc_fifo_reset(s);
}

static void sdmmc_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct sdmmc *s = (struct sdmmc *)block;
    uint32_t before = REG(block, offset);
    struct block_access open = *access;
    open.lanes &= open_bits(s, offset, value);
    block_store(block, offset, value, &open);
    if (offset == SDMMC_ICR)
        REG(block, SDMMC_STAR) &= ~(value & CLEARABLE);
    else if (offset >= SDMMC_FIFOR)
        sdmmc_fifo_write(s, value);
    else
        write_control(s, offset, before);
    sdmmc_update(s);
}

static void sdmmc_reset(struct block *block)
{
    struct sdmmc *s = (struct sdmmc *)block;
    event_cancel(&block_sim(block)->events, &s->command);
    s->answering = false;
    sdmmc_data_reset(s);
}

static void sdmmc_init(struct block *block)
{
    struct sdmmc *s = (struct sdmmc *)block;
    event_init(&s->command, block->row->name, command_fires, s);
    sdmmc_data_init(s);
}

void sd_connect(struct block *sdmmc, const struct sd_socket *socket)
{
    ((struct sdmmc *)sdmmc)->socket = *socket;
}

void sd_insert(struct block *sdmmc, const struct sd_device *card)
{
    ((struct sdmmc *)sdmmc)->card = card;
}

const struct block_class sdmmc_class = {
    .name = "SDMMC",
    .regs = sdmmc_regs,
    .reg_count = sizeof sdmmc_regs / sizeof sdmmc_regs[0],
    .size = sizeof(struct sdmmc),
    .words_only = true,
    .init = sdmmc_init,
    .reset = sdmmc_reset,
    .read = sdmmc_read,
    .write = sdmmc_write,
};
