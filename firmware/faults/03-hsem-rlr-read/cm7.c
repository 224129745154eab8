/* The M7 wants to know whether the printer is free, and sends the M4 to print. */
#include "printer.h"

static bool printer_is_free(void)
{
#ifdef FAULT_CURED
    return !(reg_read(HSEM_R0 + 4 * HSEM_PRINTER) & HSEM_LOCK);
#else
    return !(reg_read(HSEM_RLR0 + 4 * HSEM_PRINTER) & HSEM_LOCK);
#endif
}

int main(void)
{
    turns_start();
    say("the printer is %s", printer_is_free() ? "free" : "taken, nobody knows by whom");
    ask();
    example_end();
}
