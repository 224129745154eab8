/*
 * ADC1 and ADC2 with what they share, and ADC3: RM0399 chapter 27. Power-up, calibration, regular and
 * injected groups by software or by a timer's trigger, discontinuous and continuous modes, overrun,
 * oversampling, offsets, watchdogs, DMA, dual mode of the regular groups. Not modelled: differential
 * inputs (read as single-ended), triggers by compare outputs, DFSDM, dual injected modes.
 */
#include "sim/soc/adc.h"
#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/tim.h"

enum {
    ISR = 0x00,
    IER = 0x04,
    CR = 0x08,
    CFGR = 0x0c,
    CFGR2 = 0x10,
    SMPR1 = 0x14,
    PCSEL = 0x1c,
    LTR1 = 0x20,
    HTR1 = 0x24,
    SQR1 = 0x30,
    DR = 0x40,
    JSQR = 0x4c,
    OFR1 = 0x60,
    JDR1 = 0x80,
    AWD2CR = 0xa0,
    LTR2 = 0xb0,
    HTR2 = 0xb4,
    LTR3 = 0xb8,
    HTR3 = 0xbc,
    DIFSEL = 0xc0,
    CALFACT = 0xc4,
    CALFACT2 = 0xc8,
    UNIT = 0x100, /* from ADC1 to ADC2 */
    CSR = 0x300,
    CCR = 0x308,
    CDR = 0x30c,
    CDR2 = 0x310,
};

enum {
    ADRDY = 1 << 0,
    EOSMP = 1 << 1,
    EOC = 1 << 2,
    EOS = 1 << 3,
    OVR = 1 << 4,
    JEOC = 1 << 5,
    JEOS = 1 << 6,
    AWD1 = 1 << 7,
    FLAGS = 0x7ff,
    LDORDY = 1 << 12,
    CR_ADEN = 1 << 0,
    CR_ADDIS = 1 << 1,
    CR_ADSTART = 1 << 2,
    CR_JADSTART = 1 << 3,
    CR_ADSTP = 1 << 4,
    CR_JADSTP = 1 << 5,
    CR_LINEAR = 1 << 16,
    CR_LINCALRDY = 0x3f << 22,
    CR_ADVREGEN = 1 << 28,
    CR_DEEPPWD = 1 << 29,
    CR_PLAIN = 0x3fc10300 | CR_ADVREGEN | CR_DEEPPWD, /* bits that keep what is written */
    CFGR_OVRMOD = 1 << 12,
    CFGR_CONT = 1 << 13,
    CFGR_AUTDLY = 1 << 14,
    CFGR_DISCEN = 1 << 16,
    CFGR_AWD1SGL = 1 << 22,
    CFGR_AWD1EN = 1 << 23,
    CFGR_JAWD1EN = 1 << 24,
    CFGR_JAUTO = 1 << 25,
    CFGR2_ROVSE = 1 << 0,
    CFGR2_JOVSE = 1 << 1,
    CCR_VREFEN = 1 << 22,
    CCR_VSENSEEN = 1 << 23,
    CCR_VBATEN = 1 << 24,
};
#define CR_ADCAL 0x80000000u

#define UNIT_REGS(units)                                                                           \
    {ISR, "ISR", 0, 0, units, UNIT}, {IER, "IER", 0, FLAGS, units, UNIT},                          \
        {CR, "CR", CR_DEEPPWD, 0, units, UNIT},                                                    \
        {CFGR, "CFGR", 0x80000000u, 0xffffffff, units, UNIT},                                      \
        {CFGR2, "CFGR2", 0, 0xf3ff07e3, units, UNIT},                                              \
        {SMPR1, "SMPR1", 0, 0x3fffffff, units, UNIT},                                              \
        {SMPR1 + 4, "SMPR2", 0, 0x3fffffff, units, UNIT},                                          \
        {PCSEL, "PCSEL", 0, 0xfffff, units, UNIT}, {LTR1, "LTR1", 0, 0x3ffffff, units, UNIT},      \
        {HTR1, "HTR1", 0x3ffffff, 0x3ffffff, units, UNIT},                                         \
        {SQR1, "SQR1", 0, 0x1f7df7cf, units, UNIT},                                                \
        {SQR1 + 4, "SQR2", 0, 0x1f7df7df, units, UNIT},                                            \
        {SQR1 + 8, "SQR3", 0, 0x1f7df7df, units, UNIT},                                            \
        {SQR1 + 12, "SQR4", 0, 0x7df, units, UNIT}, {DR, "DR", 0, 0, units, UNIT},                 \
        {JSQR, "JSQR", 0, 0xfbefbfff, units, UNIT}, {OFR1, "OFR1", 0, 0xffffffff, units, UNIT},    \
        {OFR1 + 4, "OFR2", 0, 0xffffffff, units, UNIT},                                            \
        {OFR1 + 8, "OFR3", 0, 0xffffffff, units, UNIT},                                            \
        {OFR1 + 12, "OFR4", 0, 0xffffffff, units, UNIT}, {JDR1, "JDR1", 0, 0, units, UNIT},        \
        {JDR1 + 4, "JDR2", 0, 0, units, UNIT}, {JDR1 + 8, "JDR3", 0, 0, units, UNIT},              \
        {JDR1 + 12, "JDR4", 0, 0, units, UNIT}, {AWD2CR, "AWD2CR", 0, 0xfffff, units, UNIT},       \
        {AWD2CR + 4, "AWD3CR", 0, 0xfffff, units, UNIT},                                           \
        {LTR2, "LTR2", 0, 0x3ffffff, units, UNIT},                                                 \
        {HTR2, "HTR2", 0x3ffffff, 0x3ffffff, units, UNIT},                                         \
        {LTR3, "LTR3", 0, 0x3ffffff, units, UNIT},                                                 \
        {HTR3, "HTR3", 0x3ffffff, 0x3ffffff, units, UNIT},                                         \
        {DIFSEL, "DIFSEL", 0, 0xfffff, units, UNIT},                                               \
        {CALFACT, "CALFACT", 0, 0x07ff07ff, units, UNIT},                                          \
        {CALFACT2, "CALFACT2", 0, 0x3fffffff, units, UNIT}, {CSR, "CSR", 0, 0, 0, 0},              \
        {CCR, "CCR", 0, 0x01ffcf1f, 0, 0}, {CDR, "CDR", 0, 0, 0, 0},                               \
    {                                                                                              \
        CDR2, "CDR2", 0, 0, 0, 0                                                                   \
    }

static const struct reg adc12_regs[] = {UNIT_REGS(2)};
static const struct reg adc3_regs[] = {UNIT_REGS(0)};

enum { UNITS = 2, CHANNELS = 20, TEMPERATURE = 18, VREFINT = 19, VBAT = 17 };

/* A sequence of conversions: the regular or the injected one. */
struct group {
    struct unit *unit;
    struct event converted;
    unsigned rank;
    bool injected;
};

struct unit {
    struct adc *adc;
    uint32_t at; /* its registers' offset in the block */
    struct event settled;
    struct group regular, injected;
    bool ready_next; /* settled: the unit becomes ready; else its calibration ends */
    uint32_t millivolts[CHANNELS];
};

struct adc {
    struct block block;
    unsigned units;
    struct unit unit[UNITS];
};

static uint32_t *reg(const struct unit *u, uint32_t offset)
{
    return &REG(&u->adc->block, u->at + offset);
}

static bool is_adc3(const struct adc *adc)
{
    return adc->units == 1;
}

/* ---- Interrupts and DMA requests ---- */

static void update(struct adc *adc)
{
    uint32_t pending = 0;
    for (unsigned n = 0; n < adc->units; n++)
        pending |= *reg(&adc->unit[n], ISR) & *reg(&adc->unit[n], IER);
    block_irq(&adc->block, 0, pending & FLAGS);
}

static bool is_dual(const struct adc *adc)
{
    return adc->units == 2 && REG(&adc->block, CCR) & 0x1f;
}

static bool wants_dma(const struct unit *u)
{
    const struct adc *adc = u->adc;
    if (is_dual(adc) && REG(&adc->block, CCR) >> 14 & 3) /* DAMDF: the master asks for both */
        return u->at == 0;
    return *reg(u, CFGR) & 1; /* DMNGT 1 and 3 */
}

static void request(struct unit *u, bool level)
{
    block_dma(&u->adc->block, u->at / UNIT, level);
    if (is_adc3(u->adc)) /* at both multiplexers */
        block_dma(&u->adc->block, 1, level);
}

/* ---- What a conversion gives ---- */

/* 27.4.31: the sensor between its two calibration points, here at 25 degrees; the reference as the
 * factory measured it; a quarter of a full battery. As 16 bits of 3.3 V. */
static uint32_t internal_code(const struct adc *adc, unsigned channel)
{
    enum { TS_CAL1 = 12180, TS_CAL2 = 15960, VREFINT_CAL = 24270 };
    uint32_t ccr = REG(&adc->block, CCR);
    if (channel == TEMPERATURE)
        return ccr & CCR_VSENSEEN ? TS_CAL1 - 5 * (TS_CAL2 - TS_CAL1) / 80 : 0;
    if (channel == VREFINT)
        return ccr & CCR_VREFEN ? VREFINT_CAL : 0;
    return ccr & CCR_VBATEN ? 65535 / 4 : 0;
}

static uint32_t code_of(const struct unit *u, unsigned channel)
{
    if (channel >= CHANNELS)
        return 0;
    if (is_adc3(u->adc) && channel >= VBAT)
        return internal_code(u->adc, channel);
    if (!(*reg(u, PCSEL) >> channel & 1))
        block_complain(&u->adc->block, COMPLAINT_GUEST, 0x1000 + u->at + channel,
                       "ADC%u converts input %u, which PCSEL does not connect",
                       is_adc3(u->adc) ? 3 : 1 + u->at / UNIT, channel);
    uint32_t code = (uint32_t)((uint64_t)u->millivolts[channel] * 65535 / ADC_SUPPLY_MV);
    return code > 65535 ? 65535 : code;
}

/* CFGR.RES: 16, 14, 12, 10 and 8 bits; revision V has other codes beside the old ones. */
static unsigned resolution(const struct unit *u)
{
    static const uint8_t bits[8] = {16, 14, 12, 10, 8, 14, 12, 8};
    return bits[*reg(u, CFGR) >> 2 & 7];
}

static uint32_t oversampled(const struct unit *u, uint32_t code, bool injected)
{
    uint32_t cfgr2 = *reg(u, CFGR2);
    if (!(cfgr2 & (injected ? CFGR2_JOVSE : CFGR2_ROVSE)))
        return code;
    return code * ((cfgr2 >> 16 & 0x3ff) + 1) >> (cfgr2 >> 5 & 15);
}

static uint32_t less_offset(const struct unit *u, unsigned channel, uint32_t code)
{
    for (unsigned n = 0; n < 4; n++) {
        uint32_t ofr = *reg(u, OFR1 + 4 * n), offset = ofr & 0x3ffffff;
        if (!offset || (ofr >> 26 & 31) != channel)
            continue;
        bool saturates = ofr >> 31;
        return saturates && code < offset ? 0 : code - offset;
    }
    return code;
}

static bool beyond(const struct unit *u, uint32_t low, uint32_t high, uint32_t code)
{
    return code < *reg(u, low) || code > *reg(u, high);
}

/* 27.4.30 */
static void watch(struct unit *u, unsigned channel, bool injected, uint32_t code)
{
    uint32_t cfgr = *reg(u, CFGR);
    bool guarded = cfgr & (injected ? CFGR_JAWD1EN : CFGR_AWD1EN);
    bool this_one = !(cfgr & CFGR_AWD1SGL) || (cfgr >> 26 & 31) == channel;
    if (guarded && this_one && beyond(u, LTR1, HTR1, code))
        *reg(u, ISR) |= AWD1;
    if (*reg(u, AWD2CR) >> channel & 1 && beyond(u, LTR2, HTR2, code))
        *reg(u, ISR) |= AWD1 << 1;
    if (*reg(u, AWD2CR + 4) >> channel & 1 && beyond(u, LTR3, HTR3, code))
        *reg(u, ISR) |= AWD1 << 2;
}

static uint32_t convert(struct unit *u, unsigned channel, bool injected)
{
    uint32_t code = code_of(u, channel) >> (16 - resolution(u));
    code = oversampled(u, code, injected);
    watch(u, channel, injected, code);
    return less_offset(u, channel, code) << (injected ? 0 : *reg(u, CFGR2) >> 28);
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

static uint64_t clock_hz(const struct adc *adc)
{
    static const uint16_t prescalers[16] = {1, 2, 4, 6, 8, 10, 12, 16, 32, 64, 128, 256, 256, 256};
    uint32_t ccr = REG(&adc->block, CCR), mode = ccr >> 16 & 3;
    if (mode) /* by the bus: 1, 2, 4 */
        return block_bus_hz(&adc->block) >> mode;
    uint32_t prescaler = prescalers[ccr >> 18 & 15];
    return block_kernel_hz(&adc->block) / (prescaler ? prescaler : 256) / 2; /* 27.4.3 */
}

/* Sampling and approximation, in half cycles (27.4.12). */
static uint64_t half_cycles(const struct group *g)
{
    static const uint16_t sampling[8] = {3, 5, 17, 33, 65, 129, 775, 1621};
    const struct unit *u = g->unit;
    unsigned channel = channel_at(g) % CHANNELS;
    uint32_t smpr = *reg(u, SMPR1 + channel / 10 * 4) >> (channel % 10 * 3) & 7;
    uint64_t samples = 1, approximation = resolution(u) + 1u;
    if (*reg(u, CFGR2) & (g->injected ? CFGR2_JOVSE : CFGR2_ROVSE))
        samples = (*reg(u, CFGR2) >> 16 & 0x3ff) + 1;
    return samples * (sampling[smpr] + approximation);
}

static void begin(struct group *g)
{
    const struct adc *adc = g->unit->adc;
    sim_time time = sim_cycles_to_time(half_cycles(g), 2 * clock_hz(adc));
    if (time != SIM_NEVER)
        event_in(&block_sim(&adc->block)->events, &g->converted, time);
}

static uint32_t external(const struct group *g)
{
    return g->injected ? *reg(g->unit, JSQR) >> 7 & 3 : *reg(g->unit, CFGR) >> 10 & 3;
}

/* 27.4.20: a result that nobody took is kept, or lost, and OVR tells. */
static void give_regular(struct unit *u, uint32_t code)
{
    bool lost = *reg(u, ISR) & EOC;
    if (lost)
        *reg(u, ISR) |= OVR;
    if (!lost || *reg(u, CFGR) & CFGR_OVRMOD)
        *reg(u, DR) = code;
    *reg(u, ISR) |= EOC | EOSMP;
    if (wants_dma(u))
        request(u, true);
}

static void end_sequence(struct group *g)
{
    struct unit *u = g->unit;
    g->rank = 0;
    *reg(u, ISR) |= g->injected ? JEOS : EOS;
    if (g->injected || !(*reg(u, CFGR) & CFGR_CONT)) {
        if (!external(g))
            *reg(u, CR) &= ~(uint32_t)(g->injected ? CR_JADSTART : CR_ADSTART);
    }
    if (!g->injected && *reg(u, CFGR) & CFGR_JAUTO)
        begin(&u->injected);
}

static bool goes_on(const struct group *g)
{
    const struct unit *u = g->unit;
    uint32_t cfgr = *reg(u, CFGR);
    if (g->injected)
        return g->rank != 0;
    if (!(*reg(u, CR) & CR_ADSTART) || (cfgr & CFGR_AUTDLY && *reg(u, ISR) & EOC))
        return false;
    if (cfgr & CFGR_DISCEN && g->rank % ((cfgr >> 17 & 7) + 1) == 0)
        return false;
    return g->rank != 0 || cfgr & CFGR_CONT;
}

/* The regular group's other half in dual mode converts at the same time. */
static void convert_slave(struct unit *master, unsigned rank)
{
    struct unit *slave = &master->adc->unit[1];
    slave->regular.rank = rank;
    give_regular(slave, convert(slave, channel_at(&slave->regular), false));
    if (master->regular.rank == 0) {
        slave->regular.rank = 0;
        *reg(slave, ISR) |= EOS;
        if (!(*reg(master, CR) & CR_ADSTART))
            *reg(slave, CR) &= ~(uint32_t)CR_ADSTART;
    }
}

static void converted(void *ctx)
{
    struct group *g = ctx;
    struct unit *u = g->unit;
    unsigned rank = g->rank;
    uint32_t code = convert(u, channel_at(g), g->injected);
    if (g->injected) {
        *reg(u, JDR1 + 4 * rank) = code;
        *reg(u, ISR) |= JEOC;
    } else {
        give_regular(u, code);
    }
    if (++g->rank >= length(g))
        end_sequence(g);
    if (!g->injected && is_dual(u->adc))
        convert_slave(u, rank);
    if (goes_on(g))
        begin(g);
    update(u->adc);
}

/* ---- Triggers from timers (tables "regular and injected channels: external triggers") ---- */

enum { TRIGGERS = 32, TIMERS = 18 };
static const uint8_t regular_timers[TRIGGERS] = {
    [4] = 3, [7] = 8, [9] = 1, [11] = 2, [12] = 4, [13] = 6, [14] = 15};
static const uint8_t injected_timers[TRIGGERS] = {
    [0] = 1, [2] = 2, [5] = 4, [9] = 8, [12] = 3, [14] = 6, [15] = 15};

static unsigned timer_of(const struct group *g)
{
    const struct unit *u = g->unit;
    if (!external(g))
        return 0;
    return g->injected ? injected_timers[*reg(u, JSQR) >> 2 & 31]
                       : regular_timers[*reg(u, CFGR) >> 5 & 31];
}

static bool armed(const struct group *g)
{
    return *reg(g->unit, CR) & (g->injected ? CR_JADSTART : CR_ADSTART);
}

static void trigger_group(struct group *g, unsigned timer, bool level)
{
    bool edge = external(g) & (level ? 1 : 2);
    bool busy = event_pending(&g->converted);
    if (edge && armed(g) && !busy && timer_of(g) == timer)
        begin(g);
}

static void triggered(void *ctx, unsigned timer, bool level)
{
    struct adc *adc = ctx;
    for (unsigned n = 0; n < adc->units; n++) {
        trigger_group(&adc->unit[n].regular, timer, level);
        trigger_group(&adc->unit[n].injected, timer, level);
    }
}

/* Timers make their triggers' edges for those that listen only. */
static void listen(struct adc *adc)
{
    bool wanted[TIMERS] = {false};
    for (unsigned n = 0; n < adc->units; n++) {
        wanted[armed(&adc->unit[n].regular) ? timer_of(&adc->unit[n].regular) : 0] = true;
        wanted[armed(&adc->unit[n].injected) ? timer_of(&adc->unit[n].injected) : 0] = true;
    }
    for (unsigned timer = 1; timer < TIMERS; timer++)
        tim_want_trigger(adc->block.soc, timer, adc, wanted[timer]);
}

/* ---- Control ---- */

static void start_group(struct group *g)
{
    struct unit *u = g->unit;
    g->rank = g->injected || !(*reg(u, CFGR) & CFGR_DISCEN) ? 0 : g->rank;
    if (!external(g))
        begin(g);
    else if (!timer_of(g))
        block_complain(&u->adc->block, COMPLAINT_UNMODELLED, 0x2000 + u->at,
                       "of the external triggers only those of timers (TRGO) are modelled");
}

static void stop_group(struct group *g)
{
    event_cancel(&block_sim(&g->unit->adc->block)->events, &g->converted);
    g->rank = 0;
}

static void disable(struct unit *u)
{
    stop_group(&u->regular);
    stop_group(&u->injected);
    *reg(u, CR) &=
        ~(uint32_t)(CR_ADEN | CR_ADDIS | CR_ADSTART | CR_JADSTART | CR_ADSTP | CR_JADSTP);
    *reg(u, ISR) &= ~(uint32_t)ADRDY;
    request(u, false);
}

static void settle_in(struct unit *u, bool ready_next, uint64_t cycles)
{
    struct event_queue *events = &block_sim(&u->adc->block)->events;
    sim_time time = sim_cycles_to_time(cycles, clock_hz(u->adc));
    u->ready_next = ready_next;
    if (time != SIM_NEVER) /* without a clock it never settles */
        event_in(events, &u->settled, time);
}

static void settled(void *ctx)
{
    struct unit *u = ctx;
    if (u->ready_next) {
        *reg(u, ISR) |= ADRDY;
    } else {
        *reg(u, CR) &= ~CR_ADCAL;
        if (*reg(u, CR) & CR_LINEAR)
            *reg(u, CR) |= CR_LINCALRDY;
        *reg(u, CALFACT) = 0x04000400;
    }
    update(u->adc);
}

static bool powered(const struct unit *u)
{
    return (*reg(u, CR) & (CR_ADVREGEN | CR_DEEPPWD)) == CR_ADVREGEN;
}

static void start_conversions(struct unit *u, uint32_t asked)
{
    bool slave = is_dual(u->adc) && u->at;
    if (asked & CR_ADSTART && !slave) {
        *reg(u, CR) |= CR_ADSTART;
        if (is_dual(u->adc))
            *reg(&u->adc->unit[1], CR) |= CR_ADSTART;
        start_group(&u->regular);
    }
    if (asked & CR_JADSTART) {
        *reg(u, CR) |= CR_JADSTART;
        start_group(&u->injected);
    }
}

static void stop_conversions(struct unit *u, uint32_t asked)
{
    if (asked & CR_ADSTP) {
        stop_group(&u->regular);
        *reg(u, CR) &= ~(uint32_t)CR_ADSTART;
        if (is_dual(u->adc))
            *reg(&u->adc->unit[1], CR) &= ~(uint32_t)CR_ADSTART;
    }
    if (asked & CR_JADSTP) {
        stop_group(&u->injected);
        *reg(u, CR) &= ~(uint32_t)CR_JADSTART;
    }
}

static void write_cr(struct unit *u, uint32_t value)
{
    uint32_t before = *reg(u, CR);
    *reg(u, CR) = (before & ~(uint32_t)CR_PLAIN) | (value & CR_PLAIN);
    *reg(u, ISR) = (*reg(u, ISR) & ~(uint32_t)LDORDY) | (powered(u) ? LDORDY : 0);
    if (!powered(u)) {
        disable(u);
        return;
    }
    if (value & CR_ADCAL && !(before & (CR_ADEN | CR_ADCAL))) { /* 27.4.8 */
        *reg(u, CR) |= CR_ADCAL;
        settle_in(u, false, value & CR_LINEAR ? 165010 : 1280);
    }
    if (value & CR_ADEN && !(before & (CR_ADEN | CR_ADCAL))) {
        *reg(u, CR) |= CR_ADEN;
        settle_in(u, true, 8);
    }
    if (value & CR_ADDIS && before & CR_ADEN)
        disable(u);
    stop_conversions(u, value);
    if (*reg(u, CR) & CR_ADEN)
        start_conversions(u, value & ~before);
}

/* ---- Registers ---- */

static struct unit *unit_at(struct adc *adc, uint32_t offset)
{
    return offset < CSR && offset / UNIT < adc->units ? &adc->unit[offset / UNIT] : NULL;
}

static void result_taken(struct unit *u)
{
    bool waits = *reg(u, CFGR) & CFGR_AUTDLY && *reg(u, ISR) & EOC;
    *reg(u, ISR) &= ~(uint32_t)EOC;
    request(u, false);
    if (waits && !event_pending(&u->regular.converted) && goes_on(&u->regular))
        begin(&u->regular);
    update(u->adc);
}

static uint32_t dual_data(struct adc *adc)
{
    uint32_t master = *reg(&adc->unit[0], DR), slave = 0;
    if (adc->units == 2) {
        slave = *reg(&adc->unit[1], DR);
        result_taken(&adc->unit[1]);
    }
    result_taken(&adc->unit[0]);
    if ((REG(&adc->block, CCR) >> 14 & 3) == 3) /* DAMDF: 8 bits of each */
        return (slave & 0xff) << 8 | (master & 0xff);
    return slave << 16 | (master & 0xffff);
}

static uint32_t adc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct adc *adc = (struct adc *)block;
    struct unit *u = unit_at(adc, offset);
    (void)access;
    if (offset == CSR)
        return (*reg(&adc->unit[0], ISR) & FLAGS) |
               (adc->units == 2 ? (*reg(&adc->unit[1], ISR) & FLAGS) << 16 : 0);
    if (offset == CDR)
        return dual_data(adc);
    uint32_t value = REG(block, offset);
    if (u && offset % UNIT == DR)
        result_taken(u);
    return value;
}

static void adc_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct adc *adc = (struct adc *)block;
    struct unit *u = unit_at(adc, offset);
    if (u && offset % UNIT == ISR) {
        if (value & EOC)
            result_taken(u);
        *reg(u, ISR) &= ~(value & FLAGS);
    } else if (u && offset % UNIT == CR) {
        write_cr(u, block_merge(block, offset, value, access));
    } else {
        block_store(block, offset, value, access);
    }
    listen(adc);
    update(adc);
}

static void adc_reset(struct block *block)
{
    struct adc *adc = (struct adc *)block;
    for (unsigned n = 0; n < adc->units; n++) {
        event_cancel(&block_sim(block)->events, &adc->unit[n].settled);
        disable(&adc->unit[n]);
    }
    listen(adc);
}

static void init_group(struct group *g, struct unit *unit, bool injected)
{
    *g = (struct group){.unit = unit, .injected = injected};
    event_init(&g->converted, "ADC conversion", converted, g);
}

static void adc_init(struct block *block)
{
    struct adc *adc = (struct adc *)block;
    adc->units = block->class == &adc12_class ? 2 : 1;
    for (unsigned n = 0; n < adc->units; n++) {
        struct unit *u = &adc->unit[n];
        u->adc = adc;
        u->at = n * UNIT;
        event_init(&u->settled, "ADC settled", settled, u);
        init_group(&u->regular, u, false);
        init_group(&u->injected, u, true);
    }
    for (unsigned timer = 1; timer < TIMERS; timer++)
        tim_hear_trigger(block->soc, timer, triggered, adc, timer);
}

void adc_drive(struct soc *soc, unsigned instance, unsigned channel, uint32_t millivolts)
{
    struct adc *adc = (struct adc *)soc_block(soc, instance == 3 ? "ADC3" : "ADC1_2");
    if (adc && instance >= 1 && instance <= 3 && channel < CHANNELS)
        adc->unit[instance == 2].millivolts[channel] = millivolts;
}

const struct block_class adc12_class = {
    .name = "ADC",
    .regs = adc12_regs,
    .reg_count = sizeof adc12_regs / sizeof adc12_regs[0],
    .size = sizeof(struct adc),
    .init = adc_init,
    .reset = adc_reset,
    .read = adc_read,
    .write = adc_write,
};

const struct block_class adc3_class = {
    .name = "ADC3",
    .regs = adc3_regs,
    .reg_count = sizeof adc3_regs / sizeof adc3_regs[0],
    .size = sizeof(struct adc),
    .init = adc_init,
    .reset = adc_reset,
    .read = adc_read,
    .write = adc_write,
};
