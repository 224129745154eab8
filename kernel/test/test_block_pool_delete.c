/* tx_block_pool_delete */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 24), TX_SUCCESS);
}

static void taker(ULONG i)
{
    VOID *block;
    status_of[i] = tx_block_allocate(&B[0], &block, TX_WAIT_FOREVER);
}

RETURNS(deletes, tx_block_pool_delete(&B[0]), TX_SUCCESS)
RETURNS(null, tx_block_pool_delete(TX_NULL), TX_POOL_ERROR)
RETURNS(not_created, tx_block_pool_delete(&B[1]), TX_POOL_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_block_pool_delete(&B[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_block_pool_delete(&B[0]), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_block_pool_delete(&B[0]), TX_CALLER_ERROR)

CASE(waiters_are_told)
{
    setup();
    helper(0, ABOVE, taker);
    helper(1, ABOVE, taker);
    EXPECT(status_of[0], TX_SUCCESS);
    tx_block_pool_delete(&B[0]);
    EXPECT(status_of[1], TX_DELETED);
}
