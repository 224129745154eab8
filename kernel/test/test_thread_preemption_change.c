/* tx_thread_preemption_change */
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

RETURNS(changes, tx_thread_preemption_change(&T[0], 0, &old), TX_SUCCESS)
RETURNS(null, tx_thread_preemption_change(TX_NULL, 0, &old), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_preemption_change(&T[1], 0, &old), TX_THREAD_ERROR)
RETURNS(below_the_priority, tx_thread_preemption_change(&T[0], BELOW + 1, &old), TX_THRESH_ERROR)
RETURNS(no_priority_at_all, tx_thread_preemption_change(&T[0], TX_MAX_PRIORITIES, &old),
        TX_THRESH_ERROR)
RETURNS(nowhere_for_the_old, tx_thread_preemption_change(&T[0], 0, TX_NULL), TX_PTR_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_thread_preemption_change(&T[0], 0, &old),
                  TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_thread_preemption_change(&T[0], 0, &old), TX_CALLER_ERROR)

static void expired(ULONG unused)
{
    (void)unused;
    EXPECT(tx_thread_preemption_change(&T[0], 1, &old), TX_SUCCESS);
    note('t');
}

CASE(from_a_timer)
{
    helper(0, BELOW, entry);
    tx_thread_suspend(&T[0]);
    in_timer(expired);
    EXPECT(old, BELOW);
}

CASE(tells_the_old)
{
    setup();
    tx_thread_preemption_change(&T[0], 3, &old);
    EXPECT(old, BELOW);
    tx_thread_preemption_change(&T[0], BELOW, &old);
    EXPECT(old, 3);
}

CASE(keeps_off_those_at_the_threshold_and_below)
{
    tx_thread_preemption_change(&runner, ABOVE, &old);
    helper(0, ABOVE, entry);
    helper(1, ABOVE - 1, entry);
    note('r');
    tx_thread_preemption_change(&runner, RUNNER, &old);
    note('s');
    EXPECT_NOTES("bras");
}

static void putter(ULONG i)
{
    note((CHAR)('a' + i));
    tx_thread_resume(&T[2]);
    note((CHAR)('A' + i));
}

/* T[1], above the threshold, preempts the runner and wakes T[2], which is below the threshold: it
 * has to wait for the runner, although its priority is higher. */
CASE(holds_while_the_thread_is_preempted)
{
    tx_thread_create(&T[2], (CHAR *)"t", entry, 2, stacks[2], STACK_SIZE, ABOVE, ABOVE, 0,
                     TX_DONT_START);
    tx_thread_preemption_change(&runner, ABOVE, &old);
    helper(1, ABOVE - 1, putter);
    note('r');
    tx_thread_preemption_change(&runner, RUNNER, &old);
    note('s');
    EXPECT_NOTES("bBrcs");
}

CASE(ends_where_the_thread_waits)
{
    tx_thread_preemption_change(&runner, 0, &old);
    helper(0, ABOVE, entry);
    EXPECT_NOTES("");
    tx_thread_sleep(1);
    EXPECT_NOTES("a");
    helper(1, ABOVE, entry);
    EXPECT_NOTES("");
    tx_thread_preemption_change(&runner, RUNNER, &old);
    EXPECT_NOTES("b");
}

static void nested(ULONG i)
{
    UINT threshold;
    note((CHAR)('a' + i));
    tx_thread_preemption_change(&T[i], ABOVE - 5, &threshold);
    helper(2, ABOVE - 6, entry);
    helper(3, ABOVE - 4, entry);
    helper(4, ABOVE, entry);
    note((CHAR)('A' + i));
}

/* The runner holds to ABOVE, T[1] to ABOVE - 5, and T[2] preempts both. */
CASE(holds_in_several_levels)
{
    tx_thread_preemption_change(&runner, ABOVE, &old);
    helper(1, ABOVE - 2, nested);
    note('r');
    tx_thread_preemption_change(&runner, RUNNER, &old);
    EXPECT_NOTES("bcBdre");
}

CASE(is_lost_by_a_preempted_thread_that_is_suspended)
{
    tx_thread_preemption_change(&runner, RUNNER, &old);
    helper_with(0, BELOW, ABOVE, 0, entry);
    tx_thread_suspend(&T[0]);
    helper(1, BELOW - 1, entry);
    tx_thread_sleep(1);
    EXPECT_NOTES("b");
}

CASE(change_of_a_ready_thread_does_not_let_it_run)
{
    tx_thread_preemption_change(&runner, 5, &old);
    helper(0, ABOVE, entry);
    EXPECT(tx_thread_preemption_change(&T[0], 2, &old), TX_SUCCESS);
    EXPECT_NOTES("");
    tx_thread_preemption_change(&runner, RUNNER, &old);
    EXPECT_NOTES("a");
}
