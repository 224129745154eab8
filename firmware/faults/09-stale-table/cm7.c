/* The M7 gives orders, is reset, and gives others. */
#include "table.h"

#define AIRCR_SYSRESETREQ (0x05fa0000u | BIT(2))

static void forget_last_run(void)
{
#ifdef FAULT_CURED
    MAP->magic = 0;
#endif
}

static void write_table(uint32_t run)
{
    for (uint32_t n = 0; n < ORDERS; n++)
        MAP->run_of[n] = run;
    MAP->orders = ORDERS;
    data_memory_barrier();
    MAP->magic = TABLE_MAGIC;
}

int main(void)
{
    forget_last_run(); /* the M4 still sleeps */
    example_start();
    example_sleep(MOMENT_MS); /* there is much else to set up */
    write_table(this_run());
    example_sleep(MOMENT_MS);
    if (this_run() == 1) {
        say("reset");
        example_sleep(MOMENT_MS);
        reg_write(SCB_AIRCR, AIRCR_SYSRESETREQ);
    }
    example_end();
}
