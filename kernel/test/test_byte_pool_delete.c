/* tx_byte_pool_delete */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 256), TX_SUCCESS);
}

static void taker(ULONG i)
{
    VOID *taken;
    status_of[i] = tx_byte_allocate(&Y[0], &taken, 200, TX_WAIT_FOREVER);
}

RETURNS(deletes, tx_byte_pool_delete(&Y[0]), TX_SUCCESS)
RETURNS(null, tx_byte_pool_delete(TX_NULL), TX_POOL_ERROR)
RETURNS(not_created, tx_byte_pool_delete(&Y[1]), TX_POOL_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_byte_pool_delete(&Y[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_byte_pool_delete(&Y[0]), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_byte_pool_delete(&Y[0]), TX_CALLER_ERROR)

CASE(waiters_are_told)
{
    setup();
    helper(0, ABOVE, taker);
    helper(1, ABOVE, taker);
    EXPECT(status_of[0], TX_SUCCESS);
    EXPECT(state_of(1), TX_BYTE_MEMORY);
    tx_byte_pool_delete(&Y[0]);
    EXPECT(status_of[1], TX_DELETED);
}
