/* An LED as a sign of life: a kernel timer turns it over. */
#ifndef CAMERA_BLINK_H
#define CAMERA_BLINK_H

#include "tx_api.h"

#include <stdint.h>

struct blink {
    TX_TIMER timer;
    uint8_t led;
    uint8_t lit;
};

/* From tx_application_define; *blink stays. half_period: in ticks. */
void blink_start(struct blink *blink, uint8_t led, ULONG half_period);

#endif
