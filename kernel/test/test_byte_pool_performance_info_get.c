/* tx_byte_pool_performance_info_get */
#include "suite.h"

static ULONG allocates, releases, searched, merges, splits, suspensions, timeouts;

static void setup(void)
{
    EXPECT(tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 256), TX_SUCCESS);
}

#define ALL &allocates, &releases, &searched, &merges, &splits, &suspensions, &timeouts
#ifdef TX_BYTE_POOL_ENABLE_PERFORMANCE_INFO
RETURNS(null, tx_byte_pool_performance_info_get(TX_NULL, ALL), TX_PTR_ERROR)

CASE(counts)
{
    VOID *a, *b;
    setup();
    tx_byte_allocate(&Y[0], &a, 50, TX_NO_WAIT);
    tx_byte_allocate(&Y[0], &b, 250, 1);
    tx_byte_release(a);
    tx_byte_allocate(&Y[0], &a, 150, TX_NO_WAIT);
    EXPECT(tx_byte_pool_performance_info_get(&Y[0], ALL), TX_SUCCESS);
    EXPECT(allocates, 3);
    EXPECT(releases, 1);
    EXPECT(searched > 2, TX_TRUE);
    EXPECT(merges, 1);
    EXPECT(splits, 2);
    EXPECT(suspensions, 1);
    EXPECT(timeouts, 1);
    EXPECT(tx_byte_pool_performance_system_info_get(ALL), TX_SUCCESS);
}
#else
RETURNS(not_enabled, tx_byte_pool_performance_info_get(&Y[0], ALL), TX_FEATURE_NOT_ENABLED)
RETURNS(not_enabled_for_all, tx_byte_pool_performance_system_info_get(ALL), TX_FEATURE_NOT_ENABLED)
#endif
