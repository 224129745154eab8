/* tx_time_get */
#include "suite.h"

static void setup(void)
{
}

CASE(advances_by_one_a_tick)
{
    setup();
    ULONG start = tx_time_get();
    test_busy(5);
    EXPECT(about(start, 5), TX_TRUE);
    tx_thread_sleep(5);
    EXPECT(about(start, 10), TX_TRUE);
}

static ULONG seen;

static void handler(void)
{
    seen = tx_time_get();
}

CASE(in_an_interrupt)
{
    ULONG start = tx_time_get();
    test_interrupt(handler);
    EXPECT(seen - start <= 1, TX_TRUE);
}

INITIALIZATION_CASE(zero_in_initialization)
{
    EXPECT(tx_time_get(), 0);
}
