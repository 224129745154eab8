/* What the tests of the RCC share: its registers, and the board's clocks. */
#ifndef SIM_TEST_SOC_RCC_FIXTURE_H
#define SIM_TEST_SOC_RCC_FIXTURE_H

#include "sim/test/soc/soc_fixture.h"

#define RCC 0x58024400u
#define PWR 0x58024800u
enum { CR = 0, CFGR = 0x10, D1CFGR = 0x18, D2CFGR = 0x1c, PLLCKSELR = 0x28, PLLCFGR = 0x2c };
enum { PLL1DIVR = 0x30, PLL3DIVR = 0x40, PLL3FRACR = 0x44, D2CCIP2R = 0x54, CIER = 0x60 };
enum { CSR = 0x74 };
enum { CIFR = 0x64, CICR = 0x68, BDCR = 0x70, APB4RSTR = 0x9c, AHB4RSTR = 0x88, GCR = 0xa0 };
enum { IRQ_RCC = 5 };

static inline uint64_t hz(struct soc_fixture *f, enum soc_clock clock)
{
    return soc_clock_hz(f->soc, clock);
}

/* PLL1 at 960 MHz / 2 from the 25 MHz crystal: 480 MHz and 240 MHz as the board can do. */
static inline void run_at_480(struct soc_fixture *f)
{
    fixture_write(f, RCC + CR, 1u << 16 | 1);
    fixture_wait(f, 2 * SIM_MS);
    fixture_write(f, RCC + PLLCKSELR, 5u << 4 | 2);
    fixture_write(f, RCC + PLL1DIVR, (192 - 1) | 1u << 9 | 3u << 16 | 1u << 24);
    fixture_write(f, RCC + CR, 1u << 24 | 1u << 16 | 1);
    fixture_wait(f, SIM_MS);
    fixture_write(f, RCC + D1CFGR, 8 | 4u << 4);
    fixture_write(f, RCC + D2CFGR, 4u << 4 | 4u << 8);
    fixture_write(f, RCC + 0x20, 4u << 4);
    fixture_write(f, RCC + CFGR, 3);
    fixture_wait(f, SIM_MS);
}

#endif
