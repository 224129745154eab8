/*
 * What hangs on the QUADSPI's wires (RM0399 chapter 24): one flash chip on each of its two banks,
 * command by command. Functions run at the board time at which the phase ends, and may schedule events.
 */
#ifndef SIM_SOC_QUADSPI_H
#define SIM_SOC_QUADSPI_H

#include "sim/soc/soc.h"

struct quadspi_chip {
    void *ctx;
    /* Chip select falls and instruction and address have been sent; address_bytes 0: none was. */
    void (*begin)(void *ctx, uint8_t instruction, uint32_t address, unsigned address_bytes);
    void (*write)(void *ctx, uint8_t byte);
    uint8_t (*read)(void *ctx);
    void (*end)(void *ctx); /* chip select rises: what was commanded begins */
    /* The instruction reads memory from an address on, byte after byte: fit for memory-mapped mode. */
    bool (*reads_memory)(void *ctx, uint8_t instruction);
};

enum { QUADSPI_CHIPS = 2 };

struct quadspi_bus {
    struct quadspi_chip chip[QUADSPI_CHIPS];
    struct ram *memory; /* of both, bytes in turn as dual-flash mode has them; outlives the SoC */
};

/* False: no QUADSPI, or something is attached already. `bus` is copied. */
bool quadspi_attach(struct soc *soc, const struct quadspi_bus *bus);

#endif
