/* The board's four LEDs as the shell sets them: 1 and 3 are free (3 also says a fault), 2 is this
 * core's sign of life, 4 the M7's, which is asked to do it. */
#ifndef CAMERA_LEDS_H
#define CAMERA_LEDS_H

#include "shared/blink.h"

enum { LEDS = 4 };

/* From tx_application_define. */
void leds_open(void);
/* number: 1 to LEDS. One thread. */
void leds_set(unsigned number, enum led_mode mode);
enum led_mode leds_mode(unsigned number);

#endif
