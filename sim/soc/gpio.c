/*
 * GPIO port: RM0399 chapter 12. One instance a port; instance 0 is port A.
 */
#include "sim/soc/gpio.h"

#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/comp.h"
#include "sim/soc/hrtim.h"
#include "sim/soc/lptim.h"
#include "sim/soc/rcc.h"
#include "sim/soc/rtc.h"
#include "sim/soc/timer_pins.h"

enum {
    MODER = 0x00,
    OTYPER = 0x04,
    OSPEEDR = 0x08,
    PUPDR = 0x0c,
    IDR = 0x10,
    ODR = 0x14,
    BSRR = 0x18,
    LCKR = 0x1c,
    AFRL = 0x20,
    AFRH = 0x24,
};

enum { MODE_INPUT, MODE_OUTPUT, MODE_ALTERNATE, MODE_ANALOG };
enum { PULL_NONE, PULL_UP, PULL_DOWN };
enum { LCKK = 1u << 16 };

/* Reset values: 12.4; those of ports A and B (debug pins) are put right in reset(). */
static const struct reg gpio_regs[] = {
    {MODER, "MODER", 0xffffffff, 0xffffffff, 0, 0},
    {OTYPER, "OTYPER", 0, 0x0000ffff, 0, 0},
    {OSPEEDR, "OSPEEDR", 0, 0xffffffff, 0, 0},
    {PUPDR, "PUPDR", 0, 0xffffffff, 0, 0},
    {IDR, "IDR", 0, 0, 0, 0},
    {ODR, "ODR", 0, 0x0000ffff, 0, 0},
    {BSRR, "BSRR", 0, 0, 0, 0},
    {LCKR, "LCKR", 0, 0x0001ffff, 0, 0},
    {AFRL, "AFRL", 0, 0xffffffff, 0, 0},
    {AFRH, "AFRH", 0, 0xffffffff, 0, 0},
};

struct gpio {
    struct block block;
    unsigned lock_step; /* of the sequence of 12.3.8 that freezes the configuration */
};

static unsigned field2(uint32_t word, unsigned pin)
{
    return word >> (2 * pin) & 3;
}

unsigned gpio_function(const struct soc *soc, unsigned port, unsigned pin)
{
    const struct block *block = soc->gpio[port];
    if (!block || field2(REG(block, MODER), pin) != MODE_ALTERNATE)
        return GPIO_NO_FUNCTION;
    return REG(block, pin < 8 ? AFRL : AFRH) >> pin % 8 * 4 & 15;
}

/* Who drives pins by an alternate function; each says -1 where it does not. */
static int (*const drivers[])(struct soc *soc, unsigned port, unsigned pin, unsigned function) = {
    timer_pins_level, hrtim_pin_level, lptim_pin_level, comp_pin_level};

/* What the pin is driven to, before the kind of output counts: 0, 1, or -1: nothing drives it. */
static int wanted_level(const struct block *block, unsigned pin)
{
    unsigned mode = field2(REG(block, MODER), pin), port = block->row->instance;
    if (mode == MODE_OUTPUT)
        return REG(block, ODR) >> pin & 1;
    if (mode != MODE_ALTERNATE)
        return -1;
    unsigned function = gpio_function(block->soc, port, pin);
    if (!function)
        return rcc_mco_level(block->soc, port, pin);
    int level = -1;
    for (unsigned n = 0; level < 0 && n < sizeof drivers / sizeof *drivers; n++)
        level = drivers[n](block->soc, port, pin, function);
    return level;
}

/* An open drain only pulls down. PC13 is the RTC's whatever the port says, PB2 where it is its function 0. */
static int driven_level(const struct block *block, unsigned pin)
{
    int by_rtc = rtc_pin_level(block->soc, block->row->instance, pin);
    if (by_rtc != RTC_PIN_FREE)
        return by_rtc;
    int level = wanted_level(block, pin);
    return level == 1 && REG(block, OTYPER) >> pin & 1 ? -1 : level;
}

static bool level_of(const struct block *block, unsigned pin)
{
    const struct soc *soc = block->soc;
    unsigned port = block->row->instance;
    int driven = driven_level(block, pin);
    if (driven >= 0)
        return driven;
    if (soc->pin_driven[port][pin])
        return soc->pin_in[port][pin];
    return field2(REG(block, PUPDR), pin) == PULL_UP;
}

static void update_pin(struct block *block, unsigned pin)
{
    struct soc *soc = block->soc;
    unsigned port = block->row->instance;
    int driven = driven_level(block, pin);
    wire_set(&soc->pin_out[port][pin], driven == 1);
    wire_set(&soc->pin_sunk[port][pin], driven == 0);
    wire_set(&soc->pin_level[port][pin], level_of(block, pin));
}

/* The pins of which a configuration register, or ODR, was written. */
static void update_pins(struct block *block)
{
    for (unsigned pin = 0; pin < SOC_PINS; pin++) {
        update_pin(block, pin);
        timer_pins_selected(block->soc, block->row->instance, pin);
    }
    rcc_mco_selected(block->soc, block->row->instance);
}

static void output_data_changed(struct block *block, uint32_t changed)
{
    for (unsigned pin = 0; pin < SOC_PINS; pin++)
        if (changed >> pin & 1)
            update_pin(block, pin);
}

void gpio_pin_changed(struct soc *soc, unsigned port, unsigned pin)
{
    if (soc->gpio[port])
        update_pin(soc->gpio[port], pin);
}

/* Pins of the board's own making: the port hears of them here. */
void soc_drive_pin(struct soc *soc, unsigned port, unsigned pin, bool level)
{
    soc->pin_in[port][pin] = level;
    soc->pin_driven[port][pin] = true;
    gpio_pin_changed(soc, port, pin);
}

static uint32_t gpio_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    (void)access;
    if (offset != IDR)
        return REG(block, offset);
    const struct soc *soc = block->soc;
    unsigned port = block->row->instance;
    uint32_t levels = 0;
    rcc_mco_looked_at(block->soc, port);
    for (unsigned pin = 0; pin < SOC_PINS; pin++)
        if (field2(REG(block, MODER), pin) != MODE_ANALOG && soc->pin_level[port][pin].level)
            levels |= 1u << pin;
    return levels;
}

/* 12.3.8: write 1, write 0, write 1 with the same pins, then read; a step out of order starts
 * again. Once LCKK stands the register is frozen until reset. */
static void write_lckr(struct gpio *gpio, uint32_t value)
{
    struct block *block = &gpio->block;
    static const bool key[3] = {true, false, true};
    if (REG(block, LCKR) & LCKK)
        return;
    bool same_pins = gpio->lock_step == 0 || (value & 0xffff) == REG(block, LCKR);
    gpio->lock_step =
        same_pins && !!(value & LCKK) == key[gpio->lock_step] ? gpio->lock_step + 1 : 0;
    REG(block, LCKR) = value & 0xffff;
    if (gpio->lock_step == 3)
        REG(block, LCKR) |= LCKK;
}

/* The bits of a configuration register that a locked port may not change any more. */
static uint32_t frozen_bits(const struct block *block, uint32_t offset)
{
    static const uint8_t width_of[] = {[MODER / 4] = 2, [OTYPER / 4] = 1, [OSPEEDR / 4] = 2,
                                       [PUPDR / 4] = 2, [AFRL / 4] = 4,   [AFRH / 4] = 4};
    uint32_t lock = REG(block, LCKR), frozen = 0;
    unsigned width = width_of[offset / 4];
    if (!(lock & LCKK) || !width)
        return 0;
    unsigned first = offset == AFRH ? 8 : 0, pins = 32 / width < 16 ? 32 / width : 16;
    for (unsigned pin = 0; pin < pins; pin++)
        if (lock >> (first + pin) & 1)
            frozen |= ((1u << width) - 1) << (pin * width);
    return frozen;
}

static void gpio_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    uint32_t before = REG(block, ODR);
    if (offset == BSRR) { /* set wins over reset (12.4.7) */
        REG(block, ODR) = (before & ~(value >> 16)) | (value & 0xffff);
    } else if (offset == LCKR) {
        write_lckr((struct gpio *)block, block_merge(block, offset, value, access));
        return;
    } else {
        struct block_access allowed = *access;
        allowed.lanes &= ~frozen_bits(block, offset);
        block_store(block, offset, value, &allowed);
    }
    if (offset == BSRR || offset == ODR)
        output_data_changed(block, before ^ REG(block, ODR));
    else
        update_pins(block);
}

/* The debug pins come up connected: PA13 to PA15, PB3 and PB4 (12.4.1, 12.4.3, 12.4.4). */
static void gpio_reset(struct block *block)
{
    ((struct gpio *)block)->lock_step = 0;
    if (block->row->instance == 0) {
        REG(block, MODER) = 0xabffffff;
        REG(block, OSPEEDR) = 0x0c000000;
        REG(block, PUPDR) = 0x64000000;
    } else if (block->row->instance == 1) {
        REG(block, MODER) = 0xfffffebf;
        REG(block, OSPEEDR) = 0x000000c0;
        REG(block, PUPDR) = 0x00000100;
    }
    update_pins(block);
}

static void gpio_init(struct block *block)
{
    block->soc->gpio[block->row->instance] = block;
}

const struct block_class gpio_class = {
    .name = "GPIO",
    .regs = gpio_regs,
    .reg_count = sizeof gpio_regs / sizeof gpio_regs[0],
    .size = sizeof(struct gpio),
    .init = gpio_init,
    .reset = gpio_reset,
    .read = gpio_read,
    .write = gpio_write,
};
