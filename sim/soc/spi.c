/*
 * SPI1 to SPI6: RM0399 chapter 53. The master: frames of 4 to 32 bits from one FIFO into the other at the
 * clock that is set, counted by TSIZE or endless, suspended, with DMA and all flags. Not modelled:
 * being a slave, I2S, CRC, the delays of MSSI and MIDI.
 */
#include "sim/soc/spi.h"
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum {
    CR1 = 0x00,
    CR2 = 0x04,
    CFG1 = 0x08,
    CFG2 = 0x0c,
    IER = 0x10,
    SR = 0x14,
    IFCR = 0x18,
    TXDR = 0x20,
    RXDR = 0x30,
    CRCPOLY = 0x40,
    TXCRC = 0x44,
    RXCRC = 0x48,
    UDRDR = 0x4c,
    CGFR = 0x50,
};

enum {
    CR1_SPE = 1 << 0,
    CR1_MASRX = 1 << 8,
    CR1_CSTART = 1 << 9,
    CR1_CSUSP = 1 << 10,
    CR1_HDDIR = 1 << 11,
    CR1_SSI = 1 << 12,
    CR1_IOLOCK = 1 << 16,
    CFG1_RXDMAEN = 1 << 14,
    CFG1_TXDMAEN = 1 << 15,
    CFG1_WHILE_ON = CFG1_RXDMAEN | CFG1_TXDMAEN,
    CFG1_CRCEN = 1 << 22,
    CFG2_MASTER = 1 << 22,
    CFG2_SSM = 1 << 26,
    CFG2_SSIOP = 1 << 28,
    CR2_TSIZE = 0xffff,
    CGFR_I2SMOD = 1 << 0,
    RXP = 1 << 0,
    TXP = 1 << 1,
    DXP = 1 << 2,
    EOT = 1 << 3,
    TXTF = 1 << 4,
    OVR = 1 << 6,
    MODF = 1 << 9,
    TSERF = 1 << 10,
    SUSP = 1 << 11,
    TXC = 1 << 12,
    RXPLVL = 13,
    RXWNE = 1 << 15,
    SR_KEPT = EOT | TXTF | OVR | MODF | TSERF | SUSP | TXC,
    IFCR_FLAGS = 0xff8,
    IRQS = 0x7ff,
};

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
    {CGFR, "CGFR", 0, 0x03ff7ffb, 0, 0},
};

enum { FIFO_BYTES = 16, HALF_FIFO_BYTES = 8 };

/* Bytes, each frame in 1, 2 or 4 of them. */
struct fifo {
    uint8_t bytes[FIFO_BYTES];
    unsigned first, level;
};

struct spi {
    struct block block;
    struct spi_peer peer;
    struct event shifted;
    struct fifo tx, rx;
    uint32_t written, sent; /* frames of this transfer */
    bool suspends;          /* CSUSP: at the end of the frame */
};

static uint8_t pop(struct fifo *fifo)
{
    uint8_t byte = fifo->bytes[fifo->first];
    fifo->first = (fifo->first + 1) % FIFO_BYTES;
    fifo->level--;
    return byte;
}

static void push(struct fifo *fifo, uint8_t byte)
{
    fifo->bytes[(fifo->first + fifo->level++) % FIFO_BYTES] = byte;
}

/* SPI4 to SPI6 have half the FIFO. */
static unsigned fifo_size(const struct spi *s)
{
    return s->block.row->instance <= 3 ? FIFO_BYTES : HALF_FIFO_BYTES;
}

static unsigned frame_bits(const struct spi *s)
{
    return (REG(&s->block, CFG1) & 31) + 1;
}

static unsigned frame_bytes(const struct spi *s)
{
    unsigned bits = frame_bits(s);
    return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

static unsigned packet_bytes(const struct spi *s)
{
    return ((REG(&s->block, CFG1) >> 5 & 15) + 1) * frame_bytes(s);
}

static uint32_t size(const struct spi *s)
{
    return REG(&s->block, CR2) & 0xffff;
}

static bool enabled(const struct spi *s)
{
    return REG(&s->block, CR1) & CR1_SPE;
}

static bool sends(const struct spi *s)
{
    uint32_t mode = REG(&s->block, CFG2) >> 17 & 3;
    return mode < 2 || (mode == 3 && REG(&s->block, CR1) & CR1_HDDIR);
}

static bool receives(const struct spi *s)
{
    uint32_t mode = REG(&s->block, CFG2) >> 17 & 3;
    return mode == 0 || mode == 2 || (mode == 3 && !(REG(&s->block, CR1) & CR1_HDDIR));
}

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
static void update(struct spi *s)
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

/* ---- The shift register ---- */

static void shift_next(struct spi *s)
{
    bool run = REG(&s->block, CR1) & CR1_CSTART;
    bool data = !sends(s) || s->tx.level >= frame_bytes(s);
    bool room = !receives(s) || s->rx.level + frame_bytes(s) <= fifo_size(s);
    bool paces = REG(&s->block, CR1) & CR1_MASRX; /* the clock waits for the reader */
    bool over = size(s) && s->sent >= size(s);
    if (!run || !data || over || event_pending(&s->shifted))
        return;
    if (paces && !room)
        REG(&s->block, SR) |= SUSP; /* until software has cleared it */
    if (paces && REG(&s->block, SR) & SUSP)
        return;
    uint64_t clocks = (uint64_t)frame_bits(s) * (2u << (REG(&s->block, CFG1) >> 28 & 7));
    sim_time time = sim_cycles_to_time(clocks, block_kernel_hz(&s->block));
    REG(&s->block, SR) &= ~(uint32_t)TXC;
    if (time != SIM_NEVER)
        event_in(&block_sim(&s->block)->events, &s->shifted, time);
}

static uint32_t frame_out(struct spi *s)
{
    uint32_t frame = 0;
    for (unsigned n = 0; sends(s) && n < frame_bytes(s); n++)
        frame |= (uint32_t)pop(&s->tx) << (8 * n);
    return frame;
}

static void frame_in(struct spi *s, uint32_t frame)
{
    if (!receives(s))
        return;
    if (s->rx.level + frame_bytes(s) > fifo_size(s)) {
        REG(&s->block, SR) |= OVR;
        return;
    }
    for (unsigned n = 0; n < frame_bytes(s); n++)
        push(&s->rx, (uint8_t)(frame >> (8 * n)));
}

static void suspend(struct spi *s)
{
    s->suspends = false;
    REG(&s->block, CR1) &= ~(uint32_t)CR1_CSTART;
    REG(&s->block, SR) |= SUSP;
}

/* TSER takes TSIZE's place: the transfer goes on (53.4.11). */
static void extend_transfer(struct spi *s)
{
    uint32_t *cr2 = &REG(&s->block, CR2);
    s->written = s->written > size(s) ? s->written - size(s) : 0;
    s->sent = 0;
    *cr2 >>= 16;
    REG(&s->block, SR) |= TSERF;
}

static void end_transfer(struct spi *s)
{
    if (REG(&s->block, CR2) >> 16) {
        extend_transfer(s);
        return;
    }
    REG(&s->block, SR) |= EOT | TXC;
    REG(&s->block, CR1) &= ~(uint32_t)CR1_CSTART;
}

static void shifted(void *ctx)
{
    struct spi *s = ctx;
    uint32_t mask = (2u << (frame_bits(s) - 1)) - 1, out = frame_out(s) & mask, in = mask;
    if (s->peer.exchange)
        in = s->peer.exchange(s->peer.ctx, out, frame_bits(s)) & mask;
    frame_in(s, in);
    s->sent++;
    if (size(s) && s->sent >= size(s))
        end_transfer(s);
    else if (!s->tx.level)
        REG(&s->block, SR) |= TXC;
    if (s->suspends)
        suspend(s);
    shift_next(s);
    update(s);
}

/* ---- Registers ---- */

static void stop(struct spi *s)
{
    event_cancel(&block_sim(&s->block)->events, &s->shifted);
    s->tx.level = s->rx.level = 0;
    s->written = s->sent = 0;
    s->suspends = false;
    REG(&s->block, CR1) &= ~(uint32_t)(CR1_CSTART | CR1_CSUSP);
    REG(&s->block, SR) = (REG(&s->block, SR) & ~(uint32_t)SUSP) | TXC;
}

static void complain_of_modes(struct spi *s)
{
    struct block *block = &s->block;
    if (REG(block, CGFR) & CGFR_I2SMOD)
        block_complain(block, COMPLAINT_UNMODELLED, CGFR, "I2S (I2SMOD) is not modelled");
    else if (!(REG(block, CFG2) & CFG2_MASTER))
        block_complain(block, COMPLAINT_UNMODELLED, CFG2, "being a slave is not modelled");
    if (REG(block, CFG1) & CFG1_CRCEN)
        block_complain(block, COMPLAINT_UNMODELLED, CFG1, "CRC is not modelled");
}

/* A master that is selected itself, by SSI here, gives way (53.5.2). */
static bool is_mode_fault(const struct spi *s)
{
    uint32_t cfg2 = REG(&s->block, CFG2), both = CFG2_MASTER | CFG2_SSM;
    bool level = REG(&s->block, CR1) & CR1_SSI, active_high = cfg2 & CFG2_SSIOP;
    return enabled(s) && (cfg2 & both) == both && level == active_high;
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
    if (value & CR1_CSTART && REG(&s->block, CFG2) & CFG2_MASTER &&
        !(REG(&s->block, CGFR) & CGFR_I2SMOD)) {
        if (!(before & CR1_CSTART) && size(s) && s->sent >= size(s))
            s->sent = s->written = 0;
        *cr1 |= CR1_CSTART;
    }
    if (value & CR1_CSUSP && *cr1 & CR1_CSTART) {
        if (event_pending(&s->shifted))
            s->suspends = true;
        else
            suspend(s);
    }
}

static void write_data(struct spi *s, uint32_t value, const struct block_access *access)
{
    if (!enabled(s) || s->tx.level + access->size > fifo_size(s))
        return;
    for (unsigned n = 0; n < access->size; n++)
        push(&s->tx, (uint8_t)(value >> (8 * (access->shift + n))));
    s->written += access->size / frame_bytes(s) ? access->size / frame_bytes(s) : 1;
    if (!size(s) || s->written < size(s) || REG(&s->block, CR2) >> 16)
        return;
    REG(&s->block, SR) |= TXTF;
    REG(&s->block, IER) &= ~(uint32_t)(TXP | DXP);
}

static uint32_t read_data(struct spi *s, const struct block_access *access)
{
    uint32_t value = 0;
    for (unsigned n = 0; n < access->size && s->rx.level; n++)
        value |= (uint32_t)pop(&s->rx) << (8 * (access->shift + n));
    return value;
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

static void spi_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct spi *s = (struct spi *)block;
    if (offset == CR1)
        write_cr1(s, block_merge(block, offset, value, access));
    else if (offset == IFCR)
        REG(block, SR) &= ~(value & IFCR_FLAGS);
    else if (offset == TXDR)
        write_data(s, value, access);
    else
        store_unlocked(s, offset, value, access);
    shift_next(s);
    update(s);
}

static uint32_t spi_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct spi *s = (struct spi *)block;
    if (offset == SR)
        return status(s);
    if (offset != RXDR)
        return REG(block, offset);
    uint32_t value = read_data(s, access);
    shift_next(s);
    update(s);
    return value;
}

static void spi_init(struct block *block)
{
    event_init(&((struct spi *)block)->shifted, block->row->name, shifted, block);
}

static void spi_reset(struct block *block)
{
    stop((struct spi *)block);
    update((struct spi *)block);
}

bool spi_attach(struct soc *soc, const char *name, const struct spi_peer *peer)
{
    struct spi *s = (struct spi *)soc_block(soc, name);
    if (!s || s->block.class != &spi_class)
        return false;
    s->peer = *peer;
    return true;
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
