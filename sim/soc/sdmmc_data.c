/*
 * The data path of the SDMMC (RM0399 59.4.5 to 59.4.8): blocks come and go in chunks of half a FIFO, to
 * and from the FIFO's reader or writer, or memory. What comes shows in the FIFO when its chunk is there,
 * or its block ends. DATAEND of a reception waits until the FIFO has been read empty.
 */
#include "sim/soc/sdmmc.h"

enum {
    CLKCR_HWFC_EN = 1 << 17,
    DCTRL_DTEN = 1 << 0,
    DCTRL_DTDIR = 1 << 1,
    DCTRL_DTMODE = 2,
    IDMA_EN = 1 << 0,
    IDMA_DOUBLE = 1 << 1,
    IDMA_SECOND = 1 << 2,
    CRC_BITS = 17,   /* and the end bit */
    STATUS_BITS = 8, /* the card's answer to a block, with its delay */
    START_BITS = 3,
};

enum data_mode { BLOCKS, SDIO_BYTES, MMC_STREAM, BLOCKS_UNTIL_STOP };

static struct sim *sim_of(const struct sdmmc *s)
{
    return block_sim(&s->block);
}

static bool receives(const struct sdmmc *s)
{
    return REG(&s->block, SDMMC_DCTRL) & DCTRL_DTDIR;
}

static bool by_dma(const struct sdmmc *s)
{
    return REG(&s->block, SDMMC_IDMACTRLR) & IDMA_EN;
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

/* ---- The end of it all ---- */

static void end(struct sdmmc *s, uint32_t flag)
{
    s->state = DATA_IDLE;
    at_time(s, SIM_NEVER);
    REG(&s->block, SDMMC_DCTRL) &= ~(uint32_t)DCTRL_DTEN;
    REG(&s->block, SDMMC_STAR) &= ~(uint32_t)SDMMC_DPSMACT;
    REG(&s->block, SDMMC_STAR) |= flag;
    if (sim_of(s)->bus.job[s->memory.master] == &s->job)
        sim_trace_end(sim_of(s), s->block.row->name, 0);
    sim_of(s)->bus.job[s->memory.master] = NULL;
    sdmmc_update(s);
}

void sdmmc_data_abort(struct sdmmc *s)
{
    if (s->state != DATA_IDLE)
        end(s, SDMMC_DABORT);
}

/* ---- Memory ---- */

static uint32_t memory_address(struct sdmmc *s)
{
    bool second = REG(&s->block, SDMMC_IDMACTRLR) & IDMA_SECOND;
    return REG(&s->block, second ? SDMMC_IDMABASE1R : SDMMC_IDMABASE0R) + s->memory_at;
}

/* One buffer is full, or empty: the other one's turn. */
static void count_on(struct sdmmc *s)
{
    uint32_t control = REG(&s->block, SDMMC_IDMACTRLR);
    s->memory_at += 4;
    if (!(control & IDMA_DOUBLE) || s->memory_at < REG(&s->block, SDMMC_IDMABSIZER))
        return;
    s->memory_at = 0;
    REG(&s->block, SDMMC_IDMACTRLR) ^= IDMA_SECOND;
    REG(&s->block, SDMMC_STAR) |= SDMMC_IDMABTC;
    sdmmc_update(s);
}

static bool move_word(struct sdmmc *s, uint32_t *word)
{
    uint32_t address = memory_address(s);
    enum bus_status status = receives(s) ? bus_port_write(&s->memory, address, 4, *word)
                                         : bus_port_read(&s->memory, address, 4, word);
    count_on(s);
    if (status == BUS_OK)
        return true;
    block_complain(&s->block, COMPLAINT_GUEST, 0x1000,
                   "its DMA cannot reach 0x%08x; SDMMC1 reaches AXI SRAM, flash, SDRAM and QUADSPI",
                   address);
    end(s, SDMMC_IDMATE);
    return false;
}

/* ---- FIFO ---- */

static void fifo_put(struct sdmmc *s, uint32_t word)
{
    s->fifo[(s->fifo_first + s->fifo_count++) % SDMMC_FIFO_WORDS] = word;
}

static uint32_t fifo_take(struct sdmmc *s)
{
    uint32_t word = s->fifo[s->fifo_first];
    s->fifo_first = (s->fifo_first + 1) % SDMMC_FIFO_WORDS;
    s->fifo_count--;
    return word;
}

uint32_t sdmmc_fifo_flags(const struct sdmmc *s)
{
    unsigned count = s->fifo_count;
    if (s->state == DATA_IDLE)
        return 0;
    if (receives(s))
        return (count == 0 ? SDMMC_RXFIFOE : 0) | (count == SDMMC_FIFO_WORDS ? SDMMC_RXFIFOF : 0) |
               (count >= SDMMC_FIFO_WORDS / 2 ? SDMMC_RXFIFOHF : 0);
    return (count == 0 ? SDMMC_TXFIFOE : 0) | (count == SDMMC_FIFO_WORDS ? SDMMC_TXFIFOF : 0) |
           (count <= SDMMC_FIFO_WORDS / 2 ? SDMMC_TXFIFOHE : 0);
}

/* Bytes that are here and not yet given, as words; the last may be a part of one. False: an error. */
static bool give(struct sdmmc *s, unsigned bytes)
{
    for (unsigned n = 0; n < bytes; n += 4) {
        uint32_t word = 0;
        memcpy(&word, &s->sector[s->at + n], bytes - n < 4 ? bytes - n : 4);
        if (!by_dma(s))
            fifo_put(s, word);
        else if (!move_word(s, &word))
            return false;
    }
    return true;
}

static bool fetch(struct sdmmc *s, unsigned bytes)
{
    for (unsigned n = 0; n < bytes; n += 4) {
        uint32_t word = 0;
        if (!by_dma(s))
            word = fifo_take(s);
        else if (!move_word(s, &word))
            return false;
        memcpy(&s->sector[s->at + n], &word, bytes - n < 4 ? bytes - n : 4);
    }
    return true;
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
        after(s, CRC_BITS + (receives(s) ? 0 : STATUS_BITS));
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
        end(s, error);
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
    if (!by_dma(s) && s->fifo_count + (bytes + 3) / 4 > SDMMC_FIFO_WORDS) {
        hold(s, SDMMC_RXOVERR);
        return;
    }
    if (!give(s, bytes))
        return;
    count_down(s, bytes);
    next_on_the_wires(s, DATA_COMES);
}

static void block_came(struct sdmmc *s)
{
    if (!s->good)
        end(s, SDMMC_DCRCFAIL);
    else if (REG(&s->block, SDMMC_DCNTR))
        wait_for_block(s);
    else if (s->fifo_count)
        s->state = DATA_IS_READ;
    else
        end(s, SDMMC_DATAEND);
}

uint32_t sdmmc_fifo_read(struct sdmmc *s)
{
    if (!s->fifo_count || !receives(s))
        return 0;
    uint32_t word = fifo_take(s);
    if (s->state == DATA_IS_READ && !s->fifo_count)
        end(s, SDMMC_DATAEND);
    else if (s->state == DATA_IS_HELD && s->fifo_count <= SDMMC_FIFO_WORDS / 2)
        chunk_came(s);
    sdmmc_update(s);
    return word;
}

/* ---- To the card ---- */

static bool has_chunk(const struct sdmmc *s)
{
    return by_dma(s) || s->fifo_count >= (next_chunk(s) + 3) / 4;
}

static bool card_is_busy(const struct sdmmc *s)
{
    return s->card && s->card->busy_until(s->card->ctx) > sim_now(sim_of(s));
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
    if (!fetch(s, bytes))
        return;
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

/* Nobody's status is as good as a wrong CRC: the host expects it two clocks after the block. */
static void block_went(struct sdmmc *s)
{
    const struct sd_line line = sdmmc_line(s);
    enum sd_token token = SD_NO_TOKEN;
    if (sdmmc_reachable(s, line.width))
        token = s->card->take(s->card->ctx, &line, s->sector, s->length);
    if (token != SD_TAKEN)
        end(s, SDMMC_DCRCFAIL);
    else
        wait_while_busy(s);
}

static void busy_ends(struct sdmmc *s)
{
    if (card_is_busy(s)) {
        end(s, SDMMC_DTIMEOUT);
    } else if (REG(&s->block, SDMMC_DCNTR)) {
        s->state = DATA_WAITS;
        send_if_possible(s);
    } else {
        end(s, SDMMC_DATAEND);
    }
}

void sdmmc_fifo_write(struct sdmmc *s, uint32_t word)
{
    if (s->state == DATA_IDLE || receives(s) || s->fifo_count == SDMMC_FIFO_WORDS)
        return;
    fifo_put(s, word);
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

void sdmmc_data_look(struct sdmmc *s)
{
    if (s->state != DATA_WAITS)
        return;
    if (!receives(s)) {
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
        end(s, SDMMC_DTIMEOUT);
    else
        at_time(s, s->deadline);
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
    else if (s->state == DATA_ENDS && receives(s))
        block_came(s);
    else if (s->state == DATA_ENDS)
        block_went(s);
    sdmmc_update(s);
}

/* ---- Start ---- */

static void start_memory(struct sdmmc *s)
{
    s->memory.region = NULL;
    s->memory_at = 0;
    if (!by_dma(s))
        return;
    uint32_t memory = memory_address(s), fifo = s->block.row->base + SDMMC_FIFOR;
    bool in = receives(s);
    s->job =
        (struct bus_job){0, in ? fifo : memory, in ? memory : fifo, REG(&s->block, SDMMC_DLENR)};
    sim_of(s)->bus.job[s->memory.master] = &s->job;
    sim_trace_begin(sim_of(s), s->block.row->name, 0, in ? "read" : "write", memory, s->job.bytes);
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
    REG(&s->block, SDMMC_DCNTR) = REG(&s->block, SDMMC_DLENR);
    s->fifo_first = s->fifo_count = 0;
    start_memory(s);
    if (receives(s)) {
        wait_for_block(s);
        return;
    }
    s->state = DATA_WAITS;
    if (REG(&s->block, SDMMC_DCNTR))
        send_if_possible(s);
    else
        end(s, SDMMC_DATAEND);
}

void sdmmc_data_reset(struct sdmmc *s)
{
    s->fifo_first = s->fifo_count = 0;
    end(s, 0);
}

void sdmmc_data_init(struct sdmmc *s)
{
    event_init(&s->data, s->block.row->name, data_fires, s);
    s->memory = (struct bus_port){
        .sim = sim_of(s),
        .master = s->block.row->instance == 1 ? MASTER_SDMMC1 : MASTER_SDMMC2,
    };
}
