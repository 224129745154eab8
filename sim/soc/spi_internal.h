/* What the files of the SPIs share: spi.c registers and flags, spi_shift.c the FIFOs and the shift register of
 * the master and of a slave, spi_crc.c the CRC, spi_i2s.c I2S. */
#ifndef SIM_SOC_SPI_INTERNAL_H
#define SIM_SOC_SPI_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/spi.h"

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
    CR1_CRC33_17 = 1 << 13,
    CR1_RCRCINI = 1 << 14,
    CR1_TCRCINI = 1 << 15,
    CR1_IOLOCK = 1 << 16,
    CFG1_RXDMAEN = 1 << 14,
    CFG1_TXDMAEN = 1 << 15,
    CFG1_WHILE_ON = CFG1_RXDMAEN | CFG1_TXDMAEN,
    CFG1_CRCEN = 1 << 22,
    CFG2_MASTER = 1 << 22,
    CFG2_LSBFRST = 1 << 23,
    CFG2_SSM = 1 << 26,
    CFG2_SSIOP = 1 << 28,
    CR2_TSIZE = 0xffff,
    CGFR_I2SMOD = 1 << 0,
    CGFR_CHLEN = 1 << 10,
    CGFR_DATFMT = 1 << 14,
    CGFR_MCKOE = 1 << 25,
    RXP = 1 << 0,
    TXP = 1 << 1,
    DXP = 1 << 2,
    EOT = 1 << 3,
    TXTF = 1 << 4,
    UDR = 1 << 5,
    OVR = 1 << 6,
    CRCE = 1 << 7,
    MODF = 1 << 9,
    TSERF = 1 << 10,
    SUSP = 1 << 11,
    TXC = 1 << 12,
    RXPLVL = 13,
    RXWNE = 1 << 15,
    SR_KEPT = EOT | TXTF | UDR | OVR | CRCE | MODF | TSERF | SUSP | TXC,
    IFCR_FLAGS = 0xff8,
    IRQS = 0x7ff,
};

enum { FIFO_BYTES = 16, HALF_FIFO_BYTES = 8 };

/* Bytes, each frame in 1, 2 or 4 of them. */
struct fifo {
    uint8_t bytes[FIFO_BYTES];
    unsigned first, level;
};

/* Of I2S: a sample was lost, of this channel, and the next one that is taken is of it again. */
struct loss {
    bool lasts, right;
};

struct spi {
    struct block block;
    struct spi_peer peer;
    struct spi *joined; /* another block on the same wires */
    struct event shifted;
    struct event resumed; /* a MASRX master whose SUSP was cleared tries again */
    struct fifo tx, rx;
    uint32_t written, sent;       /* frames of this transfer */
    bool suspends;                /* CSUSP: at the end of the frame */
    bool in_crc;                  /* the frame on the line is the CRC */
    bool crc_runs;                /* its values go on from where they are */
    uint32_t last_in, last_out;   /* for an underrun of the slave */
    uint32_t shift_in, shift_out; /* the slave's, as on the line */
    unsigned shifted_bits;
    /* I2S: the slot that is next, what is played again in an underrun. */
    bool right;
    struct loss tx_loss, rx_loss;
    uint32_t replayed[2];
};

/* SPI4 to SPI6 have half the FIFO. */
static inline unsigned fifo_size(const struct spi *s)
{
    return s->block.row->instance <= 3 ? FIFO_BYTES : HALF_FIFO_BYTES;
}

static inline bool spi_is_i2s(const struct spi *s)
{
    return REG(&s->block, CGFR) & CGFR_I2SMOD;
}

/* I2SCFG: slave or master (2, 3, 5), sending, receiving, or both (4, 5). */
static inline unsigned spi_i2s_mode(const struct spi *s)
{
    return REG(&s->block, CGFR) >> 1 & 7;
}

static inline bool spi_is_master(const struct spi *s)
{
    unsigned mode = spi_i2s_mode(s);
    return spi_is_i2s(s) ? mode & 2 || mode == 5 : REG(&s->block, CFG2) & CFG2_MASTER;
}

static inline unsigned frame_bits(const struct spi *s)
{
    static const uint8_t i2s_bits[4] = {16, 24, 32, 32};
    return spi_is_i2s(s) ? i2s_bits[REG(&s->block, CGFR) >> 8 & 3]
                         : (REG(&s->block, CFG1) & 31) + 1;
}

/* All ones, from 1 to 32. */
static inline uint32_t bits_mask(unsigned bits)
{
    return (2u << (bits - 1)) - 1;
}

static inline unsigned frame_bytes(const struct spi *s)
{
    unsigned bits = frame_bits(s);
    return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

static inline unsigned packet_bytes(const struct spi *s)
{
    return ((REG(&s->block, CFG1) >> 5 & 15) + 1) * frame_bytes(s);
}

static inline uint32_t size(const struct spi *s)
{
    return spi_is_i2s(s) ? 0 : REG(&s->block, CR2) & 0xffff;
}

static inline bool enabled(const struct spi *s)
{
    return REG(&s->block, CR1) & CR1_SPE;
}

static inline bool sends(const struct spi *s)
{
    if (spi_is_i2s(s))
        return spi_i2s_mode(s) >= 4 || !(spi_i2s_mode(s) & 1);
    uint32_t mode = REG(&s->block, CFG2) >> 17 & 3;
    return mode < 2 || (mode == 3 && REG(&s->block, CR1) & CR1_HDDIR);
}

static inline bool receives(const struct spi *s)
{
    if (spi_is_i2s(s))
        return spi_i2s_mode(s) >= 4 || spi_i2s_mode(s) & 1;
    uint32_t mode = REG(&s->block, CFG2) >> 17 & 3;
    return mode == 0 || mode == 2 || (mode == 3 && !(REG(&s->block, CR1) & CR1_HDDIR));
}

/* spi.c: SR, interrupts and DMA requests follow the state. */
void spi_update(struct spi *s);

/* ---- spi_shift.c ---- */

void spi_write_data(struct spi *s, uint32_t value, const struct block_access *access);
uint32_t spi_read_data(struct spi *s, const struct block_access *access);
/* The master's next frame begins, if it may. */
void spi_shift_next(struct spi *s);
void spi_shifted(void *ctx);
/* SUSP was cleared: a master with MASRX and a full RxFIFO is suspended again, some clocks later. */
void spi_resume(struct spi *s);
void spi_resumed(void *ctx);
/* CSUSP, at the end of a frame. */
void spi_suspend(struct spi *s);

/* A frame out of the FIFO, or into it: false, and lost, if it has no room. */
uint32_t spi_frame_out(struct spi *s);
bool spi_frame_in(struct spi *s, uint32_t frame);

/* ---- spi_i2s.c ---- */

/* A slot of the master is over; how long it takes in clocks of the kernel. */
void spi_slot(struct spi *s);
uint64_t spi_slot_clocks(const struct spi *s);

/* ---- spi_crc.c ---- */

/* A frame of data, as it went over the line, most significant bit first. */
void spi_crc_data(struct spi *s, uint32_t out, uint32_t in);
/* CRCSIZE. */
unsigned spi_crc_bits(const struct spi *s);
uint32_t spi_crc_frame(const struct spi *s);
void spi_crc_check(struct spi *s, uint32_t in);
void spi_crc_reset(struct spi *s);

#endif
