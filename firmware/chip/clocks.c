#include "chip/clocks.h"

#include "chip/stm32h747.h"

/* Polls before a clock counts as dead: HSE starts within 2 ms, at 64 MHz and some 6 cycles a poll. */
enum { READY_POLLS = 200000 };

/* RM0399 6.6.2 and 7.8.4: supply first (write-once), then scale 1, then overdrive to scale 0. */
static bool raise_voltage(void)
{
    reg_modify(PWR_CR3, PWR_CR3_BYPASS | PWR_CR3_LDOEN | PWR_CR3_SDEN, PWR_CR3_SDEN);
    if (!reg_wait(PWR_CSR1, PWR_CSR1_ACTVOSRDY, PWR_CSR1_ACTVOSRDY, READY_POLLS))
        return false;
    reg_modify(PWR_D3CR, PWR_D3CR_VOS(3), PWR_D3CR_VOS(3));
    if (!reg_wait(PWR_D3CR, PWR_D3CR_VOSRDY, PWR_D3CR_VOSRDY, READY_POLLS))
        return false;
    reg_set(RCC_APB4ENR, RCC_APB4ENR_SYSCFGEN);
    (void)reg_read(RCC_APB4ENR);
    reg_set(SYSCFG_PWRCR, SYSCFG_PWRCR_ODEN);
    return reg_wait(PWR_D3CR, PWR_D3CR_VOSRDY, PWR_D3CR_VOSRDY, READY_POLLS);
}

static bool start_crystal(void)
{
    reg_set(RCC_CR, RCC_CR_HSEON);
    return reg_wait(RCC_CR, RCC_CR_HSERDY, RCC_CR_HSERDY, READY_POLLS);
}

/* PLL1: 25 MHz / 5 * 192 = 960 MHz, P = /2. PLL3: 25 MHz / 5 * 132 = 660 MHz, R = /24. */
static bool start_plls(void)
{
    reg_write(RCC_PLLCKSELR,
              RCC_PLLCKSELR_PLLSRC(2) | RCC_PLLCKSELR_DIVM1(5) | RCC_PLLCKSELR_DIVM3(5));
    reg_write(RCC_PLL1DIVR, RCC_PLL1DIVR_DIVN1(192 - 1) | RCC_PLL1DIVR_DIVP1(2 - 1) |
                                RCC_PLL1DIVR_DIVQ1(8 - 1) | RCC_PLL1DIVR_DIVR1(2 - 1));
    reg_write(RCC_PLL3DIVR, RCC_PLL3DIVR_DIVN3(132 - 1) | RCC_PLL3DIVR_DIVP3(2 - 1) |
                                RCC_PLL3DIVR_DIVQ3(2 - 1) | RCC_PLL3DIVR_DIVR3(24 - 1));
    reg_write(RCC_PLLCFGR, RCC_PLLCFGR_PLL1RGE(2) | RCC_PLLCFGR_PLL3RGE(2) | RCC_PLLCFGR_DIVP1EN |
                               RCC_PLLCFGR_DIVQ1EN | RCC_PLLCFGR_DIVR3EN);
    reg_set(RCC_CR, RCC_CR_PLL1ON | RCC_CR_PLL3ON);
    return reg_wait(RCC_CR, RCC_CR_PLL1RDY | RCC_CR_PLL3RDY, RCC_CR_PLL1RDY | RCC_CR_PLL3RDY,
                    READY_POLLS);
}

/* Dividers and flash wait states before the switch, so that no bus is ever too fast (4.3.8). */
static bool switch_to_pll(void)
{
    uint32_t acr = FLASH_ACR_LATENCY(4) | FLASH_ACR_WRHIGHFREQ(2);
    reg_write(FLASH_ACR, acr);
    if (!reg_wait(FLASH_ACR, FLASH_ACR_LATENCY(0xf), FLASH_ACR_LATENCY(4), READY_POLLS))
        return false;
    reg_write(RCC_D1CFGR, RCC_D1CFGR_HPRE(8) | RCC_D1CFGR_D1PPRE(4) | RCC_D1CFGR_D1CPRE(0));
    reg_write(RCC_D2CFGR, RCC_D2CFGR_D2PPRE1(4) | RCC_D2CFGR_D2PPRE2(4));
    reg_write(RCC_D3CFGR, RCC_D3CFGR_D3PPRE(4));
    reg_modify(RCC_CFGR, RCC_CFGR_SW(7), RCC_CFGR_SW(3));
    return reg_wait(RCC_CFGR, RCC_CFGR_SWS(7), RCC_CFGR_SWS(3), READY_POLLS);
}

bool clocks_start(void)
{
    return raise_voltage() && start_crystal() && start_plls() && switch_to_pll();
}
