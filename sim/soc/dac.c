/*
 * DAC: RM0399 chapter 27. Two channels, by software or a timer's trigger, with DMA and its underrun, noise
 * and triangle; calibration's flag. What it puts out stands at PA4 and PA5, where ADC1 and ADC2 read it.
 * Not modelled: sample and hold (as without), triggers by HRTIM.
 */
#include "sim/soc/adc.h"
#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/comp.h"
#include "sim/soc/lptim.h"
#include "sim/soc/opamp.h"
#include "sim/soc/tim.h"

enum {
    CR = 0x00,
    SWTRGR = 0x04,
    DHR12R1 = 0x08,
    DHR12L1 = 0x0c,
    DHR8R1 = 0x10,
    DHR12R2 = 0x14,
    DHR12L2 = 0x18,
    DHR8R2 = 0x1c,
    DHR12RD = 0x20,
    DHR12LD = 0x24,
    DHR8RD = 0x28,
    DOR1 = 0x2c,
    DOR2 = 0x30,
    SR = 0x34,
    CCR = 0x38,
    MCR = 0x3c,
    SHHR = 0x48,
    SHRR = 0x4c,
};

/* Of channel 1; channel 2's are 16 bits up. */
enum {
    EN = 1 << 0,
    TEN = 1 << 1,
    TSEL = 15 << 2,
    MAMP = 15 << 8,
    DMAEN = 1 << 12,
    DMAUDRIE = 1 << 13,
    CEN = 1 << 14,
    DMAUDR = 1 << 13,
    CAL_FLAG = 1 << 14,
};

static const struct reg dac_regs[] = {
    {CR, "CR", 0, 0x7fff7fff, 0, 0},
    {SWTRGR, "SWTRGR", 0, 0, 0, 0},
    {DHR12R1, "DHR12R1", 0, 0xfff, 0, 0},
    {DHR12L1, "DHR12L1", 0, 0xfff0, 0, 0},
    {DHR8R1, "DHR8R1", 0, 0xff, 0, 0},
    {DHR12R2, "DHR12R2", 0, 0xfff, 0, 0},
    {DHR12L2, "DHR12L2", 0, 0xfff0, 0, 0},
    {DHR8R2, "DHR8R2", 0, 0xff, 0, 0},
    {DHR12RD, "DHR12RD", 0, 0x0fff0fff, 0, 0},
    {DHR12LD, "DHR12LD", 0, 0xfff0fff0, 0, 0},
    {DHR8RD, "DHR8RD", 0, 0xffff, 0, 0},
    {DOR1, "DOR1", 0, 0, 0, 0},
    {DOR2, "DOR2", 0, 0, 0, 0},
    {SR, "SR", 0, 0, 0, 0},
    {CCR, "CCR", 0x00100010, 0x001f001f, 0, 0},
    {MCR, "MCR", 0, 0x00070007, 0, 0},
    {0x40, "SHSR1", 0, 0x3ff, 0, 0},
    {0x44, "SHSR2", 0, 0x3ff, 0, 0},
    {SHHR, "SHHR", 0x00010001, 0x03ff03ff, 0, 0},
    {SHRR, "SHRR", 0x00010001, 0x00ff00ff, 0, 0},
};

enum { OUTPUTS = 2, TIMERS = 18, FULL_SCALE = 4095, TRIM_CENTRE = 16, LFSR_START = 0xaaa };

struct output {
    uint16_t data, noise; /* DHR as 12 bits; the shift register */
    uint16_t triangle;
    bool falling;
};

struct dac {
    struct block block;
    struct output output[OUTPUTS];
};

static uint32_t control(const struct dac *dac, unsigned n)
{
    return REG(&dac->block, CR) >> (16 * n) & 0x7fff;
}

static void update(struct dac *dac)
{
    bool underrun = false;
    for (unsigned n = 0; n < OUTPUTS; n++)
        underrun |= REG(&dac->block, SR) >> (16 * n) & DMAUDR && control(dac, n) & DMAUDRIE;
    block_irq(&dac->block, 0, underrun);
}

/* MCR.MODE 3 and 7 keep it on the chip; there it reaches ADC2's inputs 16 and 17, COMP and OPAMP. */
static void put_out(struct dac *dac, unsigned n)
{
    struct soc *soc = dac->block.soc;
    bool on = control(dac, n) & EN;
    uint32_t mode = REG(&dac->block, MCR) >> (16 * n) & 3;
    uint16_t code = on ? (uint16_t)(REG(&dac->block, DOR1 + 4 * n) << 4) : 0; /* of 4096 (27.4.6) */
    uint16_t at_pin = mode == 3 ? 0 : code;
    adc_drive_code(soc, 1, 18 + n, at_pin);
    adc_drive_code(soc, 2, 18 + n, at_pin);
    adc_drive_code(soc, 2, 16 + n, mode & 1 ? code : 0);
    comp_dac_changed(soc, n, mode & 1 ? code : 0);
    opamp_dac_changed(soc, n, mode & 1 ? code : 0);
}

static unsigned limit(unsigned value)
{
    return value > FULL_SCALE ? FULL_SCALE : value;
}

/* 27.4.9: x12 + x6 + x4 + x + 1, of which MAMP lets the lower bits through. */
static unsigned next_noise(struct output *o, unsigned amplitude)
{
    unsigned bit = (o->noise ^ o->noise >> 1 ^ o->noise >> 4 ^ o->noise >> 6) & 1;
    o->noise = o->noise ? (uint16_t)(o->noise >> 1 | bit << 11) : 1;
    return o->noise & amplitude;
}

static unsigned next_triangle(struct output *o, unsigned amplitude)
{
    if (o->triangle >= amplitude)
        o->falling = true;
    else if (!o->triangle)
        o->falling = false;
    o->triangle = (uint16_t)(o->triangle + (o->falling ? -1 : 1));
    return o->triangle;
}

static void load(struct dac *dac, unsigned n)
{
    struct output *o = &dac->output[n];
    uint32_t cr = control(dac, n), mamp = cr >> 8 & 15;
    unsigned amplitude = (2u << (mamp < 11 ? mamp : 11)) - 1, added = 0;
    if ((cr >> 6 & 3) == 1)
        added = next_noise(o, amplitude);
    else if (cr >> 6 & 2)
        added = next_triangle(o, amplitude);
    REG(&dac->block, DOR1 + 4 * n) = limit(o->data + added);
    put_out(dac, n);
}

/* 27.4.8: a trigger takes the data over; one that is not software's asks for the next, and unanswered it is an
 * underrun. */
static void trigger(struct dac *dac, unsigned n, bool by_software)
{
    struct block *block = &dac->block;
    unsigned request = block->row->dma[n];
    if ((control(dac, n) & (EN | TEN)) != (EN | TEN))
        return;
    load(dac, n);
    if (by_software || !(control(dac, n) & DMAEN) || REG(block, SR) >> (16 * n) & DMAUDR)
        return;
    if (block->soc->dma_request[request >> 7][request & 0x7f].level)
        REG(block, SR) |= (uint32_t)DMAUDR << (16 * n);
    else
        block_dma(block, n, true);
    update(dac);
}

static const uint8_t trigger_timers[16] = {
    [1] = 1, [2] = 2, [3] = 4, [4] = 5, [5] = 6, [6] = 7, [7] = 8, [8] = 15};
enum { EXTI9_TRIGGER = 13, EXTI9 = 9 };

static unsigned timer_of(const struct dac *dac, unsigned n)
{
    uint32_t cr = control(dac, n);
    return (cr & (EN | TEN)) == (EN | TEN) ? trigger_timers[cr >> 2 & 15] : 0;
}

static void triggered(void *ctx, unsigned timer, bool level)
{
    for (unsigned n = 0; level && n < OUTPUTS; n++)
        if (timer_of(ctx, n) == timer)
            trigger(ctx, n, false);
}

/* TSEL 11 and 12. */
static void low_power_triggered(void *ctx, unsigned select, bool level)
{
    for (unsigned n = 0; level && n < OUTPUTS; n++)
        if ((control(ctx, n) >> 2 & 15) == select)
            trigger(ctx, n, false);
}

static void pin_changed(void *ctx, unsigned line, bool level)
{
    (void)line;
    for (unsigned n = 0; level && n < OUTPUTS; n++)
        if ((control(ctx, n) >> 2 & 15) == EXTI9_TRIGGER)
            trigger(ctx, n, false);
}

static void listen(struct dac *dac)
{
    for (unsigned timer = 1; timer < TIMERS; timer++)
        tim_want_trigger(dac->block.soc, timer, dac,
                         timer_of(dac, 0) == timer || timer_of(dac, 1) == timer);
}

/* ---- Registers ---- */

static void give(struct dac *dac, unsigned n, uint32_t data)
{
    dac->output[n].data = data & FULL_SCALE;
    block_dma(&dac->block, n, false);
    if (!(control(dac, n) & TEN))
        load(dac, n);
}

/* The data registers are nine views of two numbers. */
static void write_data(struct dac *dac, uint32_t offset, uint32_t value)
{
    unsigned n = offset >= DHR12R2;
    switch (offset) {
    case DHR12R1:
    case DHR12R2:
        give(dac, n, value);
        break;
    case DHR12L1:
    case DHR12L2:
        give(dac, n, value >> 4);
        break;
    case DHR8R1:
    case DHR8R2:
        give(dac, n, value << 4 & 0xff0);
        break;
    case DHR12RD:
        give(dac, 0, value);
        give(dac, 1, value >> 16);
        break;
    case DHR12LD:
        give(dac, 0, value >> 4);
        give(dac, 1, value >> 20);
        break;
    default: /* DHR8RD */
        give(dac, 0, value << 4 & 0xff0);
        give(dac, 1, value >> 4 & 0xff0);
        break;
    }
}

static void write_cr(struct dac *dac)
{
    for (unsigned n = 0; n < OUTPUTS; n++) {
        if (!(control(dac, n) & DMAEN))
            block_dma(&dac->block, n, false);
        if (!(control(dac, n) >> 6 & 3)) /* no wave: it begins anew */
            dac->output[n] = (struct output){.data = dac->output[n].data, .noise = LFSR_START};
        put_out(dac, n);
    }
    listen(dac);
}

/* What a channel that is on, or calibrates, holds: trigger and amplitude; its mode and times (27.7.1, 27.7.16 on). */
static uint32_t held(const struct dac *dac, uint32_t offset)
{
    bool timed = offset == MCR || offset == SHHR || offset == SHRR;
    uint32_t mask = 0;
    for (unsigned n = 0; n < OUTPUTS; n++) {
        if (offset == CR && control(dac, n) & EN)
            mask |= (uint32_t)(TSEL | MAMP) << (16 * n);
        if (timed && control(dac, n) & (EN | CEN))
            mask |= 0xffffu << (16 * n);
    }
    return mask;
}

static void dac_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct dac *dac = (struct dac *)block;
    struct block_access open = *access;
    open.lanes &= ~held(dac, offset);
    block_store(block, offset, value, &open);
    if (offset == CR || offset == MCR) {
        write_cr(dac);
    } else if (offset == SWTRGR) {
        for (unsigned n = 0; n < OUTPUTS; n++)
            if (value >> n & 1 && !(control(dac, n) >> 2 & 15))
                trigger(dac, n, true);
    } else if (offset >= DHR12R1 && offset <= DHR8RD) {
        write_data(dac, offset, REG(block, offset));
    } else if (offset == SR) {
        REG(block, SR) &= ~(value & (DMAUDR | DMAUDR << 16));
    }
    update(dac);
}

/* 27.4.12: while it calibrates, the flag tells on which side of the true value the trim is. */
static uint32_t dac_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    (void)access;
    uint32_t value = REG(block, offset);
    for (unsigned n = 0; offset == SR && n < OUTPUTS; n++)
        if (REG(block, CR) >> (16 * n) & CEN && (REG(block, CCR) >> (16 * n) & 31) >= TRIM_CENTRE)
            value |= (uint32_t)CAL_FLAG << (16 * n);
    return value;
}

static void dac_reset(struct block *block)
{
    struct dac *dac = (struct dac *)block;
    for (unsigned n = 0; n < OUTPUTS; n++)
        dac->output[n] = (struct output){.noise = LFSR_START};
    write_cr(dac);
}

static void dac_init(struct block *block)
{
    for (unsigned timer = 1; timer < TIMERS; timer++)
        tim_hear_trigger(block->soc, timer, triggered, block, timer);
    for (unsigned n = 1; n <= 2; n++)
        lptim_hear_output(block->soc, n, low_power_triggered, block, 10 + n);
    wire_connect(&block->soc->exti_line[EXTI9], pin_changed, block, EXTI9);
}

const struct block_class dac_class = {
    .name = "DAC",
    .regs = dac_regs,
    .reg_count = sizeof dac_regs / sizeof dac_regs[0],
    .size = sizeof(struct dac),
    .init = dac_init,
    .reset = dac_reset,
    .read = dac_read,
    .write = dac_write,
};
