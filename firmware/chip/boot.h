/*
 * The start of the two cores together, in either boot order (RM0399 chapters 7 to 9, HSEM), and
 * the restart of both.
 *
 *   M7  boot_hold_m4() -> clocks, memory -> boot_release_m4()
 *   M4  boot_wait_for_m7() returns after that
 *
 * With BCM4 = 1 (option bytes) the M4 starts at reset, together with the M7, and waits in Stop
 * mode; with BCM4 = 0 it is held until the M7 releases it. The same images do for both.
 */
#ifndef CHIP_BOOT_H
#define CHIP_BOOT_H

#include <stdbool.h>

/* Semaphores of the HSEM that the start needs. */
enum { HSEM_START_BELL = 30, HSEM_SYSTEM_UP = 31 };

/* The M7, first of all: returns when the M4 is held or in Stop, so that clocks may change. */
void boot_hold_m4(void);
/* The M7, once all that the M4 relies on is set up. False: the M4's domain did not get its
 * clock. */
bool boot_release_m4(void);

/* The M4, first of all: Stop mode until boot_release_m4(). */
void boot_wait_for_m7(void);

/* Either core, any context: a system reset, which starts both cores and every peripheral afresh. */
void boot_restart(void) __attribute__((noreturn));

#endif
