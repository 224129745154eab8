/*
 * The one door to hardware. Registers are named by their addresses (chip/stm32h747.h); every access
 * is one aligned 32-bit load or store unless the name says otherwise. Any context, either core.
 */
#ifndef CHIP_MMIO_H
#define CHIP_MMIO_H

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

static inline void reg_set(uint32_t address, uint32_t bits)
{
    reg_write(address, reg_read(address) | bits);
}

static inline void reg_clear(uint32_t address, uint32_t bits)
{
    reg_write(address, reg_read(address) & ~bits);
}

/* Replaces the bits of `mask` by those of `value`, which has none outside. Not atomic. */
static inline void reg_modify(uint32_t address, uint32_t mask, uint32_t value)
{
    reg_write(address, (reg_read(address) & ~mask) | value);
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
