/*
 * Micron MT25TL01G on the QUADSPI: two dies of 64 MB, one on each bank, each a flash of its own with
 * status, registers and 4-byte addresses. Their bytes lie in turn in one memory, as the chip sees them
 * in dual-flash mode.
 */
#ifndef SIM_BOARD_MT25TL01G_H
#define SIM_BOARD_MT25TL01G_H

#include "sim/core/sim.h"
#include "sim/soc/quadspi.h"

enum { MT25TL01G_DIES = QUADSPI_CHIPS, MT25TL01G_DIE_SIZE = 64 << 20, MT25TL01G_PAGE = 256 };

struct mt25tl01g;

struct mt25tl01g_die {
    const struct mt25tl01g *flash;
    struct sim *sim;
    struct ram *memory;
    unsigned lane; /* which byte of two is this die's */
    struct event done;
    uint8_t command; /* 0: none, or one that it does not take */
    uint32_t address;
    uint32_t count; /* bytes of the data phase so far */
    uint8_t page[MT25TL01G_PAGE];
    bool busy, write_enabled, reset_enabled, four_bytes;
    uint8_t status, enhanced; /* status and enhanced volatile configuration registers */
    uint8_t volatile_configuration;
    uint8_t configuration[2]; /* non-volatile */
};

struct mt25tl01g {
    struct ram memory;
    struct mt25tl01g_die die[MT25TL01G_DIES];
    bool (*selected)(void *ctx); /* chip select reaches it; NULL: always */
    void *ctx;
};

bool mt25tl01g_init(struct mt25tl01g *flash, struct sim *sim); /* false: out of memory */
void mt25tl01g_free(struct mt25tl01g *flash);
/* Volatile state; what is programmed stays. */
void mt25tl01g_power_on(struct mt25tl01g *flash);
/* The wires of both dies, for quadspi_attach(). */
struct quadspi_bus mt25tl01g_bus(struct mt25tl01g *flash);

#endif
