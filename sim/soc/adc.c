/*
 * ADC1 and ADC2 with what they share, and ADC3: RM0399 chapter 26; registers, power-up, calibration, start and
 * stop. Groups, triggers and results are in adc_sequence.c, what a conversion gives in adc_convert.c.
 * The queue of injected contexts is in adc_queue.c. Not modelled: differential inputs (read as single-ended),
 * triggers by HRTIM, DFSDM; interleaved units convert at the same time.
 */
#include "sim/soc/adc_internal.h"
#include "sim/soc/classes.h"

#define JSQR_FIELDS 0xfbefbfffu
#define UNIT_REGS(units)                                                                           \
    {ISR, "ISR", 0, 0, units, UNIT}, {IER, "IER", 0, FLAGS, units, UNIT},                          \
        {CR, "CR", CR_DEEPPWD, 0, units, UNIT},                                                    \
        {CFGR, "CFGR", 0x80000000u, 0xffffffff, units, UNIT},                                      \
        {CFGR2, "CFGR2", 0, 0xf3ff7fe3, units, UNIT},                                              \
        {SMPR1, "SMPR1", 0, 0x3fffffff, units, UNIT},                                              \
        {SMPR1 + 4, "SMPR2", 0, 0x3fffffff, units, UNIT},                                          \
        {PCSEL, "PCSEL", 0, 0xfffff, units, UNIT}, {LTR1, "LTR1", 0, 0x3ffffff, units, UNIT},      \
        {HTR1, "HTR1", 0x3ffffff, 0x3ffffff, units, UNIT},                                         \
        {SQR1, "SQR1", 0, 0x1f7df7cf, units, UNIT},                                                \
        {SQR1 + 4, "SQR2", 0, 0x1f7df7df, units, UNIT},                                            \
        {SQR1 + 8, "SQR3", 0, 0x1f7df7df, units, UNIT},                                            \
        {SQR1 + 12, "SQR4", 0, 0x7df, units, UNIT}, {DR, "DR", 0, 0, units, UNIT},                 \
        {JSQR, "JSQR", 0, JSQR_FIELDS, units, UNIT}, {OFR1, "OFR1", 0, 0xffffffff, units, UNIT},   \
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

uint64_t adc_clock_hz(const struct adc *adc)
{
    static const uint16_t prescalers[16] = {1, 2, 4, 6, 8, 10, 12, 16, 32, 64, 128, 256, 256, 256};
    uint32_t ccr = REG(&adc->block, CCR), mode = ccr >> 16 & 3;
    if (mode) /* by the bus: 1, 2, 4 */
        return block_bus_hz(&adc->block) >> mode;
    uint32_t prescaler = prescalers[ccr >> 18 & 15];
    return block_kernel_hz(&adc->block) / (prescaler ? prescaler : 256) / 2; /* 26.4.3 */
}

void adc_update(struct adc *adc)
{
    uint32_t pending = 0;
    for (unsigned n = 0; n < adc->units; n++)
        pending |= *reg(&adc->unit[n], ISR) & *reg(&adc->unit[n], IER);
    block_irq(&adc->block, 0, pending & FLAGS);
}

/* ---- Control ---- */

static void disable(struct unit *u)
{
    adc_stop_group(&u->injected);
    adc_flush_contexts(u);
    adc_stop_group(&u->regular);
    *reg(u, CR) &=
        ~(uint32_t)(CR_ADEN | CR_ADDIS | CR_ADSTART | CR_JADSTART | CR_ADSTP | CR_JADSTP);
    *reg(u, ISR) &= ~(uint32_t)ADRDY;
    u->dma_over = false;
    adc_forget_results(u);
}

static void settle_in(struct unit *u, bool ready_next, uint64_t cycles)
{
    struct event_queue *events = &block_sim(&u->adc->block)->events;
    sim_time time = sim_cycles_to_time(cycles, adc_clock_hz(u->adc));
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
    adc_update(u->adc);
}

static bool powered(const struct unit *u)
{
    return (*reg(u, CR) & (CR_ADVREGEN | CR_DEEPPWD)) == CR_ADVREGEN;
}

/* A led group's bit follows its master's. */
static void set_start(struct group *g, bool level)
{
    struct adc *adc = g->unit->adc;
    uint32_t bit = g->injected ? CR_JADSTART : CR_ADSTART;
    struct group *slave = g->injected ? &adc->unit[1].injected : &adc->unit[1].regular;
    *reg(g->unit, CR) = (*reg(g->unit, CR) & ~bit) | (level ? bit : 0);
    if (adc->units == 2 && is_led(slave))
        *reg(slave->unit, CR) = (*reg(slave->unit, CR) & ~bit) | (level ? bit : 0);
}

static void start_conversions(struct unit *u, uint32_t asked)
{
    if (asked & CR_ADSTART && !is_led(&u->regular)) {
        set_start(&u->regular, true);
        adc_start_group(&u->regular);
    }
    if (asked & CR_JADSTART && !is_led(&u->injected)) {
        set_start(&u->injected, true);
        u->adc->slaves_turn = false;
        adc_start_group(&u->injected);
    }
}

static void stop_conversions(struct unit *u, uint32_t asked)
{
    bool both = *reg(u, CFGR) & CFGR_JAUTO;
    if (asked & CR_ADSTP) {
        adc_stop_group(&u->regular);
        if (both)
            adc_stop_group(&u->injected);
        u->dma_over = false;
        set_start(&u->regular, false);
    }
    if (asked & CR_JADSTP) {
        adc_stop_group(&u->injected);
        adc_flush_contexts(u);
        set_start(&u->injected, false);
    }
}

/* A LINCALRDYWx bit that falls brings its word to CALFACT2, one that rises takes it from there. */
static void move_linearity(struct unit *u, uint32_t before)
{
    uint32_t changed = (*reg(u, CR) ^ before) & CR_LINCALRDY;
    for (unsigned n = 0; n < LINEARITY_WORDS && *reg(u, CR) & CR_ADEN; n++) {
        uint32_t bit = (uint32_t)1 << (22 + n);
        if (!(changed & bit))
            continue;
        if (*reg(u, CR) & bit)
            u->linearity[n] = *reg(u, CALFACT2);
        else
            *reg(u, CALFACT2) = u->linearity[n];
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
    move_linearity(u, before);
    if (value & CR_ADCAL && !(before & (CR_ADEN | CR_ADCAL))) { /* 26.4.8 */
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

static uint32_t dual_data(struct adc *adc)
{
    uint32_t master = *reg(&adc->unit[0], DR), slave = 0;
    if (adc->units == 2) {
        slave = *reg(&adc->unit[1], DR);
        adc_result_taken(&adc->unit[1]);
    }
    adc_result_taken(&adc->unit[0]);
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
    if (u && offset % UNIT == DR) {
        adc_result_taken(u);
    } else if (u && offset % UNIT - JDR1 < 16) {
        *reg(u, ISR) &= ~(uint32_t)JEOC;
        adc_update(adc);
    }
    return value;
}

static void write_isr(struct unit *u, uint32_t value)
{
    bool delayed_by_eoc = value & EOC && *reg(u, ISR) & EOC;
    *reg(u, ISR) &= ~(value & FLAGS);
    if (delayed_by_eoc) {
        u->data_count = u->data_count ? 1 : 0; /* all are forgotten */
        *reg(u, ISR) |= EOC;
        adc_result_taken(u);
    }
    adc_update_request(u);
    if (value & JEOS)
        adc_injected_taken(u);
}

static void adc_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct adc *adc = (struct adc *)block;
    struct unit *u = unit_at(adc, offset);
    if (u && offset % UNIT == ISR) {
        write_isr(u, value);
    } else if (u && offset % UNIT == CR) {
        write_cr(u, block_merge(block, offset, value, access));
    } else if (u && offset % UNIT == JSQR) {
        adc_write_context(u, block_merge(block, offset, value, access) & JSQR_FIELDS);
    } else {
        uint32_t before = REG(block, offset);
        block_store(block, offset, value, access);
        if (u && offset % UNIT == CFGR && (before ^ REG(block, offset)) & CFGR_JQDIS)
            adc_queue_changed(u);
        if (u && offset % UNIT == CFGR)
            u->dma_over = u->dma_over && (value & CFGR_DMNGT) == CFGR_DMA_ONE_SHOT;
    }
    for (unsigned n = 0; n < adc->units; n++)
        adc_update_request(&adc->unit[n]);
    adc_listen(adc);
    adc_update(adc);
}

/* One shot (26.4.27): with the DMA's last transfer the ADC stops, and nothing overruns. */
static void adc_dma_finished(struct block *block, unsigned n)
{
    struct adc *adc = (struct adc *)block;
    struct unit *u = &adc->unit[is_adc3(adc) ? 0 : n];
    if ((*reg(u, CFGR) & CFGR_DMNGT) != CFGR_DMA_ONE_SHOT)
        return;
    adc_stop_group(&u->regular);
    u->dma_over = true;
    adc_forget_results(u);
    adc_update(adc);
}

static void adc_reset(struct block *block)
{
    struct adc *adc = (struct adc *)block;
    for (unsigned n = 0; n < adc->units; n++) {
        event_cancel(&block_sim(block)->events, &adc->unit[n].settled);
        disable(&adc->unit[n]);
    }
    adc_listen(adc);
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
        adc_init_group(&u->regular, u, false);
        adc_init_group(&u->injected, u, true);
    }
    adc_connect_triggers(adc);
}

void adc_drive_code(struct soc *soc, unsigned instance, unsigned channel, uint16_t code)
{
    struct adc *adc = (struct adc *)soc_block(soc, instance == 3 ? "ADC3" : "ADC1_2");
    if (adc && instance >= 1 && instance <= 3 && channel < CHANNELS)
        adc->unit[instance == 2].input[channel] = code;
}

void adc_drive(struct soc *soc, unsigned instance, unsigned channel, uint32_t millivolts)
{
    uint64_t code = (uint64_t)millivolts * 65535 / ADC_SUPPLY_MV;
    adc_drive_code(soc, instance, channel, (uint16_t)(code > 65535 ? 65535 : code));
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
    .dma_finished = adc_dma_finished,
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
    .dma_finished = adc_dma_finished,
};
