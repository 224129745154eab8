/* The ADCs as the vendor's drivers set them up, for their tests (RM0399 chapter 26). */
#ifndef SIM_TEST_SOC_ADC_FIXTURE_H
#define SIM_TEST_SOC_ADC_FIXTURE_H

#include "sim/soc/adc.h"
#include "sim/test/soc/soc_fixture.h"

#define ADC1 0x40022000u
#define ADC2 0x40022100u
#define ADC3 0x58026000u
#define TIM6 0x40001000u
#define DMA1 0x40020000u
#define MUX1 0x40020800u

enum {
    ISR = 0x00,
    IER = 0x04,
    CR = 0x08,
    CFGR = 0x0c,
    CFGR2 = 0x10,
    SMPR1 = 0x14,
    PCSEL = 0x1c,
    LTR1 = 0x20,
    HTR1 = 0x24,
    SQR1 = 0x30,
    SQR2 = 0x34,
    DR = 0x40,
    JSQR = 0x4c,
    OFR1 = 0x60,
    JDR1 = 0x80,
    CALFACT2 = 0xc8,
    CCR = 0x308,
    CDR = 0x30c,
};
enum { ADRDY = 1, EOC = 4, EOS = 8, OVR = 16, JEOC = 32, JEOS = 64, AWD1 = 128, LDORDY = 1 << 12 };
enum { ADEN = 1, ADDIS = 2, ADSTART = 4, JADSTART = 8, ADSTP = 16, ADVREGEN = 1 << 28 };
#define ADCAL 0x80000000u

static inline void set(struct soc_fixture *f, uint32_t address, uint32_t bits)
{
    fixture_write(f, address, fixture_read(f, address) | bits);
}

/* The clock of the bus by 4, 12 bits: what the tests then measure in. */
static inline void power_up(struct soc_fixture *f, uint32_t base)
{
    fixture_write(f, base + CR, 0);
    fixture_write(f, base + CR, ADVREGEN);
    assert_true(fixture_read(f, base + ISR) & LDORDY);
    fixture_write(f, (base & ~0x1ffu) + CCR, 3 << 16 | 7 << 22);
    fixture_write(f, base + CFGR, 1u << 31 | 6 << 2); /* JQDIS, as after reset */
}

static inline void enable(struct soc_fixture *f, uint32_t base)
{
    set(f, base + CR, ADEN);
    assert_false(fixture_read(f, base + ISR) & ADRDY);
    fixture_wait(f, 5 * SIM_US);
    assert_true(fixture_read(f, base + ISR) & ADRDY);
}

static inline struct soc_fixture *start(uint32_t base)
{
    struct soc_fixture *f = fixture_create();
    power_up(f, base);
    enable(f, base);
    return f;
}

static inline uint32_t convert(struct soc_fixture *f, uint32_t base, unsigned channel)
{
    fixture_write(f, base + SQR1, channel << 6);
    set(f, base + CR, ADSTART);
    fixture_wait(f, 200 * SIM_US);
    return fixture_read(f, base + DR);
}

#endif
