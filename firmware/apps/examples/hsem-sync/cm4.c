/* The M4 counts too, and prints what came of it. */
#include "hsem-sync/hsem-sync.h"

int main(void)
{
    example_start();
    count(HSEM_COREID_CM4, ROUNDS_CM4);
    MAP->cm4_done = 1;
    while (!MAP->done)
        continue;
    data_memory_barrier();
    say("under the semaphore both cores counted to %lu, %lu by the M7", (unsigned long)MAP->counter,
        (unsigned long)MAP->by_m7);
    example_end();
}
