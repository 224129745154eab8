/* tx_queue_front_send */
#include "suite.h"

static ULONG one = 1, two = 2, three = 3, got;

static void setup(void)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 8), TX_SUCCESS);
}

static void front_sender(ULONG i)
{
    ULONG message = 10 + i;
    status_of[i] = tx_queue_front_send(&Q[0], &message, TX_WAIT_FOREVER);
}

static void receiver(ULONG i)
{
    ULONG message = 0;
    status_of[i] = tx_queue_receive(&Q[0], &message, TX_WAIT_FOREVER);
    note((CHAR)('0' + message));
}

RETURNS(sends, tx_queue_front_send(&Q[0], &one, TX_NO_WAIT), TX_SUCCESS)
RETURNS(null, tx_queue_front_send(TX_NULL, &one, TX_NO_WAIT), TX_QUEUE_ERROR)
RETURNS(not_created, tx_queue_front_send(&Q[1], &one, TX_NO_WAIT), TX_QUEUE_ERROR)
RETURNS(no_source, tx_queue_front_send(&Q[0], TX_NULL, TX_NO_WAIT), TX_PTR_ERROR)
IN_INITIALIZATION(initialization_may_send, tx_queue_front_send(&Q[0], &one, TX_NO_WAIT), TX_SUCCESS)
IN_INITIALIZATION(initialization_may_not_wait, tx_queue_front_send(&Q[0], &one, 1), TX_WAIT_ERROR)
IN_INTERRUPT(interrupt_may_send, tx_queue_front_send(&Q[0], &one, TX_NO_WAIT), TX_SUCCESS)
IN_INTERRUPT(interrupt_may_not_wait, tx_queue_front_send(&Q[0], &one, 1), TX_WAIT_ERROR)
IN_TIMER(timer_may_not_wait, tx_queue_front_send(&Q[0], &one, 1), TX_WAIT_ERROR)

CASE(comes_out_before_the_others)
{
    setup();
    tx_queue_send(&Q[0], &one, TX_NO_WAIT);
    tx_queue_front_send(&Q[0], &two, TX_NO_WAIT);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(got, 2);
    tx_queue_front_send(&Q[0], &three, TX_NO_WAIT);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(got, 3);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(got, 1);
}

CASE(full)
{
    setup();
    tx_queue_front_send(&Q[0], &one, TX_NO_WAIT);
    tx_queue_front_send(&Q[0], &two, TX_NO_WAIT);
    EXPECT(tx_queue_front_send(&Q[0], &three, TX_NO_WAIT), TX_QUEUE_FULL);
    EXPECT(tx_queue_front_send(&Q[0], &three, 2), TX_QUEUE_FULL);
}

CASE(a_receiver_that_waits_gets_it)
{
    setup();
    helper(0, ABOVE, receiver);
    tx_queue_front_send(&Q[0], &two, TX_NO_WAIT);
    EXPECT_NOTES("2");
}

CASE(a_sender_that_waited_is_put_in_front)
{
    setup();
    tx_queue_send(&Q[0], &one, TX_NO_WAIT);
    tx_queue_send(&Q[0], &two, TX_NO_WAIT);
    helper(0, ABOVE, front_sender);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(got, 1);
    EXPECT(status_of[0], TX_SUCCESS);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(got, 10);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(got, 2);
}
