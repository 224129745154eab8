/*
 * LPTIM1 to LPTIM5 (RM0399 chapter 45): a 16-bit up-counter on its own clock or an input's edges, one compare value.
 * As with TIM, the count is worked out from board time when somebody looks. Triggers, inputs and the encoder are in
 * lptim_input.c. Not modelled: glitch filters, SAI's frames as inputs.
 */
#include "sim/soc/classes.h"
#include "sim/soc/dmamux.h"
#include "sim/soc/lptim_internal.h"

static const struct reg lptim_regs[] = {
    {ISR, "ISR", 0, 0, 0, 0},        {ICR, "ICR", 0, 0, 0, 0},
    {IER, "IER", 0, 0x7f, 0, 0},     {CFGR, "CFGR", 0, 0x01feeedf, 0, 0},
    {CR, "CR", 0, 0x1f, 0, 0},       {CMP, "CMP", 0, 0xffff, 0, 0},
    {ARR, "ARR", 1, 0xffff, 0, 0},   {CNT, "CNT", 0, 0, 0, 0},
    {CFGR2, "CFGR2", 0, 0x33, 0, 0},
};

static void rebase(struct lptim *t)
{
    t->epoch = sim_now(block_sim(&t->block));
    t->counted = 0;
    t->hz = block_kernel_hz(&t->block);
}

static void update(struct lptim *t)
{
    bool level = REG(&t->block, ISR) & REG(&t->block, IER) & ISR_FLAGS;
    block_irq(&t->block, 0, level);
    block_exti(&t->block, 0, level);
    /* The output rises at the compare match and falls at the reload (45.4.10). */
    bool set = t->run == STOPPED ? t->set_once : t->count >= t->compare;
    bool wave = set != ((REG(&t->block, CFGR) & CFGR_WAVPOL) != 0);
    unsigned number = t->block.row->instance;
    if (number <= 3)
        dmamux_trigger(t->block.soc, 0, DMAMUX1_LPTIM1_OUT + number - 1, wave);
    if (number == 2 || number == 3)
        dmamux_trigger(t->block.soc, 1, number == 2 ? DMAMUX2_LPTIM2_OUT : DMAMUX2_LPTIM3_OUT,
                       wave);
    if (wave == t->wave)
        return;
    t->wave = wave;
    lptim_output_changed(t);
}

static void load_shadows(struct lptim *t)
{
    t->compare = REG(&t->block, CMP);
    t->reload = REG(&t->block, ARR);
}

/* Whole rounds of the counter, and the rest. */
void lptim_count(struct lptim *t, uint64_t ticks)
{
    uint64_t end = t->count + ticks, round = t->reload + 1ull;
    if (t->compare > t->count && end >= t->compare && t->compare <= t->reload)
        REG(&t->block, ISR) |= ISR_CMPM;
    if (end >= t->reload && t->count < t->reload)
        REG(&t->block, ISR) |= ISR_ARRM;
    if (end < round) {
        t->count = (uint32_t)end;
        return;
    }
    load_shadows(t);
    if (t->run == ONCE) {
        t->run = STOPPED;
        t->count = 0;
        t->set_once = REG(&t->block, CFGR) & CFGR_WAVE;
        if (!(REG(&t->block, CFGR) & CFGR_TRIGEN) || t->set_once)
            REG(&t->block, CR) &= ~(uint32_t)CR_SNGSTRT;
        return;
    }
    uint64_t rest = end - round;
    round = t->reload + 1ull;
    if (rest >= t->compare && t->compare <= t->reload)
        REG(&t->block, ISR) |= ISR_CMPM;
    if (rest >= t->reload)
        REG(&t->block, ISR) |= ISR_ARRM;
    t->count = (uint32_t)(rest % round);
}

void lptim_sync(struct lptim *t)
{
    if (t->run == STOPPED || !t->hz || lptim_counts_edges(t))
        return;
    sim_time passed = sim_now(block_sim(&t->block)) - t->epoch;
    unsigned __int128 cycles = (unsigned __int128)passed * t->hz / SIM_S;
    uint64_t ticks = (uint64_t)cycles / tick_cycles(t) - t->counted;
    t->counted += ticks;
    if (ticks)
        lptim_count(t, ticks);
}

static void schedule(struct lptim *t)
{
    struct event_queue *events = &block_sim(&t->block)->events;
    uint32_t wanted = REG(&t->block, IER) & ~REG(&t->block, ISR) & (ISR_CMPM | ISR_ARRM);
    event_cancel(events, &t->event);
    if (t->run == STOPPED || !t->hz || lptim_counts_edges(t))
        return;
    if (!wanted && !lptim_output_observed(t))
        return;
    uint64_t ticks = t->reload > t->count ? t->reload - t->count : 1;
    if (t->compare > t->count && t->compare - t->count < ticks)
        ticks = t->compare - t->count;
    uint64_t cycles = (t->counted + ticks) * tick_cycles(t);
    event_at(events, &t->event, t->epoch + sim_cycles_to_time(cycles, t->hz));
}

void lptim_settle(struct lptim *t)
{
    update(t);
    schedule(t);
}

static void due(void *ctx)
{
    struct lptim *t = ctx;
    lptim_sync(t);
    lptim_settle(t);
}

void lptim_run(struct lptim *t, enum run run)
{
    t->count = 0;
    t->set_once = false;
    load_shadows(t);
    rebase(t);
    t->run = run;
}

/* SNGSTRT or CNTSTRT: starts, waits for a trigger, or changes how a running counter ends (45.4.8). */
static void start(struct lptim *t, uint32_t value)
{
    enum run run = value & CR_CNTSTRT ? FOREVER : ONCE;
    t->armed = REG(&t->block, CFGR) & CFGR_TRIGEN ? run : STOPPED;
    if (t->run != STOPPED)
        t->run = run;
    else if (t->armed == STOPPED)
        lptim_run(t, run);
}

static void write_cr(struct lptim *t, uint32_t value)
{
    uint32_t before = REG(&t->block, CR);
    if (!(value & CR_ENABLE)) {
        REG(&t->block, CR) = 0;
        t->run = t->armed = STOPPED;
        t->count = t->edges = 0;
        t->down = false;
        t->set_once = t->resets_by_read = false;
        return;
    }
    uint32_t starts = before & CR_ENABLE ? value & (CR_SNGSTRT | CR_CNTSTRT) : 0;
    REG(&t->block, CR) = CR_ENABLE | starts;
    t->resets_by_read = before & CR_ENABLE && value & CR_RSTARE;
    if (starts & ~before) /* starting needs ENABLE from before (45.7.5) */
        start(t, starts & ~before);
    if (value & CR_COUNTRST) {
        t->count = 0;
        rebase(t);
    }
}

/* CMP and ARR are taken over once they have crossed to the kernel clock, at once here. */
static void write_value(struct lptim *t, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    if (!(REG(&t->block, CR) & CR_ENABLE))
        return;
    block_store(&t->block, offset, value, access);
    REG(&t->block, ISR) |= offset == CMP ? ISR_CMPOK : ISR_ARROK;
    if (!(REG(&t->block, CFGR) & CFGR_PRELOAD))
        load_shadows(t);
}

static void lptim_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct lptim *t = (struct lptim *)block;
    bool enabled = REG(block, CR) & CR_ENABLE;
    lptim_sync(t);
    switch (offset) {
    case ICR:
        REG(block, ISR) &= ~(value & ISR_FLAGS);
        break;
    case IER:
    case CFGR:
    case CFGR2:
        if (!enabled)
            block_store(block, offset, value, access);
        break;
    case CR:
        write_cr(t, block_merge(block, offset, value, access));
        break;
    case CMP:
    case ARR:
        write_value(t, offset, value, access);
        break;
    }
    lptim_settle(t);
}

static uint32_t lptim_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct lptim *t = (struct lptim *)block;
    (void)access;
    lptim_sync(t);
    uint32_t value = offset == CNT ? t->count : offset == ICR ? 0 : REG(block, offset);
    if (offset == CNT && t->resets_by_read) {
        t->count = 0;
        rebase(t);
    }
    lptim_settle(t);
    return value;
}

static void lptim_clock_changed(struct block *block)
{
    struct lptim *t = (struct lptim *)block;
    if (t->hz == block_kernel_hz(block))
        return;
    lptim_sync(t);
    rebase(t);
    schedule(t);
}

static void lptim_init(struct block *block)
{
    struct lptim *t = (struct lptim *)block;
    event_init(&t->event, block->row->name, due, t);
    lptim_init_inputs(t);
}

static void lptim_reset(struct block *block)
{
    struct lptim *t = (struct lptim *)block;
    event_cancel(&block_sim(block)->events, &t->event);
    t->run = t->armed = STOPPED;
    t->count = t->edges = 0;
    t->set_once = t->resets_by_read = t->down = false;
    load_shadows(t);
    rebase(t);
    update(t);
}

const struct block_class lptim_class = {
    .name = "LPTIM",
    .regs = lptim_regs,
    .reg_count = sizeof lptim_regs / sizeof lptim_regs[0],
    .size = sizeof(struct lptim),
    .init = lptim_init,
    .reset = lptim_reset,
    .read = lptim_read,
    .write = lptim_write,
    .clock_changed = lptim_clock_changed,
};
