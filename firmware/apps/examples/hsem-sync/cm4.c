/* The M4 counts too, and prints what came of it. */
#include "hsem-sync/hsem-sync.h"

int main(void)
{
    example_start();
    count(HSEM_COREID_CM4);
    while (!MAP->done)
        continue;
    data_memory_barrier();
    say("under the semaphore both cores counted to %lu", (unsigned long)MAP->counter);
    example_end();
}
