/* What the files of the RCC share, and what PWR, FLASH and the watchdogs tell it. RM0399 chapter 9. */
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
enum { RCC_PLLS = 3, RCC_MCOS = 2 };

struct rcc;

struct rcc_oscillator {
    struct rcc *rcc;
    struct event settled; /* the ready flag follows what was asked for */
    bool ready;
};

struct rcc_mco {
    struct rcc *rcc;
    struct event edge;
};

struct rcc {
    struct block block;
    struct rcc_mco mco[RCC_MCOS];
    struct rcc_oscillator source[RCC_SOURCES];
    struct event system_switch;
    unsigned sws;                /* the source that runs the system: 0 HSI, 1 CSI, 2 HSE, 3 PLL1 */
    bool started;                /* false inside soc_create() */
    uint16_t fraction[RCC_PLLS]; /* FRACN as the modulator has latched it (9.5.5) */
    sim_time hsi_divided;        /* when CR.HSIDIVF stands again */
    bool lsi_forced;             /* a watchdog runs, and needs it (9.5.2) */
};

/* Offsets that the files know. */
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
    RCC_PLL3FRACR = 0x44,
    RCC_D1CCIPR = 0x4c,
    RCC_D2CCIP1R = 0x50,
    RCC_D2CCIP2R = 0x54,
    RCC_D3CCIPR = 0x58,
    RCC_CIER = 0x60,
    RCC_CIFR = 0x64,
    RCC_CICR = 0x68,
    RCC_BDCR = 0x70,
    RCC_CSR = 0x74,
    RCC_AHB3RSTR = 0x7c,
    RCC_APB4RSTR = 0x9c,
    RCC_GCR = 0xa0,
    RCC_D3AMR = 0xa8,
    RCC_OWN_BANK = 0xd0,
    RCC_AHB3ENR = 0xd4,
    RCC_AHB4ENR = 0xe0,
    RCC_APB4ENR = 0xf4,
    RCC_OWN_BANK_END = 0x120,
    RCC_C1_BANK = 0x130,
    RCC_C2_BANK = 0x190,
};

enum {
    RCC_CR_HSION = 1u << 0,
    RCC_CR_HSIDIV = 3u << 3,
    RCC_CR_HSIDIVF = 1u << 5,
    RCC_CR_CSION = 1u << 7,
    RCC_CR_HSI48ON = 1u << 12,
    RCC_CR_HSEON = 1u << 16,
    RCC_CR_HSEBYP = 1u << 18,
    RCC_CR_HSECSSON = 1u << 19,
    RCC_CR_PLL1ON = 1u << 24,
    RCC_CR_PLLSON = 0x15u << 24,
    RCC_CFGR_SW = 7u << 0,
    RCC_CFGR_STOPWUCK = 1u << 6,
    RCC_CFGR_STOPKERWUCK = 1u << 7,
    RCC_CIFR_LSECSSF = 1u << 9,
    RCC_CIFR_HSECSSF = 1u << 10,
    RCC_BDCR_LSEON = 1u << 0,
    RCC_BDCR_LSECSSON = 1u << 5,
    RCC_BDCR_LSECSSD = 1u << 6,
    RCC_BDCR_RTCSEL = 3u << 8,
    RCC_BDCR_RTCEN = 1u << 15,
};

static inline struct rcc *rcc_of(struct block *block)
{
    return (struct rcc *)block;
}

static inline struct event_queue *rcc_events(struct rcc *rcc)
{
    return &block_sim(&rcc->block)->events;
}

/* rcc.c: the interrupt follows CIFR and CIER. */
void rcc_update_interrupt(struct rcc *rcc);

/* rcc_sources.c: oscillators, PLLs and the system's switch. */
void rcc_sources_init(struct rcc *rcc);
void rcc_sources_reset(struct rcc *rcc);
/* Some `ready` of a source, or what is wanted of one, is not what it was. */
void rcc_sources_changed(struct rcc *rcc);
uint32_t rcc_ready_flags(const struct rcc *rcc, uint32_t offset);
uint32_t rcc_read_cr(struct rcc *rcc);
void rcc_write_cr(struct rcc *rcc, uint32_t value, const struct block_access *access);
/* PLLCKSELR, PLLCFGR and the PLLs' dividers, much of which is fixed while a PLL runs. */
void rcc_write_pll(struct rcc *rcc, uint32_t offset, uint32_t value,
                   const struct block_access *access);
/* The system entered Stop: everything but the RTC's oscillators off, HSI or CSI at the wake-up. */
void rcc_system_stopped(struct block *block);
/* A watchdog runs: the LSI goes on whatever CSR says. */
void rcc_force_lsi(struct block *block);

/* rcc_tree.c: the clock tree. 0: stopped. */
uint64_t rcc_clock_hz(struct block *block, enum soc_clock clock);
uint64_t rcc_mco_hz(const struct rcc *rcc, unsigned n); /* of output n, 1 or 2 */

/* rcc_mco.c: clocks at pins. What drives one by alternate function 0: 0 or 1; -1: no output is there. */
int rcc_mco_level(struct soc *soc, unsigned port, unsigned pin);
void rcc_mco_init(struct rcc *rcc);
void rcc_mco_changed(struct rcc *rcc);                  /* what goes out, perhaps */
void rcc_mco_selected(struct soc *soc, unsigned port);  /* the functions of the port's pins */
void rcc_mco_looked_at(struct soc *soc, unsigned port); /* its pins get their level of now */

/* rcc_backup.c: the registers of the backup domain. */
void rcc_write_bdcr(struct rcc *rcc, uint32_t value, const struct block_access *access);

/* rcc_reset.c: resets, and what releases a core. */
void rcc_write_rstr(struct rcc *rcc, uint32_t offset, uint32_t value,
                    const struct block_access *access);
void rcc_write_gcr(struct rcc *rcc, uint32_t value, const struct block_access *access);

/* rcc_gates.c: who has which clock. */
bool rcc_gate_open(struct block *block, uint16_t gate);
/* Something was written to a core's enables. */
void rcc_gates_written(struct rcc *rcc);
/* The block behind the gate is in the core's domain: D1 of the M7, D2 of the M4. */
bool rcc_gate_in_domain(uint16_t gate, enum soc_core core);
/* `core` has enabled a block in the domain of core `domain`, and so keeps it powered (7.6.1, 9.5.10). */
bool rcc_allocates(struct block *block, enum soc_core core, enum soc_core domain);
/* A core has fallen asleep or woken: the clocks that it enabled may stop or go on (9.5.11). */
void rcc_sleep_changed(struct block *block);

#endif
