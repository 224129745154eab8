/*
 * Delay block of QUADSPI and SDMMC (RM0399 chapters 26 and 59.8): a line whose length fits one period of
 * the clock at once. No sample is shifted by it.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum { CR = 0x00, CFGR = 0x04 };
enum { CR_SEN = 1 << 1, CFGR_LNGF = 1u << 31, ONE_PERIOD = 0x400u << 16 };

static const struct reg dlyb_regs[] = {
    {CR, "CR", 0, 0x00000003, 0, 0},
    {CFGR, "CFGR", 0, 0x00007f0f, 0, 0},
};

/* While the line samples, LNG tells how many of its taps one period of the clock fills. */
static uint32_t dlyb_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    (void)access;
    bool samples = REG(block, CR) & CR_SEN;
    return REG(block, offset) | (offset == CFGR && samples ? CFGR_LNGF | ONE_PERIOD : 0);
}

const struct block_class dlyb_class = {
    .name = "DLYB",
    .regs = dlyb_regs,
    .reg_count = sizeof dlyb_regs / sizeof dlyb_regs[0],
    .size = sizeof(struct block),
    .read = dlyb_read,
};
