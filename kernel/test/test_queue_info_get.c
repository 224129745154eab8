/* tx_queue_info_get */
#include "suite.h"

static ULONG one = 1;

static void setup(void)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"first", 1, memory, 12), TX_SUCCESS);
    EXPECT(tx_queue_create(&Q[1], (CHAR *)"second", 1, memory + 8, 4), TX_SUCCESS);
}

static void receiver(ULONG i)
{
    ULONG message = 0;
    status_of[i] = tx_queue_receive(&Q[1], &message, TX_WAIT_FOREVER);
}

#define NOTHING TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL
RETURNS(nothing_asked, tx_queue_info_get(&Q[0], NOTHING), TX_SUCCESS)
RETURNS(null, tx_queue_info_get(TX_NULL, NOTHING), TX_QUEUE_ERROR)
IN_INITIALIZATION(from_initialization, tx_queue_info_get(&Q[0], NOTHING), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_queue_info_get(&Q[0], NOTHING), TX_SUCCESS)

CASE(not_created)
{
    EXPECT(tx_queue_info_get(&Q[1], NOTHING), TX_QUEUE_ERROR);
}

CASE(tells_all)
{
    CHAR *name;
    ULONG enqueued, available, count;
    TX_THREAD *first;
    TX_QUEUE *next;
    setup();
    tx_queue_send(&Q[0], &one, TX_NO_WAIT);
    helper(0, ABOVE, receiver);
    EXPECT(tx_queue_info_get(&Q[0], &name, &enqueued, &available, &first, &count, &next),
           TX_SUCCESS);
    EXPECT(name[0], 'f');
    EXPECT(enqueued, 1);
    EXPECT(available, 2);
    EXPECT(first, TX_NULL);
    EXPECT(count, 0);
    EXPECT(next, &Q[1]);
    tx_queue_info_get(&Q[1], TX_NULL, TX_NULL, TX_NULL, &first, &count, TX_NULL);
    EXPECT(first, &T[0]);
    EXPECT(count, 1);
}
