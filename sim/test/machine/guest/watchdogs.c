/* Watchdogs, software reset and Standby, each seen by the next start in RCC_RSR and PWR_CPUCR; the
 * backup registers carry the place, as vendor examples do. */
#include "drivers.h"

void systick_handler(void)
{
    ticks++;
}

#ifdef CM7
#define BACKUP(n) MMIO(0x58004050u + 4 * (n))

static void rtc_clock_on(void)
{
    SET(PWR_CR1, 1u << 8);
    SET(RCC_CSR, 1);
    WAIT_UNTIL(RCC_CSR & 2, 1);
    if (!(RCC_BDCR & 1u << 15)) {
        SET(RCC_BDCR, 2u << 8);
        SET(RCC_BDCR, 1u << 15);
    }
    CLOCK_ON(RCC_APB4ENR, 1u << 16);
    MMIO(0x58004024u) = 0xca;
    MMIO(0x58004024u) = 0x53;
}

static void clear_flags(void)
{
    SET(RCC_RSR, 1u << 16);
    SET(PWR_CPUCR, 1u << 9);
    SET(PWR_CPU2CR, 1u << 9);
}

int main(void)
{
    system_init();
    start_tick(64000000);
    rtc_clock_on();
    uint32_t place = BACKUP(0)++;
    BACKUP(1 + place) = (RCC_RSR & 0xfffe0000u) | (PWR_CPUCR & 0x1e0u);
    clear_flags();
    switch (place) {
    case 0: /* IWDG1 */
        MMIO(0x58004800u) = 0xcccc;
        MMIO(0x58004800u) = 0x5555;
        MMIO(0x58004804u) = 0;
        MMIO(0x58004808u) = 100;
        WAIT_UNTIL(!(MMIO(0x5800480cu) & 7), 2);
        MMIO(0x58004800u) = 0xaaaa;
        break;
    case 1: /* WWDG1 */
        SET(RCC_GCR, 1);
        CLOCK_ON(RCC(0xe4), 1u << 6);
        MMIO(0x50003004u) = 0x7f;
        MMIO(0x50003000u) = 0xff;
        break;
    case 2: /* NVIC_SystemReset */
        dsb();
        SCB_AIRCR = (SCB_AIRCR & 0x700) | 0x05fa0004u;
        dsb();
        break;
    case 3: /* Standby of all domains until the RTC's wake-up timer */
        CLEAR(MMIO(0x58004008u), 1u << 10);
        WAIT_UNTIL(MMIO(0x5800400cu) & 4, 3);
        MMIO(0x58004014u) = 0x100;
        MODIFY(MMIO(0x58004008u), 7, 0);
        SET(EXTI_C1IMR1, 1u << 19);
        SET(EXTI_RTSR1, 1u << 19);
        SET(MMIO(0x58004008u), 1u << 14 | 1u << 10);
        CLEAR(SYST_CSR, 2);
        SET(PWR_CPUCR, 7);
        SET(PWR_CPU2CR, 7);
        SET(SCB_SCR, SLEEPDEEP);
        dsb();
        isb();
        wfi();
        break;
    default:
        for (unsigned n = 0; n < 5; n++)
            RESULT(10 + n) = BACKUP(1 + n);
        RESULT(20) = failure;
        CM7_DONE = DONE;
        wait_forever();
    }
    for (;;)
        ;
}
#else
int main(void)
{
    CM4_DONE = DONE;
    SET(SCB_SCR, SLEEPDEEP);
    SET(PWR_CPU2CR, 7);
    wait_forever();
}
#endif
