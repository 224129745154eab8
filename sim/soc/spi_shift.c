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

static unsigned bits_of_next(const struct spi *s)
{
    return s->in_crc ? spi_crc_bits(s) : frame_bits(s);
}

static sim_time time_of_next(const struct spi *s)
{
    uint64_t clocks = (uint64_t)bits_of_next(s) * (2u << (REG(&s->block, CFG1) >> 28 & 7));
    if (spi_is_i2s(s))
        clocks = spi_slot_clocks(s);
    return sim_cycles_to_time(clocks, block_kernel_hz(&s->block));
}

static void event_after_frame(struct spi *s, struct event *event)
{
    sim_time time = time_of_next(s);
    if (time != SIM_NEVER)
        event_in(&block_sim(&s->block)->events, event, time);
}

void spi_shift_next(struct spi *s)
{
    bool run = REG(&s->block, CR1) & CR1_CSTART && spi_is_master(s);
    bool data = s->in_crc || spi_is_i2s(s) || !sends(s) || s->tx.level >= frame_bytes(s);
    bool room = s->in_crc || !receives(s) || s->rx.level + frame_bytes(s) <= fifo_size(s);
    bool paces =
        REG(&s->block, CR1) & CR1_MASRX && !spi_is_i2s(s); /* the clock waits for the reader */
    bool over = !s->in_crc && size(s) && s->sent >= size(s);
    if (!run || !data || over || event_pending(&s->shifted))
        return;
    if (paces && !room) {
        if (!event_pending(&s->resumed))
            REG(&s->block, SR) |= SUSP; /* until software has cleared it */
        return;
    }
    if (paces && REG(&s->block, SR) & SUSP)
        return;
    event_cancel(&block_sim(&s->block)->events, &s->resumed);
    REG(&s->block, SR) &= ~(uint32_t)TXC;
    event_after_frame(s, &s->shifted);
}

void spi_resume(struct spi *s)
{
    event_after_frame(s, &s->resumed);
}

void spi_resumed(void *ctx)
{
    spi_shift_next(ctx);
    spi_update(ctx);
}

/* A frame as it goes over the line, the bit that goes first on top, or back. */
static uint32_t line_order(const struct spi *s, uint32_t frame, unsigned bits)
{
    if (!(REG(&s->block, CFG2) & CFG2_LSBFRST))
        return frame & bits_mask(bits);
    uint32_t turned = 0;
    for (unsigned n = 0; n < bits; n++)
        turned |= (frame >> n & 1) << (bits - 1 - n);
    return turned;
}

uint32_t spi_frame_out(struct spi *s)
{
    uint32_t frame = 0;
    for (unsigned n = 0; sends(s) && n < frame_bytes(s); n++)
        frame |= (uint32_t)pop(&s->tx) << (8 * n);
    return frame;
}

bool spi_frame_in(struct spi *s, uint32_t frame)
{
    if (s->rx.level + frame_bytes(s) > fifo_size(s))
        return false;
    for (unsigned n = 0; n < frame_bytes(s); n++)
        push(&s->rx, (uint8_t)(frame >> (8 * n)));
    return true;
}

/* ---- The end of a frame and of a transfer ---- */

/* TSER takes TSIZE's place: the transfer goes on (53.4.11). */
static void extend_transfer(struct spi *s)
{
    uint32_t *cr2 = &REG(&s->block, CR2);
    s->written = s->written > size(s) ? s->written - size(s) : 0;
    s->sent = 0;
    *cr2 >>= 16;
    REG(&s->block, SR) |= TSERF;
}

/* After the CRC, if there is one. */
static void end_transfer(struct spi *s)
{
    if (REG(&s->block, CR2) >> 16) {
        extend_transfer(s);
        return;
    }
    if (REG(&s->block, CFG1) & CFG1_CRCEN && !s->in_crc && s->sent == size(s)) {
        s->in_crc = true;
        return;
    }
    s->in_crc = false;
    REG(&s->block, SR) |= EOT | TXC;
    REG(&s->block, CR1) &= ~(uint32_t)CR1_CSTART;
}

/* As it went over the line. */
static void end_frame(struct spi *s, uint32_t out, uint32_t in)
{
    if (s->in_crc) {
        spi_crc_check(s, in);
    } else {
        spi_crc_data(s, out, in);
        if (receives(s) && !spi_frame_in(s, line_order(s, in, frame_bits(s))))
            REG(&s->block, SR) |= OVR;
        s->sent++;
    }
    if (size(s) && s->sent >= size(s))
        end_transfer(s);
    else if (!s->tx.level)
        REG(&s->block, SR) |= TXC;
}

/* ---- As a slave of a block on the same wires ---- */

/* By SSI or, as the pin is taken to be wired, always. */
static bool is_selected(const struct spi *s)
{
    uint32_t cfg2 = REG(&s->block, CFG2);
    bool level = REG(&s->block, CR1) & CR1_SSI, active_high = cfg2 & CFG2_SSIOP;
    return enabled(s) && !spi_is_i2s(s) && !(cfg2 & CFG2_MASTER) &&
           (!(cfg2 & CFG2_SSM) || level == active_high);
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

static void begin_as_slave(struct spi *s)
{
    unsigned bits = bits_of_next(s);
    uint32_t out = 0xffffffff;
    if (sends(s) && s->in_crc)
        out = spi_crc_frame(s);
    else if (sends(s))
        out = s->last_out = s->tx.level >= frame_bytes(s) ? spi_frame_out(s) : underrun(s);
    s->shift_out = line_order(s, out, bits);
    s->shift_in = 0;
}

static void end_as_slave(struct spi *s)
{
    s->shifted_bits = 0;
    if (!s->in_crc)
        s->last_in = line_order(s, s->shift_in, frame_bits(s));
    end_frame(s, s->shift_out, s->shift_in);
}

/* Bit by bit: its frames may have another length. */
static uint32_t exchange_as_slave(struct spi *s, uint32_t in, unsigned bits)
{
    uint32_t out = 0;
    if (!is_selected(s))
        return 0xffffffff;
    for (unsigned n = bits; n-- > 0;) {
        if (!s->shifted_bits)
            begin_as_slave(s);
        unsigned length = bits_of_next(s);
        out = out << 1 | (s->shift_out >> (length - ++s->shifted_bits) & 1);
        s->shift_in = s->shift_in << 1 | (in >> n & 1);
        if (s->shifted_bits == length)
            end_as_slave(s);
    }
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

/* What the line brings while the frame goes out. */
static uint32_t exchange(struct spi *s, uint32_t out, unsigned bits)
{
    if (s->joined)
        return exchange_as_slave(s->joined, out, bits);
    return s->peer.exchange ? s->peer.exchange(s->peer.ctx, out, bits) : 0xffffffff;
}

static void frame_over(struct spi *s)
{
    unsigned bits = bits_of_next(s);
    uint32_t out = line_order(s, s->in_crc ? spi_crc_frame(s) : spi_frame_out(s), bits);
    end_frame(s, out, exchange(s, out, bits) & bits_mask(bits));
}

void spi_shifted(void *ctx)
{
    struct spi *s = ctx;
    if (spi_is_i2s(s))
        spi_slot(s);
    else
        frame_over(s);
    if (s->suspends && !s->right)
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
