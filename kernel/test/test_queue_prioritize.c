/* tx_queue_prioritize */
#include "suite.h"

static ULONG one = 1, two = 2, three = 3;

static void setup(void)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 8), TX_SUCCESS);
}

static void receiver(ULONG i)
{
    ULONG message = 0;
    status_of[i] = tx_queue_receive(&Q[0], &message, TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

RETURNS(without_waiters, tx_queue_prioritize(&Q[0]), TX_SUCCESS)
RETURNS(null, tx_queue_prioritize(TX_NULL), TX_QUEUE_ERROR)
RETURNS(not_created, tx_queue_prioritize(&Q[1]), TX_QUEUE_ERROR)
IN_INITIALIZATION(from_initialization, tx_queue_prioritize(&Q[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_queue_prioritize(&Q[0]), TX_SUCCESS)

CASE(the_highest_receiver_is_next)
{
    setup();
    helper(0, ABOVE + 2, receiver);
    helper(1, ABOVE + 1, receiver);
    helper(2, ABOVE, receiver);
    tx_queue_prioritize(&Q[0]);
    tx_queue_send(&Q[0], &one, TX_NO_WAIT);
    tx_queue_send(&Q[0], &two, TX_NO_WAIT);
    tx_queue_send(&Q[0], &three, TX_NO_WAIT);
    EXPECT_NOTES("cab");
}
