/* tx_block_release */
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
    EXPECT(taken, block);
    note((CHAR)('a' + i));
    tx_block_release(taken);
}

RETURNS(releases, tx_block_release(block), TX_SUCCESS)
RETURNS(null, tx_block_release(TX_NULL), TX_PTR_ERROR)
IN_INITIALIZATION(from_initialization, tx_block_release(block), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_block_release(block), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_block_release(block), TX_SUCCESS)

CASE(not_a_block)
{
    static ULONG words[16];
    EXPECT(tx_block_release(&words[8]), TX_PTR_ERROR);
}

CASE(can_be_allocated_again)
{
    VOID *again;
    setup();
    tx_block_release(block);
    EXPECT(tx_block_allocate(&B[0], &again, TX_NO_WAIT), TX_SUCCESS);
    EXPECT(again, block);
}

CASE(waiters_get_it_in_their_order)
{
    setup();
    helper(0, BELOW + 1, taker);
    tx_thread_sleep(1);
    helper(1, BELOW, taker);
    tx_thread_sleep(1);
    tx_block_release(block);
    tx_thread_sleep(1);
    EXPECT_NOTES("ab");
}
