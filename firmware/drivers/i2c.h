/*
 * I2C4 as a master at 400 kHz, by polling with a bound (RM0399 chapter 50). Thread context, the core
 * that called i2c_start(). Addresses are 8 bit, as data sheets write them.
 */
#ifndef DRIVERS_I2C_H
#define DRIVERS_I2C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void i2c_start(void);
/* False: no device answered, or the bus is stuck; the bus is idle again. At most 255 bytes. */
bool i2c_write(uint8_t address, const uint8_t *bytes, size_t count);
/* Writes the register number (1 or 2 bytes), then reads after a repeated start. */
bool i2c_read(uint8_t address, const uint8_t *reg, size_t reg_bytes, uint8_t *bytes, size_t count);

#endif
