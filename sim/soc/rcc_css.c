/*
 * The HSE fails, and the clock security system that watches it (RM0399 9.5.3): the cores get an NMI, the
 * system goes on with the HSI or CSI. Without it a system that runs from the HSE stands still.
 */
#include "sim/soc/rcc.h"

static bool plls_take_hse(const struct rcc *rcc)
{
    return (REG(&rcc->block, RCC_PLLCKSELR) & 3) == 2;
}

static bool system_needs_hse(const struct rcc *rcc)
{
    return rcc->sws == 2 || (rcc->sws == 3 && plls_take_hse(rcc));
}

/* The system goes on from the oscillator that CFGR.STOPWUCK chooses (9.7.6). */
static void run_from_emergency_clock(struct rcc *rcc)
{
    uint32_t *cfgr = &REG(&rcc->block, RCC_CFGR);
    bool csi = *cfgr & RCC_CFGR_STOPWUCK;
    REG(&rcc->block, RCC_CR) |= csi ? RCC_CR_CSION : RCC_CR_HSION;
    *cfgr = (*cfgr & ~(uint32_t)RCC_CFGR_SW) | csi;
    rcc->source[csi ? RCC_CSI : RCC_HSI].ready = true;
    rcc->sws = csi;
}

static void rescue(struct rcc *rcc, bool needed)
{
    struct soc *soc = rcc->block.soc;
    uint32_t off = RCC_CR_HSEON | (plls_take_hse(rcc) ? RCC_CR_PLLSON : 0);
    REG(&rcc->block, RCC_CR) &= ~off;
    REG(&rcc->block, RCC_CIFR) |= RCC_CIFR_HSECSSF;
    if (needed)
        run_from_emergency_clock(rcc);
    for (unsigned core = 0; core < SOC_CORES; core++)
        soc->cores.nmi(soc->cores.ctx, core);
}

void soc_fail_hse(struct soc *soc)
{
    struct block *block = soc->rcc;
    struct rcc *rcc = (struct rcc *)block;
    bool watched = REG(block, RCC_CR) & RCC_CR_HSECSSON && rcc->source[RCC_HSE].ready;
    bool needed = system_needs_hse(rcc);
    soc->hse_hz = 0;
    rcc->source[RCC_HSE].ready = false;
    if (watched)
        rescue(rcc, needed);
    else if (needed)
        block_complain(block, COMPLAINT_GUEST, RCC_CR_HSECSSON,
                       "the HSE has failed, which the system runs from, and RCC_CR.HSECSSON is 0: "
                       "the cores stand still");
    rcc_sources_changed(rcc);
}
