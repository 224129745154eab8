/* tx_block_pool_info_get */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 24), TX_SUCCESS);
}

static void taker(ULONG i)
{
    VOID *taken;
    status_of[i] = tx_block_allocate(&B[0], &taken, TX_WAIT_FOREVER);
}

#define NOTHING TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL
RETURNS(nothing_asked, tx_block_pool_info_get(&B[0], NOTHING), TX_SUCCESS)
RETURNS(null, tx_block_pool_info_get(TX_NULL, NOTHING), TX_POOL_ERROR)
RETURNS(not_created, tx_block_pool_info_get(&B[1], NOTHING), TX_POOL_ERROR)
IN_INITIALIZATION(from_initialization, tx_block_pool_info_get(&B[0], NOTHING), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_block_pool_info_get(&B[0], NOTHING), TX_SUCCESS)

CASE(tells_all)
{
    CHAR *name;
    ULONG available, total, count;
    TX_THREAD *first;
    TX_BLOCK_POOL *next;
    setup();
    helper(0, ABOVE, taker);
    helper(1, ABOVE, taker);
    EXPECT(tx_block_pool_info_get(&B[0], &name, &available, &total, &first, &count, &next),
           TX_SUCCESS);
    EXPECT(name[0], 'b');
    EXPECT(available, 0);
    EXPECT(total, 1);
    EXPECT(first, &T[1]);
    EXPECT(count, 1);
    EXPECT(next, &B[0]);
}
