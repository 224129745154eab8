/* tx_mutex_get */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_mutex_create(&M[0], (CHAR *)"m", TX_NO_INHERIT), TX_SUCCESS);
    EXPECT(tx_mutex_create(&M[1], (CHAR *)"inherits", TX_INHERIT), TX_SUCCESS);
    EXPECT(tx_mutex_create(&M[2], (CHAR *)"inherits too", TX_INHERIT), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[0], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
    tx_mutex_put(&M[0]);
}

static void inheriting_getter(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[1], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
    tx_mutex_put(&M[1]);
}

RETURNS(free_mutex, tx_mutex_get(&M[0], TX_NO_WAIT), TX_SUCCESS)
RETURNS(null, tx_mutex_get(TX_NULL, TX_NO_WAIT), TX_MUTEX_ERROR)
RETURNS(not_created, tx_mutex_get(&M[3], TX_NO_WAIT), TX_MUTEX_ERROR)
IN_INITIALIZATION(initialization_may_get, tx_mutex_get(&M[0], TX_NO_WAIT), TX_SUCCESS)
IN_INITIALIZATION(initialization_may_not_wait, tx_mutex_get(&M[0], 1), TX_WAIT_ERROR)
IN_INTERRUPT(interrupt_may_not_get, tx_mutex_get(&M[0], TX_NO_WAIT), TX_CALLER_ERROR)
IN_TIMER(timer_may_get, tx_mutex_get(&M[0], TX_NO_WAIT), TX_SUCCESS)
IN_TIMER(timer_may_not_wait, tx_mutex_get(&M[0], TX_WAIT_FOREVER), TX_WAIT_ERROR)

CASE(again_by_its_owner)
{
    ULONG count;
    TX_THREAD *owner;
    setup();
    EXPECT(tx_mutex_get(&M[0], TX_NO_WAIT), TX_SUCCESS);
    EXPECT(tx_mutex_get(&M[0], TX_NO_WAIT), TX_SUCCESS);
    tx_mutex_info_get(&M[0], TX_NULL, &count, &owner, TX_NULL, TX_NULL, TX_NULL);
    EXPECT(count, 2);
    EXPECT(owner, &runner);
}

static void tries(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[0], TX_NO_WAIT);
}

CASE(owned_by_another)
{
    setup();
    tx_mutex_get(&M[0], TX_NO_WAIT);
    helper(0, ABOVE, tries);
    EXPECT(status_of[0], TX_NOT_AVAILABLE);
}

CASE(waiters_get_it_in_their_order)
{
    setup();
    tx_mutex_get(&M[0], TX_NO_WAIT);
    helper(0, ABOVE + 1, getter);
    helper(1, ABOVE, getter);
    EXPECT(state_of(0), TX_MUTEX_SUSP);
    tx_mutex_put(&M[0]);
    EXPECT_NOTES("ab");
}

CASE(waiters_for_an_inheriting_one_get_it_by_priority)
{
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, ABOVE + 1, inheriting_getter);
    helper(1, ABOVE, inheriting_getter);
    tx_mutex_put(&M[1]);
    EXPECT_NOTES("ba");
}

static void waits_two(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[1], 2);
    note((CHAR)('a' + i));
}

CASE(times_out_and_the_owner_loses_the_priority)
{
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, ABOVE, waits_two);
    EXPECT(priority_of(&runner), ABOVE);
    tx_thread_sleep(4);
    EXPECT(status_of[0], TX_NOT_AVAILABLE);
    EXPECT(priority_of(&runner), RUNNER);
}

CASE(aborted_and_the_owner_loses_the_priority)
{
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, ABOVE, inheriting_getter);
    helper(1, ABOVE - 2, inheriting_getter);
    EXPECT(priority_of(&runner), ABOVE - 2);
    EXPECT(tx_thread_wait_abort(&T[1]), TX_SUCCESS);
    EXPECT(status_of[1], TX_WAIT_ABORTED);
    EXPECT(priority_of(&runner), ABOVE);
}

CASE(a_waiter_of_lower_priority_lends_none)
{
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, BELOW, inheriting_getter);
    tx_thread_sleep(1);
    EXPECT(state_of(0), TX_MUTEX_SUSP);
    EXPECT(priority_of(&runner), RUNNER);
}

CASE(without_inheritance_none_is_lent)
{
    setup();
    tx_mutex_get(&M[0], TX_NO_WAIT);
    helper(0, ABOVE, getter);
    EXPECT(priority_of(&runner), RUNNER);
}

/* A owns 1; B owns 2 and waits for 1; the runner waits for 2. */
static void owns_1(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[1], TX_WAIT_FOREVER);
    tx_thread_sleep(5);
    tx_mutex_put(&M[1]);
    note('1');
}

static void owns_2_waits_1(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[2], TX_WAIT_FOREVER);
    tx_mutex_get(&M[1], TX_WAIT_FOREVER);
    tx_mutex_put(&M[1]);
    tx_mutex_put(&M[2]);
    note('2');
}

CASE(priority_goes_along_a_chain_and_back)
{
    setup();
    helper(0, BELOW + 2, owns_1);
    tx_thread_sleep(1);
    helper(1, BELOW, owns_2_waits_1);
    tx_thread_sleep(1);
    EXPECT(priority_of(&T[0]), BELOW);
    EXPECT(tx_mutex_get(&M[2], 20), TX_SUCCESS);
    note('r');
    EXPECT(priority_of(&T[0]), BELOW + 2);
    EXPECT(priority_of(&T[1]), BELOW);
    tx_mutex_put(&M[2]);
    tx_thread_sleep(2);
    EXPECT_NOTES("r21");
}

CASE(priority_of_a_chain_is_seen_while_it_lasts)
{
    setup();
    helper(0, BELOW + 2, owns_1);
    tx_thread_sleep(1);
    helper(1, BELOW, owns_2_waits_1);
    tx_thread_sleep(1);
    EXPECT(tx_mutex_get(&M[2], 1), TX_NOT_AVAILABLE);
    EXPECT(priority_of(&T[0]), BELOW);
    EXPECT(priority_of(&T[1]), BELOW);
}

static void looks_at_chain(ULONG unused)
{
    (void)unused;
    EXPECT(priority_of(&T[0]), RUNNER);
    EXPECT(priority_of(&T[1]), RUNNER);
    note('l');
}

CASE(a_chain_raises_all_its_owners)
{
    setup();
    helper(0, BELOW + 2, owns_1);
    tx_thread_sleep(1);
    helper(1, BELOW, owns_2_waits_1);
    tx_thread_sleep(1);
    tx_timer_create(&I[0], (CHAR *)"look", looks_at_chain, 0, 1, 0, TX_AUTO_ACTIVATE);
    EXPECT(tx_mutex_get(&M[2], 2), TX_NOT_AVAILABLE);
    EXPECT_NOTES("l");
}

static void deadlocked(ULONG i)
{
    tx_mutex_get(&M[2], TX_WAIT_FOREVER);
    status_of[i] = tx_mutex_get(&M[1], 4);
    tx_mutex_put(&M[2]);
}

CASE(a_deadly_embrace_ends_by_time_out)
{
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, ABOVE, deadlocked);
    EXPECT(tx_mutex_get(&M[2], 10), TX_SUCCESS);
    EXPECT(status_of[0], TX_NOT_AVAILABLE);
    EXPECT(priority_of(&runner), RUNNER);
}

CASE(priority_is_the_highest_of_several_mutexes)
{
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    tx_mutex_get(&M[2], TX_NO_WAIT);
    helper(0, ABOVE, inheriting_getter);
    helper(1, ABOVE + 3, owns_2_waits_1);
    EXPECT(priority_of(&runner), ABOVE);
    tx_mutex_put(&M[1]);
    EXPECT(priority_of(&runner), ABOVE + 3);
    tx_mutex_put(&M[2]);
    EXPECT(priority_of(&runner), RUNNER);
    EXPECT_NOTES("a2");
}

CASE(an_owner_that_inherited_runs_before_those_between)
{
    setup();
    helper(0, BELOW, owns_1);
    tx_thread_sleep(1);
    helper(1, BELOW - 2, getter);
    EXPECT(tx_mutex_get(&M[1], TX_WAIT_FOREVER), TX_SUCCESS);
    tx_mutex_put(&M[1]);
    tx_thread_sleep(1);
    EXPECT_NOTES("b1");
}

CASE(a_terminated_waiter_takes_its_priority_with_it)
{
    setup();
    tx_mutex_get(&M[1], TX_NO_WAIT);
    helper(0, ABOVE, inheriting_getter);
    EXPECT(priority_of(&runner), ABOVE);
    tx_thread_terminate(&T[0]);
    EXPECT(priority_of(&runner), RUNNER);
}
