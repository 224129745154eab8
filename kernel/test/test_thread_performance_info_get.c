/* tx_thread_performance_info_get */
#include "suite.h"

static ULONG resumptions, suspensions, solicited, interrupted, inversions, slices, relinquishes,
    timeouts, aborts, non_idle, idle;
static TX_THREAD *by;

static void setup(void)
{
}

#define COUNTS                                                                                     \
    &resumptions, &suspensions, &solicited, &interrupted, &inversions, &slices, &relinquishes,     \
        &timeouts, &aborts
#ifdef TX_THREAD_ENABLE_PERFORMANCE_INFO
static void sleeper(ULONG i)
{
    status_of[i] = tx_thread_sleep(2);
    status_of[i] = tx_thread_sleep(100);
}

static void sliced(ULONG i)
{
    (void)i;
    for (UINT n = 0; n < 3; n++)
        test_busy(2);
}

static void wake(void)
{
    tx_thread_wait_abort(&T[0]);
}

RETURNS(null, tx_thread_performance_info_get(TX_NULL, COUNTS, &by), TX_PTR_ERROR)
RETURNS(nothing_asked,
        tx_thread_performance_info_get(&runner, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL,
                                       TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL),
        TX_SUCCESS)

CASE(counts)
{
    ULONG solicited_before, interrupted_before;
    setup();
    tx_thread_performance_info_get(&runner, TX_NULL, TX_NULL, &solicited_before,
                                   &interrupted_before, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL,
                                   TX_NULL);
    helper(0, ABOVE, sleeper);
    tx_thread_sleep(4);
    test_interrupt(wake);
    EXPECT(tx_thread_performance_info_get(&T[0], COUNTS, &by), TX_SUCCESS);
    EXPECT(resumptions, 3);
    EXPECT(suspensions, 3);
    EXPECT(aborts, 1);
    EXPECT(timeouts, 1);
    EXPECT(tx_thread_performance_info_get(&runner, COUNTS, &by), TX_SUCCESS);
    EXPECT(solicited - solicited_before, 1);
    EXPECT(interrupted - interrupted_before >= 1, TX_TRUE);
    EXPECT(by, &T[0]);
}

CASE(slices_and_relinquishes)
{
    ULONG before;
    helper_with(0, BELOW, BELOW, 1, sliced);
    helper_with(1, BELOW, BELOW, 1, sliced);
    tx_thread_performance_info_get(&runner, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL,
                                   &before, TX_NULL, TX_NULL, TX_NULL);
    tx_thread_relinquish();
    tx_thread_sleep(20);
    tx_thread_performance_info_get(&T[0], COUNTS, &by);
    EXPECT(slices >= 5, TX_TRUE);
    tx_thread_performance_info_get(&runner, COUNTS, &by);
    EXPECT(relinquishes - before, 1);
    EXPECT(tx_thread_performance_system_info_get(COUNTS, &non_idle, &idle), TX_SUCCESS);
    EXPECT(idle != 0 && non_idle != 0, TX_TRUE);
}
#else
RETURNS(not_enabled, tx_thread_performance_info_get(&runner, COUNTS, &by), TX_FEATURE_NOT_ENABLED)
RETURNS(not_enabled_for_all, tx_thread_performance_system_info_get(COUNTS, &non_idle, &idle),
        TX_FEATURE_NOT_ENABLED)
#endif
