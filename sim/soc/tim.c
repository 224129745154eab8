/*
 * TIM1 to TIM17 (RM0399 chapters 38 to 42): advanced, general-purpose and basic timers, one class;
 * the row's instance tells which features there are.
 *
 * Nothing happens per tick. The counter's place is worked out from board time whenever somebody
 * looks (sync()); an event is pending only for the next instant that somebody must be told of: an
 * enabled interrupt or DMA request, an output that is listened to, a trigger that a slave takes.
 */
#include "sim/soc/tim.h"

#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/dmamux.h"

enum { CHANNELS = 6, INPUTS = 4, SLAVES_MAX = 8, LISTENERS_MAX = 4, SKIP_AFTER = 600 };

enum {
    CR1 = 0x00,
    CR2 = 0x04,
    SMCR = 0x08,
    DIER = 0x0c,
    SR = 0x10,
    EGR = 0x14,
    CCMR1 = 0x18,
    CCMR2 = 0x1c,
    CCER = 0x20,
    CNT = 0x24,
    PSC = 0x28,
    ARR = 0x2c,
    RCR = 0x30,
    CCR1 = 0x34,
    BDTR = 0x44,
    DCR = 0x48,
    DMAR = 0x4c,
    CCMR3 = 0x54,
    CCR5 = 0x58,
    AF1 = 0x60,
    AF2 = 0x64,
    TISEL = 0x68,
};

enum {
    CR1_CEN = 1 << 0,
    CR1_UDIS = 1 << 1,
    CR1_URS = 1 << 2,
    CR1_OPM = 1 << 3,
    CR1_DIR = 1 << 4,
    CR1_CMS = 3 << 5,
    CR1_ARPE = 1 << 7,
    CR1_UIFREMAP = 1 << 11,
    CR2_CCDS = 1 << 3,
    SMCR_ECE = 1 << 14,
    DIER_DMA_SHIFT = 8, /* of a flag's DMA enable over its place in SR */
    SR_UIF = 1 << 0,
    SR_CC1IF = 1 << 1,
    SR_COMIF = 1 << 5,
    SR_TIF = 1 << 6,
    SR_BIF = 1 << 7,
    SR_B2IF = 1 << 8,
    SR_CC1OF = 1 << 9,
    SR_CC5IF = 1 << 16,
    SR_CAPTURES = 0x1e, /* CC1IF to CC4IF */
    SR_FLAGS = 0x33fff,
    BDTR_MOE = 1 << 15,
};

enum slave_mode {
    ENCODER1 = 1,
    ENCODER2,
    ENCODER3,
    RESET,
    GATED,
    TRIGGER,
    EXTERNAL,
    RESET_TRIGGER
};
enum { DMA_UP = 4, DMA_TRIG = 5, DMA_COM = 6 };

static const struct reg tim_regs[] = {
    {CR1, "CR1", 0, 0xbff, 0, 0},
    {CR2, "CR2", 0, 0x00f5fffd, 0, 0},
    {SMCR, "SMCR", 0, 0x0031fff7, 0, 0},
    {DIER, "DIER", 0, 0x7fff, 0, 0},
    {SR, "SR", 0, 0, 0, 0},
    {EGR, "EGR", 0, 0, 0, 0},
    {CCMR1, "CCMR1", 0, 0x0101ffff, 0, 0},
    {CCMR2, "CCMR2", 0, 0x0101ffff, 0, 0},
    {CCER, "CCER", 0, 0x0033ffff, 0, 0},
    {CNT, "CNT", 0, 0xffffffff, 0, 0},
    {PSC, "PSC", 0, 0xffff, 0, 0},
    {ARR, "ARR", 0xffff, 0xffffffff, 0, 0},
    {RCR, "RCR", 0, 0xffff, 0, 0},
    {CCR1, "CCR%u", 0, 0xffffffff, 4, 4},
    {BDTR, "BDTR", 0, 0x03ffffff, 0, 0},
    {DCR, "DCR", 0, 0x1f1f, 0, 0},
    {DMAR, "DMAR", 0, 0, 0, 0},
    {CCMR3, "CCMR3", 0, 0x0101fcfc, 0, 0},
    {CCR5, "CCR5", 0, 0xe000ffff, 0, 0},
    {CCR5 + 4, "CCR6", 0, 0xffff, 0, 0},
    {AF1, "AF1", 0, 0x0003cf07, 0, 0},
    {AF2, "AF2", 0, 0x0f07, 0, 0},
    {TISEL, "TISEL", 0, 0x0f0f0f0f, 0, 0},
};

struct tim {
    struct block block;
    struct event event;
    uint32_t mask; /* 0xffff or 0xffffffff */
    /* Counting: `counted` ticks were worked out since `epoch`, at the active prescaler. */
    sim_time epoch;
    uint64_t counted;
    uint64_t hz;
    uint32_t count;
    bool down;
    bool gate;          /* gated mode: the trigger is high */
    uint32_t prescaler; /* active (shadow) values */
    uint32_t reload, compare[CHANNELS];
    uint32_t repetitions;    /* left until the next update event */
    uint32_t external_edges; /* prescaler's place when clocked from outside */
    bool ref[CHANNELS];      /* OCxREF of the modes that remember */
    struct wire output[CHANNELS];
    bool input[INPUTS];
    unsigned edges[INPUTS]; /* of the capture prescaler */
    unsigned burst;         /* transfers of the DMA burst so far */
    bool trigger_level;     /* TRGO */
    struct tim *masters[4], *slaves[SLAVES_MAX];
    struct wire trigger;                  /* TRGO for blocks that are no timers */
    const void *listeners[LISTENERS_MAX]; /* those that want it */
};

/* Tables "internal trigger connection" of each chapter; TIM13, 14, 16 and 17 put out their OC1. */
static const uint8_t internal_triggers[18][4] = {
    [1] = {15, 2, 3, 4}, [2] = {1, 8, 3, 4}, [3] = {1, 2, 15, 4},   [4] = {1, 2, 3, 8},
    [5] = {1, 8, 3, 4},  [8] = {1, 2, 4, 5}, [12] = {4, 5, 13, 14}, [15] = {1, 3, 16, 17},
};

static struct tim *find(struct soc *soc, unsigned instance)
{
    static const char *const names[18] = {NULL,    "TIM1",  "TIM2",  "TIM3",  "TIM4",  "TIM5",
                                          "TIM6",  "TIM7",  "TIM8",  NULL,    NULL,    NULL,
                                          "TIM12", "TIM13", "TIM14", "TIM15", "TIM16", "TIM17"};
    return instance < 18 && names[instance] ? (struct tim *)soc_block(soc, names[instance]) : NULL;
}

static unsigned instance(const struct tim *t)
{
    return t->block.row->instance;
}

static bool has_break(const struct tim *t)
{
    return instance(t) == 1 || instance(t) == 8 || instance(t) >= 15;
}

static bool basic(const struct tim *t)
{
    return instance(t) == 6 || instance(t) == 7;
}

static bool counts_down_too(const struct tim *t)
{
    return instance(t) <= 5 || instance(t) == 8;
}

static uint32_t cr1(const struct tim *t)
{
    return REG(&t->block, CR1);
}

static bool centred(const struct tim *t)
{
    return cr1(t) & CR1_CMS;
}

static unsigned slave_mode(const struct tim *t)
{
    uint32_t smcr = REG(&t->block, SMCR);
    return (smcr & 7) | (smcr >> 13 & 8);
}

static unsigned trigger_source(const struct tim *t)
{
    uint32_t smcr = REG(&t->block, SMCR);
    return (smcr >> 4 & 7) | (smcr >> 17 & 0x18);
}

static bool clocked_by_time(const struct tim *t)
{
    unsigned mode = slave_mode(t);
    if (!(cr1(t) & CR1_CEN) || mode == EXTERNAL || (mode >= ENCODER1 && mode <= ENCODER3))
        return false;
    return mode != GATED || t->gate;
}

/* Channels. Channel n is 0 to 5. */

static uint32_t ccmr(const struct tim *t, unsigned n)
{
    uint32_t reg = REG(&t->block, n < 4 ? CCMR1 + n / 2 * 4 : CCMR3);
    return n % 2 ? reg >> 8 : reg;
}

static bool is_capture(const struct tim *t, unsigned n)
{
    return n < 4 && ccmr(t, n) & 3;
}

static unsigned compare_mode(const struct tim *t, unsigned n)
{
    uint32_t reg = ccmr(t, n);
    return (reg >> 4 & 7) | (reg >> 13 & 8);
}

static uint32_t *ccr(struct tim *t, unsigned n)
{
    return &REG(&t->block, n < 4 ? CCR1 + 4 * n : CCR5 + 4 * (n - 4));
}

static uint32_t channel_flag(unsigned n)
{
    return n < 4 ? (uint32_t)SR_CC1IF << n : (uint32_t)SR_CC5IF << (n - 4);
}

static bool reference(const struct tim *t, unsigned n)
{
    bool below = t->down ? t->count <= t->compare[n] : t->count < t->compare[n];
    switch (compare_mode(t, n)) {
    case 4:
        return false;
    case 5:
        return true;
    case 6:
    case 12:
        return below;
    case 7:
    case 13:
        return !below;
    default:
        return t->ref[n];
    }
}

static void matched_output(struct tim *t, unsigned n)
{
    unsigned mode = compare_mode(t, n);
    if (mode == 1 || mode == 2)
        t->ref[n] = mode == 1;
    else if (mode == 3)
        t->ref[n] = !t->ref[n];
}

/* An output that is switched on, and not released by the break circuit. */
static bool drives(const struct tim *t, unsigned n)
{
    bool released = has_break(t) && !(REG(&t->block, BDTR) & BDTR_MOE);
    return REG(&t->block, CCER) >> (4 * n) & 1 && !released && !is_capture(t, n);
}

static void update_outputs(struct tim *t)
{
    for (unsigned n = 0; n < CHANNELS; n++) {
        bool inverted = REG(&t->block, CCER) >> (4 * n + 1) & 1;
        if (t->output[n].sink_count && !is_capture(t, n))
            wire_set(&t->output[n], drives(t, n) && reference(t, n) != inverted);
    }
}

/* Interrupts and DMA requests. */

static void update_irq(struct tim *t)
{
    uint32_t sr = REG(&t->block, SR);
    uint32_t pending = sr & REG(&t->block, DIER) & 0xff;
    if (sr & SR_B2IF && REG(&t->block, DIER) & SR_BIF)
        pending |= SR_BIF;
    if (!t->block.row->irq[1]) {
        block_irq(&t->block, 0, pending != 0);
        return;
    }
    block_irq(&t->block, 0, pending & SR_BIF);
    block_irq(&t->block, 1, pending & SR_UIF);
    block_irq(&t->block, 2, pending & (SR_TIF | SR_COMIF));
    block_irq(&t->block, 3, pending & SR_CAPTURES);
}

static const uint8_t request_enable[7] = {9, 10, 11, 12, 8, 14, 13};

/* DMA output n (CC1 to CC4, UP, TRIG, COM) by its enable in DIER. */
static void request(struct tim *t, unsigned n)
{
    if (REG(&t->block, DIER) >> request_enable[n] & 1)
        block_dma(&t->block, n, true);
}

/* Requests whose enable has gone. */
static void drop_requests(struct tim *t)
{
    for (unsigned n = 0; n < 7; n++)
        if (!(REG(&t->block, DIER) >> request_enable[n] & 1))
            block_dma(&t->block, n, false);
}

/* Triggers to other timers. */

static void trigger_edge(struct tim *t, bool level);
static void schedule(struct tim *t);
static void sync(struct tim *t);

static unsigned master_mode(const struct tim *t)
{
    if (instance(t) >= 13 && instance(t) != 15)
        return 4; /* no TRGO: OC1 goes out */
    return REG(&t->block, CR2) >> 4 & 7;
}

static bool takes_trigger(const struct tim *slave, const struct tim *master)
{
    unsigned source = trigger_source(slave);
    bool used = slave_mode(slave) || REG(&slave->block, DIER) & (SR_TIF | SR_TIF << DIER_DMA_SHIFT);
    return used && source < 4 && slave->masters[source] == master;
}

static bool trigger_observed(const struct tim *t)
{
    if (instance(t) == 12)
        return true; /* DMAMUX1 */
    for (unsigned n = 0; n < LISTENERS_MAX; n++)
        if (t->listeners[n])
            return true;
    for (unsigned n = 0; n < SLAVES_MAX && t->slaves[n]; n++)
        if (takes_trigger(t->slaves[n], t))
            return true;
    return false;
}

static void set_trigger(struct tim *t, bool level)
{
    if (t->trigger_level == level)
        return;
    t->trigger_level = level;
    if (instance(t) == 12)
        dmamux_trigger(t->block.soc, 0, DMAMUX1_TIM12_TRGO, level);
    wire_set(&t->trigger, level);
    for (unsigned n = 0; n < SLAVES_MAX && t->slaves[n]; n++)
        if (takes_trigger(t->slaves[n], t))
            trigger_edge(t->slaves[n], level);
}

static void pulse_trigger(struct tim *t, unsigned mode)
{
    if (master_mode(t) != mode)
        return;
    set_trigger(t, true);
    set_trigger(t, false);
}

static void update_trigger_level(struct tim *t)
{
    unsigned mode = master_mode(t);
    if (mode == 1)
        set_trigger(t, cr1(t) & CR1_CEN);
    else if (mode >= 4)
        set_trigger(t, reference(t, mode - 4));
}

/* Updates. */

static uint64_t tick_length(const struct tim *t)
{
    return (uint64_t)t->prescaler + 1;
}

/* When the tick after `ticks` more is over. */
static sim_time tick_time(const struct tim *t, uint64_t ticks)
{
    unsigned __int128 cycles = (unsigned __int128)(t->counted + ticks) * tick_length(t);
    return t->epoch + (sim_time)((cycles * SIM_S + t->hz - 1) / t->hz);
}

static void rebase(struct tim *t, sim_time now)
{
    t->epoch = now;
    t->counted = 0;
    t->hz = block_kernel_hz(&t->block);
}

static void load_shadows(struct tim *t)
{
    uint32_t prescaler = REG(&t->block, PSC) & 0xffff;
    if (prescaler != t->prescaler) {
        if (clocked_by_time(t) && t->hz)
            rebase(t, tick_time(t, 0));
        t->prescaler = prescaler;
    }
    t->reload = REG(&t->block, ARR) & t->mask;
    for (unsigned n = 0; n < CHANNELS; n++)
        if (!is_capture(t, n))
            t->compare[n] = *ccr(t, n) & t->mask;
    t->repetitions = REG(&t->block, RCR);
}

/* An update event (38.3.2): shadows load, UIF and the DMA request rise. */
static void update_event(struct tim *t, bool flag)
{
    if (cr1(t) & CR1_UDIS)
        return;
    load_shadows(t);
    if (flag) {
        REG(&t->block, SR) |= SR_UIF;
        request(t, DMA_UP);
        if (REG(&t->block, CR2) & CR2_CCDS)
            for (unsigned n = 0; n < 4; n++)
                request(t, n);
    }
    pulse_trigger(t, 2);
}

static void stop(struct tim *t)
{
    REG(&t->block, CR1) &= ~(uint32_t)CR1_CEN;
    update_trigger_level(t);
}

/* The counter has come to its end: over, under, or the turn of centre-aligned counting. */
static void end_of_count(struct tim *t)
{
    if (t->repetitions) {
        t->repetitions--;
        return;
    }
    update_event(t, true);
    if (cr1(t) & CR1_OPM)
        stop(t);
}

/* Compare matches. */

static void match(struct tim *t, unsigned n)
{
    unsigned when = cr1(t) >> 5 & 3;
    matched_output(t, n);
    if (when && when != 3 && (when == 1) != t->down)
        return;
    REG(&t->block, SR) |= channel_flag(n);
    if (n < 4 && !(REG(&t->block, CR2) & CR2_CCDS))
        request(t, n);
    if (n == 0)
        pulse_trigger(t, 3);
}

/* The counter goes from one value to another without reaching its end; `from` is excluded. */
static void move(struct tim *t, uint32_t ticks)
{
    uint32_t from = t->count;
    t->count = t->down ? from - ticks : from + ticks;
    for (unsigned n = 0; n < CHANNELS && !basic(t); n++) {
        uint32_t value = t->compare[n];
        bool passed =
            t->down ? value < from && value >= t->count : value > from && value <= t->count;
        if (passed && !is_capture(t, n))
            match(t, n);
    }
}

/* The value that the end of counting leads to, and those that lie beyond it: a compare value over
 * ARR matches at the overflow (38.3.9). */
static void arrive(struct tim *t, uint32_t value)
{
    bool overflow = !centred(t) || value;
    t->count = value;
    for (unsigned n = 0; n < CHANNELS && !basic(t); n++)
        if (!is_capture(t, n) &&
            (t->compare[n] == value || (overflow && t->compare[n] > t->reload)))
            match(t, n);
}

static uint64_t ticks_to_end(const struct tim *t)
{
    if (centred(t)) {
        if (t->down)
            return t->count ? t->count : 1;
        return t->count < t->reload ? t->reload - t->count : 1;
    }
    if (t->down)
        return (uint64_t)t->count + 1;
    return (t->count <= t->reload ? t->reload - t->count : t->mask - t->count) + 1ull;
}

static void pass_end(struct tim *t)
{
    uint64_t ticks = ticks_to_end(t);
    move(t, (uint32_t)(ticks - 1));
    if (centred(t)) {
        t->down = !t->down;
        arrive(t, t->down ? t->reload : 0);
        end_of_count(t);
    } else {
        bool down = t->down;
        end_of_count(t);
        arrive(t, down ? t->reload : 0);
    }
}

/* Whole cycles at once, when so many have gone by that no flag is left to be set. */
static uint64_t skip(struct tim *t, uint64_t ticks)
{
    uint64_t cycle = centred(t) ? 2ull * t->reload : t->reload + 1ull;
    cycle *= (uint64_t)REG(&t->block, RCR) + 1;
    uint64_t skipped = cycle ? ticks / cycle * cycle : ticks;
    t->counted += skipped;
    return ticks - skipped;
}

/* Counts `ticks`; 0 in ARR blocks the counter. */
static void count(struct tim *t, uint64_t ticks)
{
    for (unsigned ends = 0; ticks && t->reload && cr1(t) & CR1_CEN; ends++) {
        uint64_t to_end = ticks_to_end(t);
        if (ends == SKIP_AFTER) {
            ticks = skip(t, ticks);
            continue;
        }
        if (ticks < to_end) {
            t->counted += ticks;
            move(t, (uint32_t)ticks);
            return;
        }
        t->counted += to_end;
        pass_end(t);
        ticks -= to_end;
    }
    t->counted += ticks;
}

static void sync(struct tim *t)
{
    if (!clocked_by_time(t) || !t->hz)
        return;
    sim_time now = sim_now(block_sim(&t->block));
    /* The prescaler may change at an update in between, so that ticks change their length. */
    while (clocked_by_time(t) && t->epoch <= now) {
        unsigned __int128 cycles = (unsigned __int128)(now - t->epoch) * t->hz / SIM_S;
        uint64_t ticks = (uint64_t)(cycles / tick_length(t)) - t->counted;
        uint64_t to_end = ticks_to_end(t);
        bool changes =
            t->prescaler != (REG(&t->block, PSC) & 0xffff) && t->reload && !(cr1(t) & CR1_UDIS);
        if (!changes || ticks <= to_end) {
            count(t, ticks);
            return;
        }
        count(t, to_end);
    }
}

/* What must be told, and when. */

static bool match_matters(const struct tim *t, unsigned n)
{
    uint32_t enabled = REG(&t->block, DIER), flag = channel_flag(n);
    unsigned mode = master_mode(t);
    bool trigger = (mode == 3 && n == 0) || (mode >= 4 && n == mode - 4);
    return (enabled & flag & SR_CAPTURES && !(REG(&t->block, SR) & flag)) ||
           (n < 4 && enabled >> DIER_DMA_SHIFT & flag) ||
           (t->output[n].sink_count && drives(t, n)) || (trigger && trigger_observed(t));
}

static bool end_matters(const struct tim *t)
{
    uint32_t enabled = REG(&t->block, DIER), ccds = REG(&t->block, CR2) & CR2_CCDS;
    uint32_t dma = enabled >> DIER_DMA_SHIFT & (SR_UIF | (ccds ? (uint32_t)SR_CAPTURES : 0));
    if ((enabled & SR_UIF && !(REG(&t->block, SR) & SR_UIF)) || dma)
        return true;
    for (unsigned n = 0; n < CHANNELS; n++)
        if (!is_capture(t, n) && match_matters(t, n))
            return true; /* PWM edges, matches at the turn */
    unsigned mode = master_mode(t);
    return (mode == 1 || mode == 2) && trigger_observed(t);
}

/* Ticks until the compare value is reached before the end of counting; 0: it is not. */
static uint64_t ticks_to_match(const struct tim *t, unsigned n)
{
    uint32_t value = t->compare[n];
    if (t->down)
        return value < t->count ? t->count - value : 0;
    return value > t->count && value <= t->reload ? value - t->count : 0;
}

static void schedule(struct tim *t)
{
    struct event_queue *events = &block_sim(&t->block)->events;
    event_cancel(events, &t->event);
    if (!clocked_by_time(t) || !t->hz || !t->reload || !end_matters(t))
        return;
    uint64_t next = ticks_to_end(t);
    for (unsigned n = 0; n < CHANNELS; n++) {
        if (is_capture(t, n) || !match_matters(t, n))
            continue;
        uint64_t ticks = ticks_to_match(t, n);
        /* PWM while counting down changes one tick after the match. */
        if (ticks && ticks < next)
            next = ticks;
    }
    event_at(events, &t->event, tick_time(t, next));
}

static void settle(struct tim *t)
{
    update_outputs(t);
    update_trigger_level(t);
    update_irq(t);
    schedule(t);
}

static void tick(void *ctx)
{
    struct tim *t = ctx;
    sync(t);
    settle(t);
}

/* Being triggered: inputs, capture, slave modes. */

static void reinitialise(struct tim *t)
{
    t->down = !centred(t) && cr1(t) & CR1_DIR;
    rebase(t, sim_now(block_sim(&t->block)));
    t->external_edges = 0;
    update_event(t, !(cr1(t) & CR1_URS));
    t->count = t->down ? REG(&t->block, ARR) & t->mask : 0;
    t->repetitions = REG(&t->block, RCR);
}

static void start(struct tim *t)
{
    if (cr1(t) & CR1_CEN)
        return;
    REG(&t->block, CR1) |= CR1_CEN;
    rebase(t, sim_now(block_sim(&t->block)));
    update_trigger_level(t);
}

static void external_clock(struct tim *t)
{
    if (!(cr1(t) & CR1_CEN) || t->external_edges++ < t->prescaler)
        return;
    t->external_edges = 0;
    count(t, 1);
}

static void capture(struct tim *t, unsigned n)
{
    static const uint8_t every[4] = {1, 2, 4, 8};
    if (!(REG(&t->block, CCER) >> (4 * n) & 1) || ++t->edges[n] < every[ccmr(t, n) >> 2 & 3])
        return;
    t->edges[n] = 0;
    *ccr(t, n) = t->count;
    uint32_t flag = channel_flag(n);
    if (REG(&t->block, SR) & flag)
        REG(&t->block, SR) |= (uint32_t)SR_CC1OF << n;
    REG(&t->block, SR) |= flag;
    request(t, n);
    if (n == 0)
        pulse_trigger(t, 3);
}

static void trigger_edge(struct tim *t, bool level)
{
    sync(t);
    unsigned mode = slave_mode(t);
    if (mode == GATED && t->gate != level) {
        t->gate = level;
        rebase(t, sim_now(block_sim(&t->block)));
    }
    if (level || mode == GATED) {
        REG(&t->block, SR) |= SR_TIF;
        request(t, DMA_TRIG);
    }
    if (level) {
        if (mode == RESET || mode == RESET_TRIGGER)
            reinitialise(t);
        if (mode == TRIGGER || mode == RESET_TRIGGER)
            start(t);
        if (mode == EXTERNAL)
            external_clock(t);
    }
    for (unsigned n = 0; n < INPUTS; n++)
        if (level && (ccmr(t, n) & 3) == 3)
            capture(t, n); /* TRC */
    settle(t);
}

/* Encoder modes (38.3.18): the other input's level tells the direction. */
static void encoder_edge(struct tim *t, unsigned n, bool level)
{
    unsigned mode = slave_mode(t);
    if ((mode == ENCODER1 && n != 0) || (mode == ENCODER2 && n != 1))
        return;
    uint32_t ccer = REG(&t->block, CCER);
    bool inverted = (ccer >> 1 & 1) != (ccer >> 5 & 1);
    t->down = ((level == t->input[1 - n]) == (n == 0)) != inverted;
    REG(&t->block, CR1) = (cr1(t) & ~(uint32_t)CR1_DIR) | (t->down ? (uint32_t)CR1_DIR : 0);
    if (cr1(t) & CR1_CEN)
        count(t, 1);
}

/* CCxP and CCxNP: rising, falling, both. */
static bool edge_selected(const struct tim *t, unsigned n, bool level)
{
    unsigned polarity = REG(&t->block, CCER) >> (4 * n + 1) & 5;
    return polarity == 5 || level == (polarity == 0);
}

static void input_changed(struct tim *t, unsigned n, bool level)
{
    unsigned mode = slave_mode(t), source = trigger_source(t);
    if (mode >= ENCODER1 && mode <= ENCODER3 && n < 2)
        encoder_edge(t, n, level);
    for (unsigned channel = n & ~1u; channel < (n & ~1u) + 2; channel++) {
        unsigned selected = ccmr(t, channel) & 3;
        bool mine = selected == (channel == n ? 1u : 2u);
        if (mine && edge_selected(t, channel, level))
            capture(t, channel);
    }
    if (source == 4 && n == 0) {
        trigger_edge(t, true); /* TI1F_ED: either edge */
        trigger_edge(t, false);
    } else if (source == 5 + n && n < 2) {
        trigger_edge(t, edge_selected(t, n, level));
    }
}

void tim_input(struct soc *soc, unsigned number, unsigned channel, bool level)
{
    struct tim *t = find(soc, number);
    if (!t || channel - 1 >= INPUTS || t->input[channel - 1] == level)
        return;
    sync(t);
    t->input[channel - 1] = level;
    input_changed(t, channel - 1, level);
    settle(t);
}

struct wire *tim_output(struct soc *soc, unsigned number, unsigned channel)
{
    struct tim *t = find(soc, number);
    return t && channel - 1 < 4 ? &t->output[channel - 1] : NULL;
}

bool tim_drives(struct soc *soc, unsigned number, unsigned channel)
{
    const struct tim *t = find(soc, number);
    return t && channel - 1 < 4 && drives(t, channel - 1);
}

void tim_hear_trigger(struct soc *soc, unsigned number, wire_sink sink, void *ctx, unsigned index)
{
    struct tim *t = find(soc, number);
    if (t)
        wire_connect(&t->trigger, sink, ctx, index);
}

/* The place in `listeners` that holds `who`; LISTENERS_MAX: none does. */
static unsigned listener(const struct tim *t, const void *who)
{
    unsigned n = 0;
    while (n < LISTENERS_MAX && t->listeners[n] != who)
        n++;
    return n;
}

void tim_want_trigger(struct soc *soc, unsigned number, const void *who, bool wanted)
{
    struct tim *t = find(soc, number);
    if (!t || (listener(t, who) < LISTENERS_MAX) == wanted)
        return;
    sync(t); /* up to here nobody heard */
    unsigned place = listener(t, wanted ? NULL : who);
    if (place < LISTENERS_MAX)
        t->listeners[place] = wanted ? who : NULL;
    schedule(t);
}

/* Registers. */

static void write_cr1(struct tim *t, uint32_t value)
{
    uint32_t mask = counts_down_too(t) ? 0xbff : 0xb8f;
    bool was = cr1(t) & CR1_CEN;
    if (centred(t) && value & CR1_CMS) /* DIR is read-only then */
        value = (value & ~(uint32_t)CR1_DIR) | (t->down ? (uint32_t)CR1_DIR : 0);
    REG(&t->block, CR1) = value & mask;
    t->down = cr1(t) & CR1_DIR;
    if (!was && cr1(t) & CR1_CEN)
        rebase(t, sim_now(block_sim(&t->block)));
}

static void generate(struct tim *t, uint32_t egr)
{
    if (egr & 1) {
        reinitialise(t);
        pulse_trigger(t, 0);
    }
    for (unsigned n = 0; n < 4; n++) {
        if (!(egr >> (n + 1) & 1))
            continue;
        if (is_capture(t, n)) {
            t->edges[n] = 8;
            capture(t, n);
        } else {
            REG(&t->block, SR) |= channel_flag(n);
            request(t, n);
        }
    }
    REG(&t->block, SR) |= egr & (SR_COMIF | SR_TIF | (has_break(t) ? SR_BIF | SR_B2IF : 0u));
    if (egr & SR_COMIF)
        request(t, DMA_COM);
    if (egr & SR_TIF)
        request(t, DMA_TRIG);
    if (egr & (SR_BIF | SR_B2IF))
        REG(&t->block, BDTR) &= ~(uint32_t)BDTR_MOE;
}

static void write_compare(struct tim *t, unsigned n)
{
    bool preload = ccmr(t, n) & 8;
    if (!is_capture(t, n) && !(preload && cr1(t) & CR1_CEN))
        t->compare[n] = *ccr(t, n) & t->mask;
}

static uint32_t *burst_register(struct tim *t)
{
    uint32_t dcr = REG(&t->block, DCR), index = (dcr & 31) + t->burst;
    t->burst = t->burst >= (dcr >> 8 & 31) ? 0 : t->burst + 1;
    return index < 32 && t->block.reg_at[index] ? &t->block.regs[index] : NULL;
}

static void store(struct tim *t, uint32_t offset, uint32_t merged)
{
    struct block *block = &t->block;
    REG(block, offset) =
        merged & (block->reg_at[offset / 4] ? block->reg_at[offset / 4]->writable : 0);
}

static void write_register(struct tim *t, uint32_t offset, uint32_t merged);

static void write_dmar(struct tim *t, uint32_t value)
{
    uint32_t *reg = burst_register(t);
    if (reg && reg != &REG(&t->block, DMAR))
        write_register(t, (uint32_t)(reg - t->block.regs) * 4, value);
}

static void write_modes(struct tim *t, uint32_t offset, uint32_t merged)
{
    store(t, offset, merged);
    for (unsigned n = 0; n < CHANNELS; n++)
        write_compare(t, n);
}

static void write_register(struct tim *t, uint32_t offset, uint32_t merged)
{
    switch (offset) {
    case CR1:
        write_cr1(t, merged);
        break;
    case SR:
        REG(&t->block, SR) &= merged; /* rc_w0 */
        break;
    case EGR:
        generate(t, merged);
        break;
    case CNT:
        t->count = merged & t->mask;
        break;
    case ARR:
        store(t, offset, merged & t->mask);
        if (!(cr1(t) & CR1_ARPE))
            t->reload = merged & t->mask;
        break;
    case CCMR1:
    case CCMR2:
    case CCMR3:
        write_modes(t, offset, merged);
        break;
    case DMAR:
        write_dmar(t, merged);
        break;
    default:
        if (offset >= CCR1 && offset < CCR1 + 16)
            merged &= t->mask;
        store(t, offset, merged);
        if (offset >= CCR1 && offset < CCR1 + 16)
            write_compare(t, (offset - CCR1) / 4);
        else if (offset == CCR5 || offset == CCR5 + 4)
            write_compare(t, 4 + (offset - CCR5) / 4);
    }
}

static void tim_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct tim *t = (struct tim *)block;
    sync(t);
    uint32_t merged = block_merge(block, offset, value, access);
    if (offset == CNT)
        merged = (t->count & ~access->lanes) | (value & access->lanes);
    else if (offset == EGR || offset == DMAR)
        merged = value;
    else if (offset == SR)
        merged = value | ~access->lanes;
    write_register(t, offset, merged);
    if (offset == SMCR && slave_mode(t) == GATED && trigger_source(t) < 4 &&
        t->masters[trigger_source(t)])
        t->gate = t->masters[trigger_source(t)]->trigger_level;
    settle(t);
    if (offset != SMCR && offset != DIER)
        return;
    if (REG(block, SMCR) & SMCR_ECE || (slave_mode(t) && trigger_source(t) >= 7))
        block_complain(block, COMPLAINT_UNMODELLED, SMCR,
                       "%s: the external trigger input and internal triggers from ITR4 on "
                       "(SMCR.ECE, TS) are not modelled",
                       block->row->name);
    drop_requests(t);
    /* Whoever triggers this timer may have to make events of its triggers from now on. */
    for (unsigned n = 0; n < 4; n++) {
        if (!t->masters[n])
            continue;
        sync(t->masters[n]);
        schedule(t->masters[n]);
    }
}

static uint32_t read_register(struct tim *t, uint32_t offset)
{
    uint32_t value = REG(&t->block, offset);
    if (offset == CNT) {
        bool copy = cr1(t) & CR1_UIFREMAP && REG(&t->block, SR) & SR_UIF;
        value = copy ? (t->count & 0x7fffffff) | 1u << 31 : t->count;
    } else if (offset == CR1 && centred(t)) {
        value = (value & ~(uint32_t)CR1_DIR) | (t->down ? (uint32_t)CR1_DIR : 0);
    } else if (offset >= CCR1 && offset < CCR1 + 16 && is_capture(t, (offset - CCR1) / 4)) {
        REG(&t->block, SR) &= ~channel_flag((offset - CCR1) / 4);
    } else if (offset == EGR) {
        value = 0;
    }
    return value;
}

static uint32_t tim_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct tim *t = (struct tim *)block;
    (void)access;
    sync(t);
    uint32_t value;
    if (offset == DMAR) {
        uint32_t *reg = burst_register(t);
        value = reg ? read_register(t, (uint32_t)(reg - block->regs) * 4) : 0;
    } else {
        value = read_register(t, offset);
    }
    settle(t);
    return value;
}

/* The request falls when served; in a burst by DMAR, when all of it is (38.3.28). */
static void tim_dma_served(struct block *block, unsigned n)
{
    struct tim *t = (struct tim *)block;
    if (!t->burst)
        block_dma(block, n, false);
}

static void tim_clock_changed(struct block *block)
{
    struct tim *t = (struct tim *)block;
    if (t->hz == block_kernel_hz(block))
        return;
    sync(t); /* by the old clock, up to now */
    rebase(t, sim_now(block_sim(block)));
    settle(t);
}

static void tim_init(struct block *block)
{
    struct tim *t = (struct tim *)block;
    event_init(&t->event, block->row->name, tick, t);
    t->mask = instance(t) == 2 || instance(t) == 5 ? 0xffffffff : 0xffff;
    for (unsigned n = 0; n < 4; n++) {
        struct tim *master = find(block->soc, internal_triggers[instance(t)][n]);
        t->masters[n] = master;
        for (unsigned k = 0; master && k < SLAVES_MAX; k++) {
            if (master->slaves[k])
                continue;
            master->slaves[k] = t;
            break;
        }
    }
}

static void tim_reset(struct block *block)
{
    struct tim *t = (struct tim *)block;
    REG(block, ARR) = t->mask;
    event_cancel(&block_sim(block)->events, &t->event);
    t->count = t->prescaler = t->repetitions = t->external_edges = t->burst = 0;
    t->down = t->gate = t->trigger_level = false;
    t->reload = t->mask;
    for (unsigned n = 0; n < CHANNELS; n++) {
        t->compare[n] = 0;
        t->ref[n] = false;
        wire_set(&t->output[n], false);
    }
    for (unsigned n = 0; n < INPUTS; n++)
        t->edges[n] = 0;
    for (unsigned n = 0; n < 7; n++)
        block_dma(block, n, false);
    rebase(t, sim_now(block_sim(block)));
    update_irq(t);
}

const struct block_class tim_class = {
    .name = "TIM",
    .regs = tim_regs,
    .reg_count = sizeof tim_regs / sizeof tim_regs[0],
    .size = sizeof(struct tim),
    .init = tim_init,
    .reset = tim_reset,
    .read = tim_read,
    .write = tim_write,
    .dma_served = tim_dma_served,
    .clock_changed = tim_clock_changed,
};
