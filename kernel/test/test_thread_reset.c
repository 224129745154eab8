/* tx_thread_reset */
#include "suite.h"

static void entry(ULONG i)
{
    note((CHAR)('a' + i));
}

static void sleeper(ULONG i)
{
    note((CHAR)('a' + i));
    tx_thread_sleep(50);
}

static void setup(void)
{
    helper(0, ABOVE, entry);
}

RETURNS(completed, tx_thread_reset(&T[0]), TX_SUCCESS)
RETURNS(null, tx_thread_reset(TX_NULL), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_reset(&T[1]), TX_THREAD_ERROR)
RETURNS(itself, tx_thread_reset(&runner), TX_NOT_DONE)
IN_INITIALIZATION(not_from_initialization, tx_thread_reset(&T[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_thread_reset(&T[0]), TX_CALLER_ERROR)

static void expired(ULONG unused)
{
    (void)unused;
    EXPECT(tx_thread_reset(&T[0]), TX_CALLER_ERROR);
    note('t');
}

CASE(not_from_a_timer)
{
    setup();
    EXPECT_NOTES("a");
    in_timer(expired);
}

CASE(sleeping)
{
    helper(0, ABOVE, sleeper);
    EXPECT(tx_thread_reset(&T[0]), TX_NOT_DONE);
}

CASE(runs_again_from_its_entry_when_resumed)
{
    helper(0, ABOVE, sleeper);
    tx_thread_terminate(&T[0]);
    EXPECT(tx_thread_reset(&T[0]), TX_SUCCESS);
    EXPECT(state_of(0), TX_SUSPENDED);
    EXPECT_NOTES("a");
    EXPECT(tx_thread_resume(&T[0]), TX_SUCCESS);
    EXPECT_NOTES("a");
    EXPECT(state_of(0), TX_SLEEP);
}
