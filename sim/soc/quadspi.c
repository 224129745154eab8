/*
 * QUADSPI (RM0399 chapter 24): indirect, automatic polling and memory-mapped modes, one flash or two side
 * by side. Phases last as long as their clock cycles; the data phase goes in lumps of up to 16 bytes.
 * Not modelled: the time-out counter's release of chip select, sampling shift, and by which lines a
 * phase goes but for its length.
 */
#include "sim/soc/classes.h"
#include "sim/soc/quadspi_internal.h"

static const struct reg quadspi_regs[] = {
    {QSPI_CR, "CR", 0, 0xffdf1fdd, 0, 0},
    {QSPI_DCR, "DCR", 0, 0x001f0701, 0, 0},
    {QSPI_SR, "SR", 0, 0, 0, 0},
    {QSPI_FCR, "FCR", 0, 0, 0, 0},
    {QSPI_DLR, "DLR", 0, 0xffffffff, 0, 0},
    {QSPI_CCR, "CCR", 0, 0xdf7fffff, 0, 0},
    {QSPI_AR, "AR", 0, 0xffffffff, 0, 0},
    {QSPI_ABR, "ABR", 0, 0xffffffff, 0, 0},
    {QSPI_DR, "DR", 0, 0, 0, 0},
    {QSPI_PSMKR, "PSMKR", 0, 0xffffffff, 0, 0},
    {QSPI_PSMAR, "PSMAR", 0, 0xffffffff, 0, 0},
    {QSPI_PIR, "PIR", 0, 0x0000ffff, 0, 0},
    {QSPI_LPTR, "LPTR", 0, 0x0000ffff, 0, 0},
};

/* ---- Registers ---- */

static void abort_command(struct quadspi *q)
{
    bool busy = quadspi_busy(q);
    if (q->phase == PHASE_DATA)
        quadspi_end_command(q);
    quadspi_go_idle(q);
    q->first = q->level = 0;
    REG(&q->block, QSPI_CCR) &= ~(3u << 26);
    if (busy)
        REG(&q->block, QSPI_SR) |= SR_TCF;
}

/* What the last one left in the FIFO (a status that was polled) is not part of the next. */
static void forget_command(struct quadspi *q)
{
    q->first = q->level = 0;
    REG(&q->block, QSPI_SR) &= ~(uint32_t)SR_BUSY;
}

/* 24.3.5: a command starts with the last thing that it needs. */
static bool starts_by(const struct quadspi *q, uint32_t offset)
{
    bool busy = q->phase != PHASE_IDLE || (quadspi_mode(q) == MODE_READ && q->level);
    if (!(REG(&q->block, QSPI_CR) & CR_EN) || quadspi_mode(q) == MODE_MAPPED || busy)
        return false;
    if (quadspi_mode(q) == MODE_WRITE && quadspi_data_lines(q))
        return offset == QSPI_DR;
    return offset == (quadspi_address_lines(q) ? QSPI_AR : QSPI_CCR);
}

/* The bus waits for the phase to end. */
static void wait_for_chips(struct quadspi *q)
{
    if (q->phase == PHASE_DATA && !q->lump)
        quadspi_next_lump(q);
    event_cancel(&block_sim(&q->block)->events, &q->phase_ends);
    quadspi_phase_ended(q);
}

static void resume(struct quadspi *q)
{
    if (q->phase == PHASE_DATA && !q->lump)
        quadspi_next_lump(q);
}

static void write_data(struct quadspi *q, uint32_t value, const struct block_access *access)
{
    for (unsigned n = 0; n < access->size; n++) {
        while (q->level == QSPI_FIFO_SIZE && q->phase != PHASE_IDLE)
            wait_for_chips(q);
        if (q->level < QSPI_FIFO_SIZE)
            quadspi_push(q, (uint8_t)(value >> (8 * (access->shift + n))));
    }
    resume(q);
}

static uint32_t read_data(struct quadspi *q, const struct block_access *access)
{
    uint32_t value = 0;
    if (quadspi_mode(q) == MODE_MAPPED)
        return 0;
    for (unsigned n = 0; n < access->size; n++) {
        while (!q->level && q->phase != PHASE_IDLE && quadspi_mode(q) == MODE_READ)
            wait_for_chips(q);
        if (q->level)
            value |= (uint32_t)quadspi_pop(q) << (8 * (access->shift + n));
    }
    resume(q);
    return value;
}

static void store(struct quadspi *q, uint32_t offset, uint32_t value,
                  const struct block_access *access)
{
    struct block_access open = *access;
    if (quadspi_busy(q) && quadspi_mode(q) != MODE_MAPPED)
        open.lanes &= offset == QSPI_CR ? CR_ALWAYS : 0;
    block_store(&q->block, offset, value, &open);
    if (quadspi_dual(q))
        REG(&q->block, QSPI_DLR) |= 1; /* an even number of bytes (24.5.5) */
}

static void quadspi_write(struct block *block, uint32_t offset, uint32_t value,
                          const struct block_access *access)
{
    struct quadspi *q = (struct quadspi *)block;
    bool was_mapped = quadspi_mode(q) == MODE_MAPPED;
    if (offset == QSPI_DR)
        write_data(q, value, access);
    else if (offset == QSPI_FCR)
        REG(block, QSPI_SR) &= ~(value & FCR_FLAGS);
    else
        store(q, offset, value, access);
    if (offset == QSPI_CR && (value & CR_ABORT || !(REG(block, QSPI_CR) & CR_EN)))
        abort_command(q);
    else if (offset == QSPI_CCR && (!quadspi_busy(q) || was_mapped))
        forget_command(q);
    if (starts_by(q, offset))
        quadspi_start(q);
    quadspi_update_window(q);
    quadspi_update(q);
}

static uint32_t quadspi_read(struct block *block, uint32_t offset,
                             const struct block_access *access)
{
    struct quadspi *q = (struct quadspi *)block;
    if (offset == QSPI_SR)
        return quadspi_status(q);
    if (offset != QSPI_DR)
        return REG(block, offset);
    uint32_t value = read_data(q, access);
    quadspi_update(q);
    return value;
}

static void quadspi_reset(struct block *block)
{
    struct quadspi *q = (struct quadspi *)block;
    quadspi_go_idle(q);
    q->first = q->level = 0;
    quadspi_update_window(q);
    quadspi_update(q);
}

static void quadspi_init(struct block *block)
{
    quadspi_command_init((struct quadspi *)block);
    quadspi_mapped_init((struct quadspi *)block);
}

const struct block_class quadspi_class = {
    .name = "QUADSPI",
    .regs = quadspi_regs,
    .reg_count = sizeof quadspi_regs / sizeof quadspi_regs[0],
    .size = sizeof(struct quadspi),
    .init = quadspi_init,
    .reset = quadspi_reset,
    .read = quadspi_read,
    .write = quadspi_write,
};
