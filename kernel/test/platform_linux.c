/* The conformance suite on the host: kernel_suite [SERVICE]. */
#include "suite.h"
#include <stdio.h>
#include <stdlib.h>

extern const CHAR *test_filter;
const CHAR *test_running_name(void);
static int result = 1;

void test_interrupt(void (*handler)(void))
{
    tx_linux_interrupt(handler);
}

void test_busy(ULONG ticks)
{
    tx_linux_busy(ticks);
}

void test_print(const CHAR *text)
{
    fputs(text, stdout);
}

void test_end(UINT failures)
{
    result = failures != 0;
    tx_linux_stop();
}

int main(int argc, char **argv)
{
    test_filter = argc > 1 ? argv[1] : NULL;
    tx_kernel_enter();
    if (test_running_name() != NULL)
        printf("%s: never ended\n", test_running_name());
    return result;
}
