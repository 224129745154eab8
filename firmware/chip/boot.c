#include "chip/boot.h"

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"

enum { DOMAIN_POLLS = 0xffff };

static bool m4_starts_at_reset(void)
{
    reg_set(RCC_APB4ENR, RCC_APB4ENR_SYSCFGEN);
    (void)reg_read(RCC_APB4ENR);
    return reg_read(SYSCFG_UR1) & SYSCFG_UR1_BCM4;
}

static void start_hsem(void)
{
    reg_set(RCC_AHB4ENR, RCC_AHB4ENR_HSEMEN);
    (void)reg_read(RCC_AHB4ENR);
}

void boot_hold_m4(void)
{
    if (m4_starts_at_reset())
        reg_wait(RCC_CR, RCC_CR_D2CKRDY, 0, DOMAIN_POLLS);
}

/* The M4 goes on when the semaphore SYSTEM_UP is taken, which stays so; the bell only wakes it. */
bool boot_release_m4(void)
{
    data_sync_barrier(); /* what this core has written is there before the M4 looks */
    start_hsem();
    (void)reg_read(HSEM_RLR0 + 4 * HSEM_SYSTEM_UP);
    if (!m4_starts_at_reset())
        reg_set(RCC_GCR, RCC_GCR_BOOT_C2);
    (void)reg_read(HSEM_RLR0 + 4 * HSEM_START_BELL);
    reg_write(HSEM_R0 + 4 * HSEM_START_BELL, HSEM_COREID_CM7 << 8);
    return reg_wait(RCC_CR, RCC_CR_D2CKRDY, RCC_CR_D2CKRDY, DOMAIN_POLLS);
}

/*
 * The bell may ring before this core listens, so the truth is a semaphore that the M7 holds from
 * then on; a reset frees it. WFE wakes by the HSEM's event although no interrupt is enabled in the
 * NVIC.
 */
void boot_wait_for_m7(void)
{
    start_hsem();
    reg_set(HSEM_C2IER, BIT(HSEM_START_BELL));
    reg_set(EXTI_C2EMR3, BIT(14)); /* line 78: the HSEM's interrupt for this core */
    reg_clear(PWR_CPU2CR, PWR_CPU2CR_PDDS_D1 | PWR_CPU2CR_PDDS_D2 | PWR_CPU2CR_PDDS_D3);
    reg_set(SCB_SCR, SCB_SCR_SLEEPDEEP);
    while (!(reg_read(HSEM_R0 + 4 * HSEM_SYSTEM_UP) & HSEM_LOCK)) {
        wait_for_event();
        reg_write(HSEM_C2ICR, BIT(HSEM_START_BELL));
    }
    reg_clear(SCB_SCR, SCB_SCR_SLEEPDEEP);
    reg_clear(EXTI_C2EMR3, BIT(14));
    reg_clear(HSEM_C2IER, BIT(HSEM_START_BELL));
    reg_write(HSEM_C2ICR, BIT(HSEM_START_BELL));
    reg_write(NVIC_ICPR + 4 * (IRQ_HSEM_CM4 / 32), BIT(IRQ_HSEM_CM4 % 32));
}

/* AIRCR takes writes with its key only (ARM DDI 0403E, B3.2.6); either core's request resets the
 * system (RM0399 8.4.1). */
void boot_restart(void)
{
    data_sync_barrier();
    reg_write(SCB_AIRCR, SCB_AIRCR_VECTKEY | SCB_AIRCR_SYSRESETREQ);
    for (;;)
        wait_for_event();
}
