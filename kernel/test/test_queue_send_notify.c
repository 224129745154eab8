/* tx_queue_send_notify */
#include "suite.h"

static ULONG one = 1, got;

static void sent(TX_QUEUE *queue)
{
    EXPECT(queue, &Q[0]);
    note('n');
}

static void setup(void)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 4), TX_SUCCESS);
}

static void sender(ULONG i)
{
    status_of[i] = tx_queue_send(&Q[0], &i, TX_WAIT_FOREVER);
}

RETURNS(registers, tx_queue_send_notify(&Q[0], sent), TX_SUCCESS)
RETURNS(null, tx_queue_send_notify(TX_NULL, sent), TX_QUEUE_ERROR)
RETURNS(not_created, tx_queue_send_notify(&Q[1], sent), TX_QUEUE_ERROR)
IN_INITIALIZATION(from_initialization, tx_queue_send_notify(&Q[0], sent), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_queue_send_notify(&Q[0], sent), TX_SUCCESS)

CASE(called_at_each_send)
{
    setup();
    tx_queue_send_notify(&Q[0], sent);
    tx_queue_send(&Q[0], &one, TX_NO_WAIT);
    EXPECT(tx_queue_send(&Q[0], &one, TX_NO_WAIT), TX_QUEUE_FULL);
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    tx_queue_front_send(&Q[0], &one, TX_NO_WAIT);
    EXPECT_NOTES("nn");
}

CASE(called_when_a_send_that_waited_succeeds)
{
    setup();
    tx_queue_send(&Q[0], &one, TX_NO_WAIT);
    tx_queue_send_notify(&Q[0], sent);
    helper(0, ABOVE, sender);
    EXPECT_NOTES("");
    tx_queue_receive(&Q[0], &got, TX_NO_WAIT);
    EXPECT_NOTES("n");
}

CASE(null_ends_it)
{
    setup();
    tx_queue_send_notify(&Q[0], sent);
    tx_queue_send_notify(&Q[0], TX_NULL);
    tx_queue_send(&Q[0], &one, TX_NO_WAIT);
    EXPECT_NOTES("");
}
