/* A chip whose RTC runs from the LSE. */
#ifndef SIM_TEST_SOC_RTC_FIXTURE_H
#define SIM_TEST_SOC_RTC_FIXTURE_H

#include "sim/test/soc/soc_fixture.h"

#define RTC  0x58004000u
#define RCC  0x58024400u
#define PWR  0x58024800u
#define EXTI 0x58000000u

enum { TR = 0, DR = 4, CR = 8, ISR = 0xc, PRER = 0x10, WUTR = 0x14, ALRMAR = 0x1c, WPR = 0x24 };
enum { SSR = 0x28, SHIFTR = 0x2c, TSTR = 0x30, TSDR = 0x34, TSSSR = 0x38, CALR = 0x3c };
enum { TAMPCR = 0x40, ALRMASSR = 0x44, BKP0R = 0x50 };
enum { INIT = 128, INITF = 64, RSF = 32, WUTWF = 4, ALRAF = 256, WUTF = 1024 };

static inline struct soc_fixture *create(void)
{
    struct soc_fixture *f = fixture_create();
    fixture_write(f, PWR, fixture_read(f, PWR) | 1 << 8); /* DBP */
    fixture_write(f, RCC + 0x70, 1);                      /* LSEON */
    fixture_wait(f, 3 * SIM_S);
    fixture_write(f, RCC + 0x70, 1 | 1 << 8 | 1 << 15); /* RTC from LSE */
    assert_int_equal(soc_clock_hz(f->soc, CLOCK_RTC), 32768);
    return f;
}

static inline void unlock(struct soc_fixture *f)
{
    fixture_write(f, RTC + WPR, 0xca);
    fixture_write(f, RTC + WPR, 0x53);
}

static inline void set(struct soc_fixture *f, uint32_t time, uint32_t date)
{
    unlock(f);
    fixture_write(f, RTC + ISR, ~0u);
    assert_false(fixture_read(f, RTC + ISR) & INITF);
    fixture_wait(f, 62 * SIM_US); /* two of RTCCLK */
    assert_true(fixture_read(f, RTC + ISR) & INITF);
    fixture_write(f, RTC + TR, time);
    fixture_write(f, RTC + DR, date);
    fixture_write(f, RTC + ISR, ~(uint32_t)(INIT | RSF));
    assert_false(fixture_read(f, RTC + ISR) & (INITF | RSF));
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & RSF);
}

#endif
