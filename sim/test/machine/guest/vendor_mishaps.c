/*
 * What the maker's programs do when things go wrong: the clock security system's NMI, after which the
 * system runs from the HSI; the PVD's interrupt at both edges of the supply.
 */
#include "vendor.h"

enum { CSSON = 1 << 19, CSSF = 1 << 10, PVDO = 1 << 4, PVD_LINE = 1 << 16 };

volatile uint32_t ticks;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

#ifdef CM7
void nmi_handler(void);
void nmi_handler(void)
{
    if (RCC(0x64) & CSSF) {
        RESULT(4)++;
        RCC(0x68) = CSSF;
    }
}

void irq_handler(void);
void irq_handler(void)
{
    RESULT(PWR_CSR1 & PVDO ? 5 : 6)++;
    EXTI_C1PR1 = PVD_LINE;
    dsb();
}

static void lose_the_crystal(void)
{
    RCC_CR |= CSSON;
    CHECK((RCC_CFGR >> 3 & 7) == 3);
    RESULT(10) = 1;
    while (!RESULT(4))
        ;
    CHECK((RCC_CFGR >> 3 & 7) == 0); /* HSI */
    CHECK(!(RCC_CR & (3u << 16 | 3u << 24)));
    RCC_CR |= 1u << 16;
    delay(20);
    CHECK(!(RCC_CR & 1u << 17)); /* it does not come back */
}

static void watch_the_supply(void)
{
    enable_interrupt(1);
    PWR_CR1 = (PWR_CR1 & ~(7u << 5)) | 5u << 5;
    EXTI_RTSR1 |= PVD_LINE;
    EXTI_FTSR1 |= PVD_LINE;
    EXTI_C1IMR1 |= PVD_LINE;
    PWR_CR1 |= 1u << 4;
    RESULT(10) = 2;
    while (!RESULT(6))
        ;
}

int main(void)
{
    start_clocks();
    lose_the_crystal();
    watch_the_supply();
    CM7_DONE = DONE;
    wait_forever();
}
#else
void nmi_handler(void);
void nmi_handler(void)
{
    RESULT(7)++;
}

int main(void)
{
    while (CM7_DONE != DONE)
        spin(100);
    CM4_DONE = DONE;
    wait_forever();
}
#endif
