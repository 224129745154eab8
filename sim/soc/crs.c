/*
 * CRS, clock recovery: RM0399 chapter 10. HSI48 has no error here, so a synchronisation by software finds
 * nothing to correct; those by LSE and USB are not made.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum { CR = 0x00, CFGR = 0x04, ISR = 0x08, ICR = 0x0c };
enum { CR_CEN = 1 << 5, CR_SWSYNC = 1 << 7, SYNCOK = 1 << 0, ESYNC = 1 << 3, FLAGS = 0xf };

static const struct reg crs_regs[] = {
    {CR, "CR", 0x2000, 0x00003f6f, 0, 0},
    {CFGR, "CFGR", 0x2022bb7f, 0xb7ffffff, 0, 0},
    {ISR, "ISR", 0, 0, 0, 0},
    {ICR, "ICR", 0, 0, 0, 0},
};

static void crs_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    block_store(block, offset, value, access);
    if (offset == CR && value & CR_SWSYNC && REG(block, CR) & CR_CEN)
        REG(block, ISR) |= SYNCOK | ESYNC;
    if (offset == ICR)
        REG(block, ISR) &= ~(value & FLAGS);
    block_irq(block, 0, REG(block, ISR) & REG(block, CR) & FLAGS);
}

const struct block_class crs_class = {
    .name = "CRS",
    .regs = crs_regs,
    .reg_count = sizeof crs_regs / sizeof crs_regs[0],
    .size = sizeof(struct block),
    .write = crs_write,
};
