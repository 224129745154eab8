/* tx_semaphore_get */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"s", 1), TX_SUCCESS);
    EXPECT(tx_semaphore_create(&S[1], (CHAR *)"empty", 0), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] = tx_semaphore_get(&S[1], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

RETURNS(takes_an_instance, tx_semaphore_get(&S[0], TX_NO_WAIT), TX_SUCCESS)
RETURNS(finds_none, tx_semaphore_get(&S[1], TX_NO_WAIT), TX_NO_INSTANCE)
RETURNS(null, tx_semaphore_get(TX_NULL, TX_NO_WAIT), TX_SEMAPHORE_ERROR)
RETURNS(not_created, tx_semaphore_get(&S[2], TX_NO_WAIT), TX_SEMAPHORE_ERROR)
IN_INITIALIZATION(initialization_may_get, tx_semaphore_get(&S[0], TX_NO_WAIT), TX_SUCCESS)
IN_INITIALIZATION(initialization_may_not_wait, tx_semaphore_get(&S[0], 1), TX_WAIT_ERROR)
IN_INTERRUPT(interrupt_may_get, tx_semaphore_get(&S[0], TX_NO_WAIT), TX_SUCCESS)
IN_INTERRUPT(interrupt_may_not_wait, tx_semaphore_get(&S[0], TX_WAIT_FOREVER), TX_WAIT_ERROR)
IN_TIMER(timer_may_get, tx_semaphore_get(&S[0], TX_NO_WAIT), TX_SUCCESS)
IN_TIMER(timer_may_not_wait, tx_semaphore_get(&S[0], 5), TX_WAIT_ERROR)

CASE(counts_down)
{
    ULONG count = 9;
    tx_semaphore_create(&S[0], (CHAR *)"s", 2);
    EXPECT(tx_semaphore_get(&S[0], TX_WAIT_FOREVER), TX_SUCCESS);
    EXPECT(tx_semaphore_get(&S[0], 1), TX_SUCCESS);
    tx_semaphore_info_get(&S[0], TX_NULL, &count, TX_NULL, TX_NULL, TX_NULL);
    EXPECT(count, 0);
    EXPECT(tx_semaphore_get(&S[0], TX_NO_WAIT), TX_NO_INSTANCE);
}

CASE(times_out_at_its_tick)
{
    setup();
    ULONG start = tx_time_get();
    EXPECT(tx_semaphore_get(&S[1], 7), TX_NO_INSTANCE);
    EXPECT(about(start, 7), TX_TRUE);
}

CASE(waiting_shows_in_the_state)
{
    setup();
    helper(0, ABOVE, getter);
    EXPECT(state_of(0), TX_SEMAPHORE_SUSP);
    EXPECT(tx_semaphore_put(&S[1]), TX_SUCCESS);
    EXPECT(state_of(0), TX_COMPLETED);
    EXPECT(status_of[0], TX_SUCCESS);
}

CASE(waiters_are_served_in_their_order_whatever_their_priority)
{
    setup();
    helper(0, ABOVE + 2, getter);
    helper(1, ABOVE, getter);
    helper(2, ABOVE + 1, getter);
    tx_semaphore_put(&S[1]);
    tx_semaphore_put(&S[1]);
    tx_semaphore_put(&S[1]);
    EXPECT_NOTES("abc");
}

CASE(abort_ends_the_wait)
{
    setup();
    helper(0, ABOVE, getter);
    EXPECT(tx_thread_wait_abort(&T[0]), TX_SUCCESS);
    EXPECT(status_of[0], TX_WAIT_ABORTED);
    tx_semaphore_put(&S[1]);
    EXPECT(tx_semaphore_get(&S[1], TX_NO_WAIT), TX_SUCCESS);
}

static void waits_three(ULONG i)
{
    status_of[i] = tx_semaphore_get(&S[1], 3);
}

CASE(a_time_out_leaves_the_others_waiting)
{
    setup();
    helper(0, ABOVE, waits_three);
    helper(1, ABOVE, getter);
    tx_thread_sleep(5);
    EXPECT(status_of[0], TX_NO_INSTANCE);
    tx_semaphore_put(&S[1]);
    EXPECT(status_of[1], TX_SUCCESS);
}

CASE(an_instance_ends_the_time_out)
{
    setup();
    helper(0, ABOVE, waits_three);
    tx_semaphore_put(&S[1]);
    EXPECT(status_of[0], TX_SUCCESS);
    tx_thread_sleep(5);
    EXPECT(state_of(0), TX_COMPLETED);
}

CASE(suspended_while_waiting_stays_suspended_after)
{
    setup();
    helper(0, ABOVE, getter);
    EXPECT(tx_thread_suspend(&T[0]), TX_SUCCESS);
    EXPECT(state_of(0), TX_SEMAPHORE_SUSP);
    tx_semaphore_put(&S[1]);
    EXPECT(state_of(0), TX_SUSPENDED);
    EXPECT_NOTES("");
    EXPECT(tx_thread_resume(&T[0]), TX_SUCCESS);
    EXPECT(status_of[0], TX_SUCCESS);
}

CASE(terminated_waiter_leaves_the_list)
{
    setup();
    helper(0, ABOVE, getter);
    helper(1, ABOVE, getter);
    EXPECT(tx_thread_terminate(&T[0]), TX_SUCCESS);
    tx_semaphore_put(&S[1]);
    EXPECT_NOTES("b");
}
