/* tx_block_pool_performance_info_get */
#include "suite.h"

static ULONG allocates, releases, suspensions, timeouts;

static void setup(void)
{
    EXPECT(tx_block_pool_create(&B[0], (CHAR *)"b", 8, memory, 16), TX_SUCCESS);
}

#define ALL &allocates, &releases, &suspensions, &timeouts
#ifdef TX_BLOCK_POOL_ENABLE_PERFORMANCE_INFO
RETURNS(null, tx_block_pool_performance_info_get(TX_NULL, ALL), TX_PTR_ERROR)

CASE(counts)
{
    VOID *block, *other;
    setup();
    tx_block_allocate(&B[0], &block, TX_NO_WAIT);
    tx_block_allocate(&B[0], &other, 1);
    tx_block_release(block);
    EXPECT(tx_block_pool_performance_info_get(&B[0], ALL), TX_SUCCESS);
    EXPECT(allocates, 2);
    EXPECT(releases, 1);
    EXPECT(suspensions, 1);
    EXPECT(timeouts, 1);
    EXPECT(tx_block_pool_performance_system_info_get(ALL), TX_SUCCESS);
}
#else
RETURNS(not_enabled, tx_block_pool_performance_info_get(&B[0], ALL), TX_FEATURE_NOT_ENABLED)
RETURNS(not_enabled_for_all, tx_block_pool_performance_system_info_get(ALL), TX_FEATURE_NOT_ENABLED)
#endif
