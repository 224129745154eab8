/* tx_queue_delete */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 4), TX_SUCCESS);
}

static void receiver(ULONG i)
{
    ULONG message;
    status_of[i] = tx_queue_receive(&Q[0], &message, TX_WAIT_FOREVER);
}

static void sender(ULONG i)
{
    status_of[i] = tx_queue_send(&Q[0], &i, TX_WAIT_FOREVER);
}

RETURNS(deletes, tx_queue_delete(&Q[0]), TX_SUCCESS)
RETURNS(null, tx_queue_delete(TX_NULL), TX_QUEUE_ERROR)
RETURNS(not_created, tx_queue_delete(&Q[1]), TX_QUEUE_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_queue_delete(&Q[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_queue_delete(&Q[0]), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_queue_delete(&Q[0]), TX_CALLER_ERROR)

CASE(receivers_are_told)
{
    setup();
    helper(0, ABOVE, receiver);
    EXPECT(state_of(0), TX_QUEUE_SUSP);
    tx_queue_delete(&Q[0]);
    EXPECT(status_of[0], TX_DELETED);
}

CASE(senders_are_told)
{
    setup();
    helper(0, ABOVE, sender);
    helper(1, ABOVE, sender);
    EXPECT(status_of[0], TX_SUCCESS);
    tx_queue_delete(&Q[0]);
    EXPECT(status_of[1], TX_DELETED);
}
