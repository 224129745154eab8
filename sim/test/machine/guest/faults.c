/* Bus faults: a load is precise, a store late and imprecise; the M7's TCM is not the M4's. */
#include "guest.h"

#ifdef CM7
#define BASE    10
#define NOTHING 0x40030000u
#else
#define BASE    20
#define NOTHING 0x20000000u /* DTCM: the M7's alone */
#endif
#define CFSR MMIO(0xe000ed28u)
#define BFAR MMIO(0xe000ed38u)

static volatile uint32_t step;

__attribute__((naked)) void busfault_handler(void)
{
    __asm volatile("tst lr, #4\nite eq\nmrseq r0, msp\nmrsne r0, psp\nb busfault_seen");
}

void busfault_seen(uint32_t *frame);
void busfault_seen(uint32_t *frame)
{
    RESULT(BASE + 3 * step) = CFSR >> 8;
    RESULT(BASE + 3 * step + 1) = BFAR;
    CFSR = CFSR;
    if (step++ == 0)
        frame[6] += 4; /* skip the wide load */
}

int main(void)
{
    SCB_SHCSR |= 1u << 17;
    __asm volatile("ldr.w r1, [%0]" ::"r"(NOTHING) : "r1");
    __asm volatile("str.w %0, [%0]\ndsb" ::"r"(NOTHING));
    spin(10);
    RESULT(BASE + 6) = step;
#ifdef CM7
    CM7_DONE = DONE;
#else
    CM4_DONE = DONE;
#endif
    wait_forever();
}
