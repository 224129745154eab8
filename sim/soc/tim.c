/*
 * TIM1 to TIM17 (RM0399 chapters 40 to 44): advanced, general-purpose and basic timers, one class;
 * the row's instance tells which features there are. Registers, DMA bursts, locks; the rest is in
 * tim_count.c, tim_channel.c, tim_output.c, tim_trigger.c and tim_input.c. Not modelled: breaks by faults of the system and ITR4 on, which are no timers.
 */
#include "sim/soc/classes.h"
#include "sim/soc/tim_internal.h"

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
    {CCR1, "CCR%1u", 0, 0xffffffff, 4, 4},
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

struct tim *tim_find(struct soc *soc, unsigned instance)
{
    static const char *const names[18] = {NULL,    "TIM1",  "TIM2",  "TIM3",  "TIM4",  "TIM5",
                                          "TIM6",  "TIM7",  "TIM8",  NULL,    NULL,    NULL,
                                          "TIM12", "TIM13", "TIM14", "TIM15", "TIM16", "TIM17"};
    return instance < 18 && names[instance] ? (struct tim *)soc_block(soc, names[instance]) : NULL;
}

void tim_settle(struct tim *t)
{
    tim_update_outputs(t);
    tim_update_trigger_level(t);
    tim_update_irq(t);
    tim_schedule(t);
}

static void tick(void *ctx)
{
    struct tim *t = ctx;
    tim_sync(t);
    tim_settle(t);
}

struct wire *tim_output(struct soc *soc, unsigned number, unsigned channel)
{
    struct tim *t = tim_find(soc, number);
    if (!t || channel - 1 >= TIM_COMPLEMENT + COMPLEMENTS)
        return NULL;
    return channel > TIM_COMPLEMENT ? &t->complement[channel - 1 - TIM_COMPLEMENT]
                                    : &t->output[channel - 1];
}

struct wire *tim_driven(struct soc *soc, unsigned number, unsigned channel)
{
    struct tim *t = tim_find(soc, number);
    if (!t || channel - 1 >= TIM_COMPLEMENT + COMPLEMENTS)
        return NULL;
    return &t->driven[channel > TIM_COMPLEMENT ? CHANNELS + channel - 1 - TIM_COMPLEMENT
                                               : channel - 1];
}

bool tim_drives(struct soc *soc, unsigned number, unsigned channel)
{
    const struct tim *t = tim_find(soc, number);
    if (!t || !channel)
        return false;
    return channel > TIM_COMPLEMENT ? tim_complement_drives(t, channel - 1 - TIM_COMPLEMENT)
                                    : tim_channel_drives(t, channel - 1);
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
        tim_rebase(t);
}

/* Enables and modes that were preloaded (CR2.CCPC) take effect. */
void tim_commutate(struct tim *t)
{
    t->enables = REG(&t->block, CCER) & CCER_ENABLES;
    for (unsigned n = 0; n < CHANNELS; n++)
        t->modes[n] = (ccmr(t, n) >> 4 & 7) | (ccmr(t, n) >> 13 & 8);
}

static void generate(struct tim *t, uint32_t egr)
{
    if (egr & 1) {
        tim_reinitialise(t);
        tim_pulse_trigger(t, 0);
    }
    for (unsigned n = 0; n < 4; n++) {
        if (!(egr >> (n + 1) & 1))
            continue;
        if (is_capture(t, n)) {
            t->edges[n] = 8;
            tim_capture(t, n);
        } else {
            REG(&t->block, SR) |= channel_flag(n);
            tim_request(t, n);
        }
    }
    REG(&t->block, SR) |= egr & (SR_COMIF | SR_TIF | (has_break(t) ? SR_BIF | SR_B2IF : 0u));
    if (egr & SR_COMIF) {
        tim_commutate(t);
        tim_request(t, DMA_COM);
    }
    if (egr & SR_TIF)
        tim_request(t, DMA_TRIG);
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

/* What BDTR.LOCK protects until the next reset (40.4.20). */
static uint32_t locked(const struct tim *t, uint32_t offset)
{
    unsigned level = has_break(t) ? REG(&t->block, BDTR) >> 8 & 3 : 0;
    if (offset == BDTR)
        return (t->lock_written ? (uint32_t)BDTR_LOCK : 0) |
               (level >= 1 ? (uint32_t)BDTR_LEVEL1 : 0) | (level >= 2 ? (uint32_t)BDTR_LEVEL2 : 0);
    if (offset == CR2 && level >= 1)
        return CR2_OIS;
    if (offset == CCER && level >= 2)
        return CCER_POLARITIES;
    return 0;
}

/* CCxS holds while the channel is on; OCxM and OCxPE of outputs do at lock level 3. */
static uint32_t locked_modes(const struct tim *t, uint32_t offset)
{
    uint32_t mask = 0, level = has_break(t) ? REG(&t->block, BDTR) >> 8 & 3 : 0;
    for (unsigned half = 0; half < 2; half++) {
        unsigned n = offset == CCMR3 ? 4 + half : (offset - CCMR1) / 2 + half;
        if (REG(&t->block, CCER) >> (4 * n) & 1)
            mask |= 3u << (8 * half);
        if (level == 3 && !is_capture(t, n))
            mask |= (uint32_t)CCMR_MODE << (8 * half);
    }
    return mask;
}

static void store_free(struct tim *t, uint32_t offset, uint32_t merged, uint32_t held)
{
    struct block *block = &t->block;
    uint32_t writable = block->reg_at[offset / 4] ? block->reg_at[offset / 4]->writable : 0;
    REG(block, offset) = (merged & writable & ~held) | (REG(block, offset) & held);
}

static void store(struct tim *t, uint32_t offset, uint32_t merged)
{
    store_free(t, offset, merged, locked(t, offset));
    if (offset == BDTR)
        t->lock_written = true;
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
    store_free(t, offset, merged, locked_modes(t, offset));
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

static void complain_of_modes(const struct tim *t)
{
    const struct block *block = &t->block;
    if (slave_mode(t) && trigger_source(t) > 7)
        block_complain(block, COMPLAINT_UNMODELLED, SMCR,
                       "%s: internal triggers from ITR4 on (SMCR.TS) are not modelled",
                       block->row->name);
}

static void tim_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct tim *t = (struct tim *)block;
    tim_sync(t);
    uint32_t merged = block_merge(block, offset, value, access);
    if (offset == CNT)
        merged = (t->count & ~access->lanes) | (value & access->lanes);
    else if (offset == EGR || offset == DMAR)
        merged = value;
    else if (offset == SR)
        merged = value | ~access->lanes;
    write_register(t, offset, merged);
    if (!(has_break(t) && REG(block, CR2) & CR2_CCPC))
        tim_commutate(t);
    tim_check_breaks(t);
    tim_clear_references(t);
    if (offset == SMCR || offset == CCER || offset == CR2)
        tim_slave_mode_changed(t);
    tim_settle(t);
    if (offset != SMCR && offset != DIER && offset != CR2)
        return;
    complain_of_modes(t);
    tim_drop_requests(t);
    tim_ask_masters(t);
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
    tim_sync(t);
    uint32_t value;
    if (offset == DMAR) {
        uint32_t *reg = burst_register(t);
        value = reg ? read_register(t, (uint32_t)(reg - block->regs) * 4) : 0;
    } else {
        value = read_register(t, offset);
    }
    tim_settle(t);
    return value;
}

/* The request falls when served; in a burst by DMAR, when all of it is (40.3.29). */
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
    tim_sync(t); /* by the old clock, up to now */
    tim_rebase(t);
    tim_settle(t);
}

static void tim_init(struct block *block)
{
    struct tim *t = (struct tim *)block;
    event_init(&t->event, block->row->name, tick, t);
    t->mask = instance(t) == 2 || instance(t) == 5 ? 0xffffffff : 0xffff;
    tim_init_outputs(t);
    tim_connect_masters(t);
}

static void tim_reset(struct block *block)
{
    struct tim *t = (struct tim *)block;
    REG(block, ARR) = t->mask;
    REG(block, AF1) = has_break(t); /* BKINE */
    REG(block, AF2) = has_break(t) && instance(t) < 15;
    event_cancel(&block_sim(block)->events, &t->event);
    t->count = t->prescaler = t->repetitions = t->external_edges = t->burst = 0;
    t->etr_edges = 0;
    t->down = t->gate = t->lock_written = false;
    t->trigger_level[0] = t->trigger_level[1] = false;
    t->cleared = t->references = 0;
    t->reload = t->mask;
    for (unsigned n = 0; n < CHANNELS; n++) {
        t->compare[n] = 0;
        t->ref[n] = false;
        t->modes[n] = 0;
    }
    tim_reset_outputs(t);
    for (unsigned n = 0; n < INPUTS; n++)
        t->edges[n] = 0;
    for (unsigned n = 0; n < 7; n++)
        block_dma(block, n, false);
    tim_rebase(t);
    tim_update_irq(t);
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
