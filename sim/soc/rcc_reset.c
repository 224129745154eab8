/*
 * Resets of blocks, cores and the system, and what lets a core go: RM0399 9.4, registers xxxRSTR, RSR and
 * GCR.
 */
#include "sim/soc/pwr.h"
#include "sim/soc/rcc.h"

enum {
    GCR_BOOT_C1 = 1u << 2,
    GCR_BOOT_C2 = 1u << 3,
    ENR_OF_RSTR = 0x58,
    RSR_STANDBY = RSR_D1RSTF | RSR_D2RSTF,
};

void rcc_write_rstr(struct rcc *rcc, uint32_t offset, uint32_t value,
                    const struct block_access *access)
{
    struct block *block = &rcc->block;
    uint32_t before = REG(block, offset);
    block_store(block, offset, value, access);
    uint32_t risen = REG(block, offset) & ~before;
    for (unsigned bit = 0; bit < 32; bit++)
        if (risen >> bit & 1)
            soc_reset_gate(block->soc, (uint16_t)GATE(offset + ENR_OF_RSTR, bit));
}

static void add_cause(struct block *rcc, uint32_t cause)
{
    REG(rcc, RCC_C1_BANK) |= cause;
    REG(rcc, RCC_C2_BANK) |= cause;
}

static void tell_held(struct soc *soc)
{
    for (unsigned core = 0; core < SOC_CORES; core++)
        soc->cores.hold(soc->cores.ctx, core, soc_core_held(soc, core));
}

void soc_core_reset(struct soc *soc, enum soc_core core, uint32_t cause)
{
    uint32_t own = core == SOC_CM7 ? RSR_C1RSTF : RSR_C2RSTF;
    add_cause(soc->rcc, cause | own);
    soc->cores.reset(soc->cores.ctx, core);
}

/* Table 57: every reset of the system shows at the pin NRST, but that at the end of Standby. */
void soc_system_reset(struct soc *soc, uint32_t cause)
{
    bool from_standby = cause == RSR_STANDBY;
    add_cause(soc->rcc, cause | (from_standby ? 0 : RSR_PINRSTF));
    soc_reset(soc, false);
    soc_clocks_changed(soc);
    for (unsigned core = 0; core < SOC_CORES; core++)
        soc_core_reset(soc, core, 0);
    tell_held(soc);
}

void soc_core_requested_reset(struct soc *soc, enum soc_core core)
{
    soc_system_reset(soc, core == SOC_CM7 ? RSR_SFT1RSTF : RSR_SFT2RSTF);
}

bool soc_core_held(struct soc *soc, enum soc_core core)
{
    uint32_t bit = core == SOC_CM7 ? GCR_BOOT_C1 : GCR_BOOT_C2;
    return !(REG(soc->rcc, RCC_GCR) & bit) && !soc_boots_by_option(soc, core);
}

/* 9.7.36: its bits are set by software, and cleared by a reset alone. */
void rcc_write_gcr(struct rcc *rcc, uint32_t value, const struct block_access *access)
{
    struct block *block = &rcc->block;
    uint32_t before = REG(block, RCC_GCR);
    block_store(block, RCC_GCR, value, access);
    REG(block, RCC_GCR) |= before;
    if (REG(block, RCC_GCR) & ~before & (GCR_BOOT_C1 | GCR_BOOT_C2))
        tell_held(block->soc);
}
