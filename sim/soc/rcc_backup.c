/*
 * RCC_BDCR, the RCC's part of the backup domain: RM0399 9.4.6 and 9.7.25. It has the LSE, its clock
 * security system, and the RTC's clock.
 */
#include "sim/soc/pwr.h"
#include "sim/soc/rcc.h"

enum { LSEBYP = 1u << 2, LSEDRV = 3u << 3, BDRST = 1u << 16, RTC_TAMPER_LINE = 18 };

/* The whole VSW domain but for the backup SRAM. */
static void reset_backup_domain(struct rcc *rcc)
{
    struct soc *soc = rcc->block.soc;
    struct block *rtc = soc_block(soc, "RTC");
    bool before = soc->power_on;
    REG(&rcc->block, RCC_BDCR) = BDRST;
    pwr_backup_reset(soc);
    if (!rtc)
        return;
    soc->power_on = true;
    block_reset(rtc);
    soc->power_on = before;
}

/* Bits that cannot be written as things are: RTCSEL is chosen once, unless the LSE has failed; the LSE's
 * kind is fixed while it is on. */
static uint32_t fixed_bits(const struct rcc *rcc)
{
    uint32_t bdcr = REG(&rcc->block, RCC_BDCR), fixed = 0;
    if (bdcr & RCC_BDCR_RTCSEL && !(bdcr & RCC_BDCR_LSECSSD))
        fixed |= RCC_BDCR_RTCSEL;
    if (bdcr & RCC_BDCR_LSEON)
        fixed |= LSEBYP | LSEDRV;
    if (rcc->source[RCC_LSE].ready)
        fixed |= LSEBYP;
    return fixed;
}

void rcc_write_bdcr(struct rcc *rcc, uint32_t value, const struct block_access *access)
{
    struct block *block = &rcc->block;
    struct block_access allowed = *access;
    uint32_t before = REG(block, RCC_BDCR);
    if (!pwr_backup_writable(block->soc)) {
        block_complain(block, COMPLAINT_GUEST, RCC_BDCR,
                       "RCC_BDCR is written while PWR_CR1.DBP is 0: the write is lost");
        return;
    }
    allowed.lanes &= ~fixed_bits(rcc);
    block_store(block, RCC_BDCR, value, &allowed);
    if (!(before & RCC_BDCR_LSECSSD)) /* once on it can be switched off after a failure alone */
        REG(block, RCC_BDCR) |= before & RCC_BDCR_LSECSSON;
    if (REG(block, RCC_BDCR) & BDRST)
        reset_backup_domain(rcc);
    rcc_sources_changed(rcc);
}

/* 9.5.3: the RTC gets it no more, the bits stay; the cores hear of it by the line of the RTC's tampers. */
static void report(struct rcc *rcc)
{
    struct block *block = &rcc->block;
    struct soc *soc = block->soc;
    bool asked = REG(block, RCC_CIER) & RCC_CIFR_LSECSSF;
    REG(block, RCC_BDCR) |= RCC_BDCR_LSECSSD;
    if (asked)
        REG(block, RCC_CIFR) |= RCC_CIFR_LSECSSF;
    if ((asked || pwr_in_standby(soc)) && !soc->exti_line[RTC_TAMPER_LINE].level)
        wire_pulse(&soc->exti_line[RTC_TAMPER_LINE]);
}

void soc_fail_lse(struct soc *soc)
{
    struct rcc *rcc = rcc_of(soc->rcc);
    bool watched = REG(soc->rcc, RCC_BDCR) & RCC_BDCR_LSECSSON && rcc->source[RCC_LSE].ready;
    soc->lse_broken = true;
    rcc->source[RCC_LSE].ready = false;
    rcc_sources_changed(rcc);
    if (watched)
        report(rcc);
}
