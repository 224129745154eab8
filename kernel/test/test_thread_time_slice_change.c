/* tx_thread_time_slice_change */
#include "suite.h"

static ULONG old;

static void entry(ULONG i)
{
    for (UINT n = 0; n < 3; n++) {
        note((CHAR)('a' + i));
        test_busy(2);
    }
}

static void setup(void)
{
    helper(0, BELOW, entry);
    tx_thread_suspend(&T[0]);
}

RETURNS(changes, tx_thread_time_slice_change(&T[0], 5, &old), TX_SUCCESS)
RETURNS(null, tx_thread_time_slice_change(TX_NULL, 5, &old), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_time_slice_change(&T[1], 5, &old), TX_THREAD_ERROR)
RETURNS(nowhere_for_the_old, tx_thread_time_slice_change(&T[0], 5, TX_NULL), TX_PTR_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_thread_time_slice_change(&T[0], 5, &old),
                  TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_thread_time_slice_change(&T[0], 5, &old), TX_CALLER_ERROR)
IN_TIMER(from_a_timer, tx_thread_time_slice_change(&T[0], 5, &old), TX_SUCCESS)

CASE(tells_the_old)
{
    helper_with(0, BELOW, BELOW, 9, entry);
    tx_thread_time_slice_change(&T[0], TX_NO_TIME_SLICE, &old);
    EXPECT(old, 9);
    tx_thread_time_slice_change(&T[0], 1, &old);
    EXPECT(old, TX_NO_TIME_SLICE);
}

CASE(without_slices_each_runs_to_its_end)
{
    helper(0, BELOW, entry);
    helper(1, BELOW, entry);
    tx_thread_sleep(20);
    EXPECT_NOTES("aaabbb");
}

CASE(with_slices_they_alternate)
{
    helper_with(0, BELOW, BELOW, 2, entry);
    helper_with(1, BELOW, BELOW, 2, entry);
    tx_thread_sleep(20);
    EXPECT_NOTES("ababab");
}

CASE(a_slice_ends_at_its_tick)
{
    helper_with(0, BELOW, BELOW, 4, entry);
    helper_with(1, BELOW, BELOW, 4, entry);
    tx_thread_sleep(20);
    EXPECT_NOTES("aabbab");
}

CASE(alone_a_slice_means_nothing)
{
    helper_with(0, BELOW, BELOW, 1, entry);
    helper(1, BELOW + 1, entry);
    tx_thread_sleep(20);
    EXPECT_NOTES("aaabbb");
}

CASE(a_threshold_disables_slices)
{
    helper_with(0, BELOW, BELOW - 1, 1, entry);
    helper_with(1, BELOW, BELOW - 1, 1, entry);
    tx_thread_sleep(20);
    EXPECT_NOTES("aaabbb");
}
