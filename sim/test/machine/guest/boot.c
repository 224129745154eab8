/*
 * Point 2: the reference start of both cores. The M7 waits, with a bound, for the M4 to reach Stop,
 * sets up, releases it through HSEM, and waits for its clock to come back. The M4 sleeps with its
 * NVIC line closed and its EXTI masks as reset leaves them.
 */
#include "guest.h"

enum { LOOPS = 65535 };
#define D2CKRDY (1u << 15)

#ifdef CM7
static uint32_t wait_for_clock(uint32_t wanted)
{
    uint32_t loops = LOOPS;
    while ((RCC_CR & D2CKRDY) != wanted && loops-- > 0)
        ;
    return loops;
}

int main(void)
{
    uint32_t left = wait_for_clock(0);
    RESULT(2) = left;
    if ((int32_t)left < 0)
        wait_forever();
    RESULT(3) = 0x1234; /* "system initialised" */
    RCC_AHB4ENR |= 1u << 25;
    (void)RCC_AHB4ENR;
    (void)HSEM_RLR(0);
    HSEM_R(0) = 0x300;
    left = wait_for_clock(D2CKRDY);
    RESULT(4) = left;
    if ((int32_t)left < 0)
        wait_forever();
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    RCC_AHB4ENR |= 1u << 25;
    (void)RCC_AHB4ENR;
    HSEM_C2IER |= 1;
    spin(100);
    sev();
    wfe();
    SCB_SCR |= SLEEPDEEP;
    dsb();
    isb();
    wfe();
    SCB_SCR &= ~SLEEPDEEP;
    HSEM_C2ICR = 1;
    RESULT(5) = RESULT(3);
    RESULT(6) = HSEM_C2ISR;
    CM4_DONE = DONE;
    spin(100000);
    wait_forever();
}
#endif
