#include "shared/blink.h"

#include "boards/stm32h747i_disco/board.h"

static void turn_over(ULONG argument)
{
    struct blink *blink = (struct blink *)argument;
    if (blink->mode != LED_BLINKS)
        return;
    blink->lit = !blink->lit;
    led_set(blink->led, blink->lit);
}

void blink_start(struct blink *blink, uint8_t led, ULONG half_period, enum led_mode mode)
{
    *blink = (struct blink){.led = led};
    led_init(led);
    blink_set(blink, mode);
    tx_timer_create(&blink->timer, (CHAR *)"blink", turn_over, (ULONG)blink, half_period,
                    half_period, TX_AUTO_ACTIVATE);
}

void blink_set(struct blink *blink, enum led_mode mode)
{
    blink->mode = mode;
    if (mode != LED_BLINKS)
        led_set(blink->led, mode == LED_ON);
}
