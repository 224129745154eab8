/*
 * The HSE fails, and the clock security system that watches it (RM0399 9.5.3): the cores get an NMI, the
 * system goes on with the HSI. Without it a system that runs from the HSE stands still.
 */
#include "sim/soc/rcc.h"

enum { CR_HSEON = 1 << 16, CR_HSECSSON = 1 << 19, CFGR_SW = 7, CIFR_HSECSSF = 1 << 10 };

static bool system_needs_hse(const struct rcc *rcc)
{
    bool pll_takes_it = (REG(&rcc->block, RCC_PLLCKSELR) & 3) == 2;
    return rcc->sws == 2 || (rcc->sws == 3 && pll_takes_it);
}

static void rescue(struct rcc *rcc, bool needed)
{
    enum { CR_PLL1ON = 1 << 24 };
    struct soc *soc = rcc->block.soc;
    REG(&rcc->block, RCC_CR) &= ~(uint32_t)(CR_HSEON | (needed && rcc->sws == 3 ? CR_PLL1ON : 0));
    REG(&rcc->block, RCC_CIFR) |= CIFR_HSECSSF;
    if (needed) {
        REG(&rcc->block, RCC_CR) |= 1; /* HSION */
        REG(&rcc->block, RCC_CFGR) &= ~(uint32_t)CFGR_SW;
        rcc->source[RCC_HSI].ready = true;
        rcc->sws = 0;
    }
    for (unsigned core = 0; core < SOC_CORES; core++)
        soc->cores.nmi(soc->cores.ctx, core);
}

void soc_fail_hse(struct soc *soc)
{
    struct block *block = soc->rcc;
    struct rcc *rcc = (struct rcc *)block;
    bool watched = REG(block, RCC_CR) & CR_HSECSSON && rcc->source[RCC_HSE].ready;
    bool needed = system_needs_hse(rcc);
    soc->hse_hz = 0;
    rcc->source[RCC_HSE].ready = false;
    if (watched)
        rescue(rcc, needed);
    else if (needed)
        block_complain(block, COMPLAINT_GUEST, CR_HSECSSON,
                       "the HSE has failed, which the system runs from, and RCC_CR.HSECSSON is 0: "
                       "the cores stand still");
    rcc_sources_changed(rcc);
}
