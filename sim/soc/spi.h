/* What hangs on the wires of SPI1 to SPI6 (RM0399 chapter 53). */
#ifndef SIM_SOC_SPI_H
#define SIM_SOC_SPI_H

#include "sim/soc/soc.h"

struct spi_peer {
    void *ctx;
    /* A frame of `bits` bits has been clocked: what came out of the master, and what goes back. */
    uint32_t (*exchange)(void *ctx, uint32_t out, unsigned bits);
};

/* False: no such block ("SPI1"). Without a peer the line to the master stays high. Copied. */
bool spi_attach(struct soc *soc, const char *name, const struct spi_peer *peer);

/* Wires two of the chip's own together: the one that is a slave exchanges frames with the other, its master, and is
 * selected by its SSI, or always where the pin decides. False: no such block, or joined already. */
bool spi_join(struct soc *soc, const char *one, const char *other);

#endif
