#include "drivers/i2c.h"

#include "chip/stm32h747.h"

/* One byte at 400 kHz takes 22.5 us; a device may stretch the clock far longer. */
enum { BYTE_POLLS = 20000 };

/* 120 MHz / 3 = 40 MHz; low 1.3 us, high 0.65 us, hold 50 ns, set-up 175 ns (50.4.10). */
static const uint32_t timing_400khz = 0x20621833;

void i2c_start(void)
{
    reg_set(RCC_APB4ENR, RCC_APB4ENR_I2C4EN);
    (void)reg_read(RCC_APB4ENR);
    reg_write(I2C4_CR1, 0);
    reg_write(I2C4_TIMINGR, timing_400khz);
    reg_write(I2C4_CR1, I2C4_CR1_PE);
}

/* Switching the peripheral off and on frees both lines and clears every flag (50.4.6). */
static bool give_up(void)
{
    reg_write(I2C4_CR1, 0);
    (void)reg_read(I2C4_CR1);
    reg_write(I2C4_CR1, I2C4_CR1_PE);
    return false;
}

/* Waits for one of `flags`; a NACK, a lost bus or the bound ends it with false. */
static bool wait_for(uint32_t flags)
{
    const uint32_t failures = I2C4_ISR_NACKF | I2C4_ISR_BERR | I2C4_ISR_ARLO;
    for (uint32_t polls = 0; polls < BYTE_POLLS; polls++) {
        uint32_t status = reg_read(I2C4_ISR);
        if (status & failures)
            return false;
        if (status & flags)
            return true;
    }
    return false;
}

static bool send(const uint8_t *bytes, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        if (!wait_for(I2C4_ISR_TXIS))
            return false;
        reg_write(I2C4_TXDR, bytes[n]);
    }
    return true;
}

static bool end_of_transfer(void)
{
    if (!wait_for(I2C4_ISR_STOPF))
        return give_up();
    reg_write(I2C4_ICR, I2C4_ICR_STOPCF);
    return true;
}

static void begin(uint8_t address, size_t count, uint32_t how)
{
    reg_write(I2C4_CR2, I2C4_CR2_SADD(address) | I2C4_CR2_NBYTES(count) | I2C4_CR2_START | how);
}

bool i2c_write(uint8_t address, const uint8_t *bytes, size_t count)
{
    begin(address, count, I2C4_CR2_AUTOEND);
    if (!send(bytes, count))
        return give_up();
    return end_of_transfer();
}

bool i2c_read(uint8_t address, const uint8_t *reg, size_t reg_bytes, uint8_t *bytes, size_t count)
{
    begin(address, reg_bytes, 0);
    if (!send(reg, reg_bytes) || !wait_for(I2C4_ISR_TC))
        return give_up();
    begin(address, count, I2C4_CR2_AUTOEND | I2C4_CR2_RD_WRN);
    for (size_t n = 0; n < count; n++) {
        if (!wait_for(I2C4_ISR_RXNE))
            return give_up();
        bytes[n] = (uint8_t)reg_read(I2C4_RXDR);
    }
    return end_of_transfer();
}
