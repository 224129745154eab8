/* tx_queue_receive */
#include "suite.h"

static ULONG one = 1, got;

static void setup(void)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 8), TX_SUCCESS);
}

static void with_message(void)
{
    setup();
    EXPECT(tx_queue_send(&Q[0], &one, TX_NO_WAIT), TX_SUCCESS);
}

static void receiver(ULONG i)
{
    ULONG message = 0;
    status_of[i] = tx_queue_receive(&Q[0], &message, TX_WAIT_FOREVER);
}

RETURNS(empty, tx_queue_receive(&Q[0], &got, TX_NO_WAIT), TX_QUEUE_EMPTY)
RETURNS(empty_until_the_time_out, tx_queue_receive(&Q[0], &got, 2), TX_QUEUE_EMPTY)
RETURNS(null, tx_queue_receive(TX_NULL, &got, TX_NO_WAIT), TX_QUEUE_ERROR)
RETURNS(not_created, tx_queue_receive(&Q[1], &got, TX_NO_WAIT), TX_QUEUE_ERROR)
RETURNS(no_destination, tx_queue_receive(&Q[0], TX_NULL, TX_NO_WAIT), TX_PTR_ERROR)
IN_INITIALIZATION(initialization_may_try, tx_queue_receive(&Q[0], &got, TX_NO_WAIT), TX_QUEUE_EMPTY)
IN_INITIALIZATION(initialization_may_not_wait, tx_queue_receive(&Q[0], &got, 1), TX_WAIT_ERROR)
IN_INTERRUPT(interrupt_may_try, tx_queue_receive(&Q[0], &got, TX_NO_WAIT), TX_QUEUE_EMPTY)
IN_INTERRUPT(interrupt_may_not_wait, tx_queue_receive(&Q[0], &got, 1), TX_WAIT_ERROR)
IN_TIMER(timer_may_try, tx_queue_receive(&Q[0], &got, TX_NO_WAIT), TX_QUEUE_EMPTY)
IN_TIMER(timer_may_not_wait, tx_queue_receive(&Q[0], &got, 1), TX_WAIT_ERROR)

CASE(receives)
{
    with_message();
    EXPECT(tx_queue_receive(&Q[0], &got, TX_WAIT_FOREVER), TX_SUCCESS);
    EXPECT(got, 1);
}

CASE(aborted)
{
    setup();
    helper(0, ABOVE, receiver);
    tx_thread_wait_abort(&T[0]);
    EXPECT(status_of[0], TX_WAIT_ABORTED);
}

CASE(aborted_by_an_interrupt_leaves_the_next_receiver)
{
    setup();
    helper(0, ABOVE, receiver);
    helper(1, ABOVE, receiver);
    tx_thread_wait_abort(&T[0]);
    tx_queue_send(&Q[0], &one, TX_NO_WAIT);
    EXPECT(status_of[1], TX_SUCCESS);
}
