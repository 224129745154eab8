/*
 * DBGMCU: RM0399 chapter 60.5.8. Device and revision id; the freeze bits are kept, and mean nothing
 * where nobody halts a core.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

static const struct reg dbgmcu_regs[] = {
    {0x00, "IDC", 0x20036450, 0, 0, 0}, /* device 0x450, revision V */
    {0x04, "CR", 0, 0x707001ff, 0, 0},       {0x34, "APB3FZ1", 0, 0x00000040, 0, 0},
    {0x38, "APB3FZ2", 0, 0x00000040, 0, 0},  {0x3c, "APB1LFZ1", 0, 0x00e00bff, 0, 0},
    {0x40, "APB1LFZ2", 0, 0x00e00bff, 0, 0}, {0x4c, "APB2FZ1", 0, 0x20070003, 0, 0},
    {0x50, "APB2FZ2", 0, 0x20070003, 0, 0},  {0x54, "APB4FZ1", 0, 0x000d1e80, 0, 0},
    {0x58, "APB4FZ2", 0, 0x000d1e80, 0, 0},
};

const struct block_class dbgmcu_class = {
    .name = "DBGMCU",
    .regs = dbgmcu_regs,
    .reg_count = sizeof dbgmcu_regs / sizeof dbgmcu_regs[0],
    .size = sizeof(struct block),
};
