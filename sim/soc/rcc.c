/*
 * RCC, reset and clock control: RM0399 chapter 9. Its registers; what they do is in rcc_sources.c
 * (oscillators and PLLs), rcc_tree.c (frequencies), rcc_gates.c (who is clocked), rcc_backup.c, rcc_reset.c
 * and rcc_css.c.
 *
 * The registers from RSR (+0xD0) to APB4LPENR (+0x11C) exist once a core: at +0xD0 each core finds
 * its own copy, at +0x130 stands the M7's and at +0x190 the M4's (9.7.1).
 */
#include "sim/soc/rcc.h"

#include "sim/soc/classes.h"

enum {
    HSICFGR = 0x04,
    CRRCR = 0x08,
    CSICFGR = 0x0c,
    PLL2DIVR = 0x38,
    PLL2FRACR = 0x3c,
    PLL3DIVR = 0x40,
};

enum {
    CFGR_SWS = 7u << 3,
    RSR_RMVF = 1u << 16,
    HSITRIM_RESET = 0x40,
    CSITRIM_RESET = 0x20,
};

/* Which bits are there, in ENR and LPENR (9.7.39 and on). */
enum {
    AHB3_BITS = 0x00015031,
    AHB3_LP_BITS = 0x70015131,
    AHB1_BITS = 0x1e03c023,
    AHB2_BITS = 0x00000271,
    AHB2_LP_BITS = 0x60000271,
    AHB4_BITS = 0x132807ff,
    AHB4_LP_BITS = 0x312807ff,
    APB3_BITS = 0x00000058,
    APB1L_BITS = 0x68ffcbffu,
    APB1H_BITS = 0x00000136,
    APB2_BITS = 0x31d7f033 & ~0xc000u,
    APB4_BITS = 0x0021deaa,
};
#define TOP_BIT 0x80000000u
/* A core's own memories need no enable: TCMs, AXI SRAM and flash of the M7, D2's SRAMs of the M4. */
#define D1_MEMORIES 0xf0000100u
#define D2_MEMORIES 0xe0000000u

#define CORE_BANK(base, prefix, d1, d2)                                                            \
    {base + 0x00, prefix "RSR", 0x00fe0000, RSR_RMVF, 0, 0},                                       \
        {base + 0x04, prefix "AHB3ENR", 0, AHB3_BITS | (d1), 0, 0},                                \
        {base + 0x08, prefix "AHB1ENR", 0, AHB1_BITS, 0, 0},                                       \
        {base + 0x0c, prefix "AHB2ENR", 0, AHB2_BITS | (d2), 0, 0},                                \
        {base + 0x10, prefix "AHB4ENR", 0, AHB4_BITS, 0, 0},                                       \
        {base + 0x14, prefix "APB3ENR", 0, APB3_BITS, 0, 0},                                       \
        {base + 0x18, prefix "APB1LENR", 0, APB1L_BITS | TOP_BIT, 0, 0},                           \
        {base + 0x1c, prefix "APB1HENR", 0, APB1H_BITS, 0, 0},                                     \
        {base + 0x20, prefix "APB2ENR", 0, APB2_BITS, 0, 0},                                       \
        {base + 0x24, prefix "APB4ENR", 0x00010000, APB4_BITS, 0, 0},                              \
        {base + 0x2c, prefix "AHB3LPENR", AHB3_LP_BITS | TOP_BIT, AHB3_LP_BITS | TOP_BIT, 0, 0},   \
        {base + 0x30, prefix "AHB1LPENR", AHB1_BITS, AHB1_BITS, 0, 0},                             \
        {base + 0x34, prefix "AHB2LPENR", AHB2_LP_BITS | TOP_BIT, AHB2_LP_BITS | TOP_BIT, 0, 0},   \
        {base + 0x38, prefix "AHB4LPENR", AHB4_LP_BITS, AHB4_LP_BITS, 0, 0},                       \
        {base + 0x3c, prefix "APB3LPENR", APB3_BITS, APB3_BITS, 0, 0},                             \
        {base + 0x40, prefix "APB1LLPENR", APB1L_BITS | TOP_BIT, APB1L_BITS | TOP_BIT, 0, 0},      \
        {base + 0x44, prefix "APB1HLPENR", APB1H_BITS, APB1H_BITS, 0, 0},                          \
        {base + 0x48, prefix "APB2LPENR", APB2_BITS, APB2_BITS, 0, 0},                             \
    {                                                                                              \
        base + 0x4c, prefix "APB4LPENR", APB4_BITS, APB4_BITS, 0, 0                                \
    }

static const struct reg rcc_regs[] = {
    {RCC_CR, "CR", 0x00000083, 0x150d129b, 0, 0},
    {HSICFGR, "HSICFGR", 0x40000000, 0x7f000000, 0, 0},
    {CRRCR, "CRRCR", 0, 0, 0, 0},
    {CSICFGR, "CSICFGR", 0x20000000, 0x3f000000, 0, 0},
    {RCC_CFGR, "CFGR", 0, 0xfffcffc7, 0, 0},
    {RCC_D1CFGR, "D1CFGR", 0, 0x00000f7f, 0, 0},
    {RCC_D2CFGR, "D2CFGR", 0, 0x00000770, 0, 0},
    {RCC_D3CFGR, "D3CFGR", 0, 0x00000070, 0, 0},
    {RCC_PLLCKSELR, "PLLCKSELR", 0x02020200, 0x03f3f3f3, 0, 0},
    {RCC_PLLCFGR, "PLLCFGR", 0x01ff0000, 0x01ff0fff, 0, 0},
    {RCC_PLL1DIVR, "PLL1DIVR", 0x01010280, 0x7f7fffff, 0, 0},
    {RCC_PLL1FRACR, "PLL1FRACR", 0, 0x0000fff8, 0, 0},
    {PLL2DIVR, "PLL2DIVR", 0x01010280, 0x7f7fffff, 0, 0},
    {PLL2FRACR, "PLL2FRACR", 0, 0x0000fff8, 0, 0},
    {PLL3DIVR, "PLL3DIVR", 0x01010280, 0x7f7fffff, 0, 0},
    {RCC_PLL3FRACR, "PLL3FRACR", 0, 0x0000fff8, 0, 0},
    {RCC_D1CCIPR, "D1CCIPR", 0, 0x30010133, 0, 0},
    {RCC_D2CCIP1R, "D2CCIP1R", 0, 0xb13771c7, 0, 0},
    {RCC_D2CCIP2R, "D2CCIP2R", 0, 0x70f0333f, 0, 0},
    {RCC_D3CCIPR, "D3CCIPR", 0, 0x77e3ff07, 0, 0},
    {RCC_CIER, "CIER", 0, 0x000003ff, 0, 0},
    {RCC_CIFR, "CIFR", 0, 0, 0, 0},
    {RCC_CICR, "CICR", 0, 0, 0, 0},
    {RCC_BDCR, "BDCR", 0, 0x0001837d & ~0x40u, 0, 0},
    {RCC_CSR, "CSR", 0, 0x00000001, 0, 0},
    {RCC_AHB3RSTR, "AHB3RSTR", 0, 0x00015031, 0, 0},
    {0x80, "AHB1RSTR", 0, 0x0a00c023, 0, 0},
    {0x84, "AHB2RSTR", 0, 0x00000271, 0, 0},
    {0x88, "AHB4RSTR", 0, 0x032807ff, 0, 0},
    {0x8c, "APB3RSTR", 0, 0x00000018, 0, 0},
    {0x90, "APB1LRSTR", 0, 0xe8ffc3ff, 0, 0},
    {0x94, "APB1HRSTR", 0, 0x00000136, 0, 0},
    {0x98, "APB2RSTR", 0, 0x31d73033, 0, 0},
    {RCC_APB4RSTR, "APB4RSTR", 0, 0x0020deaa, 0, 0},
    {RCC_GCR, "GCR", 0, 0x0000000f, 0, 0},
    {RCC_D3AMR, "D3AMR", 0, 0x3129dea9, 0, 0},
    CORE_BANK(RCC_OWN_BANK, "", 0, 0),
    CORE_BANK(RCC_C1_BANK, "C1_", 0, D2_MEMORIES),
    CORE_BANK(RCC_C2_BANK, "C2_", D1_MEMORIES, 0),
};

/* --- Registers --- */

void rcc_update_interrupt(struct rcc *rcc)
{
    uint32_t asked = REG(&rcc->block, RCC_CIFR) & REG(&rcc->block, RCC_CIER);
    block_irq(&rcc->block, 0,
              asked & ~(uint32_t)RCC_CIFR_LSECSSF); /* which has a line of its own */
}

/* Where an access to the banked registers goes. */
static uint32_t banked(uint32_t offset, enum bus_master master)
{
    if (offset < RCC_OWN_BANK || offset >= RCC_OWN_BANK_END)
        return offset;
    return offset - RCC_OWN_BANK + (master == MASTER_CM4 ? RCC_C2_BANK : RCC_C1_BANK);
}

/* The factory's calibration, moved by the program's trimming (9.7.3, 9.7.5). */
static uint32_t calibrated(uint32_t trimming, uint32_t low_bits, uint32_t factory)
{
    return (factory + trimming) & low_bits;
}

static uint32_t rcc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct rcc *rcc = rcc_of(block);
    offset = banked(offset, access->master);
    uint32_t value = REG(block, offset);
    switch (offset) {
    case RCC_CR:
        return rcc_read_cr(rcc);
    case RCC_CFGR:
        return (value & ~(uint32_t)CFGR_SWS) | rcc->sws << 3;
    case RCC_BDCR:
    case RCC_CSR:
        return value | rcc_ready_flags(rcc, offset);
    case HSICFGR:
        return value | calibrated(value >> 24, 0xfff, 0x3f0 - HSITRIM_RESET);
    case CRRCR:
        return 0x200; /* HSI48CAL */
    case CSICFGR:
        return value | calibrated(value >> 24, 0x3ff, 0x80 - CSITRIM_RESET);
    default:
        return value;
    }
}

/* A window watchdog's clock is switched off by a reset alone (9.7.43, 9.7.44). */
static uint32_t set_only(uint32_t offset_in_bank)
{
    enum { APB3ENR = 0x14, APB1LENR = 0x18, WWDG1EN = 1 << 6, WWDG2EN = 1 << 11 };
    return offset_in_bank == APB3ENR ? WWDG1EN : offset_in_bank == APB1LENR ? WWDG2EN : 0;
}

/* A core's own copy of RSR, where RMVF clears its flags, and of the enables. */
static void write_bank(struct rcc *rcc, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct block *block = &rcc->block;
    uint32_t in_bank = offset - (offset < RCC_C2_BANK ? RCC_C1_BANK : RCC_C2_BANK);
    uint32_t before = REG(block, offset);
    if (in_bank == 0) {
        if (value & RSR_RMVF)
            REG(block, offset) = 0;
        return;
    }
    block_store(block, offset, value, access);
    REG(block, offset) |= before & set_only(in_bank);
    rcc_gates_written(rcc);
}

static void rcc_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct rcc *rcc = rcc_of(block);
    offset = banked(offset, access->master);
    if (offset >= RCC_AHB3RSTR && offset <= RCC_APB4RSTR)
        rcc_write_rstr(rcc, offset, value, access);
    else if (offset >= RCC_C1_BANK)
        write_bank(rcc, offset, value, access);
    else if (offset >= RCC_PLLCKSELR && offset <= RCC_PLL3FRACR)
        rcc_write_pll(rcc, offset, value, access);
    else if (offset == RCC_CR)
        rcc_write_cr(rcc, value, access);
    else if (offset == RCC_BDCR)
        rcc_write_bdcr(rcc, value, access);
    else if (offset == RCC_GCR)
        rcc_write_gcr(rcc, value, access);
    else if (offset == RCC_CICR)
        REG(block, RCC_CIFR) &= ~value;
    else {
        block_store(block, offset, value, access);
        rcc_sources_changed(rcc);
    }
    rcc_update_interrupt(rcc);
}

static bool rcc_survives(const struct block *block, uint32_t offset)
{
    (void)block;
    return offset == RCC_BDCR || offset == RCC_C1_BANK || offset == RCC_C2_BANK;
}

static void rcc_reset(struct block *block)
{
    struct rcc *rcc = rcc_of(block);
    rcc_sources_reset(rcc);
    block->soc->sleep_gates = false;
    rcc->started = true;
}

static void rcc_init(struct block *block)
{
    rcc_sources_init(rcc_of(block));
    rcc_mco_init(rcc_of(block));
    block->soc->rcc = block;
    block->soc->clock_hz = rcc_clock_hz;
    block->soc->gate_open = rcc_gate_open;
}

const struct block_class rcc_class = {
    .name = "RCC",
    .regs = rcc_regs,
    .reg_count = sizeof rcc_regs / sizeof rcc_regs[0],
    .size = sizeof(struct rcc),
    .init = rcc_init,
    .reset = rcc_reset,
    .survives = rcc_survives,
    .read = rcc_read,
    .write = rcc_write,
};
