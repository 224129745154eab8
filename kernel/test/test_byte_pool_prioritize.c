/* tx_byte_pool_prioritize */
#include "suite.h"

static VOID *a;

static void setup(void)
{
    EXPECT(tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 256), TX_SUCCESS);
    EXPECT(tx_byte_allocate(&Y[0], &a, 200, TX_NO_WAIT), TX_SUCCESS);
}

static void taker(ULONG i)
{
    VOID *taken;
    status_of[i] = tx_byte_allocate(&Y[0], &taken, 200, TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
    tx_byte_release(taken);
}

RETURNS(without_waiters, tx_byte_pool_prioritize(&Y[0]), TX_SUCCESS)
RETURNS(null, tx_byte_pool_prioritize(TX_NULL), TX_POOL_ERROR)
RETURNS(not_created, tx_byte_pool_prioritize(&Y[1]), TX_POOL_ERROR)
IN_INITIALIZATION(from_initialization, tx_byte_pool_prioritize(&Y[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_byte_pool_prioritize(&Y[0]), TX_SUCCESS)

CASE(the_highest_is_next)
{
    setup();
    helper(0, ABOVE + 1, taker);
    helper(1, ABOVE, taker);
    tx_byte_pool_prioritize(&Y[0]);
    tx_byte_release(a);
    EXPECT_NOTES("ba");
}
