/* tx_thread_wait_abort */
#include "suite.h"

static void entry(ULONG i)
{
    status_of[i] = tx_thread_sleep(5);
}

static void setup(void)
{
    helper(0, ABOVE, entry);
}

RETURNS(aborts, tx_thread_wait_abort(&T[0]), TX_SUCCESS)
RETURNS(null, tx_thread_wait_abort(TX_NULL), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_wait_abort(&T[1]), TX_THREAD_ERROR)
RETURNS(not_waiting, tx_thread_wait_abort(&runner), TX_WAIT_ABORT_ERROR)
IN_INTERRUPT(from_an_interrupt, tx_thread_wait_abort(&T[0]), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_thread_wait_abort(&T[0]), TX_SUCCESS)
IN_INITIALIZATION(nobody_waits_in_initialization, tx_thread_wait_abort(&T[0]), TX_WAIT_ABORT_ERROR)

CASE(not_an_explicit_suspension)
{
    setup();
    tx_thread_sleep(8);
    tx_thread_reset(&T[0]);
    EXPECT(tx_thread_wait_abort(&T[0]), TX_WAIT_ABORT_ERROR);
}

CASE(completed)
{
    setup();
    tx_thread_sleep(8);
    EXPECT(tx_thread_wait_abort(&T[0]), TX_WAIT_ABORT_ERROR);
}

CASE(the_time_out_does_not_come_after)
{
    setup();
    tx_thread_wait_abort(&T[0]);
    EXPECT(status_of[0], TX_WAIT_ABORTED);
    tx_thread_sleep(8);
    EXPECT(state_of(0), TX_COMPLETED);
}

static void abort_runner(void)
{
    EXPECT(tx_thread_wait_abort(&runner), TX_SUCCESS);
}

static void interrupts(ULONG i)
{
    (void)i;
    test_interrupt(abort_runner);
}

CASE(an_interrupt_aborts_a_sleeper)
{
    helper(0, BELOW, interrupts);
    EXPECT(tx_thread_sleep(100), TX_WAIT_ABORTED);
}
