/*
 * WWDG1 (the M7's) and WWDG2 (the M4's) (RM0399 chapter 47): a 7-bit down-counter on the APB clock
 * that resets when it falls below 0x40, or is written while it is above the window.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum { CR = 0x00, CFR = 0x04, SR = 0x08 };

enum {
    CR_T = 0x7f,
    CR_WDGA = 1 << 7,
    CFR_W = 0x7f,
    CFR_EWI = 1 << 9,
    SR_EWIF = 1 << 0,
    LAST = 0x40, /* the value of the early wake-up; below it comes the reset */
    APB_DIVIDER = 4096,
    RCC_GCR = 0xa0,
};

static const struct reg wwdg_regs[] = {
    {CR, "CR", 0x7f, 0xff, 0, 0},
    {CFR, "CFR", 0x7f, 0x3a7f, 0, 0},
    {SR, "SR", 0, 0, 0, 0},
};

struct wwdg {
    struct block block;
    struct event step; /* to LAST, and from there to the reset */
    sim_time base;     /* when the counter had CR.T's value… */
    uint64_t hz;       /* …and the clock that it counts since then; 0: it stands still */
};

static bool active(const struct wwdg *w)
{
    return REG(&w->block, CR) & CR_WDGA;
}

static uint64_t tick_cycles(const struct wwdg *w)
{
    return (uint64_t)APB_DIVIDER << (REG(&w->block, CFR) >> 11 & 7);
}

static uint32_t counter(const struct wwdg *w)
{
    uint32_t start = REG(&w->block, CR) & CR_T;
    if (!active(w))
        return start;
    sim_time passed = sim_now(block_sim(&w->block)) - w->base;
    unsigned __int128 cycles = (unsigned __int128)passed * w->hz / SIM_S;
    uint64_t ticks = (uint64_t)cycles / tick_cycles(w);
    return ticks < start ? start - (uint32_t)ticks : 0;
}

static void update_irq(struct wwdg *w)
{
    block_irq(&w->block, 0, REG(&w->block, SR) & SR_EWIF && REG(&w->block, CFR) & CFR_EWI);
}

/* RCC_GCR.WW1RSC and WW2RSC: the whole system, or the core alone (9.7.36). */
static void bite(struct wwdg *w)
{
    struct soc *soc = w->block.soc;
    unsigned number = w->block.row->instance;
    uint32_t cause = number == 1 ? RSR_WWDG1RSTF : RSR_WWDG2RSTF;
    if (REG(soc->rcc, RCC_GCR) >> (number - 1) & 1) {
        soc_system_reset(soc, cause);
    } else {
        block_reset(&w->block);
        block_exti(&w->block, 1, true); /* the other core hears of it: EXTI lines 82 and 84 */
        block_exti(&w->block, 1, false);
        soc_core_reset(soc, number == 1 ? SOC_CM7 : SOC_CM4, cause);
    }
}

static void schedule(struct wwdg *w)
{
    struct event_queue *events = &block_sim(&w->block)->events;
    uint32_t start = REG(&w->block, CR) & CR_T, now = counter(w);
    event_cancel(events, &w->step);
    if (!active(w))
        return;
    uint32_t ticks = start - (now > LAST ? LAST : LAST - 1);
    sim_time time = sim_cycles_to_time(ticks * tick_cycles(w), w->hz);
    if (time != SIM_NEVER)
        event_at(events, &w->step, w->base + time);
}

static void step(void *ctx)
{
    struct wwdg *w = ctx;
    if (counter(w) < LAST) {
        bite(w);
        return;
    }
    REG(&w->block, SR) |= SR_EWIF;
    update_irq(w);
    schedule(w);
}

/* The counter goes on from CR.T. */
static void count_from_here(struct wwdg *w)
{
    w->base = sim_now(block_sim(&w->block));
    w->hz = block_bus_hz(&w->block);
    schedule(w);
}

static void wwdg_clock_changed(struct block *block)
{
    struct wwdg *w = (struct wwdg *)block;
    if (w->hz == block_bus_hz(block))
        return;
    REG(block, CR) = (REG(block, CR) & CR_WDGA) | counter(w);
    count_from_here(w);
}

static void write_cr(struct wwdg *w, uint32_t value)
{
    bool early = active(w) && counter(w) > (REG(&w->block, CFR) & CFR_W);
    REG(&w->block, CR) = (value & (CR_T | CR_WDGA)) | (REG(&w->block, CR) & CR_WDGA);
    if (active(w) && (early || !(value & LAST)))
        bite(w);
    else
        count_from_here(w);
}

static void write_cfr(struct wwdg *w, uint32_t value, const struct block_access *access)
{
    uint32_t sticky = REG(&w->block, CFR) & CFR_EWI, now = counter(w);
    block_store(&w->block, CFR, value, access);
    REG(&w->block, CFR) |= sticky; /* cleared by a reset alone */
    REG(&w->block, CR) = (REG(&w->block, CR) & CR_WDGA) | now;
    count_from_here(w);
}

static void wwdg_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct wwdg *w = (struct wwdg *)block;
    if (offset == CR)
        write_cr(w, block_merge(block, offset, value, access));
    else if (offset == CFR)
        write_cfr(w, value, access);
    else
        REG(block, SR) &= value | ~access->lanes;
    update_irq(w);
}

static uint32_t wwdg_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct wwdg *w = (struct wwdg *)block;
    (void)access;
    return offset == CR ? (REG(block, CR) & CR_WDGA) | counter(w) : REG(block, offset);
}

static void wwdg_init(struct block *block)
{
    event_init(&((struct wwdg *)block)->step, block->row->name, step, block);
}

static void wwdg_reset(struct block *block)
{
    event_cancel(&block_sim(block)->events, &((struct wwdg *)block)->step);
}

const struct block_class wwdg_class = {
    .name = "WWDG",
    .regs = wwdg_regs,
    .reg_count = sizeof wwdg_regs / sizeof wwdg_regs[0],
    .size = sizeof(struct wwdg),
    .init = wwdg_init,
    .reset = wwdg_reset,
    .read = wwdg_read,
    .write = wwdg_write,
    .clock_changed = wwdg_clock_changed,
};
