/* tx_thread_sleep */
#include "suite.h"

static void setup(void)
{
}

static void sleeper(ULONG i)
{
    status_of[i] = tx_thread_sleep(3 + i);
    note((CHAR)('a' + i));
}

RETURNS(no_ticks, tx_thread_sleep(0), TX_SUCCESS)
RETURNS(sleeps, tx_thread_sleep(1), TX_SUCCESS)
IN_INITIALIZATION(not_in_initialization, tx_thread_sleep(1), TX_CALLER_ERROR)
IN_INTERRUPT(not_in_an_interrupt, tx_thread_sleep(1), TX_CALLER_ERROR)
IN_TIMER(not_in_a_timer, tx_thread_sleep(1), TX_CALLER_ERROR)

CASE(for_as_long_as_asked)
{
    for (ULONG ticks = 1; ticks < 70; ticks += 7) {
        ULONG start = tx_time_get();
        tx_thread_sleep(ticks);
        EXPECT(about(start, ticks), TX_TRUE);
    }
}

CASE(shows_in_the_state)
{
    helper(0, ABOVE, sleeper);
    EXPECT(state_of(0), TX_SLEEP);
}

CASE(aborted)
{
    helper(0, ABOVE, sleeper);
    tx_thread_wait_abort(&T[0]);
    EXPECT(status_of[0], TX_WAIT_ABORTED);
}

CASE(sleepers_wake_by_time_and_then_by_priority)
{
    helper(2, ABOVE, sleeper);
    helper(1, BELOW, sleeper);
    helper(0, BELOW, sleeper);
    tx_thread_sleep(10);
    EXPECT_NOTES("abc");
}

CASE(suspended_while_asleep_stays_so_at_the_end)
{
    helper(0, ABOVE, sleeper);
    tx_thread_suspend(&T[0]);
    tx_thread_sleep(6);
    EXPECT(state_of(0), TX_SUSPENDED);
    tx_thread_resume(&T[0]);
    EXPECT(status_of[0], TX_SUCCESS);
}
