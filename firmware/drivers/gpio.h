/* General-purpose pins (RM0399 chapter 12). Any context, either core: the registers that say what the
 * pins of a port are for belong to both cores, and semaphore HSEM_GPIO keeps one out while the other
 * changes them. */
#ifndef DRIVERS_GPIO_H
#define DRIVERS_GPIO_H

#include <stdbool.h>
#include <stdint.h>

#define PIN(port, number) ((uint8_t)((unsigned)((port) - 'A') << 4 | (unsigned)(number)))

enum { HSEM_GPIO = 29 };

enum gpio_pull { GPIO_FLOATING, GPIO_PULL_UP, GPIO_PULL_DOWN };

/* Each turns the port's clock on for the calling core. */
void gpio_output(uint8_t pin, bool level);
void gpio_input(uint8_t pin, enum gpio_pull pull);
/* function: 0 to 15, the datasheet's AFn. Fast edges; open drain for buses that need it. */
void gpio_alternate(uint8_t pin, unsigned function);
void gpio_alternate_open_drain(uint8_t pin, unsigned function);

void gpio_write(uint8_t pin, bool level);
bool gpio_read(uint8_t pin);

#endif
