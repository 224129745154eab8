/* tx_queue_flush */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 8), TX_SUCCESS);
}

static void sender(ULONG i)
{
    status_of[i] = tx_queue_send(&Q[0], &i, TX_WAIT_FOREVER);
}

static void receiver(ULONG i)
{
    ULONG message;
    status_of[i] = tx_queue_receive(&Q[0], &message, TX_WAIT_FOREVER);
}

RETURNS(empty, tx_queue_flush(&Q[0]), TX_SUCCESS)
RETURNS(null, tx_queue_flush(TX_NULL), TX_QUEUE_ERROR)
RETURNS(not_created, tx_queue_flush(&Q[1]), TX_QUEUE_ERROR)
IN_INITIALIZATION(from_initialization, tx_queue_flush(&Q[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_queue_flush(&Q[0]), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_queue_flush(&Q[0]), TX_SUCCESS)

CASE(messages_are_gone)
{
    ULONG message = 1;
    setup();
    tx_queue_send(&Q[0], &message, TX_NO_WAIT);
    EXPECT(tx_queue_flush(&Q[0]), TX_SUCCESS);
    EXPECT(tx_queue_receive(&Q[0], &message, TX_NO_WAIT), TX_QUEUE_EMPTY);
}

CASE(senders_succeed_and_their_messages_are_gone_too)
{
    ULONG message;
    setup();
    for (UINT i = 0; i < 4; i++)
        helper(i, ABOVE, sender);
    EXPECT(state_of(3), TX_QUEUE_SUSP);
    tx_queue_flush(&Q[0]);
    EXPECT(status_of[2], TX_SUCCESS);
    EXPECT(status_of[3], TX_SUCCESS);
    EXPECT(tx_queue_receive(&Q[0], &message, TX_NO_WAIT), TX_QUEUE_EMPTY);
}

CASE(receivers_go_on_waiting)
{
    setup();
    helper(0, ABOVE, receiver);
    tx_queue_flush(&Q[0]);
    EXPECT(state_of(0), TX_QUEUE_SUSP);
}
