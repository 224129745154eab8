/* Registers and flags of the SPIs, access to their FIFOs, and a peer that remembers, for their tests (RM0399
 * chapter 53). */
#ifndef SIM_TEST_SOC_SPI_FIXTURE_H
#define SIM_TEST_SOC_SPI_FIXTURE_H

#include "sim/soc/spi.h"
#include "sim/test/soc/soc_fixture.h"

#define SPI1     0x40013000u
#define SPI2     0x40003800u
#define SPI4     0x40013400u
#define SPI5     0x40015000u
#define D2CCIP1R 0x58024450u

enum { CR1 = 0, CR2 = 4, CFG1 = 8, CFG2 = 12, IER = 0x10, SR = 0x14, IFCR = 0x18, TXDR = 0x20 };
enum { RXDR = 0x30, CRCPOLY = 0x40, TXCRC = 0x44, RXCRC = 0x48, UDRDR = 0x4c, CGFR = 0x50 };
enum { SPE = 1, CSTART = 1 << 9, CSUSP = 1 << 10, SSI = 1 << 12 };
enum { RXP = 1, TXP = 2, EOT = 8, TXTF = 16, UDR = 32, OVR = 64, CRCE = 1 << 7, MODF = 1 << 9 };
enum { TSERF = 1 << 10, SUSP = 1 << 11, TXC = 1 << 12 };

struct peer {
    uint32_t heard[64];
    unsigned count, bits;
};

static inline void peer_hears(struct peer *peer, uint32_t out, unsigned bits)
{
    peer->heard[peer->count++ % 64] = out;
    peer->bits = bits;
}

/* A frame of so many bytes into the transmit FIFO, or out of the receive FIFO. */
static inline void spi_put(struct soc_fixture *f, uint32_t base, unsigned size, uint32_t frame)
{
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, base + TXDR, size, frame), BUS_OK);
}

static inline uint32_t spi_get(struct soc_fixture *f, uint32_t base, unsigned size)
{
    uint32_t value;
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM7, base + RXDR, size, &value), BUS_OK);
    return value;
}

#endif
