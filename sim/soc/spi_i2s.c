/*
 * I2S of SPI1 to SPI3: RM0399 53.9. Each event is a channel's slot, left and right by turns, or a frame of PCM; its
 * data are at the top of 32 bits. The clock of a master goes on whatever the FIFOs have. Not modelled: early
 * and late frame synchronisation, LSBFRST.
 */
#include "sim/soc/spi_internal.h"

static bool is_pcm(const struct spi *s)
{
    return (REG(&s->block, CGFR) >> 4 & 3) == 3;
}

/* 53.9.9 */
uint64_t spi_slot_clocks(const struct spi *s)
{
    uint32_t cgfr = REG(&s->block, CGFR);
    unsigned half = cgfr >> 16 & 255, divider = half ? 2 * half + (cgfr >> 24 & 1) : 1;
    unsigned bits = cgfr & CGFR_CHLEN ? 32 : 16;
    return (uint64_t)divider * (cgfr & CGFR_MCKOE ? 128 : bits);
}

/* Where the data stand in their word of the FIFO: 24 bits may be at either end. */
static unsigned shift_to_top(const struct spi *s)
{
    bool at_top = REG(&s->block, CGFR) & CGFR_DATFMT && frame_bits(s) == 24;
    return at_top ? 0 : 32 - frame_bits(s);
}

/* What was lost is made up for in no other channel (53.9.12, 53.9.13). */
static bool waits(const struct spi *s, const struct loss *loss, uint32_t flag)
{
    return loss->lasts && (REG(&s->block, SR) & flag || loss->right != s->right);
}

static void lose(struct spi *s, struct loss *loss, uint32_t flag)
{
    if (!loss->lasts)
        *loss = (struct loss){.lasts = true, .right = s->right};
    REG(&s->block, SR) |= flag;
}

static uint32_t slot_out(struct spi *s)
{
    if (!sends(s))
        return 0xffffffff;
    if (waits(s, &s->tx_loss, UDR))
        return s->replayed[s->right];
    if (s->tx.level >= frame_bytes(s)) {
        s->tx_loss.lasts = false;
        s->replayed[s->right] = spi_frame_out(s) << shift_to_top(s);
    } else {
        lose(s, &s->tx_loss, UDR);
    }
    return s->replayed[s->right];
}

static void slot_in(struct spi *s, uint32_t in)
{
    if (!receives(s) || waits(s, &s->rx_loss, OVR))
        return;
    s->rx_loss.lasts = false;
    uint32_t data = in & ~(uint32_t)(((uint64_t)1 << (32 - frame_bits(s))) - 1);
    if (!spi_frame_in(s, data >> shift_to_top(s)))
        lose(s, &s->rx_loss, OVR);
}

static void next_slot(struct spi *s)
{
    s->right = !s->right && !is_pcm(s);
}

static uint32_t exchange_as_slave(struct spi *s, uint32_t in)
{
    if (!spi_is_i2s(s) || spi_is_master(s) || !(REG(&s->block, CR1) & CR1_CSTART))
        return 0xffffffff;
    uint32_t out = slot_out(s);
    slot_in(s, in);
    next_slot(s);
    spi_update(s);
    return out;
}

void spi_slot(struct spi *s)
{
    uint32_t out = slot_out(s), in = 0xffffffff;
    unsigned bits = frame_bits(s);
    if (s->joined)
        in = exchange_as_slave(s->joined, out);
    else if (s->peer.exchange)
        in = s->peer.exchange(s->peer.ctx, out >> (32 - bits), bits) << (32 - bits);
    slot_in(s, in);
    next_slot(s);
}
