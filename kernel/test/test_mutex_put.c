/* tx_mutex_put */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_mutex_create(&M[0], (CHAR *)"m", TX_NO_INHERIT), TX_SUCCESS);
    EXPECT(tx_mutex_create(&M[1], (CHAR *)"inherits", TX_INHERIT), TX_SUCCESS);
}

static void own(void)
{
    setup();
    EXPECT(tx_mutex_get(&M[0], TX_NO_WAIT), TX_SUCCESS);
}

static void putter(ULONG i)
{
    status_of[i] = tx_mutex_put(&M[0]);
}

static void getter(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[1], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

RETURNS(not_owned, tx_mutex_put(&M[0]), TX_NOT_OWNED)
RETURNS(null, tx_mutex_put(TX_NULL), TX_MUTEX_ERROR)
RETURNS(not_created, tx_mutex_put(&M[2]), TX_MUTEX_ERROR)
IN_INTERRUPT(interrupt_may_not_put, tx_mutex_put(&M[0]), TX_CALLER_ERROR)
IN_TIMER(timer_owns_nothing, tx_mutex_put(&M[0]), TX_NOT_OWNED)

static void timer_gets_and_puts(ULONG unused)
{
    (void)unused;
    EXPECT(tx_mutex_get(&M[0], TX_NO_WAIT), TX_SUCCESS);
    EXPECT(tx_mutex_put(&M[0]), TX_SUCCESS);
    note('t');
}

CASE(timer_may_put)
{
    setup();
    in_timer(timer_gets_and_puts);
}

INITIALIZATION_CASE(initialization_may_put)
{
    own();
    EXPECT(tx_mutex_put(&M[0]), TX_SUCCESS);
    EXPECT(tx_mutex_put(&M[0]), TX_NOT_OWNED);
}

CASE(as_often_as_got)
{
    own();
    tx_mutex_get(&M[0], TX_NO_WAIT);
    EXPECT(tx_mutex_put(&M[0]), TX_SUCCESS);
    EXPECT(tx_mutex_put(&M[0]), TX_SUCCESS);
    EXPECT(tx_mutex_put(&M[0]), TX_NOT_OWNED);
}

CASE(by_another_than_its_owner)
{
    own();
    helper(0, ABOVE, putter);
    EXPECT(status_of[0], TX_NOT_OWNED);
}

CASE(ownership_passes_to_the_waiter)
{
    TX_THREAD *owner;
    ULONG count;
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, BELOW, getter);
    tx_thread_sleep(1);
    EXPECT(tx_mutex_put(&M[1]), TX_SUCCESS);
    tx_mutex_info_get(&M[1], TX_NULL, &count, &owner, TX_NULL, TX_NULL, TX_NULL);
    EXPECT(owner, &T[0]);
    EXPECT(count, 1);
    EXPECT(tx_mutex_put(&M[1]), TX_NOT_OWNED);
}

CASE(the_new_owner_inherits_from_those_that_still_wait)
{
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, BELOW, getter);
    helper(1, BELOW + 2, getter);
    tx_thread_sleep(1);
    tx_thread_priority_change(&T[0], BELOW + 3, &(UINT){0});
    tx_thread_priority_change(&T[1], BELOW + 3, &(UINT){0});
    tx_thread_priority_change(&T[0], BELOW, &(UINT){0});
    tx_mutex_put(&M[1]);
    tx_thread_priority_change(&T[1], BELOW - 2, &(UINT){0});
    EXPECT(priority_of(&T[0]), BELOW);
    tx_thread_sleep(1);
    EXPECT_NOTES("ab"); /* each ends as owner, and what it owned goes on */
}

CASE(priority_is_restored_and_the_waiter_preempts)
{
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, ABOVE, getter);
    note('1');
    tx_mutex_put(&M[1]);
    note('2');
    EXPECT_NOTES("1a2");
    EXPECT(priority_of(&runner), RUNNER);
}

CASE(threshold_is_restored_with_the_priority)
{
    UINT old;
    setup();
    tx_thread_preemption_change(&runner, ABOVE + 1, &old);
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, ABOVE, getter);
    EXPECT(runner.tx_thread_preempt_threshold, ABOVE);
    tx_mutex_put(&M[1]);
    EXPECT(runner.tx_thread_preempt_threshold, ABOVE + 1);
    tx_thread_preemption_change(&runner, RUNNER, &old);
    EXPECT(old, ABOVE + 1);
}

static void dies_as_owner(ULONG i)
{
    tx_mutex_get(&M[0], TX_WAIT_FOREVER);
    tx_mutex_get(&M[0], TX_WAIT_FOREVER);
    status_of[i] = tx_mutex_get(&M[1], TX_WAIT_FOREVER);
}

CASE(a_completed_owner_releases_all)
{
    setup();
    helper(0, ABOVE, dies_as_owner);
    EXPECT(state_of(0), TX_COMPLETED);
    EXPECT(tx_mutex_get(&M[0], TX_NO_WAIT), TX_SUCCESS);
    EXPECT(tx_mutex_get(&M[1], TX_NO_WAIT), TX_SUCCESS);
}

static void owns_and_sleeps(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[1], TX_WAIT_FOREVER);
    tx_thread_sleep(100);
}

CASE(a_terminated_owner_hands_over)
{
    setup();
    helper(0, ABOVE, owns_and_sleeps);
    helper(1, ABOVE, getter);
    EXPECT_NOTES("");
    tx_thread_terminate(&T[0]);
    EXPECT_NOTES("b");
}
