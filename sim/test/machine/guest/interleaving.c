/*
 * Point 1: a core spins until the other has taken a semaphore, which takes it once and lets it go
 * again within a few instructions. The spinning core must see it, or both wait for ever.
 */
#include "guest.h"

enum { ROUNDS = 200, LOOPS = 65535 };
#define TAKEN 0x80000000u
#define READY RESULT(2)
#define SEEN  RESULT(3)

#ifdef CM7
static int sees_the_other(void)
{
    for (uint32_t n = 0; n < LOOPS; n++)
        if (HSEM_R(0) == (TAKEN | 0x100u))
            return 1;
    return 0;
}

int main(void)
{
    RCC_AHB4ENR |= 1u << 25;
    for (unsigned n = 1; n <= ROUNDS; n++) {
        READY = n;
        if (!sees_the_other())
            wait_forever();
        while (HSEM_R(0) & TAKEN)
            ;
        SEEN = n;
    }
    CM7_DONE = DONE;
    wait_forever();
}
#else
/* About 20 instructions from the lock to the release, at either optimisation. */
static void take_and_let_go(void)
{
    if (HSEM_RLR(0) != (TAKEN | 0x100u))
        wait_forever();
    __asm volatile(".rept 14\nnop\n.endr");
    HSEM_R(0) = 0x100u;
}

int main(void)
{
    RCC_AHB4ENR |= 1u << 25;
    for (unsigned n = 1; n <= ROUNDS; n++) {
        while (READY != n)
            ;
        spin(5 + n % 13);
        take_and_let_go();
        while (SEEN != n)
            ;
    }
    CM4_DONE = DONE;
    wait_forever();
}
#endif
