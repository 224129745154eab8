/* The M4 runs the eight threads, waits for the M7's counters, and prints both. */
#include "threads/threads.h"

static void print(const char *core, const volatile uint32_t *values, uint32_t failures)
{
    for (unsigned n = 0; n < DEMO_THREADS; n++)
        say("%s thread %u: %lu", core, n, (unsigned long)values[n]);
    say("%s failures: %lu", core, (unsigned long)failures);
}

/* Time-outs are in ticks, as the kernel's are. The first is over long before the M7 sends. That the
 * others count meanwhile shows that this thread, the highest of all, is suspended. */
static void print_counters(ULONG unused)
{
    uint32_t others[DEMO_THREADS + 1];
    ULONG start = tx_time_get();
    (void)unused;
    demo_check(xMessageBufferReceive(counters_buffer, others, sizeof others, 50) == 0);
    demo_check(tx_time_get() - start >= 50 && tx_time_get() - start <= 52);
    demo_check(counters[1] > 100);
    size_t length = xMessageBufferReceive(counters_buffer, others, sizeof others, DEMO_TICKS + 300);
    while (!demo_over)
        tx_thread_sleep(1);
    print("Cortex-M4", counters, demo_failures);
    if (length == sizeof others)
        print("Cortex-M7", others, others[DEMO_THREADS]);
    else
        say("nothing came from the M7");
}

int main(void)
{
    demo_start(print_counters);
}
