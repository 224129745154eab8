/* tx_thread_resume */
#include "suite.h"

static void entry(ULONG i)
{
    note((CHAR)('a' + i));
}

static void setup(void)
{
    tx_thread_create(&T[0], (CHAR *)"t", entry, 0, stacks[0], STACK_SIZE, ABOVE, ABOVE, 0,
                     TX_DONT_START);
}

static void sleeper(ULONG i)
{
    status_of[i] = tx_thread_sleep(3);
    note((CHAR)('a' + i));
}

RETURNS(resumes, tx_thread_resume(&T[0]), TX_SUCCESS)
RETURNS(null, tx_thread_resume(TX_NULL), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_resume(&T[1]), TX_THREAD_ERROR)
RETURNS(not_suspended, tx_thread_resume(&runner), TX_RESUME_ERROR)
IN_INITIALIZATION(from_initialization, tx_thread_resume(&T[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_thread_resume(&T[0]), TX_SUCCESS)

static void expired(ULONG unused)
{
    (void)unused;
    EXPECT(tx_thread_resume(&T[0]), TX_SUCCESS);
    note('t');
}

CASE(from_a_timer)
{
    tx_thread_create(&T[0], (CHAR *)"t", sleeper, 0, stacks[0], STACK_SIZE, ABOVE, ABOVE, 0,
                     TX_DONT_START);
    in_timer(expired);
    EXPECT(state_of(0), TX_SLEEP);
}

CASE(sleeping)
{
    helper(0, ABOVE, sleeper);
    EXPECT(tx_thread_resume(&T[0]), TX_RESUME_ERROR);
}

CASE(completed)
{
    helper(0, ABOVE, entry);
    EXPECT(tx_thread_resume(&T[0]), TX_RESUME_ERROR);
}

CASE(lifts_a_suspension_that_was_delayed)
{
    helper(0, ABOVE, sleeper);
    EXPECT(tx_thread_suspend(&T[0]), TX_SUCCESS);
    EXPECT(tx_thread_resume(&T[0]), TX_SUSPEND_LIFTED);
    EXPECT(tx_thread_resume(&T[0]), TX_RESUME_ERROR);
    tx_thread_sleep(5);
    EXPECT_NOTES("a");
}
