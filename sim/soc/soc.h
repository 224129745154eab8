/*
 * The STM32H747 without its cores: the table of its blocks, and what joins them (interrupt lines,
 * DMA requests, clocks, pins). RM0399.
 *
 * The cores are outside: whoever owns them connects to the outputs here and tells what the cores do.
 */
#ifndef SIM_SOC_SOC_H
#define SIM_SOC_SOC_H

#include "sim/core/sim.h"
#include "sim/core/wire.h"

struct soc;
struct block;
struct block_class;

enum soc_core { SOC_CM7, SOC_CM4, SOC_CORES };

enum {
    SOC_IRQS = 150,
    SOC_EXTI_LINES = 96,
    SOC_DMA_REQUESTS = 128, /* inputs of DMAMUX1, and again of DMAMUX2 */
    SOC_MDMA_TRIGGERS = 32,
    SOC_PORTS = 11, /* GPIOA to GPIOK */
    SOC_PINS = 16,
};

/* Clocks that blocks ask for (RM0399 chapter 9, figure "clock distribution"). */
enum soc_clock {
    CLOCK_NONE,
    CLOCK_CM7,  /* sys_d1cpre_ck: the M7, its SysTick */
    CLOCK_CM4,  /* HCLK of D2: the M4 */
    CLOCK_HCLK, /* AHB1 to AHB4, AXI */
    CLOCK_APB1,
    CLOCK_APB2,
    CLOCK_APB3,
    CLOCK_APB4,
    CLOCK_TIM_APB1, /* timer kernel clocks (x1, x2, x4 by TIMPRE) */
    CLOCK_TIM_APB2,
    CLOCK_USART16,
    CLOCK_USART234578,
    CLOCK_LPUART1,
    CLOCK_I2C123,
    CLOCK_I2C4,
    CLOCK_SPI123,
    CLOCK_SPI45,
    CLOCK_SPI6,
    CLOCK_SAI1,
    CLOCK_SAI23,
    CLOCK_SAI4, /* of its sub-block A */
    CLOCK_LPTIM1,
    CLOCK_LPTIM2,
    CLOCK_LPTIM345,
    CLOCK_LTDC, /* pll3_r_ck */
    CLOCK_DSI,  /* DSI PHY's byte clock is the DSI host's own business; this is its reference */
    CLOCK_FMC,
    CLOCK_QUADSPI,
    CLOCK_SDMMC,
    CLOCK_RNG,
    CLOCK_USB,
    CLOCK_FDCAN,
    CLOCK_ADC,
    CLOCK_RTC,
    CLOCK_LSI,
    CLOCK_LSE,
    CLOCK_HSE,
    CLOCK_PER,
    CLOCK_COUNT
};

/* An interrupt output: NVIC position and the cores that have it. */
#define IRQ(n)     ((uint16_t)(0x3000 | (n)))
#define IRQ_CM7(n) ((uint16_t)(0x1000 | (n)))
#define IRQ_CM4(n) ((uint16_t)(0x2000 | (n)))

/* A clock gate: the bit of an RCC_xxxENR register (offset of the common copy). 0: always clocked.
 * RCC_xxxRSTR is 0x58 before it and has its bit at the same place. */
#define GATE(enr_offset, bit) ((uint16_t)((enr_offset) << 5 | (bit)))

/* DMA requests by their number at DMAMUX1, or DMAMUX2. */
#define DMAMUX2_INPUT(n) ((uint8_t)(0x80 | (n)))

/* One row a block of the chip; those that are not modelled have no class, and say so when used. */
struct soc_row {
    const char *name; /* as in the manual: "USART1" */
    uint32_t base, size;
    const struct block_class *class;
    uint16_t gate;
    enum soc_clock bus_clock, kernel_clock;
    uint8_t instance; /* 1 for USART1; 0 where there is only one */
    uint16_t irq[16]; /* in the order that the class numbers them; 0 ends */
    uint8_t dma[8];   /* likewise; 0: none */
    uint8_t mdma[6];  /* MDMA triggers + 1, likewise */
    uint8_t exti[8];  /* EXTI lines + 1, likewise */
};

extern const struct soc_row stm32h747_rows[];
extern const unsigned stm32h747_row_count;

/* Causes of resets, bits of RCC_RSR (RM0399 9.7.38). */
enum soc_rsr {
    RSR_C1RSTF = 1u << 17,
    RSR_C2RSTF = 1u << 18,
    RSR_D1RSTF = 1u << 19,
    RSR_D2RSTF = 1u << 20,
    RSR_BORRSTF = 1u << 21,
    RSR_PINRSTF = 1u << 22,
    RSR_PORRSTF = 1u << 23,
    RSR_SFT1RSTF = 1u << 24,
    RSR_SFT2RSTF = 1u << 25,
    RSR_IWDG1RSTF = 1u << 26,
    RSR_IWDG2RSTF = 1u << 27,
    RSR_WWDG1RSTF = 1u << 28,
    RSR_WWDG2RSTF = 1u << 29,
    RSR_LPWR1RSTF = 1u << 30,
};
#define RSR_LPWR2RSTF 0x80000000u

/* What the owner of the cores offers to the SoC. */
struct soc_cores {
    void *ctx;
    void (*set_irq)(void *ctx, enum soc_core core, unsigned irq, bool level);
    void (*nmi)(void *ctx, enum soc_core core);
    void (*event)(void *ctx, enum soc_core core); /* RXEV */
    /* Hold a core in reset, or let it go; when let go it starts at its boot address. */
    void (*hold)(void *ctx, enum soc_core core, bool held);
    /* Resets, after which the SoC is in its reset state. `cause` is the RCC_RSR bit. */
    void (*reset)(void *ctx, enum soc_core core);
    void (*clock_changed)(void *ctx, enum soc_core core); /* ask soc_clock_hz() again */
};

/* Memories of the chip and of the board around it, by the bus. */
struct soc_memories {
    struct ram itcm, dtcm, axi_sram, sram1, sram2, sram3, sram4, backup, flash, system_flash;
};

struct soc {
    struct sim *sim;
    struct soc_cores cores;
    struct soc_memories memory;
    struct block **blocks;                        /* by row of stm32h747_rows; NULL: not modelled */
    struct wire exti_line[SOC_EXTI_LINES];        /* inputs of the EXTI */
    struct wire dma_request[2][SOC_DMA_REQUESTS]; /* inputs of DMAMUX1 and DMAMUX2 */
    struct wire mdma_trigger[SOC_MDMA_TRIGGERS];
    struct wire pin_out[SOC_PORTS][SOC_PINS];   /* high: driven high by the chip */
    struct wire pin_sunk[SOC_PORTS][SOC_PINS];  /* high: driven low by the chip (an LED to VDD) */
    struct wire pin_level[SOC_PORTS][SOC_PINS]; /* what stands at the pin, for inputs and EXTI */
    bool pin_in[SOC_PORTS][SOC_PINS];           /* what the board drives, where it drives */
    bool pin_driven[SOC_PORTS][SOC_PINS];       /* the board drives: soc_drive_pin() was called */
    struct block *gpio[SOC_PORTS];              /* filled in by the ports' init */
    uint8_t irq_sources[SOC_CORES][SOC_IRQS];   /* how many outputs hold the line high */
    struct bus_region *flash_region;            /* the FLASH block is its device */
    struct bus_region *cm4_alias;               /* at 0 for the M4: where it boots from */
    struct bus_region *d2_gate[2]; /* stands before D2's SRAMs while they cannot be reached */
    struct bus_device sleeping_d2;
    bool power_on;           /* during soc_reset(): everything resets */
    struct soc_slot *slots;  /* one a row: soc.c's own */
    uint64_t hse_hz;         /* the board's crystal or oscillator; 25 MHz, 0: it has failed */
    bool lse_broken;         /* the board's 32 kHz crystal */
    uint32_t vdd_millivolts; /* 3300; by soc_set_vdd() */
    /* Filled in by the RCC's init. */
    uint64_t (*clock_hz)(struct block *rcc, enum soc_clock clock);
    bool (*gate_open)(struct block *rcc, uint16_t gate);
    struct block *rcc;
    bool sleep_gates; /* some clock that is enabled is not so in CSleep: rcc_gates.c */
    uint64_t known_hz[CLOCK_COUNT]; /* answers of clock_hz, 0: ask; void when clocks change */
    struct block *dmamux[2];        /* filled in by the DMAMUXes' init: sim/soc/dmamux.h */
    /* Filled in by the init of PWR, EXTI, FLASH and SYSCFG. */
    struct block *pwr, *exti, *flash, *syscfg;
};

static inline struct sim *soc_sim(const struct soc *soc)
{
    return soc->sim;
}

/* Builds all blocks and memories and maps them on sim->bus. NULL: out of memory. `cores` is
 * copied. All blocks are in power-on reset; memories are 0, flash is 0xFF. */
struct soc *soc_create(struct sim *sim, const struct soc_cores *cores);
void soc_destroy(struct soc *soc);

/* Every block back to its reset values, but for what a power-on reset alone resets unless
 * `power_on` (RTC and backup domain, RCC_RSR, PWR_CR3's write-once bits, option bytes). */
void soc_reset(struct soc *soc, bool power_on);
/* A reset of the whole system but the power-on one: sets RCC_RSR's `cause` bits (enum soc_rsr),
 * resets all blocks, then both cores. Callable from a register access or an event. */
void soc_system_reset(struct soc *soc, uint32_t cause);
/* Resets one core alone (WWDG1 and WWDG2 by RCC_GCR.WWxRSC, waking from domain Standby). */
void soc_core_reset(struct soc *soc, enum soc_core core, uint32_t cause);
/* The block of a name such as "USART1"; NULL: none, or not modelled. */
struct block *soc_block(struct soc *soc, const char *name);
/* Resets one block (RCC_xxxRSTR). */
void soc_reset_gate(struct soc *soc, uint16_t gate);

uint64_t soc_clock_hz(struct soc *soc, enum soc_clock clock); /* 0: stopped */
/* Calls every class's clock_changed and the cores'. The RCC calls it. */
void soc_clocks_changed(struct soc *soc);
/* Clocks that the RCC gives blocks have stopped or go on: their clock_changed is called. */
void soc_gates_changed(struct soc *soc);

/* The DMA has served the request (see block_class.dma_served), or all of them. */
void soc_dma_served(struct soc *soc, unsigned mux, unsigned request);
void soc_dma_finished(struct soc *soc, unsigned mux, unsigned request);

/* The board drives a pin from outside; EXTI and peripheral inputs hear of it. port 0 is A.
 * A pin that the board never drove shows its pull resistor, and 0 if it has none. */
void soc_drive_pin(struct soc *soc, unsigned port, unsigned pin, bool level);

/* PWR tells: D2 is in DStop, or has left it. */
void soc_d2_sleeps(struct soc *soc, bool sleeps);

/* The supply changes, and a crystal breaks: at the present board time. */
void soc_set_vdd(struct soc *soc, uint32_t millivolts);
void soc_fail_hse(struct soc *soc);
void soc_fail_lse(struct soc *soc);

/* What the cores tell (defined by pwr.c, rcc.c and exti.c). */
void soc_core_sleep_changed(struct soc *soc, enum soc_core core, bool asleep, bool deep);
void soc_core_sent_event(struct soc *soc, enum soc_core core);      /* SEV */
void soc_core_requested_reset(struct soc *soc, enum soc_core core); /* AIRCR.SYSRESETREQ */
/* The clock of the core is stopped (CStop and deeper): it must not run or count. */
bool soc_core_clock_stopped(struct soc *soc, enum soc_core core);
/* Where the core boots: its vector table's address by the option bytes (and SYSCFG). */
uint32_t soc_boot_address(struct soc *soc, enum soc_core core);
/* True while the core is held: not released by option byte BCMx or RCC_GCR.BOOT_Cx. */
bool soc_core_held(struct soc *soc, enum soc_core core);

#endif
