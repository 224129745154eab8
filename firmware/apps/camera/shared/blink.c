#include "shared/blink.h"

#include "boards/stm32h747i_disco/board.h"

static void turn_over(ULONG argument)
{
    struct blink *blink = (struct blink *)argument;
    blink->lit = !blink->lit;
    led_set(blink->led, blink->lit);
}

void blink_start(struct blink *blink, uint8_t led, ULONG half_period)
{
    *blink = (struct blink){.led = led};
    led_init(led);
    tx_timer_create(&blink->timer, (CHAR *)"blink", turn_over, (ULONG)blink, half_period,
                    half_period, TX_AUTO_ACTIVATE);
}
