/*
 * SPI1 to SPI6: RM0399 chapter 53; registers and flags. The master: frames of 4 to 32 bits from one FIFO into the
 * other at the clock that is set, counted by TSIZE or endless, suspended, with DMA and all flags. A slave of
 * another block of the chip on the same wires (spi_join()), at the master's clock. I2S. Not modelled: the
 * delays of MSSI and MIDI.
 */
#include "sim/soc/classes.h"
#include "sim/soc/spi_internal.h"

static const struct reg spi_regs[] = {
    {CR1, "CR1", 0, 0x0001f901, 0, 0},
    {CR2, "CR2", 0, 0xffffffff, 0, 0},
    {CFG1, "CFG1", 0x00070007, 0x705fdfff, 0, 0},
    {CFG2, "CFG2", 0, 0xf7fee0ff, 0, 0},
    {IER, "IER", 0, IRQS, 0, 0},
    {SR, "SR", 0x00001002, 0, 0, 0},
    {IFCR, "IFCR", 0, 0, 0, 0},
    {TXDR, "TXDR", 0, 0, 0, 0},
    {RXDR, "RXDR", 0, 0, 0, 0},
    {CRCPOLY, "CRCPOLY", 0x107, 0xffffffff, 0, 0},
    {TXCRC, "TXCRC", 0, 0, 0, 0},
    {RXCRC, "RXCRC", 0, 0, 0, 0},
    {UDRDR, "UDRDR", 0, 0xffffffff, 0, 0},
    {CGFR, "CGFR", 0, 0x03ff7fbf, 0, 0},
};

/* ---- Flags ---- */

static bool takes_packet(const struct spi *s)
{
    bool all_written = size(s) && s->written >= size(s);
    return sends(s) && !all_written && fifo_size(s) - s->tx.level >= packet_bytes(s);
}

static uint32_t status(const struct spi *s)
{
    uint32_t flags = REG(&s->block, SR) & SR_KEPT;
    if (size(s)) /* TXC is a copy of EOT then */
        flags = (flags & ~(uint32_t)TXC) | (flags & EOT ? (uint32_t)TXC : 0);
    if (s->rx.level >= packet_bytes(s))
        flags |= RXP;
    if (takes_packet(s))
        flags |= TXP;
    if ((flags & (RXP | TXP)) == (RXP | TXP))
        flags |= DXP;
    if (s->rx.level >= 4)
        flags |= RXWNE;
    flags |= s->rx.level % 4 / frame_bytes(s) << RXPLVL;
    uint32_t left = size(s) > s->sent ? size(s) - s->sent : 0;
    return flags | left << 16;
}

/* SUSP and TXC interrupt by EOT's enable (53.11.5). */
void spi_update(struct spi *s)
{
    uint32_t flags = status(s), enabled_irqs = REG(&s->block, IER) & IRQS;
    uint32_t pending = flags & enabled_irqs;
    if (enabled_irqs & EOT)
        pending |= flags & (SUSP | TXC);
    block_irq(&s->block, 0, pending && enabled(s));
    uint32_t cfg1 = REG(&s->block, CFG1);
    bool rest = flags & EOT && s->rx.level; /* less than a packet */
    block_dma(&s->block, 0, cfg1 & CFG1_RXDMAEN && (flags & RXP || rest));
    block_dma(&s->block, 1, cfg1 & CFG1_TXDMAEN && flags & TXP && enabled(s));
}

/* ---- Registers ---- */

static void stop(struct spi *s)
{
    event_cancel(&block_sim(&s->block)->events, &s->shifted);
    s->tx.level = s->rx.level = 0;
    s->written = s->sent = 0;
    event_cancel(&block_sim(&s->block)->events, &s->resumed);
    s->suspends = s->in_crc = false;
    s->shifted_bits = 0;
    s->right = s->tx_loss.lasts = s->rx_loss.lasts = false;
    s->replayed[0] = s->replayed[1] = 0;
    spi_crc_reset(s);
    REG(&s->block, CR1) &= ~(uint32_t)(CR1_CSTART | CR1_CSUSP);
    REG(&s->block, SR) = (REG(&s->block, SR) & ~(uint32_t)SUSP) | TXC;
}

static void complain_of_modes(struct spi *s)
{
    struct block *block = &s->block;
    if (!spi_is_master(s) && !s->joined)
        block_complain(block, COMPLAINT_UNMODELLED, CFG2,
                       "it is a slave, and no master is wired to it: see --set wire");
}

/* A master that is selected itself, by SSI here, gives way (53.5.2). */
static bool is_mode_fault(const struct spi *s)
{
    uint32_t cfg2 = REG(&s->block, CFG2), both = CFG2_MASTER | CFG2_SSM;
    bool level = REG(&s->block, CR1) & CR1_SSI, active_high = cfg2 & CFG2_SSIOP;
    return enabled(s) && !spi_is_i2s(s) && (cfg2 & both) == both && level == active_high;
}

static void write_cr1(struct spi *s, uint32_t value)
{
    uint32_t *cr1 = &REG(&s->block, CR1), before = *cr1;
    uint32_t lock = before & CR1_SPE ? before & CR1_IOLOCK : (before | value) & CR1_IOLOCK;
    *cr1 = (before & CR1_CSTART) | (value & 0xf901) | lock;
    if (REG(&s->block, SR) & MODF)
        *cr1 &= ~(uint32_t)(CR1_SPE | CR1_IOLOCK);
    if (is_mode_fault(s)) {
        REG(&s->block, SR) |= MODF;
        REG(&s->block, CFG2) &= ~(uint32_t)CFG2_MASTER;
        *cr1 &= ~(uint32_t)(CR1_SPE | CR1_IOLOCK);
    }
    if (!(*cr1 & CR1_SPE)) {
        if (before & CR1_SPE)
            *cr1 &= ~(uint32_t)CR1_IOLOCK;
        stop(s);
        return;
    }
    if (!(before & CR1_SPE))
        complain_of_modes(s);
    if (value & CR1_CSTART && (spi_is_master(s) || spi_is_i2s(s))) {
        if (!(before & CR1_CSTART) && size(s) && s->sent >= size(s) && !s->in_crc)
            s->sent = s->written = 0;
        *cr1 |= CR1_CSTART;
    }
    if (value & CR1_CSUSP && *cr1 & CR1_CSTART) {
        if (event_pending(&s->shifted))
            s->suspends = true;
        else
            spi_suspend(s);
    }
}

/* What SPE and IOLOCK leave open (53.11). */
static uint32_t unlocked(const struct spi *s, uint32_t offset)
{
    uint32_t open = enabled(s) ? 0 : 0xffffffff;
    switch (offset) {
    case CFG1:
        return open | CFG1_WHILE_ON;
    case CFG2:
        return REG(&s->block, CR1) & CR1_IOLOCK ? 0 : open;
    case CR2: /* TSER can be set once it is 0 */
        return (open & CR2_TSIZE) | (REG(&s->block, CR2) >> 16 ? 0 : ~(uint32_t)CR2_TSIZE);
    case CRCPOLY:
    case UDRDR:
        return open;
    default:
        return 0xffffffff;
    }
}

static void store_unlocked(struct spi *s, uint32_t offset, uint32_t value,
                           const struct block_access *access)
{
    struct block_access free_bits = *access;
    free_bits.lanes &= unlocked(s, offset);
    block_store(&s->block, offset, value, &free_bits);
    if (offset == CR2 && free_bits.lanes & ~(uint32_t)CR2_TSIZE)
        REG(&s->block, SR) &= ~(uint32_t)TSERF;
}

static void clear_flags(struct spi *s, uint32_t flags)
{
    uint32_t suspended = REG(&s->block, SR) & flags & SUSP;
    REG(&s->block, SR) &= ~flags;
    if (suspended)
        spi_resume(s);
}

static void spi_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct spi *s = (struct spi *)block;
    if (offset == CR1)
        write_cr1(s, block_merge(block, offset, value, access));
    else if (offset == IFCR)
        clear_flags(s, value & IFCR_FLAGS);
    else if (offset == TXDR)
        spi_write_data(s, value, access);
    else
        store_unlocked(s, offset, value, access);
    spi_shift_next(s);
    spi_update(s);
}

static uint32_t spi_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct spi *s = (struct spi *)block;
    if (offset == SR)
        return status(s);
    if (offset != RXDR)
        return REG(block, offset);
    uint32_t value = spi_read_data(s, access);
    spi_shift_next(s);
    spi_update(s);
    return value;
}

static void spi_init(struct block *block)
{
    event_init(&((struct spi *)block)->shifted, block->row->name, spi_shifted, block);
    event_init(&((struct spi *)block)->resumed, block->row->name, spi_resumed, block);
}

static void spi_reset(struct block *block)
{
    stop((struct spi *)block);
    spi_update((struct spi *)block);
}

const struct block_class spi_class = {
    .name = "SPI",
    .regs = spi_regs,
    .reg_count = sizeof spi_regs / sizeof spi_regs[0],
    .size = sizeof(struct spi),
    .init = spi_init,
    .reset = spi_reset,
    .read = spi_read,
    .write = spi_write,
};
