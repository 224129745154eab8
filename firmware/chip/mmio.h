/*
 * The one door to hardware. Registers are named by their addresses (chip/stm32h747.h); every access
 * is one aligned 32-bit load or store unless the name says otherwise. Any context, either core.
 *
 * reg_set, reg_clear and reg_modify read and write: no handler and no thread of this core comes
 * between. The other core may; a register that both change so needs more (drivers/gpio.c).
 */
#ifndef CHIP_MMIO_H
#define CHIP_MMIO_H

#include "chip/interrupts.h"

#include <stdbool.h>
#include <stdint.h>

#define BIT(n)                  ((uint32_t)1 << (n))
#define BITS(value, low, width) (((uint32_t)(value) & (uint32_t)((1ull << (width)) - 1)) << (low))

static inline uint32_t reg_read(uint32_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void reg_write(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

/* Replaces the bits of `mask` by those of `value`, which has none outside. */
static inline void reg_modify(uint32_t address, uint32_t mask, uint32_t value)
{
    uint32_t primask = interrupts_mask();
    reg_write(address, (reg_read(address) & ~mask) | value);
    interrupts_restore(primask);
}

static inline void reg_set(uint32_t address, uint32_t bits)
{
    reg_modify(address, bits, bits);
}

static inline void reg_clear(uint32_t address, uint32_t bits)
{
    reg_modify(address, bits, 0);
}

/* Polls until the bits of `mask` read as `value`; false after `polls` reads without it. */
static inline bool reg_wait(uint32_t address, uint32_t mask, uint32_t value, uint32_t polls)
{
    while ((reg_read(address) & mask) != value)
        if (polls-- == 0)
            return false;
    return true;
}

#endif
