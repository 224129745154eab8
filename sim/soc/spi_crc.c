/* The CRC of the SPIs: RM0399 53.5.3. It takes the data bit by bit as they are on the line; the frame after the
 * last of a counted transfer holds its upper bits. */
#include "sim/soc/spi_internal.h"

/* The highest power of the polynomial; CRC33_17 stands for the one that the register has no room for. */
static unsigned degree(const struct spi *s)
{
    if (REG(&s->block, CR1) & CR1_CRC33_17)
        return s->block.row->instance <= 3 ? 32 : 16;
    unsigned degree = 0;
    for (uint32_t left = REG(&s->block, CRCPOLY) >> 1; left; left >>= 1)
        degree++;
    return degree;
}

static uint32_t crc_after(const struct spi *s, uint32_t crc, uint32_t frame)
{
    unsigned power = degree(s);
    if (!power)
        return 0;
    for (unsigned n = frame_bits(s); n-- > 0;) {
        bool divides = (crc >> (power - 1) ^ frame >> n) & 1;
        crc = crc << 1 ^ (divides ? REG(&s->block, CRCPOLY) : 0);
    }
    return crc & bits_mask(power);
}

static uint32_t pattern(const struct spi *s, uint32_t ones)
{
    return REG(&s->block, CR1) & ones && degree(s) ? bits_mask(degree(s)) : 0;
}

void spi_crc_data(struct spi *s, uint32_t out, uint32_t in)
{
    uint32_t *tx = &REG(&s->block, TXCRC), *rx = &REG(&s->block, RXCRC);
    if (!(REG(&s->block, CFG1) & CFG1_CRCEN))
        return;
    if (!s->crc_runs) {
        *tx = pattern(s, CR1_TCRCINI);
        *rx = pattern(s, CR1_RCRCINI);
    }
    s->crc_runs = true;
    if (sends(s))
        *tx = crc_after(s, *tx, out);
    if (receives(s))
        *rx = crc_after(s, *rx, in);
}

unsigned spi_crc_bits(const struct spi *s)
{
    return (REG(&s->block, CFG1) >> 16 & 31) + 1;
}

/* A frame that is longer than the CRC ends with zeros. */
static uint32_t upper_bits(const struct spi *s, uint32_t crc)
{
    unsigned bits = spi_crc_bits(s), power = degree(s);
    return bits <= power ? crc >> (power - bits) : crc << (bits - power);
}

uint32_t spi_crc_frame(const struct spi *s)
{
    return sends(s) ? upper_bits(s, REG(&s->block, TXCRC)) : 0;
}

void spi_crc_check(struct spi *s, uint32_t in)
{
    s->crc_runs = false;
    if (receives(s) && in != upper_bits(s, REG(&s->block, RXCRC)))
        REG(&s->block, SR) |= CRCE;
}

void spi_crc_reset(struct spi *s)
{
    s->crc_runs = false;
    REG(&s->block, TXCRC) = REG(&s->block, RXCRC) = 0;
}
