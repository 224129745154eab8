/* An LED that is off, on, or blinks by a kernel timer. */
#ifndef CAMERA_BLINK_H
#define CAMERA_BLINK_H

#include "tx_api.h"

#include <stdint.h>

enum led_mode { LED_OFF, LED_ON, LED_BLINKS };

struct blink {
    TX_TIMER timer;
    volatile enum led_mode mode;
    uint8_t led;
    uint8_t lit;
};

/* From tx_application_define; *blink stays. half_period: in ticks. */
void blink_start(struct blink *blink, uint8_t led, ULONG half_period, enum led_mode mode);
/* Any context. */
void blink_set(struct blink *blink, enum led_mode mode);

#endif
