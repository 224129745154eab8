/* tx_block_pool_create */
#include "suite.h"

static void setup(void)
{
}

RETURNS(creates, tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 256), TX_SUCCESS)
RETURNS(null, tx_block_pool_create(TX_NULL, (CHAR *)"b", 16, memory, 256), TX_POOL_ERROR)
RETURNS(no_memory, tx_block_pool_create(&B[0], (CHAR *)"b", 16, TX_NULL, 256), TX_PTR_ERROR)
RETURNS(too_small_for_one, tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 16), TX_SIZE_ERROR)
RETURNS(smaller_than_a_block, tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 8),
        TX_SIZE_ERROR)
RETURNS(blocks_of_nothing, tx_block_pool_create(&B[0], (CHAR *)"b", 0, memory, 256), TX_SIZE_ERROR)
IN_INITIALIZATION(from_initialization, tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 256),
                  TX_SUCCESS)
IN_INTERRUPT(not_from_an_interrupt, tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 256),
             TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 256),
         TX_CALLER_ERROR)

CASE(twice)
{
    EXPECT(tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 256), TX_SUCCESS);
    EXPECT(tx_block_pool_create(&B[0], (CHAR *)"b", 16, memory, 256), TX_POOL_ERROR);
}

CASE(has_as_many_blocks_as_the_formula_says)
{
    ULONG available, total;
    tx_block_pool_create(&B[0], (CHAR *)"b", 48, memory, 1000);
    tx_block_pool_info_get(&B[0], TX_NULL, &available, &total, TX_NULL, TX_NULL, TX_NULL);
    EXPECT(total, 1000 / (48 + sizeof(VOID *)));
    EXPECT(available, total);
}
