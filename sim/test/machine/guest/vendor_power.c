/*
 * Power modes in the maker's sequences: D1 to Standby while the Cortex-M4 runs, and back by EXTI through
 * a reset; the whole system to Stop and back by the RTC, with the Cortex-M4 held until the Cortex-M7 lets
 * it go; the whole system to Standby and back by the RTC, told by a backup register.
 */
#include "vendor.h"

#define RTC(offset) MMIO(0x58004000u + (offset))
#define RTC_BKP0    RTC(0x50)

enum { PDDS_D1 = 1, PDDS_D2 = 2, PDDS_D3 = 4, HOLDF = 1 << 4, STOPF = 1 << 5, SBF = 1 << 6 };
enum { SBF_D1 = 1 << 7, CSSF = 1 << 9, HOLD = 1 << 10, RUN_D3 = 1 << 11 };
enum { D1CKRDY = 1 << 14, D2CKRDY = 1 << 15, WUTE = 1 << 10, WUTIE = 1 << 14, WUTF = 1 << 10 };
enum { RTC_LINE = 19, BOTH_LINE = 0, IN_STANDBY = 0x32f2 };

volatile uint32_t ticks;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

void irq_handler(void);
void irq_handler(void)
{
    if (RTC(0x0c) & WUTF)
        RTC(0x0c) = ~(uint32_t)WUTF & ~0x80u;
#ifdef CM7
    EXTI_C1PR1 = 1u << RTC_LINE | 1u << BOTH_LINE;
#else
    EXTI_C2PR1 = 1u << RTC_LINE | 1u << BOTH_LINE;
#endif
    dsb();
}

static void start_ticks(void)
{
    SYST_RVR = 64000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
}

/* SysTick would not wake a core from Stop, but it is suspended as the maker's programs do it. */
static void stop_core(void)
{
    SYST_CSR &= ~2u;
    SCB_SCR |= SLEEPDEEP;
    dsb();
    isb();
    wfi();
    SCB_SCR &= ~SLEEPDEEP;
    dsb(); /* delay() sleeps, and not deep */
    isb();
    SYST_CSR |= 2;
}

#ifdef CM7
/* The wake-up timer at LSI / 16: so many periods of half a millisecond. */
static void wake_up_by_rtc(uint32_t periods)
{
    RTC(0x24) = 0xca;
    RTC(0x24) = 0x53;
    RTC(0x08) &= ~(uint32_t)(WUTE | WUTIE);
    WAIT(RTC(0x0c), 1u << 2, 1u << 2);
    RTC(0x0c) = ~(uint32_t)WUTF & ~0x80u;
    RTC(0x14) = periods - 1;
    RTC(0x08) &= ~7u;
    EXTI_RTSR1 |= 1u << RTC_LINE;
    EXTI_C1IMR1 |= 1u << RTC_LINE;
    RTC(0x08) |= WUTIE | WUTE;
    RTC(0x24) = 0xff;
    enable_interrupt(3);
}

static void start_rtc(void)
{
    PWR_CR1 |= 1u << 8;
    WAIT(PWR_CR1, 1u << 8, 1u << 8);
    RCC_CSR |= 1;
    WAIT(RCC_CSR, 2, 2);
    RCC_BDCR = (RCC_BDCR & ~(3u << 8)) | 2u << 8;
    RCC_BDCR |= 1u << 15;
}

static void standby_of_d1(void)
{
    RESULT(2) = 0;
    EXTI_C1IMR1 |= 1u << BOTH_LINE;
    enable_interrupt(6);
    PWR_CPUCR &= ~(uint32_t)RUN_D3;
    PWR_CPUCR |= PDDS_D1;
    PWR_CPU2CR |= PDDS_D1;
    MMIO(0x24000100) = 0x1234; /* AXI SRAM goes, SRAM4 stays */
    RESULT(10) = 1;
    stop_core();
    CHECK(0); /* it comes back by a reset */
}

/* HSE and PLL are off after Stop: the Cortex-M7 would start them again before it lets the other go. */
static void stop_of_all(void)
{
    EXTI_C1PR1 = 1u << BOTH_LINE; /* what woke it still stands: EXTI is in D3 */
    CHECK(PWR_CPUCR & SBF_D1);
    CHECK(!(PWR_CPUCR & SBF));
    CHECK(MMIO(0x24000100) != 0x1234);
    PWR_CPUCR |= CSSF;
    CHECK(!(PWR_CPUCR & SBF_D1));
    PWR_CPUCR &= ~(uint32_t)(PDDS_D1 | PDDS_D2 | PDDS_D3);
    PWR_CPU2CR &= ~(uint32_t)(PDDS_D1 | PDDS_D2 | PDDS_D3);
    RCC_CR |= 1u << 16;
    WAIT(RCC_CR, 1u << 17, 1u << 17);
    PWR_CPUCR |= HOLD;
    RESULT(10) = 2;
    WAIT(RCC_CR, D2CKRDY, 0);
    wake_up_by_rtc(20);
    stop_core();
    CHECK(PWR_CPUCR & STOPF);
    CHECK(!(RCC_CR & 1u << 17));
    delay(5);
    CHECK(PWR_CPUCR & HOLDF);
    CHECK(!(RCC_CR & D2CKRDY));
    CHECK(RESULT(11) == 2);
    RCC_CR |= 1u << 16;
    WAIT(RCC_CR, 1u << 17, 1u << 17);
    PWR_CPUCR &= ~(uint32_t)HOLD;
    WAIT(RCC_CR, D2CKRDY, D2CKRDY);
    WAIT(RESULT(11), ~0u, 3);
    PWR_CPUCR |= CSSF;
    CHECK(!(PWR_CPUCR & HOLDF));
}

static void standby_of_all(void)
{
    RTC_BKP0 = RESULT(2) ? RESULT(2) : IN_STANDBY; /* SRAM4 is lost, too */
    PWR_CPUCR |= PDDS_D1 | PDDS_D3;
    PWR_CPU2CR |= PDDS_D1 | PDDS_D3;
    RESULT(10) = 3;
    WAIT(RCC_CR, D2CKRDY, 0);
    wake_up_by_rtc(20);
    stop_core();
    CHECK(0);
}

static void after_standby(void)
{
    if (RTC_BKP0 != IN_STANDBY)
        RESULT(2) = RTC_BKP0;
    CHECK(PWR_CPUCR & SBF);
    CHECK(RESULT(10) == 0);
    CHECK(RTC(0x0c) & WUTF);
    PWR_CPUCR |= CSSF;
    CHECK(!(PWR_CPUCR & SBF));
    CM7_DONE = DONE;
    wait_forever();
}

int main(void)
{
    start_ticks();
    start_rtc();
    if (RTC_BKP0)
        after_standby();
    if (RESULT(10) == 0)
        standby_of_d1();
    stop_of_all();
    standby_of_all();
    return 0;
}
#else
int main(void)
{
    start_ticks();
    if (RTC_BKP0) {
        CM4_DONE = DONE;
        wait_forever();
    }
    while (RESULT(10) != 1)
        ;
    WAIT(RCC_CR, D1CKRDY, 0);
    delay(5);
    EXTI_SWIER1 = 1u << BOTH_LINE;
    RESULT(11) = 1;
    WAIT(RESULT(10), ~0u, 2);
    EXTI_RTSR1 |= 1u << RTC_LINE;
    EXTI_C2IMR1 |= 1u << RTC_LINE;
    enable_interrupt(3);
    RESULT(11) = 2;
    stop_core();
    RESULT(11) = 3;
    WAIT(RESULT(10), ~0u, 3);
    PWR_CPUCR |= PDDS_D2 | PDDS_D3;
    PWR_CPU2CR |= PDDS_D2 | PDDS_D3;
    EXTI_C2IMR1 &= ~(1u << RTC_LINE);
    stop_core();
    CHECK(0);
    return 0;
}
#endif
