/*
 * The FIFO of the SDMMC and its DMA (RM0399 58.5.4 to 58.5.6): words between the data path and the FIFO's
 * reader or writer, or memory.
 */
#include <string.h>

#include "sim/soc/sdmmc.h"

enum { IDMA_EN = 1 << 0, IDMA_DOUBLE = 1 << 1, IDMA_SECOND = 1 << 2 };

static struct sim *sim_of(const struct sdmmc *s)
{
    return block_sim(&s->block);
}

bool sdmmc_by_dma(const struct sdmmc *s)
{
    return REG(&s->block, SDMMC_IDMACTRLR) & IDMA_EN;
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

/* The last one, two or three bytes go to memory as such. */
static enum bus_status store(struct sdmmc *s, uint32_t address, uint32_t word, unsigned bytes)
{
    if (bytes >= 4)
        return bus_port_write(&s->memory, address, 4, word);
    enum bus_status status = BUS_OK;
    for (unsigned n = 0; n < bytes && status == BUS_OK; n++)
        status = bus_port_write(&s->memory, address + n, 1, word >> (8 * n) & 0xff);
    return status;
}

static bool move_word(struct sdmmc *s, uint32_t *word, unsigned bytes)
{
    uint32_t address = memory_address(s);
    enum bus_status status = sdmmc_receives(s) ? store(s, address, *word, bytes)
                                               : bus_port_read(&s->memory, address, 4, word);
    count_on(s);
    if (status == BUS_OK)
        return true;
    block_complain(&s->block, COMPLAINT_GUEST, 0x1000,
                   "its DMA cannot reach 0x%08x; SDMMC1 reaches AXI SRAM, flash, SDRAM and QUADSPI",
                   address);
    return false;
}

void sdmmc_dma_begin(struct sdmmc *s)
{
    s->memory.region = NULL;
    s->memory_at = 0;
    if (!sdmmc_by_dma(s))
        return;
    uint32_t memory = memory_address(s), fifo = s->block.row->base + SDMMC_FIFOR;
    bool in = sdmmc_receives(s);
    s->job =
        (struct bus_job){0, in ? fifo : memory, in ? memory : fifo, REG(&s->block, SDMMC_DLENR)};
    sim_of(s)->bus.job[s->memory.master] = &s->job;
    sim_trace_begin(sim_of(s), s->block.row->name, 0, in ? "read" : "write", memory, s->job.bytes);
}

void sdmmc_dma_end(struct sdmmc *s)
{
    if (sim_of(s)->bus.job[s->memory.master] == &s->job)
        sim_trace_end(sim_of(s), s->block.row->name, 0);
    sim_of(s)->bus.job[s->memory.master] = NULL;
}

void sdmmc_dma_init(struct sdmmc *s)
{
    s->memory = (struct bus_port){
        .sim = sim_of(s),
        .master = s->block.row->instance == 1 ? MASTER_SDMMC1 : MASTER_SDMMC2,
    };
}

/* ---- FIFO ---- */

void sdmmc_fifo_put(struct sdmmc *s, uint32_t word)
{
    s->fifo[(s->fifo_first + s->fifo_count++) % SDMMC_FIFO_WORDS] = word;
}

uint32_t sdmmc_fifo_take(struct sdmmc *s)
{
    uint32_t word = s->fifo[s->fifo_first];
    s->fifo_first = (s->fifo_first + 1) % SDMMC_FIFO_WORDS;
    s->fifo_count--;
    return word;
}

uint32_t sdmmc_fifo_flags(const struct sdmmc *s)
{
    unsigned count = s->fifo_count;
    if (s->state == DATA_IDLE || s->state == DATA_ANSWER_BUSY)
        return 0;
    if (sdmmc_receives(s))
        return (count == 0 ? SDMMC_RXFIFOE : 0) | (count == SDMMC_FIFO_WORDS ? SDMMC_RXFIFOF : 0) |
               (count >= SDMMC_FIFO_WORDS / 2 ? SDMMC_RXFIFOHF : 0);
    return (count == 0 ? SDMMC_TXFIFOE : 0) | (count == SDMMC_FIFO_WORDS ? SDMMC_TXFIFOF : 0) |
           (count <= SDMMC_FIFO_WORDS / 2 ? SDMMC_TXFIFOHE : 0);
}

/* Bytes that are here and not yet given, as words; the last may be a part of one. False: an error. */
bool sdmmc_fifo_give(struct sdmmc *s, unsigned bytes)
{
    for (unsigned n = 0; n < bytes; n += 4) {
        uint32_t word = 0;
        memcpy(&word, &s->sector[s->at + n], bytes - n < 4 ? bytes - n : 4);
        if (!sdmmc_by_dma(s))
            sdmmc_fifo_put(s, word);
        else if (!move_word(s, &word, bytes - n))
            return false;
    }
    return true;
}

bool sdmmc_fifo_fetch(struct sdmmc *s, unsigned bytes)
{
    for (unsigned n = 0; n < bytes; n += 4) {
        uint32_t word = 0;
        if (!sdmmc_by_dma(s))
            word = sdmmc_fifo_take(s);
        else if (!move_word(s, &word, bytes - n))
            return false;
        memcpy(&s->sector[s->at + n], &word, bytes - n < 4 ? bytes - n : 4);
    }
    return true;
}
