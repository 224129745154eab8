/*
 * An IS42S32800 (32 MB, 32 bit, 12 rows, 9 columns, 4 banks) on SDRAM bank 2 of the FMC at
 * 0xD0000000, 120 MHz, CAS latency 3 (RM0399 chapter 22.9). Pins and clocks must be set before.
 */
#ifndef DRIVERS_SDRAM_H
#define DRIVERS_SDRAM_H

#include <stdbool.h>
#include <stdint.h>

enum { SDRAM_BYTES = 32 << 20 };
#define SDRAM_BASE 0xd0000000u

/* microseconds: a clock that runs. False: the controller stayed busy. */
bool sdram_start(uint32_t (*microseconds)(void));

#endif
