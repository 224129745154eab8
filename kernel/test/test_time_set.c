/* tx_time_set */
#include "suite.h"

static void setup(void)
{
}

static void sleeper(ULONG i)
{
    status_of[i] = tx_thread_sleep(6);
    note((CHAR)('a' + i));
}

CASE(sets)
{
    setup();
    tx_time_set(0x1234);
    EXPECT(tx_time_get() - 0x1234 <= 1, TX_TRUE);
}

CASE(wraps_around)
{
    tx_time_set(0xFFFFFFFEu);
    tx_thread_sleep(5);
    EXPECT(about(0xFFFFFFFEu, 5), TX_TRUE);
}

CASE(sleepers_do_not_notice)
{
    helper(0, ABOVE, sleeper);
    tx_time_set(0xFFFFFFFFu);
    tx_thread_sleep(3);
    EXPECT_NOTES("");
    tx_time_set(5);
    tx_thread_sleep(4);
    EXPECT_NOTES("a");
}

static void handler(void)
{
    tx_time_set(77);
}

CASE(from_an_interrupt)
{
    test_interrupt(handler);
    EXPECT(tx_time_get() - 77 <= 1, TX_TRUE);
}
