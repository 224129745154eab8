/*
 * DMAMUX1 and DMAMUX2 (RM0399 chapter 18): which request goes to which DMA channel, with request
 * generators and synchronisation.
 */
#include "sim/soc/dmamux.h"

#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum { CHANNELS = 16, GENERATORS = 8, TRIGGERS = 32, GENERATOR_REQUEST = 1 };

enum {
    C0CR = 0x00,
    CSR = 0x80,
    CFR = 0x84,
    RG0CR = 0x100,
    RGSR = 0x140,
    RGCFR = 0x144,
};

enum {
    CCR_DMAREQ_ID = 0x7f,
    CCR_SOIE = 1 << 8,
    CCR_EGE = 1 << 9,
    CCR_SE = 1 << 16,
    CCR_WRITABLE = 0x1fff037f,
    CCR_WRITABLE_1 = 0x07ff037f, /* of DMAMUX1 and 2 (18.6.1, 18.6.2) */
    CCR_WRITABLE_2 = 0x1fff031f,
    RGCR_OIE = 1 << 8,
    RGCR_GE = 1 << 16,
    RGCR_WRITABLE = 0x00ff011f,
    RGCR_WRITABLE_1 = 0x00ff0107, /* of DMAMUX1 (18.6.7) */
};

static const struct reg dmamux_regs[] = {
    {C0CR, "C%uCR", 0, CCR_WRITABLE, CHANNELS, 4},
    {CSR, "CSR", 0, 0, 0, 0},
    {CFR, "CFR", 0, 0, 0, 0},
    {RG0CR, "RG%uCR", 0, RGCR_WRITABLE, GENERATORS, 4},
    {RGSR, "RGSR", 0, 0, 0, 0},
    {RGCFR, "RGCFR", 0, 0, 0, 0},
};

struct channel {
    struct wire output;
    unsigned count; /* requests left until the next event, or until synchronisation blocks again */
    bool open;      /* synchronised: requests pass until the count is through */
};

struct dmamux {
    struct block block;
    unsigned mux;                     /* 0: DMAMUX1 */
    uint16_t users[SOC_DMA_REQUESTS]; /* by request: mask of the channels that chose it */
    bool hears[SOC_DMA_REQUESTS];     /* a block wants to know when it was served */
    bool trigger[TRIGGERS];
    struct channel channel[CHANNELS];
    unsigned generator_left[GENERATORS];
};

static struct dmamux *find(struct soc *soc, unsigned mux)
{
    return (struct dmamux *)soc_block(soc, mux ? "DMAMUX2" : "DMAMUX1");
}

static unsigned channels(const struct dmamux *m)
{
    return m->mux ? 8 : 16;
}

static struct wire *request_wire(struct dmamux *m, unsigned request)
{
    return &m->block.soc->dma_request[m->mux][request];
}

static void update_irq(struct dmamux *m)
{
    bool level = false;
    for (unsigned n = 0; n < channels(m); n++)
        level |= REG(&m->block, CSR) >> n & 1 && REG(&m->block, C0CR + 4 * n) & CCR_SOIE;
    for (unsigned n = 0; n < GENERATORS; n++)
        level |= REG(&m->block, RGSR) >> n & 1 && REG(&m->block, RG0CR + 4 * n) & RGCR_OIE;
    block_irq(&m->block, 0, level);
}

/* SPOL and GPOL: rising edges, falling edges, both, or none. */
static bool edge_selected(unsigned polarity, bool level)
{
    return (level ? polarity & 1 : polarity >> 1 & 1) != 0;
}

static void update_output(struct dmamux *m, unsigned n)
{
    uint32_t ccr = REG(&m->block, C0CR + 4 * n);
    unsigned request = ccr & CCR_DMAREQ_ID;
    bool passes = !(ccr & CCR_SE) || m->channel[n].open;
    wire_set(&m->channel[n].output, request && passes && request_wire(m, request)->level);
}

/* Requests and what the DMA makes of them. */

static void request_changed(void *ctx, unsigned request, bool level)
{
    struct dmamux *m = ctx;
    (void)level;
    for (unsigned mask = m->users[request]; mask; mask &= mask - 1)
        update_output(m, (unsigned)__builtin_ctz(mask));
}

static void generator_served(struct dmamux *m, unsigned n)
{
    if (m->generator_left[n] && --m->generator_left[n] == 0)
        wire_set(request_wire(m, GENERATOR_REQUEST + n), false);
}

/* Channels 0 to 2 of DMAMUX1 and 0 to 6 of DMAMUX2 have their event output at the triggers. */
static void channel_event(struct dmamux *m, unsigned n)
{
    if (n >= (m->mux ? 7u : 3u))
        return;
    dmamux_trigger(m->block.soc, m->mux, n, true);
    dmamux_trigger(m->block.soc, m->mux, n, false);
}

static void count_request(struct dmamux *m, unsigned n, uint32_t ccr)
{
    struct channel *channel = &m->channel[n];
    if (channel->count) {
        channel->count--;
        return;
    }
    channel->count = ccr >> 19 & 31;
    channel->open = false;
    if (ccr & CCR_SE)
        update_output(m, n);
    if (ccr & CCR_EGE)
        channel_event(m, n);
}

void dmamux_served(struct soc *soc, unsigned mux, unsigned n)
{
    struct dmamux *m = (struct dmamux *)soc->dmamux[mux];
    uint32_t ccr = REG(&m->block, C0CR + 4 * n);
    unsigned request = ccr & CCR_DMAREQ_ID;
    if (request - GENERATOR_REQUEST < GENERATORS)
        generator_served(m, request - GENERATOR_REQUEST);
    else if (m->hears[request])
        soc_dma_served(soc, mux, request);
    if (ccr & (CCR_SE | CCR_EGE))
        count_request(m, n, ccr);
}

void dmamux_finished(struct soc *soc, unsigned mux, unsigned n)
{
    const struct dmamux *m = (const struct dmamux *)soc->dmamux[mux];
    unsigned request = REG(&m->block, C0CR + 4 * n) & CCR_DMAREQ_ID;
    if (request && request - GENERATOR_REQUEST >= GENERATORS)
        soc_dma_finished(soc, mux, request);
}

bool dmamux_heeds(struct soc *soc, unsigned mux, unsigned n)
{
    struct dmamux *m = (struct dmamux *)soc->dmamux[mux];
    uint32_t ccr = REG(&m->block, C0CR + 4 * n);
    unsigned request = ccr & CCR_DMAREQ_ID;
    return request - GENERATOR_REQUEST < GENERATORS || m->hears[request] ||
           ccr & (CCR_SE | CCR_EGE);
}

/* Triggers. */

/* DMAMUX2 numbers its synchronisation inputs otherwise than its triggers (tables 131 and 132);
 * those beyond are reserved. */
static unsigned sync_input(const struct dmamux *m, uint32_t ccr)
{
    static const uint8_t of_mux2[] = {0, 1, 2, 3, 4, 5, 7, 8, 10, 12, 15, 16, 17, 19, 20, 21};
    unsigned id = ccr >> 24 & 31;
    if (!m->mux)
        return id;
    return id < sizeof of_mux2 ? of_mux2[id] : TRIGGERS;
}

/* An event finds a request that waits, or is discarded (18.4.4). */
static void synchronise(struct dmamux *m, unsigned n, uint32_t ccr)
{
    struct channel *channel = &m->channel[n];
    if (!channel->open && !request_wire(m, ccr & CCR_DMAREQ_ID)->level)
        return;
    if (channel->open) { /* an overrun; the count goes on */
        REG(&m->block, CSR) |= 1u << n;
        update_irq(m);
        return;
    }
    channel->open = true;
    channel->count = ccr >> 19 & 31;
    update_output(m, n);
}

static void generate(struct dmamux *m, unsigned n, uint32_t rgcr)
{
    if (m->generator_left[n]) {
        REG(&m->block, RGSR) |= 1u << n;
        update_irq(m);
        return;
    }
    m->generator_left[n] = (rgcr >> 19 & 31) + 1;
    wire_set(request_wire(m, GENERATOR_REQUEST + n), true);
}

void dmamux_trigger(struct soc *soc, unsigned mux, unsigned input, bool level)
{
    struct dmamux *m = (struct dmamux *)soc->dmamux[mux];
    if (!m || input >= TRIGGERS || m->trigger[input] == level)
        return;
    m->trigger[input] = level;
    for (unsigned n = 0; n < channels(m); n++) {
        uint32_t ccr = REG(&m->block, C0CR + 4 * n);
        if (ccr & CCR_SE && sync_input(m, ccr) == input && edge_selected(ccr >> 17 & 3, level))
            synchronise(m, n, ccr);
    }
    for (unsigned n = 0; n < GENERATORS; n++) {
        uint32_t rgcr = REG(&m->block, RG0CR + 4 * n);
        if (rgcr & RGCR_GE && (rgcr & 31) == input && edge_selected(rgcr >> 17 & 3, level))
            generate(m, n, rgcr);
    }
}

struct wire *dmamux_output(struct soc *soc, unsigned mux, unsigned n)
{
    struct dmamux *m = find(soc, mux);
    return m && n < channels(m) ? &m->channel[n].output : NULL;
}

/* Registers. */

static void write_ccr(struct dmamux *m, unsigned n, uint32_t value)
{
    uint32_t *ccr = &REG(&m->block, C0CR + 4 * n);
    uint16_t bit = (uint16_t)(1u << n);
    uint32_t before = *ccr;
    m->users[before & CCR_DMAREQ_ID] &= (uint16_t)~bit;
    *ccr = value & (m->mux ? CCR_WRITABLE_2 : CCR_WRITABLE_1);
    m->users[*ccr & CCR_DMAREQ_ID] |= bit;
    if (!(*ccr & (CCR_SE | CCR_EGE)) || ((before ^ *ccr) & (CCR_SE | 31u << 19))) {
        m->channel[n].open = false;
        m->channel[n].count = *ccr >> 19 & 31;
    }
    update_output(m, n);
}

static void write_rgcr(struct dmamux *m, unsigned n, uint32_t value)
{
    REG(&m->block, RG0CR + 4 * n) = value & (m->mux ? RGCR_WRITABLE : RGCR_WRITABLE_1);
    if (value & RGCR_GE || !m->generator_left[n])
        return;
    m->generator_left[n] = 0;
    wire_set(request_wire(m, GENERATOR_REQUEST + n), false);
}

static void dmamux_write(struct block *block, uint32_t offset, uint32_t value,
                         const struct block_access *access)
{
    struct dmamux *m = (struct dmamux *)block;
    uint32_t merged = block_merge(block, offset, value, access);
    if (offset < C0CR + 4 * channels(m))
        write_ccr(m, offset / 4, merged);
    else if (offset == CFR)
        REG(block, CSR) &= ~value;
    else if (offset >= RG0CR && offset < RGSR)
        write_rgcr(m, (offset - RG0CR) / 4, merged);
    else if (offset == RGCFR)
        REG(block, RGSR) &= ~value;
    update_irq(m);
}

static void exti_changed(void *ctx, unsigned input, bool level)
{
    struct dmamux *m = ctx;
    dmamux_trigger(m->block.soc, m->mux, input, level);
}

static void note_who_hears(struct dmamux *m)
{
    for (unsigned n = 0; n < stm32h747_row_count; n++) {
        const struct soc_row *row = &stm32h747_rows[n];
        for (unsigned k = 0; row->class && row->class->dma_served && k < BLOCK_DMA_MAX; k++)
            if (row->dma[k] && (unsigned)(row->dma[k] >> 7) == m->mux)
                m->hears[row->dma[k] & 0x7f] = true;
    }
}

/* Table 131; what EXTI has a line of comes from there, the rest by dmamux_trigger(). */
static void connect_mux2(struct dmamux *m)
{
    static const struct {
        uint8_t line, input;
    } all[] = {
        {0, DMAMUX2_EXTI0},        {2, DMAMUX2_EXTI2},        {19, DMAMUX2_RTC_WKUP},
        {20, DMAMUX2_COMP1_OUT},   {21, DMAMUX2_COMP2_OUT},   {25, DMAMUX2_I2C4_WKUP},
        {25, DMAMUX2_I2C4_EVENT},  {41, DMAMUX2_SPI6_WKUP},   {41, DMAMUX2_SPI6_IT},
        {48, DMAMUX2_LPTIM2_WKUP}, {50, DMAMUX2_LPTIM3_WKUP}, {52, DMAMUX2_LPTIM4_WKUP},
        {53, DMAMUX2_LPTIM5_WKUP}, {66, DMAMUX2_BDMA0_IT},    {67, DMAMUX2_BDMA1_IT},
        {75, DMAMUX2_ADC3_IT},
    };
    for (size_t n = 0; n < sizeof all / sizeof all[0]; n++)
        wire_connect(&m->block.soc->exti_line[all[n].line], exti_changed, m, all[n].input);
}

static void dmamux_init(struct block *block)
{
    struct dmamux *m = (struct dmamux *)block;
    m->mux = (unsigned)(block->row->instance - 1);
    block->soc->dmamux[m->mux] = block;
    note_who_hears(m);
    for (unsigned n = 1; n < SOC_DMA_REQUESTS; n++)
        wire_connect(request_wire(m, n), request_changed, m, n);
    if (m->mux == 0)
        wire_connect(&block->soc->exti_line[0], exti_changed, m, DMAMUX1_EXTI0);
    else
        connect_mux2(m);
}

static void dmamux_reset(struct block *block)
{
    struct dmamux *m = (struct dmamux *)block;
    for (unsigned n = 0; n < SOC_DMA_REQUESTS; n++)
        m->users[n] = 0;
    for (unsigned n = 0; n < GENERATORS; n++) {
        m->generator_left[n] = 0;
        wire_set(request_wire(m, GENERATOR_REQUEST + n), false);
    }
    for (unsigned n = 0; n < CHANNELS; n++) {
        m->channel[n].open = false;
        m->channel[n].count = 0;
        wire_set(&m->channel[n].output, false);
    }
    m->users[0] = (uint16_t)((1u << channels(m)) - 1);
    update_irq(m);
}

const struct block_class dmamux_class = {
    .name = "DMAMUX",
    .regs = dmamux_regs,
    .reg_count = sizeof dmamux_regs / sizeof dmamux_regs[0],
    .size = sizeof(struct dmamux),
    .init = dmamux_init,
    .reset = dmamux_reset,
    .write = dmamux_write,
};
