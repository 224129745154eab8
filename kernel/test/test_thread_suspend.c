/* tx_thread_suspend */
#include "suite.h"

static void entry(ULONG i)
{
    note((CHAR)('a' + i));
}

static void setup(void)
{
    helper(0, BELOW, entry);
}

static void suspends_itself(ULONG i)
{
    note('<');
    status_of[i] = tx_thread_suspend(&T[i]);
    note('>');
}

RETURNS(ready, tx_thread_suspend(&T[0]), TX_SUCCESS)
RETURNS(null, tx_thread_suspend(TX_NULL), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_suspend(&T[1]), TX_THREAD_ERROR)
IN_INITIALIZATION(from_initialization, tx_thread_suspend(&T[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_thread_suspend(&T[0]), TX_SUCCESS)

static void suspends_its_thread(ULONG unused)
{
    (void)unused;
    EXPECT(tx_thread_suspend(tx_thread_identify()), TX_CALLER_ERROR);
    note('t');
}

CASE(not_the_timer_thread_itself)
{
    in_timer(suspends_its_thread);
}

CASE(completed)
{
    helper(0, ABOVE, entry);
    EXPECT(tx_thread_suspend(&T[0]), TX_SUSPEND_ERROR);
}

CASE(terminated)
{
    setup();
    tx_thread_terminate(&T[0]);
    EXPECT(tx_thread_suspend(&T[0]), TX_SUSPEND_ERROR);
}

CASE(twice_has_no_effect)
{
    setup();
    EXPECT(tx_thread_suspend(&T[0]), TX_SUCCESS);
    EXPECT(tx_thread_suspend(&T[0]), TX_SUCCESS);
    tx_thread_resume(&T[0]);
    tx_thread_sleep(1);
    EXPECT_NOTES("a");
}

CASE(itself)
{
    helper(0, ABOVE, suspends_itself);
    EXPECT_NOTES("<");
    EXPECT(state_of(0), TX_SUSPENDED);
    tx_thread_resume(&T[0]);
    EXPECT_NOTES(">");
    EXPECT(status_of[0], TX_SUCCESS);
}

static void suspend_runner(void)
{
    EXPECT(tx_thread_suspend(&runner), TX_SUCCESS);
    note('i');
}

static void resumes_runner(ULONG i)
{
    note((CHAR)('a' + i));
    tx_thread_resume(&runner);
}

CASE(the_interrupted_thread_by_an_interrupt)
{
    helper(0, BELOW, resumes_runner);
    test_interrupt(suspend_runner);
    note('r');
    EXPECT_NOTES("iar");
}

static void waits(ULONG i)
{
    status_of[i] = tx_semaphore_get(&S[0], TX_WAIT_FOREVER);
}

/* Found by the random test: the suspension made the wait's result a success. */
CASE(after_a_wait_that_was_aborted_the_result_is_kept)
{
    tx_semaphore_create(&S[0], (CHAR *)"s", 0);
    helper(0, BELOW, waits);
    tx_thread_sleep(2);
    tx_thread_wait_abort(&T[0]);
    tx_thread_suspend(&T[0]);
    tx_thread_resume(&T[0]);
    tx_thread_sleep(2);
    EXPECT(status_of[0], TX_WAIT_ABORTED);
}
