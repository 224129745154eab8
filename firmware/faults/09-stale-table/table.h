/*
 * Fault 9. After a reset without a loss of power SRAM4 still holds the last run's table.
 *
 * People meet it as firmware that starts well from power-on and badly after the debugger's reset
 * button, a watchdog or an update: the remote core, which waits until "the table is there", finds the
 * old one at once and works on rings of the last run while the host is still setting up.
 *
 * Cure: the host takes the mark away before the remote may run, and sets it when all is ready.
 * RM0399 9.4 (what each reset resets: no RAM). The library's ends agree by epochs instead
 * (docs/ipc-wire.md), so that either may start first and again.
 */
#ifndef TABLE_H
#define TABLE_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "shared/verdict.h"

enum { TABLE_MAGIC = 0x7ab1e, ORDERS = 3, MOMENT_MS = 20 };

struct map {
    uint32_t magic;  /* TABLE_MAGIC: the table is there */
    uint32_t orders; /* how many are in it */
    uint32_t run_of[ORDERS];
};

#define MAP ((volatile struct map *)SHARED_BASE)

/* 1 after power-on, 2 after the reset by software (RCC_RSR, RM0399 9.7.38). */
static inline uint32_t this_run(void)
{
    return reg_read(RCC_RSR) & RCC_RSR_SFT1RSTF ? 2 : 1;
}

#endif
