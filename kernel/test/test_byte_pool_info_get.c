/* tx_byte_pool_info_get */
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

#define NOTHING TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL
RETURNS(nothing_asked, tx_byte_pool_info_get(&Y[0], NOTHING), TX_SUCCESS)
RETURNS(null, tx_byte_pool_info_get(TX_NULL, NOTHING), TX_POOL_ERROR)
RETURNS(not_created, tx_byte_pool_info_get(&Y[1], NOTHING), TX_POOL_ERROR)
IN_INITIALIZATION(from_initialization, tx_byte_pool_info_get(&Y[0], NOTHING), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_byte_pool_info_get(&Y[0], NOTHING), TX_SUCCESS)

CASE(tells_all)
{
    CHAR *name;
    ULONG available, fragments, count;
    TX_THREAD *first;
    TX_BYTE_POOL *next;
    setup();
    EXPECT(tx_byte_pool_info_get(&Y[0], &name, &available, &fragments, &first, &count, &next),
           TX_SUCCESS);
    EXPECT(name[0], 'y');
    EXPECT(available, 256 - 4 * sizeof(VOID *));
    EXPECT(fragments, 2);
    EXPECT(first, TX_NULL);
    EXPECT(next, &Y[0]);
    helper(0, ABOVE, taker);
    helper(1, ABOVE, taker);
    tx_byte_pool_info_get(&Y[0], TX_NULL, &available, &fragments, &first, &count, TX_NULL);
    EXPECT(available < 56, TX_TRUE);
    EXPECT(first, &T[1]);
    EXPECT(count, 1);
}
