#include "drivers/gpio.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"

enum { MODE_INPUT, MODE_OUTPUT, MODE_ALTERNATE };

static uint32_t base_of(uint8_t pin)
{
    return GPIO_BASE(pin >> 4);
}

static void clock_port(uint8_t pin)
{
    reg_set(RCC_AHB4ENR, RCC_AHB4ENR_HSEMEN | RCC_AHB4ENR_GPIOAEN << (pin >> 4));
    (void)reg_read(RCC_AHB4ENR); /* two bus cycles until the clock is there (9.5.11) */
}

/* Read and write again under the semaphore, which is taken by reading (RM0399, HSEM, "1-step lock"). */
static void modify(uint32_t address, uint32_t mask, uint32_t value)
{
    uint32_t primask = interrupts_mask();
    while (reg_read(HSEM_RLR0 + 4 * HSEM_GPIO) != (HSEM_LOCK | HSEM_COREID << 8))
        continue; /* the other core is as quick as this one */
    reg_modify(address, mask, value);
    data_sync_barrier();
    reg_write(HSEM_R0 + 4 * HSEM_GPIO, HSEM_COREID << 8);
    interrupts_restore(primask);
}

/* A field of two bits a pin. */
static void set_pair(uint8_t pin, uint32_t offset, uint32_t value)
{
    unsigned low = 2u * (pin & 15u);
    modify(base_of(pin) + offset, BITS(3, low, 2), BITS(value, low, 2));
}

void gpio_output(uint8_t pin, bool level)
{
    clock_port(pin);
    gpio_write(pin, level);
    set_pair(pin, GPIO_MODER, MODE_OUTPUT);
}

void gpio_input(uint8_t pin, enum gpio_pull pull)
{
    clock_port(pin);
    set_pair(pin, GPIO_PUPDR, pull);
    set_pair(pin, GPIO_MODER, MODE_INPUT);
}

void gpio_alternate(uint8_t pin, unsigned function)
{
    clock_port(pin);
    unsigned number = pin & 15u, low = 4u * (number & 7u);
    uint32_t selector = base_of(pin) + (number < 8 ? GPIO_AFRL : GPIO_AFRH);
    modify(selector, BITS(15, low, 4), BITS(function, low, 4));
    set_pair(pin, GPIO_OSPEEDR, 3);
    set_pair(pin, GPIO_MODER, MODE_ALTERNATE);
}

void gpio_alternate_open_drain(uint8_t pin, unsigned function)
{
    clock_port(pin);
    modify(base_of(pin) + GPIO_OTYPER, BIT(pin & 15u), BIT(pin & 15u));
    set_pair(pin, GPIO_PUPDR, GPIO_PULL_UP);
    gpio_alternate(pin, function);
}

void gpio_write(uint8_t pin, bool level)
{
    reg_write(base_of(pin) + GPIO_BSRR, level ? BIT(pin & 15u) : BIT((pin & 15u) + 16u));
}

bool gpio_read(uint8_t pin)
{
    return reg_read(base_of(pin) + GPIO_IDR) >> (pin & 15u) & 1;
}
