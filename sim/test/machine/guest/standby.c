/*
 * Point 13: the M4's domain goes to Standby by WFI and wakes by EXTI through a reset; then it goes
 * to Stop and wakes where it was. The M7 sees the flags.
 */
#include "guest.h"

#define PDDS_D2 (1u << 1)
#define SBF_D2  (1u << 8)
#define CSSF    (1u << 9)

#ifdef CM7
int main(void)
{
    PWR_CPUCR |= PDDS_D2;
    RESULT(2) = 1; /* both have agreed */
    while (RESULT(10) != 1)
        ;
    while (RCC_CR & 1u << 15)
        ;
    RESULT(11) = PWR_CPUCR & SBF_D2;
    EXTI_SWIER1 = 1u << 3;
    while (RESULT(10) != 2)
        ;
    RESULT(12) = PWR_CPUCR & SBF_D2;
    PWR_CPUCR = CSSF;
    RESULT(13) = PWR_CPUCR & SBF_D2;
    RESULT(14) = RCC_RSR >> 18 & 5; /* C2RSTF, D2RSTF */
    while (RCC_CR & 1u << 15)
        ;
    spin(200);
    RESULT(15) = RESULT(10); /* still asleep */
    EXTI_SWIER1 = 1u << 4;
    while (RESULT(10) != 3)
        ;
    CM7_DONE = DONE;
    wait_forever();
}
#else
static void stop(void)
{
    SCB_SCR |= SLEEPDEEP;
    dsb();
    wfi();
    SCB_SCR &= ~SLEEPDEEP;
}

void irq_handler(void)
{
    EXTI_C2PR1 = 1u << 3 | 1u << 4;
    dsb();
    RESULT(16)++;
}

int main(void)
{
    EXTI_C2IMR1 |= 1u << 3 | 1u << 4;
    if (RESULT(10) == 0) {
        enable_interrupt(9);
        PWR_CPU2CR |= PDDS_D2;
        while (RESULT(2) != 1)
            ;
        RCC_RSR = 1u << 16;
        RCC_APB1LENR |= 1u << 5;
        (void)RCC_APB1LENR;
        MMIO(0x4000142c) = 0x1234; /* TIM7_ARR, and a word of SRAM3: D2 loses them */
        MMIO(0x10040000) = 0x1234;
        MMIO(0x38000100) = 0x1234; /* SRAM4 stays */
        RESULT(10) = 1;
        stop();
        RESULT(10) = 99; /* never: it wakes by reset */
    }
    RESULT(17) = PWR_CPU2CR & SBF_D2;
    RCC_APB1LENR |= 1u << 5;
    (void)RCC_APB1LENR;
    RESULT(19) = MMIO(0x4000142c);
    RESULT(20) = MMIO(0x10040000);
    RESULT(21) = MMIO(0x38000100);
    PWR_CPU2CR = CSSF;
    RESULT(18) = RCC_RSR >> 18 & 5;
    EXTI_C2PR1 = 1u << 3;
    enable_interrupt(10);
    RESULT(10) = 2;
    stop();
    RESULT(10) = 3;
    CM4_DONE = DONE;
    wait_forever();
}
#endif
