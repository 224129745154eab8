/* The M7 sets the counter to 0 while the M4 is still held by the start, then counts. */
#include "hsem-sync/hsem-sync.h"

int main(void)
{
    *MAP = (struct map){0}; /* SRAM4 keeps what was in it over a reset */
    example_start();
    say("counts");
    count(HSEM_COREID_CM7, ROUNDS_CM7 - 1);
    while (!MAP->cm4_done)
        continue;
    count(HSEM_COREID_CM7, 1);
    MAP->done = 1; /* behind the last DMB before the semaphore was given back */
    example_end();
}
