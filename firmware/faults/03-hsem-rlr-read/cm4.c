/* The M4 prints when it is told to, once it has the printer. */
#include "printer.h"

static bool take_printer(void)
{
    uint32_t start = example_microseconds();
    while (reg_read(HSEM_RLR0 + 4 * HSEM_PRINTER) != (HSEM_LOCK | HSEM_COREID_CM4 << 8))
        if (example_microseconds() - start > PATIENCE_US)
            return false;
    return true;
}

static void give_printer(void)
{
    reg_write(HSEM_R0 + 4 * HSEM_PRINTER, HSEM_COREID_CM4 << 8);
}

static void print(void)
{
    bool taken = take_printer();
    if (taken) {
        say("printed");
        give_printer();
    } else {
        uint32_t owner = reg_read(HSEM_R0 + 4 * HSEM_PRINTER) >> 8 & 0xf;
        say("after %d ms the printer is still held by core %lu, which never took it",
            PATIENCE_US / 1000, (unsigned long)owner);
    }
    verdict(taken);
}

int main(void)
{
    turns_start();
    wait_until_asked();
    print();
    example_end();
}
