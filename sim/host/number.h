/* Numbers as people write them on the command line. All refuse anything behind the number. */
#ifndef SIM_HOST_NUMBER_H
#define SIM_HOST_NUMBER_H

#include "sim/core/event.h"

#include <stdbool.h>
#include <stdint.h>

/* Decimal, or hexadecimal with 0x. */
bool parse_address(const char *text, uint32_t *address);
/* "3s", "500ms", "20us", "7ns", "1.5s"; the unit is required, the value not negative. */
bool parse_time(const char *text, sim_time *time);

#endif
