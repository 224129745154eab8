/* The M7 posts two messages, closely one after the other, and waits until both are served. */
#include "queue.h"

enum { PAIRS = 100, STEP_CYCLES = 8, LONG_US = 100 };

static const struct duet_stm32h7 chip = {.own = HSEM_RINGS_CM7, .peer = HSEM_RINGS_CM4};
static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);

static void post(void)
{
    MAP->posted = MAP->posted + 1;
    port.notify(&port);
}

static void wait_cycles(uint32_t cycles)
{
    for (uint32_t start = example_cycles(); example_cycles() - start < cycles;)
        continue;
}

static bool all_served(void)
{
    for (uint32_t start = example_microseconds(); MAP->served != MAP->posted;)
        if (example_microseconds() - start > LONG_US)
            return false;
    return true;
}

/* Every distance between two messages, so that one of them is the bad one. */
static uint32_t count_stuck(void)
{
    uint32_t stuck = 0;
    for (uint32_t pair = 0; pair < PAIRS; pair++) {
        post();
        wait_cycles(pair * STEP_CYCLES);
        post();
        if (all_served())
            continue;
        stuck++;
        port.notify(&port); /* the next ring brings it to light */
        all_served();
    }
    return stuck;
}

int main(void)
{
    MAP->posted = MAP->served = 0; /* the M4 still sleeps */
    example_start();
    duet_stm32h7_start_hsem(&chip);
    example_sleep(2); /* the M4 listens */
    uint32_t stuck = count_stuck();
    say("%lu of %d messages lay there until the next ring", (unsigned long)stuck, 2 * PAIRS);
    verdict(stuck == 0);
    example_end();
}
