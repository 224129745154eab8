/*
 * The two groups of an ADC: RM0399 26.4.11 to 26.4.29. Sequences, discontinuous and continuous modes,
 * triggers, the injected group that interrupts the regular one, the FIFO of eight results, DMA.
 */
#include "sim/soc/adc_internal.h"
#include "sim/soc/lptim.h"
#include "sim/soc/tim.h"

/* ---- Results ---- */

static bool wants_dma(const struct unit *u)
{
    const struct adc *adc = u->adc;
    if (is_dual(adc) && REG(&adc->block, CCR) >> 14 & 3) /* DAMDF: the master asks for both */
        return u->at == 0;
    return *reg(u, CFGR) & 1; /* DMNGT 1 and 3 */
}

void adc_update_request(struct unit *u)
{
    bool level = wants_dma(u) && u->data_count && !u->dma_over && !(*reg(u, ISR) & OVR);
    block_dma(&u->adc->block, u->at / UNIT, level);
    if (is_adc3(u->adc)) /* at both multiplexers */
        block_dma(&u->adc->block, 1, level);
}

static void show_result(struct unit *u)
{
    if (u->data_count) {
        *reg(u, DR) = u->data[u->data_first];
        *reg(u, ISR) |= EOC;
    } else {
        *reg(u, ISR) &= ~(uint32_t)EOC;
    }
    adc_update_request(u);
}

void adc_forget_results(struct unit *u)
{
    u->data_count = 0;
    show_result(u);
}

/* 26.4.27: with OVRMOD the newest takes the place of what nobody took, else eight are kept. */
static void give_result(struct unit *u, uint32_t value)
{
    bool replaces = *reg(u, CFGR) & CFGR_OVRMOD;
    bool lost = u->data_count == (replaces ? 1 : DATA_DEPTH);
    if (lost)
        *reg(u, ISR) |= OVR;
    if (lost && replaces)
        u->data_count = 0;
    if (replaces || !(*reg(u, ISR) & OVR))
        u->data[(u->data_first + u->data_count++) % DATA_DEPTH] = value;
    *reg(u, ISR) |= EOSMP;
    show_result(u);
}

/* ---- Sequences ---- */

static unsigned length(const struct group *g)
{
    return g->injected ? (*reg(g->unit, JSQR) & 3) + 1 : (*reg(g->unit, SQR1) & 15) + 1;
}

static unsigned channel_at(const struct group *g)
{
    if (g->injected)
        return *reg(g->unit, JSQR) >> (9 + 6 * g->rank) & 31;
    unsigned place = g->rank + 1; /* five in each SQR, the length stands in the first */
    return *reg(g->unit, SQR1 + place / 5 * 4) >> (place % 5 * 6) & 31;
}

/* Conversions behind each trigger; 0: the whole sequence. */
static unsigned subgroup(const struct group *g)
{
    uint32_t cfgr = *reg(g->unit, CFGR);
    if (g->injected)
        return cfgr & CFGR_JDISCEN ? 1 : 0;
    if (*reg(g->unit, CFGR2) & CFGR2_TROVS)
        return 1;
    return cfgr & CFGR_DISCEN ? (cfgr >> 17 & 7) + 1 : 0;
}

/* Sampling and approximation, in half cycles (26.4.13). */
static uint64_t half_cycles(const struct group *g)
{
    static const uint16_t sampling[8] = {3, 5, 17, 33, 65, 129, 775, 1621};
    const struct unit *u = g->unit;
    unsigned channel = channel_at(g) % CHANNELS;
    uint32_t smpr = *reg(u, SMPR1 + channel / 10 * 4) >> (channel % 10 * 3) & 7;
    uint64_t samples = 1, approximation = adc_resolution(u) + 1u;
    if (*reg(u, CFGR2) & (g->injected ? CFGR2_JOVSE : CFGR2_ROVSE))
        samples = (*reg(u, CFGR2) >> 16 & 0x3ff) + 1;
    return samples * (sampling[smpr] + approximation);
}

static void begin(struct group *g)
{
    struct unit *u = g->unit;
    struct event_queue *events = &block_sim(&u->adc->block)->events;
    if (!g->injected && event_pending(&u->injected.converted)) {
        g->waits = true;
        return;
    }
    if (!g->injected && u->dma_over)
        return;
    if (g->injected && event_pending(&u->regular.converted)) {
        event_cancel(events, &u->regular.converted); /* done again from its sampling on */
        u->regular.waits = true;
    }
    sim_time time = sim_cycles_to_time(half_cycles(g), 2 * adc_clock_hz(u->adc));
    if (time != SIM_NEVER)
        event_in(events, &g->converted, time);
}

static uint32_t external(const struct group *g)
{
    return g->injected ? *reg(g->unit, JSQR) >> 7 & 3 : *reg(g->unit, CFGR) >> 10 & 3;
}

/* A sequence or a sub-group is over: without an external trigger so is the start bit. */
static void clear_start(struct group *g)
{
    struct unit *u = g->unit;
    bool continues = !g->injected && !subgroup(g) && *reg(u, CFGR) & CFGR_CONT;
    if (continues || external(g))
        return;
    uint32_t bit = g->injected ? CR_JADSTART : CR_ADSTART;
    *reg(u, CR) &= ~bit;
    if (g->injected && injects_together(u->adc) && !u->at)
        *reg(&u->adc->unit[1], CR) &= ~bit;
}

static bool is_delayed(const struct unit *u)
{
    uint32_t cfgr = *reg(u, CFGR);
    if (!(cfgr & CFGR_AUTDLY))
        return false;
    return *reg(u, ISR) & EOC || (cfgr & CFGR_JAUTO && *reg(u, ISR) & JEOS);
}

static bool goes_on(const struct group *g)
{
    const struct unit *u = g->unit;
    unsigned several = subgroup(g);
    if (several && g->rank % several == 0)
        return false;
    if (g->injected)
        return g->rank != 0;
    if (!(*reg(u, CR) & CR_ADSTART) || is_delayed(u))
        return false;
    return g->rank != 0 || (*reg(u, CFGR) & CFGR_CONT && !several);
}

static void end_sequence(struct group *g)
{
    struct unit *u = g->unit;
    g->rank = 0;
    *reg(u, ISR) |= g->injected ? JEOS : EOS;
    if (!g->injected && *reg(u, CFGR) & CFGR_JAUTO)
        begin(&u->injected);
}

/* The regular group's other half in dual mode converts at the same time. */
static void convert_slave(struct unit *master, unsigned rank)
{
    struct unit *slave = &master->adc->unit[1];
    slave->regular.rank = rank;
    give_result(slave, adc_convert(slave, channel_at(&slave->regular), false));
    if (master->regular.rank == 0) {
        slave->regular.rank = 0;
        *reg(slave, ISR) |= EOS;
    }
    if (!(*reg(master, CR) & CR_ADSTART))
        *reg(slave, CR) &= ~(uint32_t)CR_ADSTART;
}

/* Injected simultaneous mode: the slave has a channel of its own for each of the master's. */
static void convert_injected_slave(struct unit *master, unsigned rank)
{
    struct unit *slave = &master->adc->unit[1];
    struct group *g = &slave->injected;
    if (rank >= length(g))
        return;
    g->rank = rank;
    *reg(slave, JDR1 + 4 * rank) = adc_convert(slave, channel_at(g), true);
    *reg(slave, ISR) |= JEOC;
    if (rank + 1 < length(g))
        return;
    g->rank = 0;
    *reg(slave, ISR) |= JEOS;
    adc_next_context(slave);
}

static void store(struct group *g)
{
    struct unit *u = g->unit;
    uint32_t value = adc_convert(u, channel_at(g), g->injected);
    if (g->injected) {
        *reg(u, JDR1 + 4 * g->rank) = value;
        *reg(u, ISR) |= JEOC;
    } else {
        give_result(u, value);
    }
}

/* The injected group is through: the regular one takes up what was interrupted. */
static void resume_regular(struct unit *u)
{
    if (!u->regular.waits || is_delayed(u))
        return;
    u->regular.waits = false;
    begin(&u->regular);
}

static void converted(void *ctx)
{
    struct group *g = ctx;
    struct unit *u = g->unit;
    unsigned rank = g->rank, several = subgroup(g);
    store(g);
    if (++g->rank >= length(g))
        end_sequence(g);
    if (g->rank == 0 || (several && g->rank % several == 0))
        clear_start(g);
    if (!g->injected && is_dual(u->adc) && !u->at)
        convert_slave(u, rank);
    if (g->injected && injects_together(u->adc) && !u->at)
        convert_injected_slave(u, rank);
    bool more = goes_on(g);
    if (g->injected && g->rank == 0)
        adc_next_context(u);
    if (more)
        begin(g);
    else if (g->injected)
        resume_regular(u);
    adc_update(u->adc);
}

void adc_result_taken(struct unit *u)
{
    bool waited = is_delayed(u);
    if (u->data_count) {
        u->data_first = (u->data_first + 1) % DATA_DEPTH;
        u->data_count--;
    }
    show_result(u);
    if (waited && u->regular.waits)
        resume_regular(u);
    else if (waited && !event_pending(&u->regular.converted) && goes_on(&u->regular))
        begin(&u->regular);
    adc_update(u->adc);
}

void adc_injected_taken(struct unit *u)
{
    if (*reg(u, CFGR) & CFGR_AUTDLY && !event_pending(&u->injected.converted))
        resume_regular(u);
}

/* ---- Triggers (tables 214 and 215) ---- */

enum signal { NOTHING, TRGO, TRGO2, OC1, OC2, OC3, OC4, LPTIM };
enum { TRIGGERS = 32, TIMERS = 18, LPTIMS = 3, EXTI_REGULAR = 11, EXTI_INJECTED = 15 };

static const struct trigger {
    uint8_t signal, timer;
} regular_triggers[TRIGGERS] =
    {
        {OC1, 1},   {OC2, 1},          {OC3, 1},          {OC2, 2},          {TRGO, 3},
        {OC4, 4},   {NOTHING, 0},      {TRGO, 8},         {TRGO2, 8},        {TRGO, 1},
        {TRGO2, 1}, {TRGO, 2},         {TRGO, 4},         {TRGO, 6},         {TRGO, 15},
        {OC4, 3},   [18] = {LPTIM, 1}, [19] = {LPTIM, 2}, [20] = {LPTIM, 3},
},
  injected_triggers[TRIGGERS] = {
      {TRGO, 1},  {OC4, 1},          {TRGO, 2},         {OC1, 2},          {OC4, 3},
      {TRGO, 4},  {NOTHING, 0},      {OC4, 8},          {TRGO2, 1},        {TRGO, 8},
      {TRGO2, 8}, {OC3, 3},          {TRGO, 3},         {OC1, 3},          {TRGO, 6},
      {TRGO, 15}, [18] = {LPTIM, 1}, [19] = {LPTIM, 2}, [20] = {LPTIM, 3},
};
enum { EXTI_TRIGGER = 6 };

static unsigned selected(const struct group *g)
{
    return g->injected ? *reg(g->unit, JSQR) >> 2 & 31 : *reg(g->unit, CFGR) >> 5 & 31;
}

static const struct trigger *trigger_of(const struct group *g)
{
    return &(g->injected ? injected_triggers : regular_triggers)[selected(g)];
}

static bool is_armed(const struct group *g)
{
    return external(g) && *reg(g->unit, CR) & (g->injected ? CR_JADSTART : CR_ADSTART);
}

/* Alternate trigger mode: the master's triggers go to both in turn. */
static struct group *whose_turn(struct group *g)
{
    struct adc *adc = g->unit->adc;
    if (!g->injected || !injects_in_turn(adc))
        return g;
    struct unit *unit = &adc->unit[adc->slaves_turn];
    adc->slaves_turn = !adc->slaves_turn;
    return &unit->injected;
}

static void trigger_group(struct group *g, bool level)
{
    bool edge = external(g) & (level ? 1 : 2);
    if (!edge || !is_armed(g) || is_led(g))
        return;
    g = whose_turn(g);
    if (!event_pending(&g->converted) && !g->waits)
        begin(g);
}

/* `source`: the timer and, above it, the signal; or EXTI_TRIGGER alone for one of the pins. */
static void triggered(void *ctx, unsigned source, bool level)
{
    struct adc *adc = ctx;
    for (unsigned n = 0; n < 2 * adc->units; n++) {
        struct group *g = n % 2 ? &adc->unit[n / 2].injected : &adc->unit[n / 2].regular;
        const struct trigger *trigger = trigger_of(g);
        if (trigger->signal && source == (trigger->signal * 32u | trigger->timer))
            trigger_group(g, level);
    }
}

static void pin_changed(void *ctx, unsigned line, bool level)
{
    struct adc *adc = ctx;
    for (unsigned n = 0; n < adc->units; n++) {
        struct unit *u = &adc->unit[n];
        struct group *g = line == EXTI_REGULAR ? &u->regular : &u->injected;
        if (selected(g) == EXTI_TRIGGER)
            trigger_group(g, level);
    }
}

/* Timers make their triggers' edges for those that listen only. */
void adc_listen(struct adc *adc)
{
    bool wanted[TIMERS] = {false};
    for (unsigned n = 0; n < 2 * adc->units; n++) {
        const struct group *g = n % 2 ? &adc->unit[n / 2].injected : &adc->unit[n / 2].regular;
        bool by_timer = is_armed(g) && trigger_of(g)->signal != LPTIM;
        wanted[by_timer ? trigger_of(g)->timer : 0] = true;
    }
    for (unsigned timer = 1; timer < TIMERS; timer++)
        tim_want_trigger(adc->block.soc, timer, adc, wanted[timer]);
}

static void connect_table(struct adc *adc, const struct trigger *table, bool *known)
{
    for (unsigned n = 0; n < TRIGGERS; n++) {
        unsigned source = table[n].signal * 32u | table[n].timer;
        if (table[n].signal < OC1 || table[n].signal == LPTIM || known[source])
            continue;
        known[source] = true;
        struct wire *output = tim_output(adc->block.soc, table[n].timer, table[n].signal - TRGO2);
        if (output)
            wire_connect(output, triggered, adc, source);
    }
}

void adc_connect_triggers(struct adc *adc)
{
    struct soc *soc = adc->block.soc;
    bool known[256] = {false};
    for (unsigned timer = 1; timer < TIMERS; timer++)
        tim_hear_trigger(soc, timer, triggered, adc, TRGO * 32u | timer);
    tim_hear_trigger2(soc, 1, triggered, adc, TRGO2 * 32u | 1);
    tim_hear_trigger2(soc, 8, triggered, adc, TRGO2 * 32u | 8);
    for (unsigned n = 1; n <= LPTIMS; n++)
        lptim_hear_output(soc, n, triggered, adc, LPTIM * 32u | n);
    connect_table(adc, regular_triggers, known);
    connect_table(adc, injected_triggers, known);
    wire_connect(&soc->exti_line[EXTI_REGULAR], pin_changed, adc, EXTI_REGULAR);
    wire_connect(&soc->exti_line[EXTI_INJECTED], pin_changed, adc, EXTI_INJECTED);
}

/* ---- Control ---- */

static void complain_of_trigger(const struct group *g)
{
    const struct unit *u = g->unit;
    if (external(g) && !trigger_of(g)->signal && selected(g) != EXTI_TRIGGER)
        block_complain(&u->adc->block, COMPLAINT_UNMODELLED, 0x2000 + u->at,
                       "ADC%u: triggers by HRTIM are not modelled", adc_number(u));
}

void adc_start_group(struct group *g)
{
    complain_of_trigger(g);
    if (!subgroup(g))
        g->rank = 0;
    if (!external(g) && !(g->injected && adc_lacks_context(g->unit)))
        begin(g);
}

void adc_stop_group(struct group *g)
{
    event_cancel(&block_sim(&g->unit->adc->block)->events, &g->converted);
    g->rank = 0;
    g->waits = false;
    if (g->injected)
        resume_regular(g->unit);
}

void adc_init_group(struct group *g, struct unit *unit, bool injected)
{
    *g = (struct group){.unit = unit, .injected = injected};
    event_init(&g->converted, "ADC conversion", converted, g);
}
