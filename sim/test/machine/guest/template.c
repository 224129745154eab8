/* Both cores from reset as the vendor's template: clocks, caches, ticks; LEDs, button, notification. */
#include "drivers.h"

void systick_handler(void)
{
    ticks++;
}

void irq_handler(void)
{
    uint32_t number;
    __asm volatile("mrs %0, ipsr" : "=r"(number));
    if (number == 16 + 40 && (MY_PR(0) & 1u << 13)) {
        MY_PR(0) = 1u << 13;
        led_toggle(15);
#ifdef CM7
        RESULT(10)++;
#else
        RESULT(20)++;
#endif
    } else if (number == 16 + 125 || number == 16 + 126) {
        uint32_t status = MY_MISR;
        MY_IER &= ~status;
        MY_ICR = status;
#ifdef CM7
        RESULT(11) |= status;
#else
        RESULT(21) |= status;
#endif
    }
}

static void button_init(void)
{
    CLOCK_ON(RCC_AHB4ENR, 1u << 2);
    CLOCK_ON(RCC_APB4ENR, 1u << 1);
    MODIFY(SYSCFG_EXTICR(3), 0xfu << 4, 2u << 4);
    MODIFY(EXTI_RTSR1, 1u << 13, 1u << 13);
    CLEAR(EXTI_FTSR1, 1u << 13);
    CLEAR(MY_EMR(0), 1u << 13);
    SET(MY_IMR(0), 1u << 13);
    MODIFY(GPIO(2, 12), 3u << 26, 0);
    MODIFY(GPIO(2, 0), 3u << 26, 0);
    NVIC_IPR(40) = 0xf0;
    enable_interrupt(40);
}

int main(void)
{
    boot_both();
#ifdef CM7
    led_init(12);
    led_init(15);
    button_init();
    enable_interrupt(125);
    SET(MY_IER, 1u << 4);
    for (int n = 0; n < 4; n++) {
        led_toggle(12);
        delay_ms(100);
        fast_take(3);
        release(3);
    }
    RESULT(12) = failure;
    RESULT(13) = ticks;
    CM7_DONE = DONE;
#else
    led_init(13);
    led_init(15);
    button_init();
    enable_interrupt(126);
    SET(MY_IER, 1u << 3);
    for (int n = 0; n < 4; n++) {
        led_toggle(13);
        delay_ms(50);
        fast_take(4);
        release(4);
    }
    RESULT(22) = failure;
    CM4_DONE = DONE;
#endif
    for (;;)
        delay_ms(10);
}
