/* tx_thread_relinquish */
#include "suite.h"

static void entry(ULONG i)
{
    for (UINT n = 0; n < 3; n++) {
        note((CHAR)('a' + i));
        tx_thread_relinquish();
    }
}

static void setup(void)
{
}

CASE(alone_it_returns)
{
    tx_thread_relinquish();
    note('r');
    EXPECT_NOTES("r");
}

CASE(those_of_the_same_priority_take_turns)
{
    helper(0, BELOW, entry);
    helper(1, BELOW, entry);
    tx_thread_sleep(1);
    EXPECT_NOTES("ababab");
}

CASE(those_below_get_none)
{
    helper(0, BELOW, entry);
    tx_thread_relinquish();
    EXPECT_NOTES("");
}

CASE(those_kept_off_by_the_threshold_run)
{
    UINT old;
    tx_thread_preemption_change(&runner, ABOVE, &old);
    helper(0, ABOVE, entry);
    EXPECT_NOTES("");
    tx_thread_relinquish();
    EXPECT_NOTES("aaa");
    tx_thread_preemption_change(&runner, RUNNER, &old);
}

CASE(with_a_threshold_and_nobody_else)
{
    UINT old;
    setup();
    tx_thread_preemption_change(&runner, 0, &old);
    tx_thread_relinquish();
    tx_thread_preemption_change(&runner, RUNNER, &old);
    EXPECT(old, 0);
}

static void handler(void)
{
    tx_thread_relinquish();
    note('i');
}

CASE(from_an_interrupt_it_does_nothing)
{
    helper(0, RUNNER, entry);
    test_interrupt(handler);
    EXPECT_NOTES("i");
}
