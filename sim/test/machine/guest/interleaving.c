/*
 * Point 1: a core spins until the other has taken a semaphore, which takes it and lets it go again
 * within a few instructions. Both see every take, or one hangs for ever.
 */
#include "guest.h"

enum { ROUNDS = 200, SEMAPHORE = 0, ANSWER = 1 };
#define TAKEN 0x80000000u

#ifdef CM7
#define ME    0x300u
#define OTHER 0x100u
#else
#define ME    0x100u
#define OTHER 0x300u
#endif

static void take_and_let_go(unsigned semaphore)
{
    while (HSEM_RLR(semaphore) != (TAKEN | ME))
        ;
    HSEM_R(semaphore) = ME;
}

static void wait_until_other_has(unsigned semaphore)
{
    while (HSEM_R(semaphore) != (TAKEN | OTHER))
        ;
}

int main(void)
{
    RCC_AHB4ENR |= 1u << 25;
    (void)RCC_AHB4ENR;
#ifdef CM7
    while (RESULT(3) != 1)
        ;
    for (unsigned n = 0; n < ROUNDS; n++) {
        wait_until_other_has(SEMAPHORE);
        RESULT(2) = n + 1;
        RESULT(4) = n + 1;
    }
    CM7_DONE = DONE;
#else
    RESULT(3) = 1;
    for (unsigned n = 0; RESULT(2) < ROUNDS; n++) {
        take_and_let_go(SEMAPHORE);
        for (volatile unsigned k = 0; k < n % 7; k++)
            ;
        RESULT(5) = n;
    }
    CM4_DONE = DONE;
#endif
    wait_forever();
}
