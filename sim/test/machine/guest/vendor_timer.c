/*
 * PWM of TIM3 at PC6 as the maker's driver sets it up, and a measurement of its period and high time by
 * TIM2's PWM input mode at PA0, to which the test's jumper leads it; then an output toggled by compare.
 */
#include "vendor.h"

#ifdef CM7
#define TIM3(offset) MMIO(0x40000400u + (offset))
#define TIM2(offset) MMIO(0x40000000u + (offset))
enum { CR1 = 0, SMCR = 8, DIER = 12, SR = 16, EGR = 20, CCMR1 = 24, CCER = 32, CNT = 36, PSC = 40 };
enum { ARR = 44, CCR1 = 52, CCR2 = 56 };

volatile uint32_t ticks;
static volatile uint32_t period, high, captures;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

void irq_handler(void);
void irq_handler(void)
{
    if (TIM2(SR) & 2) {
        TIM2(SR) = ~2u;
        period = TIM2(CCR1);
        high = TIM2(CCR2);
        captures++;
    }
    dsb();
}

/* 200 MHz / 200 = 1 MHz; 500 Hz, high for a quarter of the time. */
static void start_pwm(void)
{
    RCC_APB1LENR |= 1u << 1;
    alternate(PORT_C, 1u << 6, 2);
    TIM3(PSC) = 200 - 1;
    TIM3(ARR) = 2000 - 1;
    TIM3(EGR) = 1;
    TIM3(CCMR1) = 6u << 4 | 1u << 3;
    TIM3(CCR1) = 500;
    TIM3(CCER) |= 1;
    TIM3(CR1) |= 1;
}

/* TI1 resets the counter; its rising edges go to CCR1, its falling ones to CCR2. */
static void start_measuring(void)
{
    RCC_APB1LENR |= 1;
    alternate(PORT_A, 1u << 0, 1);
    TIM2(PSC) = 0;
    TIM2(ARR) = 0xffffffff;
    TIM2(EGR) = 1;
    TIM2(SR) = 0;
    TIM2(CCMR1) = 1 | 2u << 8;
    TIM2(CCER) = 1u << 5;
    TIM2(SMCR) = 5u << 4 | 4;
    TIM2(DIER) = 2;
    TIM2(CCER) |= 1 | 1u << 4;
    enable_interrupt(28);
    TIM2(CR1) |= 1;
}

static int pin_is_high(void)
{
    return GPIO(PORT_C, 0x10) >> 6 & 1;
}

static void toggle_by_compare(void)
{
    TIM3(CR1) &= ~1u;
    TIM3(CCMR1) = 3u << 4;
    TIM3(CNT) = 0;
    TIM3(CCR1) = 100;
    TIM3(SR) = 0;
    uint32_t before = (uint32_t)pin_is_high();
    TIM3(CR1) |= 1;
    WAIT(TIM3(SR), 2, 2);
    CHECK(pin_is_high() != (int)before);
}

int main(void)
{
    start_clocks();
    start_pwm();
    start_measuring();
    WAIT(captures, ~0u, 4);
    RESULT(4) = period;
    RESULT(5) = high;
    TIM2(DIER) = 0;
    TIM3(CCER) &= ~1u;
    CHECK(!pin_is_high());
    TIM3(CCER) |= 1;
    toggle_by_compare();
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    CM4_DONE = DONE;
    wait_forever();
}
#endif
