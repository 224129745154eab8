/*
 * RAMECC, RAM error correction monitoring: RM0399 chapter 3. No bit ever flips here: the monitors
 * can be set up and never report.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

static const struct reg ramecc_regs[] = {
    {0x00, "IER", 0, 0x0000000f, 0, 0}, {0x20, "M%1uCR", 0, 0x0000003c, 5, 0x20},
    {0x24, "M%1uSR", 0, 0, 5, 0x20},    {0x28, "M%1uFAR", 0, 0, 5, 0x20},
    {0x2c, "M%1uFDRL", 0, 0, 5, 0x20},  {0x30, "M%1uFDRH", 0, 0, 5, 0x20},
    {0x34, "M%1uFECR", 0, 0, 5, 0x20},
};

const struct block_class ramecc_class = {
    .name = "RAMECC",
    .regs = ramecc_regs,
    .reg_count = sizeof ramecc_regs / sizeof ramecc_regs[0],
    .size = sizeof(struct block),
};
