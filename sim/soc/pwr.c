/*
 * PWR, power control: RM0399 chapter 7. The modes of the three domains: a core in CStop (SLEEPDEEP), its
 * domain in DStop or DStandby, the system in Stop or Standby. The voltages are in pwr_supply.c.
 */
#include "sim/soc/pwr_parts.h"

#include "sim/soc/classes.h"
#include "sim/soc/exti.h"
#include "sim/soc/rcc.h"
#include "sim/soc/syscfg.h"

static const struct reg pwr_regs[] = {
    {CR1, "CR1", 0xf000c000, 0x0007c3f1, 0, 0},
    {CSR1, "CSR1", 0x00004000, 0, 0, 0},
    {CR2, "CR2", 0, 0x00000011, 0, 0},
    {CR3, "CR3", 0x00000006, 0x0300033f, 0, 0},
    {CPUCR, "CPUCR", 0, PDDS_ALL | HOLD | RUN_D3, 0, 0},
    {CPU2CR, "CPU2CR", 0, PDDS_ALL | HOLD | RUN_D3, 0, 0},
    {D3CR, "D3CR", 0x00004000, VOS, 0, 0},
    {WKUPCR, "WKUPCR", 0, 0, 0, 0},
    {WKUPFR, "WKUPFR", 0, 0, 0, 0},
    {WKUPEPR, "WKUPEPR", 0, 0x0fff3f3f, 0, 0},
};

static const sim_time DOZE_DELAY = 1 * SIM_US; /* a core that wakes has left WFI by then */

static uint32_t *control(struct pwr *pwr, enum soc_core core)
{
    return &REG(&pwr->block, core == SOC_CM7 ? CPUCR : CPU2CR);
}

bool pwr_in_standby(struct soc *soc)
{
    return pwr_of(soc)->system_standby;
}

bool pwr_core_sleeps(struct soc *soc, enum soc_core core)
{
    return pwr_of(soc)->asleep[core];
}

/* --- Domains --- */

bool soc_core_clock_stopped(struct soc *soc, enum soc_core core)
{
    return pwr_of(soc)->stopped[core];
}

/* 7.7.7: D2 stops with the Cortex-M4, unless the other core has something in it. */
void pwr_allocation_changed(struct soc *soc)
{
    const struct pwr *pwr = pwr_of(soc);
    soc_d2_sleeps(soc, pwr->stopped[SOC_CM4] && !pwr->stopped[SOC_CM7] &&
                           !rcc_allocates(soc->rcc, SOC_CM7, SOC_CM4));
}

static void set_stopped(struct pwr *pwr, enum soc_core core, bool stopped)
{
    if (pwr->stopped[core] == stopped)
        return;
    pwr->stopped[core] = stopped;
    pwr_allocation_changed(pwr->block.soc);
}

/* Standby of a domain needs both cores' consent, and that the other uses nothing in it (7.7.9). */
static bool may_stand_by(struct pwr *pwr, enum soc_core core)
{
    uint32_t bit = core == SOC_CM7 ? PDDS_D1 : PDDS_D2;
    enum soc_core other = core == SOC_CM7 ? SOC_CM4 : SOC_CM7;
    return *control(pwr, SOC_CM7) & *control(pwr, SOC_CM4) & bit &&
           (pwr->stopped[other] || !rcc_allocates(pwr->block.soc->rcc, other, core));
}

static void clear_memory(struct pwr *pwr, struct ram *ram)
{
    bus_tell_watchers(&block_sim(&pwr->block)->bus, ram, 0, ram->size, MASTER_DEBUG);
    for (uint32_t n = 0; n < ram->size; n++)
        ram->bytes[n] = 0;
}

/* 7.7.9: a domain in DStandby has no supply. */
static void lose_domain(struct pwr *pwr, enum soc_core core)
{
    struct soc *soc = pwr->block.soc;
    struct soc_memories *m = &soc->memory;
    struct ram *lost[SOC_CORES][3] = {{&m->itcm, &m->dtcm, &m->axi_sram},
                                      {&m->sram1, &m->sram2, &m->sram3}};
    for (unsigned n = 0; n < stm32h747_row_count; n++)
        if (soc->blocks[n] && rcc_gate_in_domain(stm32h747_rows[n].gate, core))
            block_reset(soc->blocks[n]);
    for (unsigned n = 0; n < 3; n++)
        clear_memory(pwr, lost[core][n]);
}

static void enter_system_mode(struct pwr *pwr)
{
    uint32_t both = *control(pwr, SOC_CM7) & *control(pwr, SOC_CM4);
    uint32_t either = *control(pwr, SOC_CM7) | *control(pwr, SOC_CM4);
    if (either & RUN_D3)
        return;
    pwr->system_standby = (both & PDDS_ALL) == PDDS_ALL;
    pwr->system_stopped = pwr->holdable[SOC_CM7] = pwr->holdable[SOC_CM4] = true;
    rcc_system_stopped(pwr->block.soc->rcc);
}

/* 9.4.5: by an option byte CStop, or DStandby, is a mistake that resets the system. */
static bool refuse_low_power(struct pwr *pwr, enum soc_core core)
{
    if (!syscfg_resets_in_stop(pwr->block.soc, core, pwr->standby[core]))
        return false;
    pwr->refusal = core == SOC_CM7 ? RSR_LPWR1RSTF : RSR_LPWR2RSTF;
    event_in(&block_sim(&pwr->block)->events, &pwr->refused, 0);
    return true;
}

static void refused(void *ctx)
{
    struct pwr *pwr = ctx;
    soc_system_reset(pwr->block.soc, pwr->refusal);
}

static void enter_stop(struct pwr *pwr, enum soc_core core)
{
    struct soc *soc = pwr->block.soc;
    enum soc_core other = core == SOC_CM7 ? SOC_CM4 : SOC_CM7;
    set_stopped(pwr, core, true);
    pwr->standby[core] = may_stand_by(pwr, core);
    if (refuse_low_power(pwr, core))
        return;
    if (exti_wakes(soc, core)) {
        pwr_wake(soc, core);
        return;
    }
    if (pwr->standby[core])
        lose_domain(pwr, core);
    if (pwr->stopped[other])
        enter_system_mode(pwr);
}

static void leave_system_stop(struct pwr *pwr)
{
    pwr->system_stopped = false;
    *control(pwr, SOC_CM7) |= STOPF;
    *control(pwr, SOC_CM4) |= STOPF;
}

void soc_core_sleep_changed(struct soc *soc, enum soc_core core, bool asleep, bool deep)
{
    struct pwr *pwr = pwr_of(soc);
    pwr->dozing[core] = false;
    pwr->asleep[core] = asleep;
    rcc_sleep_changed(soc->rcc);
    if (asleep) {
        if (deep && !pwr->stopped[core])
            enter_stop(pwr, core);
        return;
    }
    set_stopped(pwr, core, false);
    pwr->standby[core] = pwr->holdable[core] = false;
    if (pwr->system_stopped)
        leave_system_stop(pwr);
}

/* A core whose NVIC has nothing for it stays in WFI although EXTI asked: as it still signals
 * SLEEPDEEP, its clock stops again once EXTI's request is gone (7.7.6). */
void pwr_request_gone(struct soc *soc)
{
    struct pwr *pwr = pwr_of(soc);
    for (unsigned core = 0; core < SOC_CORES; core++) {
        if (!pwr->dozing[core] || event_pending(&pwr->doze_checked) || exti_wakes(soc, core))
            continue;
        pwr->dozing[core] = false;
        soc->cores.clock_changed(soc->cores.ctx, core); /* up to here it had a clock */
        enter_stop(pwr, core);
    }
}

static void doze_checked(void *ctx)
{
    struct pwr *pwr = ctx;
    pwr_request_gone(pwr->block.soc);
}

/* Everything but the backup domain lost its supply (7.7.10). */
static void leave_system_standby(struct pwr *pwr)
{
    struct soc *soc = pwr->block.soc;
    struct ram *lost[] = {&soc->memory.itcm,  &soc->memory.dtcm,  &soc->memory.axi_sram,
                          &soc->memory.sram1, &soc->memory.sram2, &soc->memory.sram3,
                          &soc->memory.sram4};
    for (size_t n = 0; n < sizeof lost / sizeof lost[0]; n++)
        clear_memory(pwr, lost[n]);
    soc_system_reset(soc, RSR_D1RSTF | RSR_D2RSTF);
    *control(pwr, SOC_CM7) |= SBF;
    *control(pwr, SOC_CM4) |= SBF;
}

static void leave_domain_standby(struct pwr *pwr, enum soc_core core)
{
    uint32_t flag = core == SOC_CM7 ? SBF_D1 : SBF_D2;
    pwr->standby[core] = false;
    *control(pwr, SOC_CM7) |= flag;
    *control(pwr, SOC_CM4) |= flag;
    soc_core_reset(pwr->block.soc, core, core == SOC_CM7 ? RSR_D1RSTF : RSR_D2RSTF);
}

void pwr_wake(struct soc *soc, enum soc_core core)
{
    struct pwr *pwr = pwr_of(soc);
    enum soc_core other = core == SOC_CM7 ? SOC_CM4 : SOC_CM7;
    if (!pwr->stopped[core] || pwr->system_standby)
        return;
    if (pwr->system_stopped)
        leave_system_stop(pwr);
    if (pwr->holdable[core] && (*control(pwr, other) & HOLD)) {
        *control(pwr, other) |= HOLDF;
        pwr->held[core] = true;
        block_irq_core(&pwr->block, 0, other, true);
        return;
    }
    soc->cores.clock_changed(soc->cores.ctx, core); /* up to here it had none */
    set_stopped(pwr, core, false);
    pwr->holdable[core] = false;
    if (pwr->standby[core]) {
        leave_domain_standby(pwr, core);
        return;
    }
    pwr->dozing[core] = true;
    event_in(&block_sim(&pwr->block)->events, &pwr->doze_checked, DOZE_DELAY);
    /* A core in CStop by WFE goes on after any wake-up, also where the NVIC's line is closed: the
     * vendor's start-up of the M4 relies on it. A WFE may end for any reason (DDI 0403 A7.7.261). */
    soc->cores.clock_changed(soc->cores.ctx, core);
    soc->cores.event(soc->cores.ctx, core);
}

/* 7.8.5: clearing HOLDx lets the held core go; CSSF clears the flags, HOLDxF and its interrupt too. */
static void write_control(struct pwr *pwr, uint32_t offset, uint32_t value,
                          const struct block_access *access)
{
    struct block *block = &pwr->block;
    enum soc_core held = offset == CPUCR ? SOC_CM4 : SOC_CM7;
    block_store(block, offset, value, access);
    if (value & CSSF) {
        REG(block, offset) &= ~(uint32_t)(HOLDF | STOPF | SBF | SBF_D1 | SBF_D2);
        block_irq_core(block, 0, held == SOC_CM4 ? SOC_CM7 : SOC_CM4, false);
    }
    if (pwr->held[held] && !(REG(block, offset) & HOLD)) {
        pwr->held[held] = false;
        pwr_wake(block->soc, held);
    }
}

/* --- Wake-up pins --- */

enum { WAKEUP_PINS = 6, WAKEUP_LINE = 55, RTC_LINE = 17, RTC_LINES = 3 };
static const struct {
    uint8_t port, pin;
} wakeup_pins[WAKEUP_PINS] = {{0, 0}, {0, 2}, {8, 8}, {2, 13}, {8, 11}, {2, 1}};

static void wakeup_pin_changed(void *ctx, unsigned n, bool level)
{
    struct pwr *pwr = ctx;
    struct soc *soc = pwr->block.soc;
    uint32_t config = REG(&pwr->block, WKUPEPR);
    bool low_counts = config >> (8 + n) & 1;
    if (!(config >> n & 1) || level == low_counts)
        return;
    REG(&pwr->block, WKUPFR) |= 1u << n;
    wire_set(&soc->exti_line[WAKEUP_LINE + n], true);
    if (pwr->system_standby)
        leave_system_standby(pwr);
}

static void rtc_changed(void *ctx, unsigned n, bool level)
{
    struct pwr *pwr = ctx;
    (void)n;
    if (level && pwr->system_standby)
        leave_system_standby(pwr);
}

/* A pin that is at its level already when it is enabled counts as an event (7.8.10). */
static void write_wkupepr(struct pwr *pwr, uint32_t value, const struct block_access *access)
{
    struct block *block = &pwr->block;
    uint32_t before = REG(block, WKUPEPR);
    block_store(block, WKUPEPR, value, access);
    uint32_t enabled = REG(block, WKUPEPR) & ~before;
    for (unsigned n = 0; n < WAKEUP_PINS; n++)
        if (enabled >> n & 1)
            wakeup_pin_changed(
                pwr, n, block->soc->pin_level[wakeup_pins[n].port][wakeup_pins[n].pin].level);
}

static void write_wkupcr(struct pwr *pwr, uint32_t value)
{
    REG(&pwr->block, WKUPFR) &= ~value;
    for (unsigned n = 0; n < WAKEUP_PINS; n++)
        if (!(REG(&pwr->block, WKUPFR) >> n & 1))
            wire_set(&pwr->block.soc->exti_line[WAKEUP_LINE + n], false);
}

/* --- Registers --- */

static void pwr_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct pwr *pwr = (struct pwr *)block;
    switch (offset) {
    case CR3:
        pwr_write_cr3(pwr, value, access);
        return;
    case D3CR:
        pwr_write_d3cr(pwr, value, access);
        return;
    case CPUCR:
    case CPU2CR:
        write_control(pwr, offset, value, access);
        return;
    case WKUPCR:
        write_wkupcr(pwr, value);
        return;
    case WKUPEPR:
        write_wkupepr(pwr, value, access);
        return;
    case CR1:
        pwr_write_cr1(block, value, access);
        return;
    case CR2:
        pwr_write_cr2(block, value, access);
        return;
    default:
        block_store(block, offset, value, access);
    }
}

/* The wake-up pins' registers outlive Standby alone (7.8.9, 7.8.10). */
static bool pwr_survives(const struct block *block, uint32_t offset)
{
    bool standby = ((const struct pwr *)block)->system_standby;
    return offset == CR3 || offset == CR2 || offset == CPUCR || offset == CPU2CR ||
           (standby && (offset == WKUPFR || offset == WKUPEPR));
}

/* Of the cores' flags only SBF outlives a reset (7.8.5). The voltage is that of scale 3 at once: the reset
 * lasts until it is (7.8.7). */
static void pwr_reset(struct block *block)
{
    struct pwr *pwr = (struct pwr *)block;
    struct event_queue *events = &block_sim(block)->events;
    REG(block, CPUCR) &= SBF;
    REG(block, CPU2CR) &= SBF;
    for (unsigned core = 0; core < SOC_CORES; core++)
        pwr->asleep[core] = pwr->stopped[core] = pwr->standby[core] = pwr->holdable[core] =
            pwr->dozing[core] = pwr->held[core] = false;
    write_wkupcr(pwr, 0); /* whose flags fell */
    soc_d2_sleeps(block->soc, false);
    event_cancel(events, &pwr->doze_checked);
    pwr->system_stopped = pwr->system_standby = false;
    event_cancel(events, &pwr->scaled);
    event_cancel(events, &pwr->refused);
    if (block->soc->power_on)
        pwr->supply_set = pwr->supply_valid = false;
    pwr_scaled(pwr);
    pwr_monitor(block);
}

static void pwr_init(struct block *block)
{
    struct pwr *pwr = (struct pwr *)block;
    struct soc *soc = block->soc;
    soc->pwr = block;
    event_init(&pwr->scaled, "PWR voltage scaled", pwr_scaled, pwr);
    event_init(&pwr->refused, "PWR low-power reset", refused, pwr);
    event_init(&pwr->doze_checked, "PWR core stays in CStop", doze_checked, pwr);
    for (unsigned n = 0; n < WAKEUP_PINS; n++)
        wire_connect(&soc->pin_level[wakeup_pins[n].port][wakeup_pins[n].pin], wakeup_pin_changed,
                     pwr, n);
    for (unsigned n = 0; n < RTC_LINES; n++)
        wire_connect(&soc->exti_line[RTC_LINE + n], rtc_changed, pwr, n);
}

const struct block_class pwr_class = {
    .name = "PWR",
    .regs = pwr_regs,
    .reg_count = sizeof pwr_regs / sizeof pwr_regs[0],
    .size = sizeof(struct pwr),
    .init = pwr_init,
    .reset = pwr_reset,
    .survives = pwr_survives,
    .write = pwr_write,
};
