/*
 * The data path state machine of the SDMMC (RM0399 58.5.4): blocks come and go in chunks of half a FIFO, to
 * and from the FIFO's reader or writer, or memory. What comes shows in the FIFO when its chunk is there,
 * or its block ends. After an error it stands still until a command with CMDSTOP aborts it, but what
 * DTEN began ends by itself.
 */
#include "sim/soc/sdmmc.h"

enum {
    CLKCR_HWFC_EN = 1 << 17,
    DCTRL_DTEN = 1 << 0,
    DCTRL_DTDIR = 1 << 1,
    DCTRL_DTMODE = 2,
    DCTRL_FIFORST = 1 << 13,
    CRC_BITS = 17,   /* and the end bit */
    STATUS_BITS = 8, /* the card's answer to a block, with its delay */
    START_BITS = 3,
};

enum data_mode { BLOCKS, SDIO_BYTES, MMC_STREAM, BLOCKS_UNTIL_STOP };

static struct sim *sim_of(const struct sdmmc *s)
{
    return block_sim(&s->block);
}

bool sdmmc_receives(const struct sdmmc *s)
{
    return REG(&s->block, SDMMC_DCTRL) & DCTRL_DTDIR;
}

static unsigned block_size(const struct sdmmc *s)
{
    unsigned size = 1u << (REG(&s->block, SDMMC_DCTRL) >> 4 & 15);
    return size < SD_BLOCK_MAX ? size : SD_BLOCK_MAX;
}

static void at_time(struct sdmmc *s, sim_time when)
{
    if (when == SIM_NEVER)
        event_cancel(&sim_of(s)->events, &s->data);
    else
        event_at(&sim_of(s)->events, &s->data, when);
}

static void after(struct sdmmc *s, uint64_t clocks)
{
    sim_time time = sdmmc_clocks(s, clocks);
    at_time(s, time == SIM_NEVER ? SIM_NEVER : sim_now(sim_of(s)) + time);
}

static void set_deadline(struct sdmmc *s)
{
    sim_time time = sdmmc_clocks(s, REG(&s->block, SDMMC_DTIMER));
    s->deadline = time == SIM_NEVER ? SIM_NEVER : sim_now(sim_of(s)) + time;
}

static bool card_is_busy(const struct sdmmc *s)
{
    return s->card && s->card->busy_until(s->card->ctx) > sim_now(sim_of(s));
}

/* ---- The end of it all ---- */

static void end(struct sdmmc *s, uint32_t flag)
{
    s->state = DATA_IDLE;
    at_time(s, SIM_NEVER);
    REG(&s->block, SDMMC_DCTRL) &= ~(uint32_t)(DCTRL_DTEN | DCTRL_FIFORST);
    REG(&s->block, SDMMC_STAR) &= ~(uint32_t)SDMMC_DPSMACT;
    REG(&s->block, SDMMC_STAR) |= flag;
    sdmmc_dma_end(s);
    sdmmc_update(s);
}

/* Nothing more comes: `verdict` is told when the FIFO has been read empty, or reset. */
static void end_when_read(struct sdmmc *s, uint32_t verdict)
{
    at_time(s, SIM_NEVER);
    s->state = DATA_IS_READ;
    s->verdict = verdict;
    if (!s->fifo_count)
        end(s, verdict);
}

/* Tables 486 and 487. */
static void fail(struct sdmmc *s, uint32_t flag)
{
    at_time(s, SIM_NEVER);
    REG(&s->block, SDMMC_STAR) |= flag;
    s->state = DATA_FAILED;
    if (!sdmmc_receives(s))
        s->fifo_count = 0;
    if (REG(&s->block, SDMMC_DCTRL) & DCTRL_DTEN)
        end_when_read(s, 0);
}

/* A transfer to the card ends when that is not busy any more; the command that aborts it has yet to come
 * to the card. */
static void end_when_not_busy(struct sdmmc *s)
{
    s->fifo_count = 0;
    s->state = DATA_ABORTS;
    at_time(s, SIM_NEVER);
}

void sdmmc_data_abort(struct sdmmc *s)
{
    bool over = !REG(&s->block, SDMMC_DCNTR) && s->state != DATA_FAILED;
    if (s->state == DATA_IDLE || s->state == DATA_ANSWER_BUSY || over)
        return;
    if (!sdmmc_receives(s))
        end_when_not_busy(s);
    else if (REG(&s->block, SDMMC_DCTRL) & DCTRL_FIFORST)
        end(s, SDMMC_DABORT);
    else
        end_when_read(s, SDMMC_DABORT);
}

void sdmmc_fifo_reset(struct sdmmc *s)
{
    if (s->state == DATA_IS_READ && s->verdict != SDMMC_DATAEND)
        end(s, s->verdict);
    else if (s->state == DATA_FAILED)
        s->fifo_count = 0;
    sdmmc_update(s);
}

/* ---- Both directions ---- */

static unsigned next_chunk(const struct sdmmc *s)
{
    unsigned left = s->length - s->at;
    return left < SDMMC_CHUNK ? left : SDMMC_CHUNK;
}

static void next_on_the_wires(struct sdmmc *s, enum sdmmc_data_state state)
{
    unsigned width = sdmmc_line(s).width;
    s->state = s->at == s->length ? DATA_ENDS : state;
    if (s->state == DATA_ENDS)
        after(s, CRC_BITS + (sdmmc_receives(s) ? 0 : STATUS_BITS));
    else
        after(s, (next_chunk(s) * 8 + width - 1) / width + (s->at == 0 ? START_BITS : 0));
}

static void count_down(struct sdmmc *s, unsigned bytes)
{
    uint32_t left = REG(&s->block, SDMMC_DCNTR);
    REG(&s->block, SDMMC_DCNTR) = left < bytes ? 0 : left - bytes;
    s->at += bytes;
}

/* The FIFO cannot follow: the clock waits, or the transfer fails. */
static void hold(struct sdmmc *s, uint32_t error)
{
    if (REG(&s->block, SDMMC_CLKCR) & CLKCR_HWFC_EN)
        s->state = DATA_IS_HELD;
    else
        fail(s, error);
}

/* ---- From the card ---- */

static void wait_for_block(struct sdmmc *s)
{
    s->state = DATA_WAITS;
    set_deadline(s);
    sdmmc_data_look(s);
}

static void block_begins(struct sdmmc *s)
{
    const struct sd_line line = sdmmc_line(s);
    s->length = s->card->send(s->card->ctx, &line, s->sector, &s->good);
    s->at = 0;
    if (!s->length) {
        at_time(s, s->deadline);
        return;
    }
    if (s->length != block_size(s)) {
        s->length = block_size(s); /* reads on, or takes data for the CRC */
        s->good = false;
    }
    next_on_the_wires(s, DATA_COMES);
}

static void chunk_came(struct sdmmc *s)
{
    unsigned bytes = next_chunk(s);
    if (!sdmmc_by_dma(s) && s->fifo_count + (bytes + 3) / 4 > SDMMC_FIFO_WORDS) {
        hold(s, SDMMC_RXOVERR);
        return;
    }
    if (!sdmmc_fifo_give(s, bytes)) {
        fail(s, SDMMC_IDMATE | SDMMC_RXOVERR);
        return;
    }
    count_down(s, bytes);
    next_on_the_wires(s, DATA_COMES);
}

static void block_came(struct sdmmc *s)
{
    bool more = REG(&s->block, SDMMC_DCNTR) != 0;
    if (!s->good && more)
        fail(s, SDMMC_DCRCFAIL);
    else if (more)
        wait_for_block(s);
    else
        end_when_read(s, s->good ? SDMMC_DATAEND : SDMMC_DCRCFAIL);
}

uint32_t sdmmc_fifo_read(struct sdmmc *s)
{
    if (!s->fifo_count || !sdmmc_receives(s))
        return 0;
    uint32_t word = sdmmc_fifo_take(s);
    if (s->state == DATA_IS_READ && !s->fifo_count)
        end(s, s->verdict);
    else if (s->state == DATA_IS_HELD && s->fifo_count <= SDMMC_FIFO_WORDS / 2)
        chunk_came(s);
    sdmmc_update(s);
    return word;
}

/* ---- To the card ---- */

static bool has_chunk(const struct sdmmc *s)
{
    return sdmmc_by_dma(s) || s->fifo_count >= (next_chunk(s) + 3) / 4;
}

/* Begins as soon as there is half a FIFO to send and the card listens. */
static void send_if_possible(struct sdmmc *s)
{
    unsigned left = REG(&s->block, SDMMC_DCNTR);
    s->length = left < block_size(s) ? left : block_size(s);
    s->at = 0;
    if (has_chunk(s) && !card_is_busy(s))
        next_on_the_wires(s, DATA_GOES);
}

static void chunk_goes(struct sdmmc *s)
{
    unsigned bytes = next_chunk(s);
    if (!has_chunk(s)) {
        hold(s, SDMMC_TXUNDERR);
        return;
    }
    if (!sdmmc_fifo_fetch(s, bytes)) {
        fail(s, SDMMC_IDMATE | SDMMC_TXUNDERR);
        return;
    }
    count_down(s, bytes);
    next_on_the_wires(s, DATA_GOES);
}

static void wait_while_busy(struct sdmmc *s)
{
    sim_time until = s->card->busy_until(s->card->ctx);
    s->state = DATA_IS_BUSY;
    set_deadline(s);
    at_time(s, until < s->deadline ? until : s->deadline);
}

/* The card's status is due within eight clocks of the block (N_CRC). */
static void block_went(struct sdmmc *s)
{
    const struct sd_line line = sdmmc_line(s);
    enum sd_token token = SD_NO_TOKEN;
    if (sdmmc_reachable(s, line.width))
        token = s->card->take(s->card->ctx, &line, s->sector, s->length);
    s->good = token == SD_TAKEN;
    if (token == SD_NO_TOKEN)
        fail(s, SDMMC_DTIMEOUT);
    else
        wait_while_busy(s);
}

static void busy_ends(struct sdmmc *s)
{
    bool more = REG(&s->block, SDMMC_DCNTR) != 0;
    if (card_is_busy(s)) {
        fail(s, SDMMC_DTIMEOUT);
    } else if (!s->good && more) {
        fail(s, SDMMC_DCRCFAIL);
    } else if (more) {
        s->state = DATA_WAITS;
        send_if_possible(s);
    } else {
        end(s, s->good ? SDMMC_DATAEND : SDMMC_DCRCFAIL);
    }
}

void sdmmc_fifo_write(struct sdmmc *s, uint32_t word)
{
    bool takes = s->state != DATA_IDLE && s->state != DATA_FAILED && s->state != DATA_ABORTS;
    if (!takes || sdmmc_receives(s) || s->fifo_count == SDMMC_FIFO_WORDS)
        return;
    sdmmc_fifo_put(s, word);
    if (s->state == DATA_WAITS)
        send_if_possible(s);
    else if (s->state == DATA_IS_HELD && has_chunk(s))
        chunk_goes(s);
}

/* ---- What happens when ---- */

static bool block_is_there(const struct sdmmc *s)
{
    return sdmmc_reachable(s, sdmmc_line(s).width) &&
           s->card->sends_at(s->card->ctx) <= sim_now(sim_of(s));
}

static void abort_ends(struct sdmmc *s)
{
    if (card_is_busy(s))
        at_time(s, s->card->busy_until(s->card->ctx));
    else
        end(s, SDMMC_DABORT);
}

void sdmmc_data_look(struct sdmmc *s)
{
    if (s->state == DATA_ABORTS)
        abort_ends(s);
    if (s->state != DATA_WAITS)
        return;
    if (!sdmmc_receives(s)) {
        send_if_possible(s);
        return;
    }
    sim_time at = s->card ? s->card->sends_at(s->card->ctx) : SIM_NEVER;
    at_time(s, at < s->deadline ? at : s->deadline);
}

static void wait_ends(struct sdmmc *s)
{
    if (block_is_there(s))
        block_begins(s);
    else if (s->deadline <= sim_now(sim_of(s)))
        fail(s, SDMMC_DTIMEOUT);
    else
        at_time(s, s->deadline);
}

/* ---- The card's being busy after a command's answer (R1b) ---- */

static void answer_busy_ends(struct sdmmc *s)
{
    if (!card_is_busy(s)) {
        end(s, SDMMC_BUSYD0END);
        return;
    }
    REG(&s->block, SDMMC_STAR) |= SDMMC_DTIMEOUT;
    at_time(s, s->card->busy_until(s->card->ctx));
}

void sdmmc_look_for_busy(struct sdmmc *s)
{
    if (s->state != DATA_IDLE || !card_is_busy(s))
        return;
    sim_time until = s->card->busy_until(s->card->ctx);
    s->state = DATA_ANSWER_BUSY;
    REG(&s->block, SDMMC_STAR) |= SDMMC_DPSMACT;
    set_deadline(s);
    at_time(s, until < s->deadline ? until : s->deadline);
}

static void data_fires(void *ctx)
{
    struct sdmmc *s = ctx;
    if (s->state == DATA_WAITS)
        wait_ends(s);
    else if (s->state == DATA_COMES)
        chunk_came(s);
    else if (s->state == DATA_GOES)
        chunk_goes(s);
    else if (s->state == DATA_IS_BUSY)
        busy_ends(s);
    else if (s->state == DATA_ANSWER_BUSY)
        answer_busy_ends(s);
    else if (s->state == DATA_ABORTS)
        abort_ends(s);
    else if (s->state == DATA_ENDS && sdmmc_receives(s))
        block_came(s);
    else if (s->state == DATA_ENDS)
        block_went(s);
    sdmmc_update(s);
}

/* ---- Start ---- */

/* Whole blocks alone are transferred (58.10.9, DBLOCKSIZE). */
static uint32_t data_length(const struct sdmmc *s)
{
    uint32_t length = REG(&s->block, SDMMC_DLENR);
    return length - length % block_size(s);
}

void sdmmc_data_start(struct sdmmc *s)
{
    enum data_mode mode = (enum data_mode)(REG(&s->block, SDMMC_DCTRL) >> DCTRL_DTMODE & 3);
    if (s->state != DATA_IDLE)
        return;
    if (mode == SDIO_BYTES || mode == MMC_STREAM)
        block_complain(&s->block, COMPLAINT_UNMODELLED, SDMMC_DCTRL,
                       "data in mode %u (SDIO bytes, MMC stream): they go in blocks", mode);
    REG(&s->block, SDMMC_STAR) |= SDMMC_DPSMACT;
    REG(&s->block, SDMMC_DCNTR) = data_length(s);
    s->fifo_first = s->fifo_count = 0;
    sdmmc_dma_begin(s);
    s->state = DATA_WAITS;
    if (!REG(&s->block, SDMMC_DCNTR))
        end(s, 0);
    else if (sdmmc_receives(s))
        wait_for_block(s);
    else
        send_if_possible(s);
}

void sdmmc_data_reset(struct sdmmc *s)
{
    s->fifo_first = s->fifo_count = 0;
    end(s, 0);
}

void sdmmc_data_init(struct sdmmc *s)
{
    event_init(&s->data, s->block.row->name, data_fires, s);
    sdmmc_dma_init(s);
}
