/* tx_block_pool_prioritize */
#include "suite.h"

static VOID *block;

static void setup(void)
{
    EXPECT(tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 24), TX_SUCCESS);
    EXPECT(tx_block_allocate(&B[0], &block, TX_NO_WAIT), TX_SUCCESS);
}

static void taker(ULONG i)
{
    VOID *taken;
    status_of[i] = tx_block_allocate(&B[0], &taken, TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
    tx_block_release(taken);
}

RETURNS(without_waiters, tx_block_pool_prioritize(&B[0]), TX_SUCCESS)
RETURNS(null, tx_block_pool_prioritize(TX_NULL), TX_POOL_ERROR)
RETURNS(not_created, tx_block_pool_prioritize(&B[1]), TX_POOL_ERROR)
IN_INITIALIZATION(from_initialization, tx_block_pool_prioritize(&B[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_block_pool_prioritize(&B[0]), TX_SUCCESS)

CASE(the_highest_is_next)
{
    setup();
    helper(0, ABOVE + 1, taker);
    helper(1, ABOVE + 2, taker);
    helper(2, ABOVE, taker);
    tx_block_pool_prioritize(&B[0]);
    tx_block_release(block);
    EXPECT_NOTES("cab");
}
