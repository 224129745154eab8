/* The M4 runs the eight threads, waits for the M7's counters, and prints both. */
#include "threads/threads.h"

static void print(const char *core, const uint32_t *values, uint32_t failures)
{
    for (unsigned n = 0; n < DEMO_THREADS; n++)
        say("%s thread %u: %lu", core, n, (unsigned long)values[n]);
    say("%s failures: %lu", core, (unsigned long)failures);
}

/* A message buffer's time-outs are in ticks, as the kernel's are. */
static void print_counters(void)
{
    uint32_t others[DEMO_THREADS + 1], own[DEMO_THREADS];
    for (unsigned n = 0; n < DEMO_THREADS; n++)
        own[n] = counters[n];
    size_t length = xMessageBufferReceive(counters_buffer, others, sizeof others, 300);
    print("Cortex-M4", own, demo_failures);
    if (length == sizeof others)
        print("Cortex-M7", others, others[DEMO_THREADS]);
    else
        say("nothing came from the M7");
}

int main(void)
{
    demo_start(print_counters);
}
