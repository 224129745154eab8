/*
 * Point 3: SEV and WFE clear the event register; then the M4 sleeps deeply by WFE until an HSEM
 * event: first through EXTI's event mask alone, then through SEVONPEND. The NVIC line stays closed.
 */
#include "guest.h"

#ifdef CM7
static void release_semaphore(unsigned n)
{
    spin(2000);
    (void)HSEM_RLR(n);
    HSEM_R(n) = 0x300;
}

int main(void)
{
    RCC_AHB4ENR |= 1u << 25;
    while (RESULT(2) != 1)
        ;
    spin(2000);
    RESULT(4) = RESULT(3); /* the M4 must not have gone on by itself */
    release_semaphore(0);
    while (RESULT(3) != 1)
        ;
    while (RESULT(2) != 2)
        ;
    spin(2000);
    RESULT(5) = RESULT(3);
    release_semaphore(1);
    while (RESULT(3) != 2)
        ;
    CM7_DONE = DONE;
    wait_forever();
}
#else
static void sleep_deeply(void)
{
    SCB_SCR |= SLEEPDEEP;
    dsb();
    wfe();
    SCB_SCR &= ~SLEEPDEEP;
}

int main(void)
{
    RCC_AHB4ENR |= 1u << 25;
    (void)RCC_AHB4ENR;
    EXTI_C2IMR3 &= ~(1u << 14);
    EXTI_C2EMR3 |= 1u << 14;
    HSEM_C2IER |= 3;
    sev();
    wfe();
    RESULT(2) = 1;
    sleep_deeply();
    RESULT(3) = 1;
    HSEM_C2ICR = 1;

    EXTI_C2EMR3 &= ~(1u << 14);
    EXTI_C2IMR3 |= 1u << 14;
    NVIC_ICPR(126 / 32) = 1u << (126 % 32);
    SCB_SCR |= SEVONPEND;
    sev();
    wfe();
    RESULT(2) = 2;
    sleep_deeply();
    RESULT(3) = 2;
    HSEM_C2ICR = 2;
    CM4_DONE = DONE;
    wait_forever();
}
#endif
