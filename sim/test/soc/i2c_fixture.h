/* A memory on the bus and short words for the tests of I2C1 to I2C4 (RM0399 chapter 50). */
#ifndef SIM_TEST_SOC_I2C_FIXTURE_H
#define SIM_TEST_SOC_I2C_FIXTURE_H

#include "sim/soc/i2c.h"
#include "sim/test/soc/soc_fixture.h"

#define I2C1 0x40005400u
#define I2C2 0x40005800u
#define I2C3 0x40005c00u
#define I2C4 0x58001c00u

enum {
    CR1 = 0,
    CR2 = 4,
    OAR1 = 8,
    OAR2 = 12,
    TIMINGR = 0x10,
    TIMEOUTR = 0x14,
    ISR = 0x18,
    ICR = 0x1c
};
enum { RXDR = 0x24, TXDR = 0x28 };
enum { TXE = 1, TXIS = 2, RXNE = 4, ADDR = 8, NACKF = 16, STOPF = 32, TC = 64, TCR = 128 };
enum { ARLO = 1 << 9, OVR = 1 << 10, TIMEOUT = 1 << 12, BUSY = 1 << 15, DIR = 1 << 16 };
enum { READ = 1 << 10, ADD10 = 1 << 11, START = 1 << 13, STOP = 1 << 14, NACK = 1 << 15 };
enum { HEAD10R = 1 << 12, RELOAD = 1 << 24, AUTOEND = 1 << 25 };

/* A memory of 256 bytes with one address byte, as the touch controller has it. */
struct eeprom {
    struct i2c_device device;
    uint8_t bytes[256], at;
    bool addressed, busy;
    unsigned starts, stops, refuse_at;
};

static inline bool eeprom_start(void *ctx, bool read)
{
    struct eeprom *e = ctx;
    e->starts++;
    if (!read)
        e->addressed = false;
    return !e->busy;
}

static inline bool eeprom_write(void *ctx, uint8_t byte)
{
    struct eeprom *e = ctx;
    if (e->addressed && e->refuse_at && e->at == e->refuse_at)
        return false;
    if (e->addressed)
        e->bytes[e->at++] = byte;
    else
        e->at = byte;
    e->addressed = true;
    return true;
}

static inline uint8_t eeprom_read(void *ctx)
{
    struct eeprom *e = ctx;
    return e->bytes[e->at++];
}

static inline void eeprom_stop(void *ctx)
{
    ((struct eeprom *)ctx)->stops++;
}

static inline void attach(struct soc_fixture *f, unsigned instance, struct eeprom *e,
                          uint16_t address)
{
    *e = (struct eeprom){.device = {.name = "EEPROM",
                                    .ctx = e,
                                    .address = address,
                                    .ten_bit = address > 0x7f,
                                    .start = eeprom_start,
                                    .write = eeprom_write,
                                    .read = eeprom_read,
                                    .stop = eeprom_stop}};
    for (unsigned n = 0; n < 256; n++)
        e->bytes[n] = (uint8_t)(n ^ 0x5a);
    assert_true(i2c_attach(f->soc, instance, &e->device));
}

static inline uint32_t flags(struct soc_fixture *f, uint32_t base)
{
    return fixture_read(f, base + ISR);
}

/* Waits for a flag for at most a millisecond of board time. */
static inline void await(struct soc_fixture *f, uint32_t base, uint32_t flag)
{
    for (unsigned n = 0; n < 1000 && !(flags(f, base) & flag); n++)
        fixture_wait(f, SIM_US);
    assert_true(flags(f, base) & flag);
}

static inline void enable(struct soc_fixture *f, uint32_t base, uint32_t cr1)
{
    fixture_write(f, base + TIMINGR, 0x00000f0f); /* 32 + 4 cycles a bit */
    fixture_write(f, base + CR1, cr1 | 1);
}

static inline void send(struct soc_fixture *f, uint32_t base, uint32_t byte)
{
    await(f, base, TXIS);
    fixture_write(f, base + TXDR, byte);
}

static inline uint32_t receive(struct soc_fixture *f, uint32_t base)
{
    await(f, base, RXNE);
    return fixture_read(f, base + RXDR);
}

#endif
