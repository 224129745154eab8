/*
 * RCC, reset and clock control: RM0399 chapter 9. The tree of frequencies is in rcc_tree.c.
 *
 * The registers from RSR (+0xD0) to APB4LPENR (+0x11C) exist once a core: at +0xD0 each core finds
 * its own copy, at +0x130 stands the M7's and at +0x190 the M4's (9.7.1).
 */
#include "sim/soc/rcc.h"

#include "sim/soc/classes.h"
#include "sim/soc/pwr.h"

enum {
    HSICFGR = 0x04,
    CRRCR = 0x08,
    CSICFGR = 0x0c,
    PLL2DIVR = 0x38,
    PLL2FRACR = 0x3c,
    PLL3DIVR = 0x40,
    PLL3FRACR = 0x44,
    CIER = 0x60,
    CICR = 0x68,
    CSR = 0x74,
    AHB3RSTR = 0x7c,
    APB4RSTR = 0x9c,
    GCR = 0xa0,
    D3AMR = 0xa8,
    OWN_BANK = 0xd0,
    AHB4ENR = 0xe0,
    APB4ENR = 0xf4,
    OWN_BANK_END = 0x120,
    C1_BANK = 0x130,
    C2_BANK = 0x190,
    BANK_SIZE = OWN_BANK_END - OWN_BANK,
};

/* Numbers of bits. */
enum { AHB4ENR_CRCEN = 19, AHB4ENR_BDMAEN = 21, D3AMR_BDMAAMEN = 0 };

enum {
    CR_HSION = 1u << 0,
    CR_CSION = 1u << 7,
    CR_D1CKRDY = 1u << 14,
    CR_D2CKRDY = 1u << 15,
    CR_HSEON = 1u << 16,
    CR_HSEBYP = 1u << 18,
    CR_HSECSSON = 1u << 19,
    CR_PLL1ON = 1u << 24,
    CR_HSIDIVF = 1u << 5,
    CFGR_SWS = 7u << 3,
    BDCR_RTCEN = 1u << 15,
    BDCR_BDRST = 1u << 16,
    BDCR_RTCSEL = 3u << 8,
    GCR_BOOT_C1 = 1u << 2,
    GCR_BOOT_C2 = 1u << 3,
    RSR_RMVF = 1u << 16,
};

/* Which bits are there, in ENR and LPENR (9.7.39 and on). */
enum {
    AHB3_BITS = 0x70015131u,
    AHB1_BITS = 0x0e03c023,
    AHB2_BITS = 0x60000271u,
    AHB4_BITS = 0x132807ff,
    AHB4_LP_BITS = 0x312807ff,
    APB3_BITS = 0x00000058,
    APB1L_BITS = 0x68ffcbffu,
    APB1H_BITS = 0x00000136,
    APB2_BITS = 0x31d7f033 & ~0xc000u,
    APB4_BITS = 0x0021deaa,
};
#define TOP_BIT 0x80000000u

#define CORE_BANK(base, prefix)                                                                    \
    {base + 0x00, prefix "RSR", 0x00fe0000, RSR_RMVF, 0, 0},                                       \
        {base + 0x04, prefix "AHB3ENR", 0, AHB3_BITS | TOP_BIT, 0, 0},                             \
        {base + 0x08, prefix "AHB1ENR", 0, AHB1_BITS, 0, 0},                                       \
        {base + 0x0c, prefix "AHB2ENR", 0, AHB2_BITS | TOP_BIT, 0, 0},                             \
        {base + 0x10, prefix "AHB4ENR", 0, AHB4_BITS, 0, 0},                                       \
        {base + 0x14, prefix "APB3ENR", 0, APB3_BITS, 0, 0},                                       \
        {base + 0x18, prefix "APB1LENR", 0, APB1L_BITS | TOP_BIT, 0, 0},                           \
        {base + 0x1c, prefix "APB1HENR", 0, APB1H_BITS, 0, 0},                                     \
        {base + 0x20, prefix "APB2ENR", 0, APB2_BITS, 0, 0},                                       \
        {base + 0x24, prefix "APB4ENR", 0x00010000, APB4_BITS, 0, 0},                              \
        {base + 0x2c, prefix "AHB3LPENR", AHB3_BITS | TOP_BIT, AHB3_BITS | TOP_BIT, 0, 0},         \
        {base + 0x30, prefix "AHB1LPENR", AHB1_BITS, AHB1_BITS, 0, 0},                             \
        {base + 0x34, prefix "AHB2LPENR", AHB2_BITS | TOP_BIT, AHB2_BITS | TOP_BIT, 0, 0},         \
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
    {PLL3FRACR, "PLL3FRACR", 0, 0x0000fff8, 0, 0},
    {RCC_D1CCIPR, "D1CCIPR", 0, 0x30010133, 0, 0},
    {RCC_D2CCIP1R, "D2CCIP1R", 0, 0xb13771c7, 0, 0},
    {RCC_D2CCIP2R, "D2CCIP2R", 0, 0x70f0333f, 0, 0},
    {RCC_D3CCIPR, "D3CCIPR", 0, 0x77e3ff07, 0, 0},
    {CIER, "CIER", 0, 0x000003ff, 0, 0},
    {RCC_CIFR, "CIFR", 0, 0, 0, 0},
    {CICR, "CICR", 0, 0, 0, 0},
    {RCC_BDCR, "BDCR", 0, 0x0001837d & ~0x40u, 0, 0},
    {CSR, "CSR", 0, 0x00000001, 0, 0},
    {AHB3RSTR, "AHB3RSTR", 0, 0x00015031, 0, 0},
    {0x80, "AHB1RSTR", 0, 0x0a00c023, 0, 0},
    {0x84, "AHB2RSTR", 0, 0x00000271, 0, 0},
    {0x88, "AHB4RSTR", 0, 0x032807ff, 0, 0},
    {0x8c, "APB3RSTR", 0, 0x00000018, 0, 0},
    {0x90, "APB1LRSTR", 0, 0xe8ffc3ff, 0, 0},
    {0x94, "APB1HRSTR", 0, 0x00000136, 0, 0},
    {0x98, "APB2RSTR", 0, 0x31d73033, 0, 0},
    {APB4RSTR, "APB4RSTR", 0, 0x0020deaa, 0, 0},
    {GCR, "GCR", 0, 0x0000000f, 0, 0},
    {D3AMR, "D3AMR", 0, 0x3121dea9 | 0x00210000, 0, 0},
    CORE_BANK(OWN_BANK, ""),
    CORE_BANK(C1_BANK, "C1_"),
    CORE_BANK(C2_BANK, "C2_"),
};

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
    [RCC_LSI] = {"LSI ready", CSR, 0, 1, 0, 80 * SIM_US},
};
static const sim_time STOP_DELAY = 500 * SIM_NS;   /* from off to the flag's fall */
static const sim_time SWITCH_DELAY = 200 * SIM_NS; /* from SW to SWS */

static struct rcc *rcc_of(struct block *block)
{
    return (struct rcc *)block;
}

static struct event_queue *queue_of(struct rcc *rcc)
{
    return &block_sim(&rcc->block)->events;
}

/* --- Sources and their ready flags --- */

static bool pll_has_reference(const struct rcc *rcc, unsigned pll)
{
    static const enum rcc_source from[3] = {RCC_HSI, RCC_CSI, RCC_HSE};
    uint32_t select = REG(&rcc->block, RCC_PLLCKSELR);
    bool divided = select >> (4 + 8 * (pll - RCC_PLL1)) & 0x3f;
    return (select & 3) < 3 && divided && rcc->source[from[select & 3]].ready;
}

static bool wanted(const struct rcc *rcc, enum rcc_source source)
{
    const struct source *info = &sources[source];
    bool on = REG(&rcc->block, info->offset) >> info->on_bit & 1;
    if (source == RCC_HSE)
        return on && rcc->block.soc->hse_hz;
    if (source >= RCC_PLL1 && source <= RCC_PLL3)
        return on && pll_has_reference(rcc, source);
    return on;
}

static void update_source(struct rcc *rcc, enum rcc_source source)
{
    struct rcc_oscillator *oscillator = &rcc->source[source];
    bool want = wanted(rcc, source);
    if (want == oscillator->ready)
        event_cancel(queue_of(rcc), &oscillator->settled);
    else if (!event_pending(&oscillator->settled))
        event_in(queue_of(rcc), &oscillator->settled, want ? sources[source].delay : STOP_DELAY);
}

static void update_interrupt(struct rcc *rcc)
{
    block_irq(&rcc->block, 0, (REG(&rcc->block, RCC_CIFR) & REG(&rcc->block, CIER)) != 0);
}

/* SWS follows SW as soon as the wanted source runs (9.5.6). */
static void update_system(struct rcc *rcc)
{
    static const enum rcc_source runs[4] = {RCC_HSI, RCC_CSI, RCC_HSE, RCC_PLL1};
    unsigned sw = REG(&rcc->block, RCC_CFGR) & 7;
    if (sw > 3 || sw == rcc->sws || !rcc->source[runs[sw]].ready)
        event_cancel(queue_of(rcc), &rcc->system_switch);
    else if (!event_pending(&rcc->system_switch))
        event_in(queue_of(rcc), &rcc->system_switch, SWITCH_DELAY);
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
    if (rcc->started)
        soc_clocks_changed(rcc->block.soc);
}

static void source_settled(void *ctx)
{
    struct rcc_oscillator *oscillator = ctx;
    struct rcc *rcc = oscillator->rcc;
    enum rcc_source source = (enum rcc_source)(oscillator - rcc->source);
    oscillator->ready = wanted(rcc, source);
    if (oscillator->ready && REG(&rcc->block, CIER) >> sources[source].interrupt & 1)
        REG(&rcc->block, RCC_CIFR) |= 1u << sources[source].interrupt;
    update_interrupt(rcc);
    rcc_sources_changed(rcc);
}

static void system_switched(void *ctx)
{
    struct rcc *rcc = ctx;
    rcc->sws = REG(&rcc->block, RCC_CFGR) & 3;
    rcc_sources_changed(rcc);
}

/* What the system or its PLL runs from cannot be switched off (9.5.2, 9.7.2). */
static uint32_t held_on(const struct rcc *rcc)
{
    static const uint32_t by_system[4] = {CR_HSION, CR_CSION, CR_HSEON, CR_PLL1ON};
    static const uint32_t by_pll[4] = {CR_HSION, CR_CSION, CR_HSEON, 0};
    uint32_t held = by_system[rcc->sws];
    if (rcc->sws == 3)
        held |= by_pll[REG(&rcc->block, RCC_PLLCKSELR) & 3];
    return held & REG(&rcc->block, RCC_CR);
}

static uint32_t ready_flags(const struct rcc *rcc, uint32_t offset)
{
    uint32_t flags = 0;
    for (unsigned source = 0; source < RCC_SOURCES; source++)
        if (sources[source].offset == offset && rcc->source[source].ready)
            flags |= 1u << sources[source].ready_bit;
    return flags;
}

static uint32_t read_cr(struct rcc *rcc)
{
    struct soc *soc = rcc->block.soc;
    uint32_t value = REG(&rcc->block, RCC_CR) | ready_flags(rcc, RCC_CR) | CR_HSIDIVF;
    if (!soc_core_held(soc, SOC_CM7) && !soc_core_clock_stopped(soc, SOC_CM7))
        value |= CR_D1CKRDY;
    if (!soc_core_held(soc, SOC_CM4) && !soc_core_clock_stopped(soc, SOC_CM4))
        value |= CR_D2CKRDY;
    return value;
}

static void write_cr(struct rcc *rcc, uint32_t value, const struct block_access *access)
{
    struct block *block = &rcc->block;
    uint32_t before = REG(block, RCC_CR);
    uint32_t keep = held_on(rcc) | (before & CR_HSECSSON);
    struct block_access allowed = *access;
    if (before & CR_HSEON)
        allowed.lanes &= ~(uint32_t)CR_HSEBYP;
    block_store(block, RCC_CR, value, &allowed);
    REG(block, RCC_CR) |= keep;
    rcc_sources_changed(rcc);
}

/* A PLL's dividers are fixed while it runs (9.5.5, 9.7.12). */
static bool pll_locked(const struct rcc *rcc, uint32_t offset)
{
    unsigned pll = (offset - RCC_PLL1DIVR) / 8;
    return REG(&rcc->block, RCC_CR) & CR_PLL1ON << (2 * pll);
}

/* --- Backup domain --- */

static void reset_backup_domain(struct rcc *rcc)
{
    struct soc *soc = rcc->block.soc;
    struct block *rtc = soc_block(soc, "RTC");
    REG(&rcc->block, RCC_BDCR) = BDCR_BDRST;
    if (!rtc)
        return;
    bool before = soc->power_on;
    soc->power_on = true;
    block_reset(rtc);
    soc->power_on = before;
}

/* 9.7.25: protected by PWR_CR1.DBP; RTCSEL is fixed once chosen, until BDRST. */
static void write_bdcr(struct rcc *rcc, uint32_t value, const struct block_access *access)
{
    struct block *block = &rcc->block;
    struct block_access allowed = *access;
    if (!pwr_backup_writable(block->soc)) {
        block_complain(block, COMPLAINT_GUEST, RCC_BDCR,
                       "RCC_BDCR is written while PWR_CR1.DBP is 0: the write is lost");
        return;
    }
    if (REG(block, RCC_BDCR) & BDCR_RTCSEL)
        allowed.lanes &= ~(uint32_t)BDCR_RTCSEL;
    block_store(block, RCC_BDCR, value, &allowed);
    if (REG(block, RCC_BDCR) & BDCR_BDRST)
        reset_backup_domain(rcc);
    rcc_sources_changed(rcc);
}

/* --- Resets --- */

static void write_rstr(struct rcc *rcc, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct block *block = &rcc->block;
    uint32_t before = REG(block, offset);
    block_store(block, offset, value, access);
    uint32_t risen = REG(block, offset) & ~before;
    for (unsigned bit = 0; bit < 32; bit++)
        if (risen >> bit & 1)
            soc_reset_gate(block->soc, (uint16_t)GATE(offset + 0x58, bit));
}

static void add_cause(struct rcc *rcc, uint32_t cause)
{
    REG(&rcc->block, C1_BANK) |= cause;
    REG(&rcc->block, C2_BANK) |= cause;
}

static void tell_held(struct soc *soc)
{
    for (unsigned core = 0; core < SOC_CORES; core++)
        soc->cores.hold(soc->cores.ctx, core, soc_core_held(soc, core));
}

void soc_core_reset(struct soc *soc, enum soc_core core, uint32_t cause)
{
    uint32_t own = core == SOC_CM7 ? RSR_C1RSTF : RSR_C2RSTF;
    add_cause((struct rcc *)soc->rcc, cause | own);
    soc->cores.reset(soc->cores.ctx, core);
}

void soc_system_reset(struct soc *soc, uint32_t cause)
{
    add_cause((struct rcc *)soc->rcc, cause | RSR_PINRSTF);
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
    return !(REG(soc->rcc, GCR) & bit) && !soc_boots_by_option(soc, core);
}

/* --- Registers --- */

/* Where an access to the banked registers goes. */
static uint32_t banked(uint32_t offset, enum bus_master master)
{
    if (offset < OWN_BANK || offset >= OWN_BANK_END)
        return offset;
    return offset + (master == MASTER_CM4 ? C2_BANK - OWN_BANK : C1_BANK - OWN_BANK);
}

static uint32_t rcc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct rcc *rcc = rcc_of(block);
    offset = banked(offset, access->master);
    switch (offset) {
    case RCC_CR:
        return read_cr(rcc);
    case RCC_CFGR:
        return (REG(block, offset) & ~(uint32_t)CFGR_SWS) | rcc->sws << 3;
    case RCC_BDCR:
    case CSR:
        return REG(block, offset) | ready_flags(rcc, offset);
    case HSICFGR:
        return REG(block, offset) | 0x3f0; /* the factory's HSICAL */
    case CRRCR:
        return 0x200u << 16;
    case CSICFGR:
        return REG(block, offset) | 0x80; /* CSICAL */
    default:
        return REG(block, offset);
    }
}

static void write_gcr(struct rcc *rcc, uint32_t value, const struct block_access *access)
{
    struct block *block = &rcc->block;
    uint32_t before = REG(block, GCR) & (GCR_BOOT_C1 | GCR_BOOT_C2);
    block_store(block, GCR, value, access);
    REG(block, GCR) |= before;
    if (REG(block, GCR) & ~before & (GCR_BOOT_C1 | GCR_BOOT_C2))
        tell_held(block->soc);
}

static void write_clear(struct rcc *rcc, uint32_t value)
{
    REG(&rcc->block, RCC_CIFR) &= ~value;
    update_interrupt(rcc);
}

static void rcc_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct rcc *rcc = rcc_of(block);
    offset = banked(offset, access->master);
    if (offset >= AHB3RSTR && offset <= APB4RSTR) {
        write_rstr(rcc, offset, value, access);
        return;
    }
    switch (offset) {
    case RCC_CR:
        write_cr(rcc, value, access);
        return;
    case RCC_BDCR:
        write_bdcr(rcc, value, access);
        return;
    case GCR:
        write_gcr(rcc, value, access);
        return;
    case CICR:
        write_clear(rcc, value);
        return;
    case C1_BANK:
    case C2_BANK: /* RSR: RMVF clears this core's flags */
        if (value & RSR_RMVF)
            REG(block, offset) = 0;
        return;
    case RCC_PLL1DIVR:
    case PLL2DIVR:
    case PLL3DIVR:
        if (pll_locked(rcc, offset))
            return;
        break;
    default:
        break;
    }
    block_store(block, offset, value, access);
    if (offset < C1_BANK)
        rcc_sources_changed(rcc);
    else
        pwr_allocation_changed(block->soc);
    update_interrupt(rcc);
}

/* D3AMR keeps a block of domain D3 going without a core; its bits are where the enables are, but for
 * the BDMA's (9.7.37). */
static bool is_autonomous(struct block *block, uint32_t offset, uint32_t bit)
{
    if (offset == AHB4ENR && bit == AHB4ENR_BDMAEN)
        bit = D3AMR_BDMAAMEN;
    else if (offset != APB4ENR && (offset != AHB4ENR || bit < AHB4ENR_CRCEN))
        return false;
    return REG(block, D3AMR) >> bit & 1;
}

/* A block has its clock through a core that has enabled it and is not in CStop (9.5.11). With both
 * in CStop nobody is there to look, and what was enabled goes on. */
/* Enable registers by domain: AHB3 and APB3 are D1's; AHB1, AHB2, APB1 and APB2 D2's. */
static const uint8_t domain_enables[SOC_CORES][6] = {
    [SOC_CM7] = {0xd4, 0xe4},
    [SOC_CM4] = {0xd8, 0xdc, 0xe8, 0xec, 0xf0},
};

bool rcc_gate_in_domain(uint16_t gate, enum soc_core core)
{
    for (unsigned n = 0; domain_enables[core][n]; n++)
        if (gate >> 5 == domain_enables[core][n])
            return true;
    return false;
}

bool rcc_allocates(struct block *block, enum soc_core core, enum soc_core domain)
{
    uint32_t bank = core == SOC_CM7 ? C1_BANK : C2_BANK, any = 0;
    for (unsigned n = 0; domain_enables[domain][n]; n++)
        any |= REG(block, domain_enables[domain][n] - OWN_BANK + bank);
    return any != 0;
}

static bool rcc_gate_open(struct block *block, uint16_t gate)
{
    uint32_t offset = gate >> 5, bit = gate & 31;
    bool by_cm7 = REG(block, offset - OWN_BANK + C1_BANK) >> bit & 1;
    bool by_cm4 = REG(block, offset - OWN_BANK + C2_BANK) >> bit & 1;
    bool cm7_stopped = soc_core_clock_stopped(block->soc, SOC_CM7);
    bool cm4_stopped = soc_core_clock_stopped(block->soc, SOC_CM4);
    if (cm7_stopped == cm4_stopped || is_autonomous(block, offset, bit))
        return by_cm7 || by_cm4;
    return cm7_stopped ? by_cm4 : by_cm7;
}

/* --- Stop and reset --- */

void rcc_system_stopped(struct block *block)
{
    struct rcc *rcc = rcc_of(block);
    bool csi = REG(block, RCC_CFGR) >> 6 & 1; /* STOPWUCK (9.5.7) */
    REG(block, RCC_CR) &= ~(0x15010000u | CR_HSION | CR_CSION | 1u << 12);
    REG(block, RCC_CR) |= csi ? CR_CSION : CR_HSION;
    REG(block, RCC_CFGR) = (REG(block, RCC_CFGR) & ~7u) | (csi ? 1 : 0);
    for (unsigned source = 0; source < RCC_LSE; source++) {
        rcc->source[source].ready = source == (csi ? RCC_CSI : RCC_HSI);
        event_cancel(queue_of(rcc), &rcc->source[source].settled);
    }
    rcc->sws = csi ? 1 : 0;
    rcc_sources_changed(rcc);
}

static bool rcc_survives(const struct block *block, uint32_t offset)
{
    (void)block;
    return offset == RCC_BDCR || offset == CSR || offset == C1_BANK || offset == C2_BANK;
}

static void rcc_reset(struct block *block)
{
    struct rcc *rcc = rcc_of(block);
    for (unsigned source = 0; source < RCC_SOURCES; source++) {
        event_cancel(queue_of(rcc), &rcc->source[source].settled);
        if (source < RCC_LSE || block->soc->power_on)
            rcc->source[source].ready = source == RCC_HSI;
    }
    event_cancel(queue_of(rcc), &rcc->system_switch);
    rcc->sws = 0;
    update_all(rcc);
    rcc->started = true;
}

static void rcc_init(struct block *block)
{
    struct rcc *rcc = rcc_of(block);
    for (unsigned source = 0; source < RCC_SOURCES; source++) {
        rcc->source[source].rcc = rcc;
        event_init(&rcc->source[source].settled, sources[source].name, source_settled,
                   &rcc->source[source]);
    }
    event_init(&rcc->system_switch, "system clock switch", system_switched, rcc);
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
