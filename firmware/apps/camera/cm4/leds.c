#include "cm4/leds.h"

#include "boards/stm32h747i_disco/board.h"
#include "shared/link.h"

enum { HALF_PERIOD = 250, THE_M7S = 4 };

static struct blink blinks[LEDS - 1];

void leds_open(void)
{
    static const uint8_t led[LEDS - 1] = {LED1_GREEN, LED2_ORANGE, LED3_RED};
    for (unsigned n = 0; n < LEDS - 1; n++)
        blink_start(&blinks[n], led[n], HALF_PERIOD, led[n] == LED2_ORANGE ? LED_BLINKS : LED_OFF);
}

void leds_set(unsigned number, enum led_mode mode)
{
    if (number == THE_M7S)
        link_wish(mode);
    else
        blink_set(&blinks[number - 1], mode);
}

enum led_mode leds_mode(unsigned number)
{
    return number == THE_M7S ? (enum led_mode)link_wished() : blinks[number - 1].mode;
}
