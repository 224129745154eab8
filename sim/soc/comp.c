/*
 * COMP1 and COMP2 (RM0399 chapter 29). Their outputs go to EXTI, to the NVIC, to pins and to the timers' breaks;
 * without delay and hysteresis. Pins are at the supply or at 0 V, the DAC's channels anywhere between. Not
 * modelled: blanking by timers (told when selected), what the outputs do to captures and ETR.
 */
#include "sim/soc/comp.h"

#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/gpio.h"
#include "sim/soc/lptim.h"
#include "sim/soc/tim.h"

enum { SR = 0x00, ICFR = 0x04, OR = 0x08, CFGR1 = 0x0c };

enum {
    SR_C1IF = 1 << 16,
    EN = 1 << 0,
    BRGEN = 1 << 1,
    SCALEN = 1 << 2,
    POLARITY = 1 << 3,
    WINMODE = 1 << 4, /* of channel 2 */
    ITEN = 1 << 6,
    BLANKING = 15 << 24,
};
#define LOCK 0x80000000u

static const struct reg comp_regs[] = {
    {SR, "SR", 0, 0, 0, 0},
    {ICFR, "ICFR", 0, 0, 0, 0},
    {OR, "OR", 0, 0x7ff, 0, 0},
    {CFGR1, "CFGR1", 0, 0x8f17334f, 0, 0},
    {CFGR1 + 4, "CFGR2", 0, 0x8f17335f, 0, 0},
};

enum { CHANNELS = 2, VREF_COMP = 24030 /* 1.21 V of 3.3 V */ };
enum { A, B, C, D, E, F, G, H, I, J, K };

struct comp {
    struct block block;
    uint16_t dac[2];
};

/* Table 240: INP1, INP2, INM1, INM2 of each. */
static const struct {
    uint8_t port, pin;
} inputs[CHANNELS][4] = {
    {{B, 0}, {B, 2}, {B, 1}, {C, 4}},
    {{E, 9}, {E, 11}, {E, 10}, {E, 7}},
};

/* Tables 241 and 242: outputs of either by the bit of COMP_OR, then those of one alone. */
enum { EITHER = 11 };
static const struct {
    uint8_t port, pin, function, function2, channel;
} outputs[] = {
    {A, 6, 10, 12, 0}, {A, 8, 12, 12, 0}, {B, 12, 13, 13, 0}, {E, 6, 11, 11, 0}, {E, 15, 13, 13, 0},
    {G, 2, 11, 11, 0}, {G, 3, 11, 11, 0}, {G, 4, 11, 11, 0},  {I, 1, 11, 11, 0}, {I, 4, 11, 11, 0},
    {K, 2, 10, 11, 0}, {C, 5, 13, 13, 0}, {E, 12, 13, 13, 0}, {E, 8, 13, 13, 1}, {E, 13, 13, 13, 1},
};
enum { OUTPUT_PINS = sizeof outputs / sizeof outputs[0] };

static uint32_t cfgr(const struct comp *comp, unsigned n)
{
    return REG(&comp->block, CFGR1 + 4 * n);
}

/* ---- Inputs ---- */

static uint32_t pin_code(const struct comp *comp, unsigned n, unsigned input)
{
    const struct soc *soc = comp->block.soc;
    return soc->pin_level[inputs[n][input].port][inputs[n][input].pin].level ? 65535 : 0;
}

static uint32_t plus_input(const struct comp *comp, unsigned n)
{
    if (n == 1 && cfgr(comp, 1) & WINMODE)
        n = 0;
    return pin_code(comp, n, cfgr(comp, n) >> 20 & 1);
}

/* The scaler is one for both: a quarter, a half and three quarters of the reference while its bridge is on. */
static uint32_t scaler(const struct comp *comp, unsigned quarters)
{
    uint32_t on = cfgr(comp, 0) | cfgr(comp, 1);
    if (!(on & SCALEN))
        return 0;
    return on & BRGEN ? VREF_COMP * quarters / 4 : VREF_COMP;
}

static uint32_t minus_input(const struct comp *comp, unsigned n)
{
    unsigned select = cfgr(comp, n) >> 16 & 7;
    if (select < 4)
        return scaler(comp, select + 1);
    return select < 6 ? comp->dac[select - 4] : pin_code(comp, n, 2 + select - 6);
}

/* ---- Outputs ---- */

static void show_at_pins(struct comp *comp)
{
    for (unsigned n = 0; n < OUTPUT_PINS; n++)
        if (comp_pin_level(comp->block.soc, outputs[n].port, outputs[n].pin,
                           gpio_function(comp->block.soc, outputs[n].port, outputs[n].pin)) >= 0)
            gpio_pin_changed(comp->block.soc, outputs[n].port, outputs[n].pin);
}

static void tell_timers(struct comp *comp, unsigned n, bool level)
{
    static const uint8_t timers[] = {1, 8, 15, 16, 17};
    unsigned source = n ? TIM_BREAK_COMP2 : TIM_BREAK_COMP1;
    for (unsigned k = 0; k < sizeof timers; k++)
        for (unsigned which = 0; which < 2; which++)
            tim_break_input(comp->block.soc, timers[k], which, source, true, level);
}

static void update_interrupt(struct comp *comp)
{
    struct block *block = &comp->block;
    bool asks = false;
    for (unsigned n = 0; n < CHANNELS; n++)
        asks |= REG(block, SR) >> (16 + n) & 1 && cfgr(comp, n) & ITEN;
    for (unsigned core = 0; core < SOC_CORES; core++)
        block_irq_core(block, 0, core, asks);
}

static void evaluate(struct comp *comp)
{
    struct block *block = &comp->block;
    uint32_t before = REG(block, SR);
    for (unsigned n = 0; n < CHANNELS; n++) {
        bool above = plus_input(comp, n) > minus_input(comp, n);
        bool level = cfgr(comp, n) & EN && above != ((cfgr(comp, n) & POLARITY) != 0);
        if (level == (REG(block, SR) >> n & 1))
            continue;
        REG(block, SR) ^= 1u << n;
        if (level)
            REG(block, SR) |= (uint32_t)SR_C1IF << n;
        block_exti(block, n, level);
        tell_timers(comp, n, level);
        lptim_signal(block->soc, n ? LPTIM_COMP2 : LPTIM_COMP1, level);
    }
    update_interrupt(comp);
    if ((before ^ REG(block, SR)) & 3)
        show_at_pins(comp);
}

int comp_pin_level(struct soc *soc, unsigned port, unsigned pin, unsigned function)
{
    for (unsigned n = 0; n < OUTPUT_PINS; n++) {
        if (outputs[n].port != port || outputs[n].pin != pin)
            continue;
        const struct block *block = soc_block(soc, "COMP1");
        if (!block || (outputs[n].function != function && outputs[n].function2 != function))
            return -1;
        unsigned channel = n < EITHER ? REG(block, OR) >> n & 1 : outputs[n].channel;
        return REG(block, SR) >> channel & 1;
    }
    return -1;
}

void comp_dac_changed(struct soc *soc, unsigned n, uint16_t code)
{
    struct comp *comp = (struct comp *)soc_block(soc, "COMP1");
    if (!comp || comp->dac[n] == code)
        return;
    comp->dac[n] = code;
    evaluate(comp);
}

static void pin_changed(void *ctx, unsigned index, bool level)
{
    (void)index, (void)level;
    evaluate(ctx);
}

/* ---- Registers ---- */

/* 29.3.4: a channel's lock holds its own register, either's the common one. */
static bool is_locked(const struct comp *comp, uint32_t offset)
{
    if (offset == OR)
        return (cfgr(comp, 0) | cfgr(comp, 1)) & LOCK;
    return offset >= CFGR1 && REG(&comp->block, offset) & LOCK;
}

static void comp_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct comp *comp = (struct comp *)block;
    if (is_locked(comp, offset))
        return;
    if (offset == ICFR)
        REG(block, SR) &= ~(value & (SR_C1IF | SR_C1IF << 1));
    else
        block_store(block, offset, value, access);
    if (offset >= CFGR1 && REG(block, offset) & BLANKING)
        block_complain(block, COMPLAINT_UNMODELLED, offset,
                       "the timers' blanking of a comparator (CFGR.BLANKING) is not modelled");
    evaluate(comp);
    if (offset == OR)
        show_at_pins(comp);
}

static void comp_reset(struct block *block)
{
    struct comp *comp = (struct comp *)block;
    for (unsigned n = 0; n < CHANNELS; n++) {
        block_exti(block, n, false);
        tell_timers(comp, n, false);
    }
    update_interrupt(comp);
}

static void comp_init(struct block *block)
{
    for (unsigned n = 0; n < CHANNELS; n++)
        for (unsigned k = 0; k < 4; k++)
            wire_connect(&block->soc->pin_level[inputs[n][k].port][inputs[n][k].pin], pin_changed,
                         block, k);
}

const struct block_class comp_class = {
    .name = "COMP",
    .regs = comp_regs,
    .reg_count = sizeof comp_regs / sizeof comp_regs[0],
    .size = sizeof(struct comp),
    .init = comp_init,
    .reset = comp_reset,
    .write = comp_write,
};
