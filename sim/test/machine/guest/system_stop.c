/* Both cores in Stop: the clocks are the HSI's at the wake-up, and STOPF says why (RM0399 7.7.8). */
#include "guest.h"

#define STOPF (1u << 5)

void irq_handler(void)
{
#ifdef CM7
    EXTI_C1PR1 = 1u << 13;
#else
    EXTI_C2PR1 = 1u << 13;
#endif
    dsb();
}

static void stop(void)
{
    SCB_SCR |= SLEEPDEEP;
    dsb();
    wfi();
    SCB_SCR &= ~SLEEPDEEP;
}

int main(void)
{
#ifdef CM7
    RCC_APB4ENR |= 2;
    RCC_AHB4ENR |= 4;
    RCC_CR |= 1u << 16;
    while (!(RCC_CR & 1u << 17))
        ;
    RCC_CFGR = 2;
    while ((RCC_CFGR >> 3 & 7) != 2)
        ;
    GPIO(2, 0) &= ~(3u << 26);
    SYSCFG_EXTICR(3) = 2u << 4;
    EXTI_RTSR1 |= 1u << 13;
    EXTI_C1IMR1 |= 1u << 13;
    enable_interrupt(40);
    RESULT(10) = RCC_CFGR >> 3 & 7;
    RESULT(2) = 1;
    stop();
    RESULT(11) = RCC_CFGR >> 3 & 7;
    RESULT(12) = RCC_CR & 1u << 17;
    RESULT(13) = PWR_CPUCR & STOPF;
    CM7_DONE = DONE;
#else
    EXTI_C2IMR1 |= 1u << 13;
    enable_interrupt(40);
    stop();
    RESULT(14) = PWR_CPU2CR & STOPF;
    CM4_DONE = DONE;
#endif
    wait_forever();
}
