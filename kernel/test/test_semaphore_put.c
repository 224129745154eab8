/* tx_semaphore_put */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_SUCCESS);
}

static void getter(ULONG i)
{
    for (;;) {
        status_of[i] = tx_semaphore_get(&S[0], TX_WAIT_FOREVER);
        note((CHAR)('a' + i));
    }
}

RETURNS(adds_an_instance, tx_semaphore_put(&S[0]), TX_SUCCESS)
RETURNS(null, tx_semaphore_put(TX_NULL), TX_SEMAPHORE_ERROR)
RETURNS(not_created, tx_semaphore_put(&S[1]), TX_SEMAPHORE_ERROR)
IN_INITIALIZATION(from_initialization, tx_semaphore_put(&S[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_semaphore_put(&S[0]), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_semaphore_put(&S[0]), TX_SUCCESS)

CASE(count_wraps_to_zero)
{
    tx_semaphore_create(&S[0], (CHAR *)"s", 0xFFFFFFFFu);
    EXPECT(tx_semaphore_put(&S[0]), TX_SUCCESS);
    EXPECT(tx_semaphore_get(&S[0], TX_NO_WAIT), TX_NO_INSTANCE);
}

CASE(a_waiter_of_higher_priority_runs_at_once)
{
    setup();
    helper(0, ABOVE, getter);
    note('1');
    tx_semaphore_put(&S[0]);
    note('2');
    EXPECT_NOTES("1a2");
}

CASE(a_waiter_of_lower_priority_runs_later)
{
    setup();
    helper(0, BELOW, getter);
    tx_thread_sleep(1);
    note('1');
    tx_semaphore_put(&S[0]);
    note('2');
    tx_thread_sleep(1);
    EXPECT_NOTES("12a");
}

CASE(a_waiter_of_the_same_priority_runs_when_the_caller_waits)
{
    setup();
    helper(0, RUNNER, getter);
    tx_thread_relinquish();
    tx_semaphore_put(&S[0]);
    note('1');
    tx_thread_relinquish();
    EXPECT_NOTES("1a");
}

CASE(the_instance_given_to_a_waiter_is_not_counted)
{
    setup();
    helper(0, ABOVE, getter);
    tx_semaphore_put(&S[0]);
    EXPECT(tx_semaphore_get(&S[0], TX_NO_WAIT), TX_NO_INSTANCE);
}

static void put_from_interrupt(void)
{
    tx_semaphore_put(&S[0]);
    note('i');
}

CASE(an_interrupt_finishes_before_the_thread_that_it_wakes_runs)
{
    setup();
    helper(0, ABOVE, getter);
    test_interrupt(put_from_interrupt);
    note('r');
    EXPECT_NOTES("iar");
}

static void put_twice_from_interrupt(void)
{
    tx_semaphore_put(&S[0]);
    tx_semaphore_put(&S[0]);
}

CASE(of_two_woken_by_one_interrupt_the_higher_runs_first)
{
    setup();
    helper(0, ABOVE + 1, getter);
    helper(1, ABOVE, getter);
    test_interrupt(put_twice_from_interrupt);
    EXPECT_NOTES("ba");
}

CASE(with_interrupts_disabled_the_switch_comes_with_enabling)
{
    setup();
    helper(0, ABOVE, getter);
    UINT posture = tx_interrupt_control(TX_INT_DISABLE);
    tx_semaphore_put(&S[0]);
    note('1');
    tx_interrupt_control(posture);
    note('2');
    EXPECT_NOTES("1a2");
}
