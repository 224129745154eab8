/* The conformance suite on a core. */
#include "suite.h"
#include "target/startup.h"

void test_interrupt(void (*handler)(void))
{
    software_interrupt_raise(handler);
}

void test_busy(ULONG ticks)
{
    while (ticks-- != 0) {
        ULONG start = tx_time_get();
        while (tx_time_get() == start)
            ;
    }
}

void test_print(const CHAR *text)
{
    console_print(text);
}

void test_end(UINT failures)
{
    program_end(failures);
}

void tx_port_fault(const TX_PORT_FAULT *fault)
{
    test_print("fault in ");
    test_print(fault->thread_name != TX_NULL ? fault->thread_name : "a handler");
    test_print("\n");
    program_end(1);
}

int main(void)
{
    tx_port_core_clock = CORE_CLOCK;
    tx_kernel_enter();
}
