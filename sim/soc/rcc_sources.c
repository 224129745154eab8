/*
 * Oscillators and PLLs of the RCC, their ready flags, and the switch of the system clock: RM0399 9.5.1 to
 * 9.5.7, registers CR, PLLCKSELR, PLLCFGR and the PLLs' dividers.
 */
#include "sim/soc/flash.h"
#include "sim/soc/rcc.h"

enum { PLLCKSELR_PLLSRC = 3, PLLCFGR_PLL1FRACEN = 1 };

/* Oscillators and PLLs: where they are switched on, where they say that they are ready, and how
 * long that takes (data sheet DS12930 6.3.9 to 6.3.11, typical values; the LSE's two seconds are
 * shortened, so that a start-up that waits for it does not take all day). */
static const struct source {
    const char *name;
    uint16_t offset;
    uint8_t on_bit, ready_bit, interrupt;
    sim_time delay;
} sources[RCC_SOURCES] = {
    [RCC_HSI] = {"HSI ready", RCC_CR, 0, 2, 2, 2 * SIM_US},
    [RCC_CSI] = {"CSI ready", RCC_CR, 7, 8, 4, 1 * SIM_US},
    [RCC_HSI48] = {"HSI48 ready", RCC_CR, 12, 13, 5, 3 * SIM_US},
    [RCC_HSE] = {"HSE ready", RCC_CR, 16, 17, 3, 1000 * SIM_US},
    [RCC_PLL1] = {"PLL1 ready", RCC_CR, 24, 25, 6, 60 * SIM_US},
    [RCC_PLL2] = {"PLL2 ready", RCC_CR, 26, 27, 7, 60 * SIM_US},
    [RCC_PLL3] = {"PLL3 ready", RCC_CR, 28, 29, 8, 60 * SIM_US},
    [RCC_LSE] = {"LSE ready", RCC_BDCR, 0, 1, 1, 100 * SIM_MS},
    [RCC_LSI] = {"LSI ready", RCC_CSR, 0, 1, 0, 80 * SIM_US},
};
static const sim_time STOP_DELAY = 500 * SIM_NS;   /* from off to the flag's fall */
static const sim_time SWITCH_DELAY = 200 * SIM_NS; /* from SW to SWS */
static const sim_time DIVIDE_DELAY = 200 * SIM_NS; /* from HSIDIV to HSIDIVF */

/* --- Sources and their ready flags --- */

static bool pll_has_reference(const struct rcc *rcc, unsigned pll)
{
    static const enum rcc_source from[3] = {RCC_HSI, RCC_CSI, RCC_HSE};
    uint32_t select = REG(&rcc->block, RCC_PLLCKSELR);
    bool divided = select >> (4 + 8 * (pll - RCC_PLL1)) & 0x3f;
    return (select & 3) < 3 && divided && rcc->source[from[select & 3]].ready;
}

/* 9.7.26: it runs unasked for a watchdog, for the LSE's clock security and for the RTC. */
static bool lsi_requested(const struct rcc *rcc)
{
    uint32_t bdcr = REG(&rcc->block, RCC_BDCR);
    bool by_rtc = bdcr & RCC_BDCR_RTCEN && (bdcr & RCC_BDCR_RTCSEL) == 2u << 8;
    return rcc->lsi_forced || bdcr & RCC_BDCR_LSECSSON || by_rtc;
}

static bool wanted(const struct rcc *rcc, enum rcc_source source)
{
    const struct source *info = &sources[source];
    const struct soc *soc = rcc->block.soc;
    bool on = REG(&rcc->block, info->offset) >> info->on_bit & 1;
    switch (source) {
    case RCC_HSE:
        return on && soc->hse_hz;
    case RCC_LSE:
        return on && !soc->lse_broken;
    case RCC_LSI:
        return on || lsi_requested(rcc);
    case RCC_PLL1:
    case RCC_PLL2:
    case RCC_PLL3:
        return on && pll_has_reference(rcc, source);
    default:
        return on;
    }
}

static void update_source(struct rcc *rcc, enum rcc_source source)
{
    struct rcc_oscillator *oscillator = &rcc->source[source];
    bool want = wanted(rcc, source);
    if (want == oscillator->ready)
        event_cancel(rcc_events(rcc), &oscillator->settled);
    else if (!event_pending(&oscillator->settled))
        event_in(rcc_events(rcc), &oscillator->settled, want ? sources[source].delay : STOP_DELAY);
}

/* SWS follows SW as soon as the wanted source runs (9.5.6). */
static void update_system(struct rcc *rcc)
{
    static const enum rcc_source runs[4] = {RCC_HSI, RCC_CSI, RCC_HSE, RCC_PLL1};
    unsigned sw = REG(&rcc->block, RCC_CFGR) & RCC_CFGR_SW;
    if (sw > 3 || sw == rcc->sws || !rcc->source[runs[sw]].ready)
        event_cancel(rcc_events(rcc), &rcc->system_switch);
    else if (!event_pending(&rcc->system_switch))
        event_in(rcc_events(rcc), &rcc->system_switch, SWITCH_DELAY);
}

static void update_all(struct rcc *rcc)
{
    for (unsigned source = 0; source < RCC_SOURCES; source++)
        update_source(rcc, source);
    update_system(rcc);
}

void rcc_sources_changed(struct rcc *rcc)
{
    update_all(rcc);
    if (!rcc->started)
        return;
    soc_clocks_changed(rcc->block.soc);
    rcc_mco_changed(rcc);
}

static void source_settled(void *ctx)
{
    struct rcc_oscillator *oscillator = ctx;
    struct rcc *rcc = oscillator->rcc;
    enum rcc_source source = (enum rcc_source)(oscillator - rcc->source);
    oscillator->ready = wanted(rcc, source);
    if (oscillator->ready && REG(&rcc->block, RCC_CIER) >> sources[source].interrupt & 1)
        REG(&rcc->block, RCC_CIFR) |= 1u << sources[source].interrupt;
    rcc_update_interrupt(rcc);
    rcc_sources_changed(rcc);
}

static void system_switched(void *ctx)
{
    struct rcc *rcc = ctx;
    rcc->sws = REG(&rcc->block, RCC_CFGR) & 3;
    rcc_sources_changed(rcc);
}

uint32_t rcc_ready_flags(const struct rcc *rcc, uint32_t offset)
{
    uint32_t flags = 0;
    for (unsigned source = 0; source < RCC_SOURCES; source++)
        if (sources[source].offset == offset && rcc->source[source].ready)
            flags |= 1u << sources[source].ready_bit;
    return flags;
}

void rcc_force_lsi(struct block *block)
{
    rcc_of(block)->lsi_forced = true;
    rcc_sources_changed(rcc_of(block));
}

/* --- CR --- */

/* What the system or its PLL runs from cannot be switched off (9.5.2, 9.7.2). */
static uint32_t held_on(const struct rcc *rcc)
{
    static const uint32_t by_system[4] = {RCC_CR_HSION, RCC_CR_CSION, RCC_CR_HSEON, RCC_CR_PLL1ON};
    static const uint32_t by_pll[4] = {RCC_CR_HSION, RCC_CR_CSION, RCC_CR_HSEON, 0};
    uint32_t held = by_system[rcc->sws];
    if (rcc->sws == 3)
        held |= by_pll[REG(&rcc->block, RCC_PLLCKSELR) & PLLCKSELR_PLLSRC];
    return held & REG(&rcc->block, RCC_CR);
}

uint32_t rcc_read_cr(struct rcc *rcc)
{
    enum { D1CKRDY = 1u << 14, D2CKRDY = 1u << 15 };
    struct soc *soc = rcc->block.soc;
    uint32_t value = REG(&rcc->block, RCC_CR) | rcc_ready_flags(rcc, RCC_CR);
    if (sim_now(block_sim(&rcc->block)) >= rcc->hsi_divided)
        value |= RCC_CR_HSIDIVF;
    if (!soc_core_held(soc, SOC_CM7) && !soc_core_clock_stopped(soc, SOC_CM7))
        value |= D1CKRDY;
    if (!soc_core_held(soc, SOC_CM4) && !soc_core_clock_stopped(soc, SOC_CM4))
        value |= D2CKRDY;
    return value;
}

/* Integer mode if PLLxFRACEN is 0 when the PLL is switched on (9.5.5). */
static void start_plls(struct rcc *rcc, uint32_t risen)
{
    for (unsigned n = 0; n < RCC_PLLS; n++)
        if (risen & RCC_CR_PLL1ON << (2 * n) &&
            !(REG(&rcc->block, RCC_PLLCFGR) & PLLCFGR_PLL1FRACEN << (4 * n)))
            rcc->fraction[n] = 0;
}

/* Bits that cannot be written as things are: HSEBYP while the HSE is on, HSIDIV while a PLL runs from the
 * HSI (9.7.2). */
static uint32_t fixed_bits(const struct rcc *rcc)
{
    uint32_t cr = REG(&rcc->block, RCC_CR);
    bool hsi_feeds_pll =
        cr & RCC_CR_PLLSON && !(REG(&rcc->block, RCC_PLLCKSELR) & PLLCKSELR_PLLSRC);
    return (cr & RCC_CR_HSEON ? RCC_CR_HSEBYP : 0) | (hsi_feeds_pll ? RCC_CR_HSIDIV : 0);
}

void rcc_write_cr(struct rcc *rcc, uint32_t value, const struct block_access *access)
{
    struct block *block = &rcc->block;
    uint32_t before = REG(block, RCC_CR), keep = held_on(rcc) | (before & RCC_CR_HSECSSON);
    struct block_access allowed = *access;
    allowed.lanes &= ~fixed_bits(rcc);
    block_store(block, RCC_CR, value, &allowed);
    REG(block, RCC_CR) |= keep;
    if ((REG(block, RCC_CR) ^ before) & RCC_CR_HSIDIV)
        rcc->hsi_divided = sim_now(block_sim(block)) + DIVIDE_DELAY;
    start_plls(rcc, REG(block, RCC_CR) & ~before);
    rcc_sources_changed(rcc);
}

/* --- PLLs --- */

static bool pll_runs(const struct rcc *rcc, unsigned n)
{
    return REG(&rcc->block, RCC_CR) & RCC_CR_PLL1ON << (2 * n) || rcc->source[RCC_PLL1 + n].ready;
}

/* 9.5.5: what is fixed of a register while PLLs run. */
static uint32_t fixed_pll_bits(const struct rcc *rcc, uint32_t offset)
{
    uint32_t fixed = 0;
    for (unsigned n = 0; n < RCC_PLLS; n++) {
        if (!pll_runs(rcc, n))
            continue;
        if (offset == RCC_PLLCKSELR)
            fixed |= PLLCKSELR_PLLSRC | 0x3fu << (4 + 8 * n); /* and DIVMx */
        else if (offset == RCC_PLLCFGR)
            fixed |= 7u << (16 + 3 * n) | 0xeu << (4 * n); /* DIVPxEN to DIVRxEN; VCOSEL, RGE */
        else if (offset == RCC_PLL1DIVR + 8 * n)
            fixed = UINT32_MAX;
    }
    return fixed;
}

/* FRACN goes to the modulator when PLLxFRACEN rises, and stays there when it falls. */
static void latch_fractions(struct rcc *rcc, uint32_t risen)
{
    for (unsigned n = 0; n < RCC_PLLS; n++)
        if (risen & PLLCFGR_PLL1FRACEN << (4 * n))
            rcc->fraction[n] = REG(&rcc->block, RCC_PLL1FRACR + 8 * n) >> 3 & 0x1fff;
}

void rcc_write_pll(struct rcc *rcc, uint32_t offset, uint32_t value,
                   const struct block_access *access)
{
    struct block *block = &rcc->block;
    struct block_access allowed = *access;
    uint32_t before = REG(block, offset);
    allowed.lanes &= ~fixed_pll_bits(rcc, offset);
    block_store(block, offset, value, &allowed);
    if (offset == RCC_PLLCFGR)
        latch_fractions(rcc, REG(block, offset) & ~before);
    rcc_sources_changed(rcc);
}

/* --- Stop and reset --- */

/* 9.5.7: what is switched off, and table 60: what runs when the system wakes. */
void rcc_system_stopped(struct block *block)
{
    struct rcc *rcc = rcc_of(block);
    uint32_t cfgr = REG(block, RCC_CFGR), *cr = &REG(block, RCC_CR);
    bool csi = cfgr & RCC_CFGR_STOPWUCK, kernel_csi = cfgr & RCC_CFGR_STOPKERWUCK;
    *cr &= ~(uint32_t)(RCC_CR_PLLSON | RCC_CR_HSEON | RCC_CR_HSI48ON);
    *cr |= (csi && kernel_csi ? 0 : RCC_CR_HSION) | (csi || kernel_csi ? RCC_CR_CSION : 0);
    REG(block, RCC_CFGR) = (cfgr & ~(uint32_t)RCC_CFGR_SW) | csi;
    for (unsigned source = 0; source < RCC_LSE; source++) {
        rcc->source[source].ready = source <= RCC_CSI && wanted(rcc, source);
        event_cancel(rcc_events(rcc), &rcc->source[source].settled);
    }
    rcc->sws = csi;
    rcc_sources_changed(rcc);
}

/* The LSE is in the backup domain; the LSI goes on if that asks for it. */
void rcc_sources_reset(struct rcc *rcc)
{
    bool power_on = rcc->block.soc->power_on;
    rcc->lsi_forced = ~flash_options(rcc->block.soc) & (OPTSR_IWDG1_SW | OPTSR_IWDG2_SW);
    for (unsigned source = 0; source < RCC_SOURCES; source++) {
        bool *ready = &rcc->source[source].ready;
        event_cancel(rcc_events(rcc), &rcc->source[source].settled);
        if (source < RCC_LSE || power_on)
            *ready = source == RCC_HSI;
    }
    rcc->source[RCC_LSI].ready &= lsi_requested(rcc);
    event_cancel(rcc_events(rcc), &rcc->system_switch);
    rcc->sws = 0;
    rcc->hsi_divided = 0;
    for (unsigned n = 0; n < RCC_PLLS; n++)
        rcc->fraction[n] = 0;
    update_all(rcc);
}

void rcc_sources_init(struct rcc *rcc)
{
    for (unsigned source = 0; source < RCC_SOURCES; source++) {
        rcc->source[source].rcc = rcc;
        event_init(&rcc->source[source].settled, sources[source].name, source_settled,
                   &rcc->source[source]);
    }
    event_init(&rcc->system_switch, "system clock switch", system_switched, rcc);
}
