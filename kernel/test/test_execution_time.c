/* The execution profile: _tx_execution_…_time_get and …_reset */
#include "suite.h"

#ifdef TX_EXECUTION_PROFILE_ENABLE
#include "tx_execution_profile.h"

static EXECUTION_TIME time_of(UINT i)
{
    EXECUTION_TIME time = 0;
    EXPECT(_tx_execution_thread_time_get(&T[i], &time), TX_SUCCESS);
    return time;
}

static void computes(ULONG i)
{
    test_busy(i == 0 ? 12 : 4);
}

/* Three times the work takes three times the time, within a tick at each end. */
static UINT is_three_times(EXECUTION_TIME longer, EXECUTION_TIME shorter)
{
    return shorter != 0 && longer * 10 > shorter * 22 && longer * 10 < shorter * 40;
}

CASE(threads_are_charged_what_they_compute)
{
    EXECUTION_TIME all;
    EXPECT(_tx_execution_thread_total_time_reset(), TX_SUCCESS);
    helper(0, ABOVE, computes);
    helper(1, ABOVE, computes);
    EXPECT(is_three_times(time_of(0), time_of(1)), TX_TRUE);
    EXPECT(_tx_execution_thread_total_time_get(&all), TX_SUCCESS);
    EXPECT(all >= time_of(0) + time_of(1), TX_TRUE);
}

CASE(who_asks_sees_the_time_up_to_now)
{
    EXECUTION_TIME before, after;
    EXPECT(_tx_execution_thread_time_get(&runner, &before), TX_SUCCESS);
    test_busy(3);
    EXPECT(_tx_execution_thread_time_get(&runner, &after), TX_SUCCESS);
    EXPECT(after > before, TX_TRUE);
}

CASE(sleep_is_not_charged_to_the_thread)
{
    EXECUTION_TIME asleep, idle;
    EXPECT(_tx_execution_thread_time_reset(&runner), TX_SUCCESS);
    EXPECT(_tx_execution_idle_time_reset(), TX_SUCCESS);
    tx_thread_sleep(20);
    EXPECT(_tx_execution_thread_time_get(&runner, &asleep), TX_SUCCESS);
    EXPECT(_tx_execution_idle_time_get(&idle), TX_SUCCESS);
    helper(1, ABOVE, computes);
    EXPECT(asleep < time_of(1), TX_TRUE);
    EXPECT(idle != 0, TX_TRUE);
}

static EXECUTION_TIME in_outer, in_both;

static void nested(void)
{
    EXPECT(_tx_execution_isr_time_reset(), TX_SUCCESS);
    _tx_execution_isr_enter();
    _tx_execution_isr_enter();
    EXPECT(_tx_execution_isr_time_get(&in_both), TX_SUCCESS);
    _tx_execution_isr_exit();
    EXPECT(_tx_execution_isr_time_get(&in_outer), TX_SUCCESS);
    _tx_execution_isr_exit();
}

CASE(handlers_nest)
{
    EXECUTION_TIME in_handlers, in_thread;
    test_interrupt(nested);
    EXPECT(in_outer >= in_both, TX_TRUE);
    EXPECT(_tx_execution_isr_time_reset(), TX_SUCCESS);
    EXPECT(_tx_execution_thread_time_reset(&runner), TX_SUCCESS);
    test_busy(3); /* in the thread: both have ended */
    EXPECT(_tx_execution_isr_time_get(&in_handlers), TX_SUCCESS);
    EXPECT(_tx_execution_thread_time_get(&runner, &in_thread), TX_SUCCESS);
    EXPECT(in_handlers < in_thread, TX_TRUE);
}

CASE(errors)
{
    EXECUTION_TIME time;
    TX_THREAD none = {0};
    EXPECT(_tx_execution_thread_time_get(TX_NULL, &time), TX_THREAD_ERROR);
    EXPECT(_tx_execution_thread_time_get(&none, &time), TX_THREAD_ERROR);
    EXPECT(_tx_execution_thread_time_reset(TX_NULL), TX_THREAD_ERROR);
    EXPECT(_tx_execution_thread_time_get(&runner, TX_NULL), TX_PTR_ERROR);
    EXPECT(_tx_execution_thread_total_time_get(TX_NULL), TX_PTR_ERROR);
    EXPECT(_tx_execution_isr_time_get(TX_NULL), TX_PTR_ERROR);
    EXPECT(_tx_execution_idle_time_get(TX_NULL), TX_PTR_ERROR);
}
#endif
