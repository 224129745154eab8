/* PRIMASK (ARM DDI 0403E, B1.4.3): keeps this core's interrupts and other threads out. Any context. */
#ifndef CHIP_INTERRUPTS_H
#define CHIP_INTERRUPTS_H

#include <stdint.h>

/* Masks interrupts and says whether they were masked before; for short sections. */
static inline uint32_t interrupts_mask(void)
{
    uint32_t primask;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(primask)::"memory");
    return primask;
}

static inline void interrupts_restore(uint32_t primask)
{
    __asm volatile("msr primask, %0" ::"r"(primask) : "memory");
}

#endif
