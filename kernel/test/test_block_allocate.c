/* tx_block_allocate */
#include "suite.h"

static VOID *block;

static void setup(void)
{
    EXPECT(tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 48), TX_SUCCESS);
}

static void taker(ULONG i)
{
    VOID *taken;
    status_of[i] = tx_block_allocate(&B[0], &taken, TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

RETURNS(allocates, tx_block_allocate(&B[0], &block, TX_NO_WAIT), TX_SUCCESS)
RETURNS(null, tx_block_allocate(TX_NULL, &block, TX_NO_WAIT), TX_POOL_ERROR)
RETURNS(not_created, tx_block_allocate(&B[1], &block, TX_NO_WAIT), TX_POOL_ERROR)
RETURNS(nowhere, tx_block_allocate(&B[0], TX_NULL, TX_NO_WAIT), TX_PTR_ERROR)
IN_INITIALIZATION(initialization_may_allocate, tx_block_allocate(&B[0], &block, TX_NO_WAIT),
                  TX_SUCCESS)
IN_INITIALIZATION(initialization_may_not_wait, tx_block_allocate(&B[0], &block, 1), TX_WAIT_ERROR)
IN_INTERRUPT(interrupt_may_allocate, tx_block_allocate(&B[0], &block, TX_NO_WAIT), TX_SUCCESS)
IN_INTERRUPT(interrupt_may_not_wait, tx_block_allocate(&B[0], &block, 1), TX_WAIT_ERROR)
IN_TIMER(timer_may_not_wait, tx_block_allocate(&B[0], &block, 1), TX_WAIT_ERROR)

CASE(until_there_is_none)
{
    VOID *other;
    setup();
    EXPECT(tx_block_allocate(&B[0], &block, TX_NO_WAIT), TX_SUCCESS);
    EXPECT(tx_block_allocate(&B[0], &other, TX_NO_WAIT), TX_SUCCESS);
    EXPECT((UCHAR *)other - (UCHAR *)block, 16 + sizeof(VOID *));
    EXPECT(tx_block_allocate(&B[0], &other, TX_NO_WAIT), TX_NO_MEMORY);
    EXPECT(tx_block_allocate(&B[0], &other, 2), TX_NO_MEMORY);
}

CASE(aborted)
{
    setup();
    for (UINT i = 0; i < 3; i++)
        helper(i, ABOVE, taker);
    EXPECT(state_of(2), TX_BLOCK_MEMORY);
    tx_thread_wait_abort(&T[2]);
    EXPECT(status_of[2], TX_WAIT_ABORTED);
}
