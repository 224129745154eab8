/*
 * ART accelerator, the M4's instruction cache: RM0399 chapter 8. Transparent here but for its
 * register; what it caches is never stale, since flash is programmed through the same chip.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

static const struct reg art_regs[] = {
    {0x00, "CTR", 0x00000004, 0x000fff01, 0, 0},
};

const struct block_class art_class = {
    .name = "ART",
    .regs = art_regs,
    .reg_count = sizeof art_regs / sizeof art_regs[0],
    .size = sizeof(struct block),
};
