#include "drivers/timer.h"

#include "chip/clocks.h"
#include "chip/stm32h747.h"

static uint32_t base_of(enum timer timer)
{
    return timer == TIMER_CM7 ? TIM5_BASE : TIM2_BASE;
}

void timer_join(enum timer timer)
{
    reg_set(RCC_APB1LENR, timer == TIMER_CM7 ? RCC_APB1LENR_TIM5EN : RCC_APB1LENR_TIM2EN);
    (void)reg_read(RCC_APB1LENR);
}

void timer_start(enum timer timer)
{
    timer_join(timer);
    uint32_t base = base_of(timer);
    reg_write(base + TIM_PSC, CLOCK_TIMER_HZ / 1000000 - 1);
    reg_write(base + TIM_ARR, UINT32_MAX);
    reg_write(base + TIM_EGR, TIM_EGR_UG); /* loads the prescaler */
    reg_write(base + TIM_CR1, TIM_CR1_CEN);
}

uint32_t timer_microseconds(enum timer timer)
{
    return reg_read(base_of(timer) + TIM_CNT);
}
