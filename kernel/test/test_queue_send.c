/* tx_queue_send */
#include "suite.h"

static ULONG one = 1, two = 2, three = 3, got;

static void setup(void)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 8), TX_SUCCESS);
}

static void fill(void)
{
    setup();
    EXPECT(tx_queue_send(&Q[0], &one, TX_NO_WAIT), TX_SUCCESS);
    EXPECT(tx_queue_send(&Q[0], &two, TX_NO_WAIT), TX_SUCCESS);
}

static void sender(ULONG i)
{
    ULONG message = 10 + i;
    status_of[i] = tx_queue_send(&Q[0], &message, TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

static void receiver(ULONG i)
{
    ULONG message = 0;
    status_of[i] = tx_queue_receive(&Q[0], &message, TX_WAIT_FOREVER);
    note((CHAR)('0' + message));
}

RETURNS(sends, tx_queue_send(&Q[0], &one, TX_NO_WAIT), TX_SUCCESS)
RETURNS(null, tx_queue_send(TX_NULL, &one, TX_NO_WAIT), TX_QUEUE_ERROR)
RETURNS(not_created, tx_queue_send(&Q[1], &one, TX_NO_WAIT), TX_QUEUE_ERROR)
RETURNS(no_source, tx_queue_send(&Q[0], TX_NULL, TX_NO_WAIT), TX_PTR_ERROR)
IN_INITIALIZATION(initialization_may_send, tx_queue_send(&Q[0], &one, TX_NO_WAIT), TX_SUCCESS)
IN_INITIALIZATION(initialization_may_not_wait, tx_queue_send(&Q[0], &one, 1), TX_WAIT_ERROR)
IN_INTERRUPT(interrupt_may_send, tx_queue_send(&Q[0], &one, TX_NO_WAIT), TX_SUCCESS)
IN_INTERRUPT(interrupt_may_not_wait, tx_queue_send(&Q[0], &one, 1), TX_WAIT_ERROR)
IN_TIMER(timer_may_send, tx_queue_send(&Q[0], &one, TX_NO_WAIT), TX_SUCCESS)
IN_TIMER(timer_may_not_wait, tx_queue_send(&Q[0], &one, 1), TX_WAIT_ERROR)

CASE(full)
{
    fill();
    EXPECT(tx_queue_send(&Q[0], &three, TX_NO_WAIT), TX_QUEUE_FULL);
}

CASE(full_until_the_time_out)
{
    fill();
    ULONG start = tx_time_get();
    EXPECT(tx_queue_send(&Q[0], &three, 4), TX_QUEUE_FULL);
    EXPECT(about(start, 4), TX_TRUE);
}

CASE(messages_come_out_in_their_order)
{
    fill();
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(got, 1);
    tx_queue_send(&Q[0], &three, TX_NO_WAIT);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(got, 2);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(got, 3);
}

CASE(a_receiver_that_waits_gets_it_directly)
{
    setup();
    helper(0, ABOVE, receiver);
    tx_queue_send(&Q[0], &three, TX_NO_WAIT);
    EXPECT(status_of[0], TX_SUCCESS);
    EXPECT_NOTES("3");
    EXPECT(tx_queue_receive(&Q[0], &got, TX_NO_WAIT), TX_QUEUE_EMPTY);
}

CASE(receivers_are_served_in_their_order)
{
    setup();
    helper(0, BELOW, receiver);
    helper(1, BELOW - 1, receiver);
    tx_thread_sleep(1);
    tx_queue_send(&Q[0], &one, TX_NO_WAIT);
    tx_queue_send(&Q[0], &two, TX_NO_WAIT);
    tx_thread_sleep(1);
    EXPECT_NOTES("12");
}

CASE(senders_that_wait_are_admitted_in_their_order)
{
    fill();
    helper(0, ABOVE, sender);
    helper(1, ABOVE - 1, sender);
    for (UINT i = 0; i < 4; i++) {
        static const ULONG expected[] = {1, 2, 11, 10};
        EXPECT(tx_queue_receive(&Q[0], &got, TX_NO_WAIT), TX_SUCCESS);
        EXPECT(got, i < 2 ? expected[i] : 8 + i);
    }
    EXPECT_NOTES("ab");
}

CASE(aborted)
{
    fill();
    helper(0, ABOVE, sender);
    tx_thread_wait_abort(&T[0]);
    EXPECT(status_of[0], TX_WAIT_ABORTED);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT(tx_queue_receive(&Q[0], &got, TX_NO_WAIT), TX_QUEUE_EMPTY);
}
