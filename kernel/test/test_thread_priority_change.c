/* tx_thread_priority_change */
#include "suite.h"

static UINT old;

static void entry(ULONG i)
{
    note((CHAR)('a' + i));
}

static void setup(void)
{
    helper(0, BELOW, entry);
}

RETURNS(changes, tx_thread_priority_change(&T[0], BELOW + 1, &old), TX_SUCCESS)
RETURNS(null, tx_thread_priority_change(TX_NULL, 1, &old), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_priority_change(&T[1], 1, &old), TX_THREAD_ERROR)
RETURNS(too_large, tx_thread_priority_change(&T[0], TX_MAX_PRIORITIES, &old), TX_PRIORITY_ERROR)
RETURNS(nowhere_for_the_old, tx_thread_priority_change(&T[0], 1, TX_NULL), TX_PTR_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_thread_priority_change(&T[0], 1, &old),
                  TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_thread_priority_change(&T[0], 1, &old), TX_CALLER_ERROR)

static void expired(ULONG unused)
{
    (void)unused;
    EXPECT(tx_thread_priority_change(&T[0], ABOVE, &old), TX_SUCCESS);
    note('t');
}

CASE(from_a_timer)
{
    helper(0, BELOW, entry);
    tx_thread_suspend(&T[0]);
    in_timer(expired);
    EXPECT(priority_of(&T[0]), ABOVE);
}

CASE(raised_above_the_caller_runs_at_once)
{
    setup();
    tx_thread_priority_change(&T[0], ABOVE, &old);
    note('r');
    EXPECT_NOTES("ar");
    EXPECT(old, BELOW);
}

CASE(the_caller_lowered_below_a_ready_thread_gives_way)
{
    setup();
    tx_thread_priority_change(&runner, BELOW + 1, &old);
    note('r');
    tx_thread_priority_change(&runner, RUNNER, &old);
    EXPECT_NOTES("ar");
}

CASE(the_caller_goes_before_others_of_its_new_priority)
{
    setup();
    tx_thread_priority_change(&runner, BELOW, &old);
    note('r');
    tx_thread_priority_change(&runner, RUNNER, &old);
    EXPECT_NOTES("r");
    tx_thread_sleep(1);
    EXPECT_NOTES("a");
}

CASE(another_goes_behind_those_of_its_new_priority)
{
    helper(0, BELOW, entry);
    helper(1, BELOW + 1, entry);
    helper(2, BELOW + 1, entry);
    tx_thread_priority_change(&T[0], BELOW + 1, &old);
    tx_thread_sleep(1);
    EXPECT_NOTES("bca");
}

CASE(threshold_becomes_the_priority)
{
    UINT threshold;
    helper_with(0, BELOW, 3, 0, entry);
    tx_thread_priority_change(&T[0], BELOW + 2, &old);
    tx_thread_info_get(&T[0], TX_NULL, TX_NULL, TX_NULL, TX_NULL, &threshold, TX_NULL, TX_NULL,
                       TX_NULL);
    EXPECT(threshold, BELOW + 2);
}

static void owner(ULONG i)
{
    tx_mutex_get(&M[0], TX_WAIT_FOREVER);
    tx_thread_sleep(6);
    note((CHAR)('a' + i));
    tx_mutex_put(&M[0]);
    tx_thread_sleep(100);
}

static void waiter(ULONG i)
{
    tx_mutex_get(&M[0], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

CASE(what_is_inherited_stays_until_the_mutex_is_put)
{
    tx_mutex_create(&M[0], (CHAR *)"m", TX_INHERIT);
    helper(0, BELOW, owner);
    tx_thread_sleep(1);
    helper(1, ABOVE, waiter);
    EXPECT(priority_of(&T[0]), ABOVE);
    EXPECT(tx_thread_priority_change(&T[0], BELOW + 5, &old), TX_SUCCESS);
    EXPECT(old, BELOW);
    EXPECT(priority_of(&T[0]), ABOVE);
    tx_thread_sleep(10);
    EXPECT(priority_of(&T[0]), BELOW + 5);
    EXPECT_NOTES("ab");
}

CASE(raised_above_what_is_inherited)
{
    tx_mutex_create(&M[0], (CHAR *)"m", TX_INHERIT);
    helper(0, BELOW, owner);
    tx_thread_sleep(1);
    helper(1, ABOVE, waiter);
    tx_thread_priority_change(&T[0], ABOVE - 2, &old);
    EXPECT(priority_of(&T[0]), ABOVE - 2);
}
