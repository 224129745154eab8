/* The M4 waits until the table is there, and does the orders in it. */
#include "table.h"

int main(void)
{
    example_start();
    while (MAP->magic != TABLE_MAGIC)
        wait_for_interrupt();
    data_memory_barrier();
    uint32_t stale = 0;
    for (uint32_t n = 0; n < MAP->orders; n++)
        stale += MAP->run_of[n] != this_run();
    say("run %lu: %lu orders, %lu of another run", (unsigned long)this_run(),
        (unsigned long)MAP->orders, (unsigned long)stale);
    if (this_run() == 2)
        verdict(stale == 0);
    example_end();
}
