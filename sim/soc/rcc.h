/* What the files of the RCC share, and what PWR and FLASH tell it. RM0399 chapter 9. */
#ifndef SIM_SOC_RCC_H
#define SIM_SOC_RCC_H

#include "sim/soc/block.h"

enum rcc_source {
    RCC_HSI,
    RCC_CSI,
    RCC_HSI48,
    RCC_HSE,
    RCC_PLL1,
    RCC_PLL2,
    RCC_PLL3,
    RCC_LSE,
    RCC_LSI,
    RCC_SOURCES
};

struct rcc;

struct rcc_oscillator {
    struct rcc *rcc;
    struct event settled; /* the ready flag follows what was asked for */
    bool ready;
};

struct rcc {
    struct block block;
    struct rcc_oscillator source[RCC_SOURCES];
    struct event system_switch;
    unsigned sws; /* the source that runs the system: 0 HSI, 1 CSI, 2 HSE, 3 PLL1 */
    bool started; /* false inside soc_create() */
};

/* Offsets that both files know. */
enum {
    RCC_CR = 0x00,
    RCC_CFGR = 0x10,
    RCC_D1CFGR = 0x18,
    RCC_D2CFGR = 0x1c,
    RCC_D3CFGR = 0x20,
    RCC_PLLCKSELR = 0x28,
    RCC_PLLCFGR = 0x2c,
    RCC_PLL1DIVR = 0x30,
    RCC_PLL1FRACR = 0x34,
    RCC_D1CCIPR = 0x4c,
    RCC_D2CCIP1R = 0x50,
    RCC_D2CCIP2R = 0x54,
    RCC_D3CCIPR = 0x58,
    RCC_CIFR = 0x64,
    RCC_BDCR = 0x70,
};

/* rcc_tree.c: the clock tree. 0: stopped. */
uint64_t rcc_clock_hz(struct block *block, enum soc_clock clock);
/* Some `ready` of a source is not what it was. */
void rcc_sources_changed(struct rcc *rcc);
/* The system entered Stop: everything but the RTC's oscillators off, HSI or CSI at the wake-up. */
void rcc_system_stopped(struct block *block);

/* The block behind the gate is in the core's domain: D1 of the M7, D2 of the M4. */
bool rcc_gate_in_domain(uint16_t gate, enum soc_core core);
/* `core` has enabled a block in the domain of core `domain`, and so keeps it powered (7.6.1, 9.5.10). */
bool rcc_allocates(struct block *block, enum soc_core core, enum soc_core domain);

#endif
