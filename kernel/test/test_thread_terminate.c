/* tx_thread_terminate */
#include "suite.h"

static void entry(ULONG i)
{
    note((CHAR)('a' + i));
}

static void setup(void)
{
    helper(0, BELOW, entry);
}

static void terminates_itself(ULONG i)
{
    note('<');
    tx_thread_terminate(&T[i]);
    note('>');
}

static void sleeper(ULONG i)
{
    tx_thread_sleep(3);
    note((CHAR)('a' + i));
}

RETURNS(ready, tx_thread_terminate(&T[0]), TX_SUCCESS)
RETURNS(null, tx_thread_terminate(TX_NULL), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_terminate(&T[1]), TX_THREAD_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_thread_terminate(&T[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_thread_terminate(&T[0]), TX_CALLER_ERROR)

static void expired(ULONG unused)
{
    (void)unused;
    EXPECT(tx_thread_terminate(&T[0]), TX_SUCCESS);
    note('t');
}

CASE(from_a_timer)
{
    helper(0, BELOW, sleeper);
    in_timer(expired);
    EXPECT(state_of(0), TX_TERMINATED);
}

CASE(does_not_run_any_more)
{
    setup();
    tx_thread_terminate(&T[0]);
    EXPECT(state_of(0), TX_TERMINATED);
    tx_thread_sleep(2);
    EXPECT_NOTES("");
}

CASE(itself)
{
    helper(0, ABOVE, terminates_itself);
    EXPECT_NOTES("<");
    EXPECT(state_of(0), TX_TERMINATED);
}

CASE(a_sleeper)
{
    helper(0, ABOVE, sleeper);
    tx_thread_terminate(&T[0]);
    tx_thread_sleep(6);
    EXPECT_NOTES("");
}

CASE(a_completed_thread_stays_completed)
{
    helper(0, ABOVE, entry);
    EXPECT(tx_thread_terminate(&T[0]), TX_SUCCESS);
    EXPECT(state_of(0), TX_COMPLETED);
}
