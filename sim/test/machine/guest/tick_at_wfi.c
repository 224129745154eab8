/* SysTicks that come due at each cycle around a WFI, on both cores at once: each ends a sleep. */
#include "guest.h"

enum { FIRST = 56, LAST = 120 }; /* cycles; the WFI comes about 80 after the start */

static volatile uint32_t ticks;

void systick_handler(void)
{
    ticks++;
}

static uint32_t sleeps_that_ended(void)
{
    uint32_t ended = 0;
    for (uint32_t reload = FIRST; reload < LAST; reload++) {
        SYST_RVR = reload;
        SYST_CVR = 0;
        uint32_t before = ticks;
        SYST_CSR = 7;
        __asm volatile(".rept 76\n\tnop\n\t.endr\n\twfi" ::: "memory");
        SYST_CSR = 0;
        ended += ticks != before;
    }
    return ended;
}

int main(void)
{
    uint32_t ended = sleeps_that_ended();
#ifdef CM7
    RESULT(2) = ended;
    CM7_DONE = DONE;
#else
    RESULT(3) = ended;
    CM4_DONE = DONE;
#endif
    wait_forever();
}
