/* The M7's data cache and MPU, and how two cores meet, for guests about shared data. */
#ifndef GUEST_CACHED_H
#define GUEST_CACHED_H

#include "guest.h"

#define CCR      MMIO(0xe000ed14u)
#define MPU_CTRL MMIO(0xe000ed94u)
#define MPU_RBAR MMIO(0xe000ed9cu)
#define MPU_RASR MMIO(0xe000eda0u)
#define DCIMVAC  MMIO(0xe000ef5cu)
#define DCISW    MMIO(0xe000ef60u)
#define DCCMVAC  MMIO(0xe000ef68u)

#define dmb() __asm volatile("dmb" ::: "memory")

/* TEX, S, C and B of an MPU region. */
enum { NOT_CACHED = 0x080000, WRITE_THROUGH = 0x020000, WRITE_BACK = 0x0b0000 };

/* Both cores have come this far, and see what the other wrote before. */
static void meet(unsigned turn)
{
    dsb();
#ifdef CM7
    RESULT(2) = turn;
    while (RESULT(3) < turn)
        ;
#else
    RESULT(3) = turn;
    while (RESULT(2) < turn)
        ;
#endif
    dsb();
}

/* The M7: SRAM4, where the results are, is not cached; AXI SRAM is of the type given. */
static void set_memory(uint32_t type, int cache_on)
{
    MPU_RBAR = 0x38000000u | 0x10;
    MPU_RASR = 3u << 24 | 0x0c0000 | 15 << 1 | 1;
    MPU_RBAR = 0x24000000u | 0x11;
    MPU_RASR = 3u << 24 | type | 18 << 1 | 1;
    MPU_CTRL = 5;
    for (uint32_t line = 0; line < 512; line++)
        DCISW = line >> 2 << 5 | line << 30;
    dsb();
    if (cache_on)
        CCR |= 1u << 16;
    dsb();
    isb();
}

#endif
