/*
 * Start-up and drivers in the order of accesses, polls and time-outs of the vendor's firmware for
 * this board: what a program of strangers does before its first own line. Written from the manual.
 */
#ifndef DRIVERS_H
#define DRIVERS_H

#include "guest.h"

static volatile uint32_t ticks;
static volatile uint32_t failure; /* the first wait that timed out */

#define TIMEOUT_MS 5000u
/* Waits for a condition as the drivers do: by the tick, giving up after 5 s. */
#define WAIT_UNTIL(condition, number)                                                              \
    do {                                                                                           \
        uint32_t began_ = ticks;                                                                   \
        while (!(condition))                                                                       \
            if (ticks - began_ > TIMEOUT_MS) {                                                     \
                if (!failure)                                                                      \
                    failure = (number);                                                            \
                break;                                                                             \
            }                                                                                      \
    } while (0)

#define SET(reg, bits)          ((reg) |= (bits))
#define CLEAR(reg, bits)        ((reg) &= ~(uint32_t)(bits))
#define MODIFY(reg, mask, bits) ((reg) = ((reg) & ~(uint32_t)(mask)) | (bits))
#define READ_BACK(reg)          ((void)*(volatile uint32_t *)&(reg))
#define CLOCK_ON(reg, bits)     (SET(reg, bits), READ_BACK(reg))

static void delay_ms(uint32_t ms)
{
    uint32_t began = ticks;
    while (ticks - began < ms + 1)
        ;
}

/* The tick at a core clock, lowest priority, all priority bits for preemption. */
static void start_tick(uint32_t core_hz)
{
    SCB_AIRCR = (SCB_AIRCR & 0xf8ffu) | 0x05fa0000u | 3u << 8;
    SYST_RVR = core_hz / 1000 - 1;
    MMIO(0xe000ed20u) = (MMIO(0xe000ed20u) & 0x00ffffffu) | 0xf0u << 24;
    SYST_CVR = 0;
    SYST_CSR = 7;
}

/* SystemInit: everything of the clocks back to reset, the interconnect's fix, the FMC's bank off. */
static void system_init(void)
{
    SET(SCB_SCR, SEVONPEND);
#ifdef CM7
    if ((FLASH_ACR & 0xf) < 7)
        MODIFY(FLASH_ACR, 0xf, 7);
    SET(RCC_CR, 1);
    RCC_CFGR = 0;
    RCC_CR &= 0xeaf6ed7fu;
    if ((FLASH_ACR & 0xf) > 7)
        MODIFY(FLASH_ACR, 0xf, 7);
    RCC_D1CFGR = 0;
    RCC_D2CFGR = 0;
    RCC_D3CFGR = 0;
    RCC_PLLCKSELR = 0x02020200u;
    RCC_PLLCFGR = 0x01ff0000u;
    for (uint32_t offset = 0x30; offset <= 0x44; offset += 8) {
        RCC(offset) = 0x01010280u;
        RCC(offset + 4) = 0;
    }
    RCC_CR &= 0xfffbffffu;
    RCC(0x60) = 0;
    if ((MMIO(0x5c001000u) & 0xffff0000u) < 0x20000000u)
        MMIO(0x51008108u) = 1;
    MMIO(0x52004000u) = 0x000030d2u; /* FMC_BCR1, with the FMC's clock off */
    SCB_VTOR = 0x08000000u;
#else
    CLOCK_ON(RCC(0xd8), 1u << 31 | 1u << 30 | 1u << 29);
    SCB_VTOR = 0x08100000u;
    MMIO(0x40024400u) |= 0;
#endif
}

#ifdef CM7
/* Direct SMPS, voltage scale 1, HSE 25 MHz, PLL1 M=5 N=160 P=2: 400 and 200 MHz. */
#ifndef PLL1_N
#define PLL1_N 160u
#endif
static void configure_supply(void)
{
    if ((PWR_CR3 & 7) != 6) {
        if ((PWR_CR3 & 0x3f) != 4 && !failure)
            failure = 1;
    } else {
        MODIFY(PWR_CR3, 0x3f, 4);
        WAIT_UNTIL(PWR_CSR1 & 1u << 13, 2);
    }
    MODIFY(PWR_D3CR, 3u << 14, 3u << 14);
    READ_BACK(PWR_D3CR);
    WAIT_UNTIL(PWR_D3CR & 1u << 13, 3);
}

static void configure_pll(void)
{
    if ((RCC_CFGR >> 3 & 7) == 3)
        return;
    CLEAR(RCC_CR, 1u << 24);
    WAIT_UNTIL(!(RCC_CR & 1u << 25), 10);
    MODIFY(RCC_PLLCKSELR, 3u | 0x3fu << 4, 2u | 5u << 4);
    RCC_PLL1DIVR = (PLL1_N - 1) | (2u - 1) << 9 | (4u - 1) << 16 | (2u - 1) << 24;
    CLEAR(RCC_PLLCFGR, 1);
    RCC(0x34) = 0;
    MODIFY(RCC_PLLCFGR, 3u << 2, 2u << 2);
    MODIFY(RCC_PLLCFGR, 1u << 1, 0);
    SET(RCC_PLLCFGR, 1u << 16);
    SET(RCC_PLLCFGR, 1u << 17);
    SET(RCC_PLLCFGR, 1u << 18);
    SET(RCC_PLLCFGR, 1);
    SET(RCC_CR, 1u << 24);
    WAIT_UNTIL(RCC_CR & 1u << 25, 11);
}

static void configure_clocks(void)
{
    configure_supply();
    SET(RCC_CR, 1u << 16);
    WAIT_UNTIL(RCC_CR & 1u << 17, 4);
    configure_pll();
    MODIFY(FLASH_ACR, 0xf, 4);
    if ((FLASH_ACR & 0xf) != 4 && !failure)
        failure = 12;
    MODIFY(RCC_D1CFGR, 7u << 4, 4u << 4);
    MODIFY(RCC_D2CFGR, 7u << 4, 4u << 4);
    MODIFY(RCC_D2CFGR, 7u << 8, 4u << 8);
    MODIFY(RCC_D3CFGR, 7u << 4, 4u << 4);
    MODIFY(RCC_D1CFGR, 0xf, 8);
    MODIFY(RCC_D1CFGR, 0xfu << 8, 0);
    MODIFY(RCC_CFGR, 7, 3);
    WAIT_UNTIL((RCC_CFGR >> 3 & 7) == 3, 13);
    start_tick(400000000);
    /* the I/O compensation cell */
    SET(RCC_CR, 1u << 7);
    CLOCK_ON(RCC_APB4ENR, 2);
    SET(MMIO(0x58000420u), 1);
}

/* Region 0 of the whole map as no access, region 1 of SRAM4 not cached; then the caches. */
static void configure_mpu(void)
{
    dsb();
    CLEAR(SCB_SHCSR, 1u << 16);
    MMIO(0xe000ed94u) = 0;
    MMIO(0xe000ed98u) = 0;
    MMIO(0xe000ed9cu) = 0;
    MMIO(0xe000eda0u) = 1u << 28 | 1u << 18 | 0x87u << 8 | 31u << 1 | 1;
    MMIO(0xe000ed98u) = 1;
    MMIO(0xe000ed9cu) = 0x38000000u;
    MMIO(0xe000eda0u) = 3u << 24 | 1u << 19 | 1u << 18 | 15u << 1 | 1;
    MMIO(0xe000ed94u) = 4 | 1;
    SET(SCB_SHCSR, 1u << 16);
    dsb();
    isb();
}

static void enable_caches(void)
{
    dsb();
    isb();
    MMIO(0xe000ef50u) = 0; /* ICIALLU */
    dsb();
    isb();
    SET(MMIO(0xe000ed14u), 1u << 17);
    dsb();
    isb();
    SCB_CSSELR = 0;
    dsb();
    uint32_t ccsidr = SCB_CCSIDR, sets = ccsidr >> 13 & 0x7fff;
    do {
        uint32_t ways = ccsidr >> 3 & 0x3ff;
        do
            MMIO(0xe000ef60u) = (sets << 5 & 0x3fe0) | ways << 30; /* DCISW */
        while (ways-- != 0);
    } while (sets-- != 0);
    dsb();
    SET(MMIO(0xe000ed14u), 1u << 16);
    dsb();
    isb();
}
#endif

#define HSEM_TAKEN (1u << 31)
#ifdef CM7
#define MY_CORE   (3u << 8)
#define MY_IER    HSEM_C1IER
#define MY_ICR    HSEM_C1ICR
#define MY_MISR   HSEM_C1MISR
#define MY_IMR(n) EXTI(0x80 + 16 * (n))
#define MY_EMR(n) EXTI(0x84 + 16 * (n))
#define MY_PR(n)  EXTI(0x88 + 16 * (n))
#define MY_CPUCR  PWR_CPUCR
#else
#define MY_CORE   (1u << 8)
#define MY_IER    HSEM_C2IER
#define MY_ICR    HSEM_C2ICR
#define MY_MISR   HSEM_C2MISR
#define MY_IMR(n) EXTI(0xc0 + 16 * (n))
#define MY_EMR(n) EXTI(0xc4 + 16 * (n))
#define MY_PR(n)  EXTI(0xc8 + 16 * (n))
#define MY_CPUCR  PWR_CPU2CR
#endif

static int fast_take(unsigned n)
{
    return HSEM_RLR(n) == (MY_CORE | HSEM_TAKEN);
}

static void release(unsigned n)
{
    HSEM_R(n) = MY_CORE;
}

static void enter_stop(int by_event)
{
    CLEAR(PWR_CR1, 1);
#ifdef CM7
    CLEAR(PWR_CPUCR, 1);
#else
    CLEAR(PWR_CPUCR, 2);
    CLEAR(PWR_CPU2CR, 2);
#endif
    SET(SCB_SCR, SLEEPDEEP);
    dsb();
    isb();
    if (by_event)
        wfe();
    else
        wfi();
    CLEAR(SCB_SCR, SLEEPDEEP);
}

/* The M7 waits for the M4's Stop, sets up the clocks and releases it; the M4 stops until then. */
static void boot_both(void)
{
    system_init();
#ifdef CM7
    int32_t timeout = 0xffff;
    while ((RCC_CR & 1u << 15) && timeout-- > 0)
        ;
    if (timeout < 0)
        failure = 20;
    configure_mpu();
    enable_caches();
    start_tick(64000000);
    configure_clocks();
    CLOCK_ON(RCC_AHB4ENR, 1u << 25);
    if (!fast_take(0))
        failure = 21;
    release(0);
    timeout = 0xffff;
    while (!(RCC_CR & 1u << 15) && timeout-- > 0)
        ;
    if (timeout < 0)
        failure = 22;
#else
    CLOCK_ON(RCC_AHB4ENR, 1u << 25);
    SET(MY_IER, 1);
    sev();
    wfe();
    enter_stop(1);
    MY_ICR = 1;
    /* the ART accelerator over the flash's second bank */
    CLOCK_ON(RCC(0xd8), 1u << 14);
    MODIFY(MMIO(0x40024400u), 0xfffu << 8, 0x081u << 8);
    SET(MMIO(0x40024400u), 1);
    start_tick(200000000);
#endif
}

static void led_init(unsigned pin)
{
    CLOCK_ON(RCC_AHB4ENR, 1u << 8);
    MODIFY(GPIO(8, 8), 3u << (2 * pin), 3u << (2 * pin));
    MODIFY(GPIO(8, 4), 1u << pin, 0);
    MODIFY(GPIO(8, 12), 3u << (2 * pin), 1u << (2 * pin));
    MODIFY(GPIO(8, 0), 3u << (2 * pin), 1u << (2 * pin));
    GPIO(8, 0x18) = 1u << pin;
}

static void led_toggle(unsigned pin)
{
    uint32_t odr = GPIO(8, 0x14);
    GPIO(8, 0x18) = (odr & 1u << pin) << 16 | (~odr & 1u << pin);
}

#endif
