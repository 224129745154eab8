/* Registers of a block without a clock, where an access to them is no mistake. */
#ifndef SIM_SOC_UNCLOCKED_H
#define SIM_SOC_UNCLOCKED_H

#include <stdbool.h>
#include <stdint.h>

/* True if the register answers although its block has no clock. */
bool unclocked_works(const char *block, uint32_t offset);

/* True if the access, of value 0 for a read, has no effect and is not worth a word. */
bool unclocked_forgiven(const char *block, uint32_t offset, uint32_t value);

#endif
