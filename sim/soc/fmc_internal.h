/* What the files of the FMC share: fmc.c registers and commands, fmc_window.c what answers at its
 * addresses. */
#ifndef SIM_SOC_FMC_INTERNAL_H
#define SIM_SOC_FMC_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/fmc.h"

enum {
    BCR1 = 0x000,
    BTR1 = 0x004,
    PCR = 0x080,
    SR = 0x084,
    PMEM = 0x088,
    PATT = 0x08c,
    ECCR = 0x094,
    BWTR1 = 0x104,
    SDCR1 = 0x140,
    SDCR2 = 0x144,
    SDTR1 = 0x148,
    SDTR2 = 0x14c,
    SDCMR = 0x150,
    SDRTR = 0x154,
    SDSR = 0x158,
};

enum { BCR_BMAP_SHIFT = 24, BCR_FMCEN = 1u << 31 };
enum {
    BCR_MBKEN = 1 << 0,
    BCR_MTYP = 3 << 2,
    BCR_MTYP_NOR = 2 << 2,
    BCR_FACCEN = 1 << 6,
    BCR_WREN = 1 << 12,
    PCR_PBKEN = 1 << 2,
};
enum { SDCR_WP = 1 << 9 };
enum { SDCMR_CTB2 = 1 << 3, SDCMR_CTB1 = 1 << 4, SDCMR_COMMAND = 0x1f /* MODE, CTB2, CTB1 */ };
enum { SDSR_BUSY = 1 << 5 };
enum { SDRTR_CRE = 1, SDRTR_COUNT = 0x3ffe };

/* How far the guest has come with the initialisation of 23.9.3. */
struct sdram_bank {
    struct fmc_sdram chip; /* ram NULL: nothing is soldered there */
    bool clocked, precharged, mode_loaded;
    unsigned refreshes;
    uint16_t mode_register;
    uint8_t command; /* SDSR.MODES: normal 0, self-refresh 1, power-down 2 */
};

struct fmc;

/* 256 MB of the address map that the FMC serves. */
struct window {
    struct fmc *fmc;
    uint32_t base;
    struct bus_region *memory;   /* the chip, while it can be reached */
    struct bus_device protected; /* takes the writes of a write-protected bank */
    struct bus_device closed;    /* answers when it cannot be reached */
};

enum { WINDOWS = 5, WINDOW_SIZE = 0x10000000 };

struct fmc {
    struct block block;
    struct sdram_bank banks[2];
    struct window windows[WINDOWS];
    sim_time busy_until; /* of the SDRAM command under way */
};

/* SDCLK runs; the clock and the read pipe are those of SDCR1 for both banks (23.9.5). */
bool fmc_clock_divider_set(const struct fmc *fmc);
/* SDSR.MODES after a command or an access. */
void fmc_show_modes(struct fmc *fmc);
/* Opens and closes the windows after a register changed. */
void fmc_update_windows(struct fmc *fmc);
void fmc_init_windows(struct fmc *fmc);

#endif
