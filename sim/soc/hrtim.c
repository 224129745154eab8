/*
 * HRTIM: RM0399 chapter 39; registers, interrupts, pins. A master and five timers, continuous or one-shot, with
 * preload, repetition, resets by the master or their own compares, software capture; two outputs each, which the timer's
 * and the master's events set and reset. The counting is in hrtim_count.c. Not modelled (told when used): dead
 * time, chopper, push-pull, burst mode, external events, other timers' events, faults, DMA, synchronisation.
 */
#include "sim/soc/classes.h"
#include "sim/soc/gpio.h"
#include "sim/soc/hrtim_internal.h"
#include "sim/soc/rcc.h"

#define TIMER_REGS(base, letter)                                                                   \
    {base + CR, "TIM" letter "CR", 0, 0xfffefc7f, 0, 0},                                           \
        {base + ISR, "TIM" letter "ISR", 0, 0, 0, 0},                                              \
        {base + ICR, "TIM" letter "ICR", 0, 0, 0, 0},                                              \
        {base + DIER, "TIM" letter "DIER", 0, 0x7fdf7fdf, 0, 0},                                   \
        {base + CNTR, "CNT" letter "R", 0, 0, 0, 0},                                               \
        {base + PER, "PER" letter "R", 0xffff, 0xffff, 0, 0},                                      \
        {base + REP, "REP" letter "R", 0, 0xff, 0, 0},                                             \
        {base + CMP1, "CMP1" letter "R", 0, 0xffff, 0, 0},                                         \
        {base + CMP1C, "CMP1C" letter "R", 0, 0xffffff, 0, 0},                                     \
        {base + CMP2, "CMP2" letter "R", 0, 0xffff, 0, 0},                                         \
        {base + CMP3, "CMP3" letter "R", 0, 0xffff, 0, 0},                                         \
        {base + CMP4, "CMP4" letter "R", 0, 0xffff, 0, 0},                                         \
        {base + CPT1, "CPT1" letter "R", 0, 0, 0, 0},                                              \
        {base + CPT1 + 4, "CPT2" letter "R", 0, 0, 0, 0},                                          \
        {base + DT, "DT" letter "R", 0, 0xc3ffdfff, 0, 0},                                         \
        {base + SET1, "SET" letter "1R", 0, 0xfffffffe, 0, 0},                                     \
        {base + RST1, "RST" letter "1R", 0, 0xfffffffe, 0, 0},                                     \
        {base + SET2, "SET" letter "2R", 0, 0xfffffffe, 0, 0},                                     \
        {base + RST2, "RST" letter "2R", 0, 0xfffffffe, 0, 0},                                     \
        {base + EEF1, "EEF" letter "R1", 0, 0x1f7df7df, 0, 0},                                     \
        {base + EEF2, "EEF" letter "R2", 0, 0x1f7df7df, 0, 0},                                     \
        {base + RST, "RST" letter "R", 0, 0x7ffffffe, 0, 0},                                       \
        {base + CHP, "CHP" letter "R", 0, 0x7ff, 0, 0},                                            \
        {base + CPT1C, "CPT1" letter "CR", 0, 0xfffffffe, 0, 0},                                   \
        {base + CPT2C, "CPT2" letter "CR", 0, 0xfffffffe, 0, 0},                                   \
        {base + OUT, "OUT" letter "R", 0, 0x00fe1ffe, 0, 0},                                       \
    {                                                                                              \
        base + FLT, "FLT" letter "R", 0, 0x8000001f, 0, 0                                          \
    }

static const struct reg hrtim_regs[] = {
    {CR, "MCR", 0, 0xee3fff3f, 0, 0},
    {ISR, "MISR", 0, 0, 0, 0},
    {ICR, "MICR", 0, 0, 0, 0},
    {DIER, "MDIER", 0, 0x7f007f, 0, 0},
    {CNTR, "MCNTR", 0, 0, 0, 0},
    {PER, "MPER", 0xffff, 0xffff, 0, 0},
    {REP, "MREP", 0, 0xff, 0, 0},
    {CMP1, "MCMP1R", 0, 0xffff, 0, 0},
    {CMP2, "MCMP2R", 0, 0xffff, 0, 0},
    {CMP3, "MCMP3R", 0, 0xffff, 0, 0},
    {CMP4, "MCMP4R", 0, 0xffff, 0, 0},
    TIMER_REGS(0x80, "A"),
    TIMER_REGS(0x100, "B"),
    TIMER_REGS(0x180, "C"),
    TIMER_REGS(0x200, "D"),
    TIMER_REGS(0x280, "E"),
    {CR1, "CR1", 0, 0x0fff003f, 0, 0},
    {CR2, "CR2", 0, 0, 0, 0},
    {C_ISR, "ISR", 0, 0, 0, 0},
    {C_ICR, "ICR", 0, 0, 0, 0},
    {C_IER, "IER", 0, 0x2003f, 0, 0},
    {OENR, "OENR", 0, 0, 0, 0},
    {ODISR, "DISR", 0, 0, 0, 0},
    {ODSR, "ODSR", 0, 0, 0, 0},
    {BMCR, "BMCR", 0, 0x803f07ff, 0, 0},
    {BMCR + 4, "BMTRG", 0, 0xffffffff, 0, 0},
    {BMCR + 8, "BMCMPR6", 0, 0xffff, 0, 0},
    {BMCR + 0xc, "BMPER", 0, 0xffff, 0, 0},
    {BMCR + 0x10, "EECR1", 0, 0x3fffffff, 0, 0},
    {BMCR + 0x14, "EECR2", 0, 0x1e79e79e, 0, 0},
    {BMCR + 0x18, "EECR3", 0, 0xdef7bdef, 0, 0},
    {ADC1R, "ADC1R", 0, 0xffffffff, 0, 0},
    {ADC1R + 4, "ADC2R", 0, 0xffffffff, 0, 0},
    {ADC1R + 8, "ADC3R", 0, 0xffffffff, 0, 0},
    {ADC1R + 0xc, "ADC4R", 0, 0xffffffff, 0, 0},
    {0x3cc, "DLLCR", 0, 0, 0, 0},
    {FLTINR1, "FLTINR1", 0, 0xffffffff, 0, 0},
    {FLTINR1 + 4, "FLTINR2", 0, 0x0300007f, 0, 0},
    {FLTINR1 + 8, "BDMUPDR", 0, 0x3ff, 0, 0},
    {FLTINR1 + 0xc, "BDTxUPR", 0, 0x1fffff, 0, 0},
    {BDMADR, "BDMADR", 0, 0, 0, 0},
};

/* ---- Interrupts and outputs ---- */

static void update_irq(struct hrtim *h)
{
    for (unsigned n = 0; n < UNITS; n++) {
        const struct unit *u = &h->unit[n];
        block_irq(&h->block, n, *unit_reg(u, ISR) & *unit_reg(u, DIER) & ISR_FLAGS);
    }
}

bool hrtim_output_enabled(const struct unit *u, unsigned side)
{
    return u->number && REG(&u->hrtim->block, OENR) >> (2 * (u->number - 1) + side) & 1;
}

/* OUTxR: idle level and polarity. */
static bool level_of(const struct unit *u, unsigned side)
{
    uint32_t out = *unit_reg(u, OUT) >> (16 * side);
    bool active = hrtim_output_enabled(u, side) ? u->output[side] : out >> 3 & 1;
    return active != (out >> 1 & 1);
}

/* Data sheet DS12930, tables "port A to G alternate functions". */
static const struct {
    uint8_t port, pin, function;
} pins[(UNITS - 1) * SIDES] = {
    {2, 6, 1},  {2, 7, 1},  {2, 8, 1},  {0, 8, 2}, {0, 9, 2},
    {0, 10, 2}, {0, 11, 2}, {0, 12, 2}, {6, 6, 2}, {6, 7, 2},
};

int hrtim_pin_level(struct soc *soc, unsigned port, unsigned pin, unsigned function)
{
    for (unsigned n = 0; n < (UNITS - 1) * SIDES; n++) {
        if (pins[n].port != port || pins[n].pin != pin || pins[n].function != function)
            continue;
        const struct hrtim *h = (const struct hrtim *)soc_block(soc, "HRTIM");
        return h ? level_of(&h->unit[1 + n / 2], n % 2) : -1;
    }
    return -1;
}

void hrtim_show(struct hrtim *h)
{
    struct soc *soc = h->block.soc;
    for (unsigned n = 0; n < (UNITS - 1) * SIDES; n++) {
        unsigned port = pins[n].port, pin = pins[n].pin;
        if (gpio_function(soc, port, pin) == pins[n].function &&
            soc->pin_out[port][pin].level != level_of(&h->unit[1 + n / 2], n % 2))
            gpio_pin_changed(soc, port, pin);
    }
    update_irq(h);
}

/* ---- Registers ---- */

static void complain_of_use(struct unit *u, uint32_t offset, uint32_t value)
{
    bool crossbar = offset >= SET1 && offset <= RST2;
    bool used = (crossbar && value & ~EVENTS_MODELLED) || (offset == RST && value & ~0x1ffu) ||
                (offset == OUT && value & (OUT_DTEN | 0x00700070)) ||
                (offset == CR && value & CR_PSHPLL) || (offset == DIER && value >> 16);
    if (used && u->number != MASTER)
        block_complain(
            &u->hrtim->block, COMPLAINT_UNMODELLED, offset,
            "dead time, chopper, push-pull, external events, other timers' events, faults and DMA "
            "of the HRTIM are not modelled");
}

static void write_mcr(struct hrtim *h, uint32_t before)
{
    uint32_t started = REG(&h->block, CR) & ~before;
    for (unsigned n = 0; n < UNITS; n++) {
        if (!(started & (uint32_t)MCR_CEN << n))
            continue;
        h->unit[n].stopped = false;
        h->unit[n].repetitions = h->unit[n].repetition;
        hrtim_rebase(&h->unit[n]);
    }
}

static void write_unit(struct unit *u, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct block *block = &u->hrtim->block;
    uint32_t before = *unit_reg(u, offset);
    if (offset == ICR) {
        *unit_reg(u, ISR) &= ~value;
    } else if (offset == CNTR) {
        if (!unit_enabled(u))
            u->count = value & 0xffff;
    } else {
        block_store(block, u->at + offset, value, access);
    }
    if (u->number == MASTER && offset == CR)
        write_mcr(u->hrtim, before);
    if (offset == CMP1C) { /* one write for both */
        *unit_reg(u, CMP1) = value & 0xffff;
        *unit_reg(u, REP) = value >> 16 & 0xff;
    }
    if (offset >= PER && offset <= CMP4 && !(*unit_reg(u, CR) & CR_PREEN))
        hrtim_load(u);
    if (offset >= SET1 && offset <= RST2 && value & 1)
        u->output[(offset - SET1) / 8] = (offset - SET1) % 8 == 0;
    if ((offset == CPT1C || offset == CPT2C) && value & 1) {
        unsigned n = (offset - CPT1C) / 4;
        *unit_reg(u, CPT1 + 4 * n) = u->count;
        *unit_reg(u, ISR) |= (uint32_t)ISR_CPT1 << n;
    }
    complain_of_use(u, offset, value);
}

static void write_common(struct hrtim *h, uint32_t offset, uint32_t value,
                         const struct block_access *access)
{
    struct block *block = &h->block;
    switch (offset) {
    case CR2:
        for (unsigned n = 0; n < UNITS; n++) {
            if (value >> n & 1) /* by software, whatever CR1 says */
                hrtim_load(&h->unit[n]);
            if (value >> n & 1)
                *unit_reg(&h->unit[n], ISR) |= ISR_UPD;
            if (value >> (8 + n) & 1)
                hrtim_reset_counter(&h->unit[n]);
        }
        break;
    case OENR:
        REG(block, OENR) |= value & 0x3ff;
        break;
    case ODISR:
        REG(block, OENR) &= ~value;
        break;
    case C_ICR:
        REG(block, C_ISR) &= ~value;
        break;
    default:
        block_store(block, offset, value, access);
        if (offset == BMCR && value & 1)
            block_complain(block, COMPLAINT_UNMODELLED, offset, "the burst mode is not modelled");
    }
}

/* RCC_CFGR.HRTIMSEL: as the timers of APB2, or the M7's. */
static void hrtim_clock_changed(struct block *block)
{
    struct hrtim *h = (struct hrtim *)block;
    uint64_t hz = block_kernel_hz(block);
    if (hz && REG(block->soc->rcc, RCC_CFGR) >> 14 & 1)
        hz = soc_clock_hz(block->soc, CLOCK_CM7);
    if (hz == h->hz)
        return;
    hrtim_sync(h);
    h->hz = hz;
    for (unsigned n = 0; n < UNITS; n++)
        hrtim_rebase(&h->unit[n]);
    hrtim_schedule(h);
}

static void hrtim_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct hrtim *h = (struct hrtim *)block;
    hrtim_clock_changed(block);
    hrtim_sync(h);
    if (offset >= COMMON)
        write_common(h, offset, value, access);
    else if (offset / TIMER < UNITS)
        write_unit(&h->unit[offset / TIMER], offset % TIMER, value, access);
    hrtim_show(h);
    hrtim_schedule(h);
}

static uint32_t hrtim_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct hrtim *h = (struct hrtim *)block;
    (void)access;
    hrtim_sync(h);
    uint32_t value = REG(block, offset);
    if (offset < COMMON && offset / TIMER < UNITS) {
        const struct unit *u = &h->unit[offset / TIMER];
        if (offset % TIMER == CNTR)
            value = u->count;
        else if (offset % TIMER == ISR && u->number != MASTER)
            value |= (uint32_t)u->output[0] << 20 | (uint32_t)u->output[1] << 21;
    }
    hrtim_show(h);
    hrtim_schedule(h);
    return value;
}

static void hrtim_init(struct block *block)
{
    struct hrtim *h = (struct hrtim *)block;
    for (unsigned n = 0; n < UNITS; n++) {
        h->unit[n].hrtim = h;
        h->unit[n].number = n;
        h->unit[n].at = n * TIMER;
        hrtim_init_unit(&h->unit[n]);
    }
}

static void hrtim_reset(struct block *block)
{
    struct hrtim *h = (struct hrtim *)block;
    for (unsigned n = 0; n < UNITS; n++) {
        struct unit *u = &h->unit[n];
        event_cancel(&block_sim(block)->events, &u->event);
        u->stopped = u->output[0] = u->output[1] = false;
        u->count = u->repetitions = 0;
        hrtim_load(u);
        hrtim_rebase(u);
    }
    h->hz = 0;
    hrtim_clock_changed(block);
    hrtim_show(h);
}

const struct block_class hrtim_class = {
    .name = "HRTIM",
    .regs = hrtim_regs,
    .reg_count = sizeof hrtim_regs / sizeof hrtim_regs[0],
    .size = sizeof(struct hrtim),
    .init = hrtim_init,
    .reset = hrtim_reset,
    .read = hrtim_read,
    .write = hrtim_write,
    .clock_changed = hrtim_clock_changed,
};
