/*
 * How the maker's dual-core programs begin: the Cortex-M4 stops its domain until the Cortex-M7 has set the
 * clocks and sends it the HSEM's notification.
 */
#ifndef GUEST_VENDOR_BOOT_H
#define GUEST_VENDOR_BOOT_H

#include "vendor.h"

#ifdef CM7
static inline void wait_until_cm4_stops(void)
{
    int32_t timeout = 0xffff;
    while (RCC_CR & 1u << 15 && timeout-- > 0)
        ;
    CHECK(timeout >= 0);
}

static inline void release_cm4(void)
{
    int32_t timeout = 0xffff;
    RCC_AHB4ENR |= 1u << 25;
    (void)RCC_AHB4ENR;
    CHECK(HSEM_RLR(0) == 0x80000300);
    HSEM_R(0) = 0x300;
    while (!(RCC_CR & 1u << 15) && timeout-- > 0)
        ;
    CHECK(timeout >= 0);
}
#else
static inline void stop_until_released(void)
{
    RCC_AHB4ENR |= 1u << 25;
    (void)RCC_AHB4ENR;
    HSEM_C2IER |= 1;
    sev();
    wfe();
    PWR_CR1 &= ~1u;
    PWR_CPUCR &= ~2u;
    PWR_CPU2CR &= ~2u;
    SCB_SCR |= SLEEPDEEP;
    dsb();
    isb();
    wfe();
    SCB_SCR &= ~SLEEPDEEP;
    HSEM_C2ICR = 1;
    HSEM_C2IER &= ~1u;
    SYST_RVR = 200000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
}
#endif

#endif
