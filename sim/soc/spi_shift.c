/* The FIFOs and shift registers of the SPIs: RM0399 53.4.10 to 53.4.13. */
#include "sim/soc/classes.h"
#include "sim/soc/spi_internal.h"

/* ---- FIFOs ---- */

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

void spi_write_data(struct spi *s, uint32_t value, const struct block_access *access)
{
    if (!enabled(s) || s->tx.level + access->size > fifo_size(s))
        return;
    for (unsigned n = 0; n < access->size; n++)
        push(&s->tx, (uint8_t)(value >> (8 * (access->shift + n))));
    if (!(REG(&s->block, CFG2) & CFG2_MASTER))
        REG(&s->block, SR) &= ~(uint32_t)TXC;
    s->written += access->size / frame_bytes(s) ? access->size / frame_bytes(s) : 1;
    if (!size(s) || s->written < size(s) || REG(&s->block, CR2) >> 16)
        return;
    REG(&s->block, SR) |= TXTF;
    REG(&s->block, IER) &= ~(uint32_t)(TXP | DXP);
}

uint32_t spi_read_data(struct spi *s, const struct block_access *access)
{
    uint32_t value = 0;
    for (unsigned n = 0; n < access->size && s->rx.level; n++)
        value |= (uint32_t)pop(&s->rx) << (8 * (access->shift + n));
    return value;
}

void spi_shift_next(struct spi *s)
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

static uint32_t frame_mask(const struct spi *s)
{
    return (2u << (frame_bits(s) - 1)) - 1;
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

/* ---- As a slave of a block on the same wires ---- */

/* By SSI or, as the pin is taken to be wired, always. */
static bool is_selected(const struct spi *s)
{
    uint32_t cfg2 = REG(&s->block, CFG2);
    bool level = REG(&s->block, CR1) & CR1_SSI, active_high = cfg2 & CFG2_SSIOP;
    return enabled(s) && !(cfg2 & CFG2_MASTER) && (!(cfg2 & CFG2_SSM) || level == active_high);
}

/* The master clocks, and there is nothing: UDRCFG says what goes out (53.5.2). */
static uint32_t underrun(struct spi *s)
{
    REG(&s->block, SR) |= UDR;
    switch (REG(&s->block, CFG1) >> 9 & 3) {
    case 1:
        return receives(s) ? s->last_in : 0;
    case 2:
        return s->last_out;
    default:
        return REG(&s->block, UDRDR);
    }
}

static uint32_t exchange_as_slave(struct spi *s, uint32_t in)
{
    if (!is_selected(s))
        return 0xffffffff;
    uint32_t out = 0xffffffff;
    if (sends(s))
        out = s->tx.level >= frame_bytes(s) ? frame_out(s) : underrun(s);
    frame_in(s, in & frame_mask(s));
    s->last_in = in;
    s->last_out = out;
    s->sent++;
    if (size(s) && s->sent >= size(s))
        REG(&s->block, SR) |= EOT;
    if (!s->tx.level)
        REG(&s->block, SR) |= TXC;
    spi_update(s);
    return out;
}

/* ---- As a master ---- */

void spi_suspend(struct spi *s)
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

void spi_shifted(void *ctx)
{
    struct spi *s = ctx;
    uint32_t mask = frame_mask(s), out = frame_out(s) & mask, in = mask;
    if (s->joined)
        in = exchange_as_slave(s->joined, out) & mask;
    else if (s->peer.exchange)
        in = s->peer.exchange(s->peer.ctx, out, frame_bits(s)) & mask;
    frame_in(s, in);
    s->sent++;
    if (size(s) && s->sent >= size(s))
        end_transfer(s);
    else if (!s->tx.level)
        REG(&s->block, SR) |= TXC;
    if (s->suspends)
        spi_suspend(s);
    spi_shift_next(s);
    spi_update(s);
}

/* ---- What is soldered ---- */

static struct spi *named(struct soc *soc, const char *name)
{
    struct block *block = soc_block(soc, name);
    return block && block->class == &spi_class ? (struct spi *)block : NULL;
}

bool spi_attach(struct soc *soc, const char *name, const struct spi_peer *peer)
{
    struct spi *s = named(soc, name);
    if (s)
        s->peer = *peer;
    return s != NULL;
}

bool spi_join(struct soc *soc, const char *one, const char *other)
{
    struct spi *a = named(soc, one), *b = named(soc, other);
    if (!a || !b || a == b || a->joined || b->joined)
        return false;
    a->joined = b;
    b->joined = a;
    return true;
}
