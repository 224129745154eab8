/*
 * What is soldered to the FMC (RM0399 chapter 23): the board gives the SDRAM chips, the FMC decides
 * when and where they are seen.
 */
#ifndef SIM_SOC_FMC_H
#define SIM_SOC_FMC_H

#include "sim/soc/soc.h"

/* A synchronous DRAM, or several side by side that fill the data bus. */
struct fmc_sdram {
    const char *name; /* "IS42S32800J" */
    struct ram *ram;  /* the board's; must outlive the SoC */
    uint8_t columns;  /* address bits: 8 to 11 */
    uint8_t rows;     /* 11 to 13 */
    uint8_t banks;    /* 2 or 4 */
    uint8_t width;    /* of the data bus: 8, 16 or 32 */
};

/* Wires an SDRAM to SDRAM bank 1 or 2. Until the guest has initialised the chip, an access to it is
 * the guest's mistake and is reported with what is missing; MASTER_DEBUG always reaches it. False:
 * no FMC, no such bank, or the bank is taken. `sdram` is copied. */
bool fmc_attach_sdram(struct soc *soc, unsigned bank, const struct fmc_sdram *sdram);

#endif
