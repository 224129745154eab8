/* What moves a low-power timer from outside: RM0399 45.4.3, 45.4.7 to 45.4.9, 45.4.12, 45.4.15; and its output at pins. */
#include "sim/soc/gpio.h"
#include "sim/soc/lptim_internal.h"

enum { A, B, C, D, E, F, G, H };
enum role { IN1, IN2, ETR, OUT };

/* Data sheet DS12930, tables "port A to H alternate functions". */
static const struct {
    uint8_t port, pin, function, timer, role;
} pins[] = {
    {D, 12, 1, 1, IN1}, {G, 12, 1, 1, IN1}, {E, 1, 1, 1, IN2},  {G, 11, 1, 1, IN2},
    {H, 2, 1, 1, IN2},  {E, 0, 1, 1, ETR},  {G, 14, 1, 1, ETR}, {D, 13, 1, 1, OUT},
    {G, 13, 1, 1, OUT}, {B, 10, 3, 2, IN1}, {D, 12, 3, 2, IN1}, {D, 11, 3, 2, IN2},
    {B, 11, 3, 2, ETR}, {E, 0, 3, 2, ETR},  {B, 13, 3, 2, OUT}, {D, 13, 3, 2, OUT},
    {A, 1, 3, 3, OUT},  {A, 2, 3, 4, OUT},  {A, 3, 3, 5, OUT},
};
enum { PINS = sizeof pins / sizeof pins[0] };

/* The first timers take the RTC's and the comparators' signals, the others their sisters' outputs: by TRIGSEL, 0 is
 * none (tables 375 to 379). */
static const uint8_t sisters[LPTIMS + 1][8] = {
    [3] = {2, 0, 4, 5},
    [4] = {2, 3, 0, 5},
    [5] = {2, 3, 4},
};

struct lptim *lptim_find(struct soc *soc, unsigned instance)
{
    static const char *const names[LPTIMS + 1] = {NULL,     "LPTIM1", "LPTIM2",
                                                  "LPTIM3", "LPTIM4", "LPTIM5"};
    return (struct lptim *)soc_block(soc, names[instance]);
}

static unsigned number(const struct lptim *t)
{
    return t->block.row->instance;
}

static uint32_t cfgr(const struct lptim *t)
{
    return REG(&t->block, CFGR);
}

static bool is_enabled(const struct lptim *t)
{
    return REG(&t->block, CR) & CR_ENABLE;
}

/* ---- Triggers ---- */

/* One that comes while the counter runs restarts it with TIMOUT, and is nothing without. */
static void trigger(struct lptim *t, bool level)
{
    if (!is_enabled(t) || !(cfgr(t) >> 17 & (level ? 1 : 2)))
        return;
    lptim_sync(t);
    bool over = t->run == STOPPED && t->set_once;
    enum run run = t->run != STOPPED ? t->run : t->armed;
    if (run == STOPPED || over || (t->run != STOPPED && !(cfgr(t) & CFGR_TIMOUT)))
        return;
    REG(&t->block, ISR) |= ISR_EXTTRIG;
    lptim_run(t, run);
    lptim_settle(t);
}

static unsigned trigger_source(const struct lptim *t)
{
    return cfgr(t) >> 13 & 7;
}

/* ---- Inputs ---- */

/* Table 386; up and down between 0 and ARR. */
static void turn(struct lptim *t, unsigned n, bool level)
{
    bool down = (level == t->input[1 - n]) == (n == 0);
    if (down != t->down)
        REG(&t->block, ISR) |= down ? ISR_DOWN : ISR_UP;
    t->down = down;
    if (down)
        t->count = t->count ? t->count - 1 : t->reload;
    else
        t->count = t->count < t->reload ? t->count + 1 : 0;
    if (t->count == t->compare)
        REG(&t->block, ISR) |= ISR_CMPM;
    if (t->count == t->reload)
        REG(&t->block, ISR) |= ISR_ARRM;
}

/* CKPOL: rising, falling, both. */
static bool is_active(const struct lptim *t, bool level)
{
    unsigned polarity = cfgr(t) >> 1 & 3;
    return polarity >= 2 || level == (polarity == 0);
}

/* 45.4.12: as its clock, the first five edges of Input1 are lost; the prescaler divides that. */
static void edge(struct lptim *t, unsigned n, bool level)
{
    enum { LOST = 5 };
    if (!is_enabled(t) || !lptim_counts_edges(t) || !is_active(t, level))
        return;
    if (cfgr(t) & CFGR_ENC) {
        if (t->run == FOREVER)
            turn(t, n, level);
    } else if (n == 0) {
        t->edges++;
        bool lost = cfgr(t) & CFGR_CKSEL && t->edges <= LOST;
        if (t->run != STOPPED && !lost && t->edges % tick_cycles(t) == 0)
            lptim_count(t, 1);
    }
    lptim_settle(t);
}

static void set_input(struct lptim *t, unsigned n, bool level)
{
    if (t->input[n] == level)
        return;
    t->input[n] = level;
    edge(t, n, level);
}

/* CFGR2: 0 is the pin. */
static unsigned input_source(const struct lptim *t, unsigned n)
{
    return REG(&t->block, CFGR2) >> (4 * n) & 3;
}

/* ---- Signals ---- */

static void comparator_changed(struct lptim *t, unsigned which, bool level)
{
    if (number(t) == 1 && input_source(t, which) == 1)
        set_input(t, which, level);
    if (number(t) == 2 && input_source(t, 0) == which + 1)
        set_input(t, 0, level);
    if (number(t) == 2 && which == 1 && input_source(t, 1) == 1)
        set_input(t, 1, level);
}

void lptim_signal(struct soc *soc, enum lptim_signal signal, bool level)
{
    for (unsigned n = 1; n <= 2; n++) {
        struct lptim *t = lptim_find(soc, n);
        if (!t)
            continue;
        if (trigger_source(t) == (unsigned)signal + 1)
            trigger(t, level);
        if (signal >= LPTIM_COMP1)
            comparator_changed(t, signal - LPTIM_COMP1, level);
    }
}

static bool hears(const struct lptim *t, const struct lptim *sister)
{
    return is_enabled(t) && cfgr(t) & CFGR_TRIGEN && sisters[number(t)][trigger_source(t)] &&
           sisters[number(t)][trigger_source(t)] == number(sister);
}

/* ---- Pins ---- */

static bool is_selected(const struct soc *soc, unsigned n)
{
    return gpio_function(soc, pins[n].port, pins[n].pin) == pins[n].function;
}

bool lptim_output_observed(const struct lptim *t)
{
    if (number(t) <= 3) /* DMAMUX1, ADC, DAC */
        return true;
    for (unsigned n = 0; n < PINS; n++)
        if (pins[n].timer == number(t) && pins[n].role == OUT && is_selected(t->block.soc, n))
            return true;
    for (unsigned n = 3; n <= LPTIMS; n++)
        if (t->all[n] && hears(t->all[n], t))
            return true;
    return false;
}

void lptim_output_changed(struct lptim *t)
{
    struct soc *soc = t->block.soc;
    wire_set(&t->heard, t->wave);
    for (unsigned n = 0; n < PINS; n++)
        if (pins[n].timer == number(t) && pins[n].role == OUT && is_selected(soc, n))
            gpio_pin_changed(soc, pins[n].port, pins[n].pin);
    for (unsigned n = 3; n <= LPTIMS; n++) {
        if (t->all[n] && hears(t->all[n], t))
            trigger(t->all[n], t->wave);
    }
}

void lptim_hear_output(struct soc *soc, unsigned instance, wire_sink sink, void *ctx,
                       unsigned index)
{
    struct lptim *t = lptim_find(soc, instance);
    if (t)
        wire_connect(&t->heard, sink, ctx, index);
}

int lptim_pin_level(struct soc *soc, unsigned port, unsigned pin, unsigned function)
{
    for (unsigned n = 0; n < PINS; n++) {
        if (pins[n].port != port || pins[n].pin != pin || pins[n].function != function)
            continue;
        struct lptim *t = pins[n].role == OUT ? lptim_find(soc, pins[n].timer) : NULL;
        return t ? t->wave : -1;
    }
    return -1;
}

static void pin_changed(void *ctx, unsigned n, bool level)
{
    struct lptim *t = ctx;
    if (!is_selected(t->block.soc, n))
        return;
    if (pins[n].role == ETR) {
        if (t->etr != level && number(t) <= 2 && !trigger_source(t))
            trigger(t, level);
        t->etr = level;
    } else if (!input_source(t, pins[n].role)) {
        set_input(t, pins[n].role, level);
    }
}

void lptim_init_inputs(struct lptim *t)
{
    for (unsigned n = 1; n <= LPTIMS; n++)
        t->all[n] = lptim_find(t->block.soc, n);
    for (unsigned n = 0; n < PINS; n++)
        if (pins[n].timer == number(t) && pins[n].role != OUT)
            wire_connect(&t->block.soc->pin_level[pins[n].port][pins[n].pin], pin_changed, t, n);
}
