/* tx_semaphore_performance_info_get */
#include "suite.h"

static ULONG put_count, gets, suspensions, timeouts;

static void setup(void)
{
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_SUCCESS);
}

#ifdef TX_SEMAPHORE_ENABLE_PERFORMANCE_INFO
RETURNS(null,
        tx_semaphore_performance_info_get(TX_NULL, &put_count, &gets, &suspensions, &timeouts),
        TX_PTR_ERROR)
RETURNS(nothing_asked, tx_semaphore_performance_info_get(&S[0], TX_NULL, TX_NULL, TX_NULL, TX_NULL),
        TX_SUCCESS)

CASE(counts)
{
    ULONG before;
    setup();
    tx_semaphore_performance_system_info_get(TX_NULL, &before, TX_NULL, TX_NULL);
    tx_semaphore_put(&S[0]);
    tx_semaphore_ceiling_put(&S[0], 9);
    tx_semaphore_get(&S[0], TX_NO_WAIT);
    tx_semaphore_get(&S[0], TX_NO_WAIT);
    tx_semaphore_get(&S[0], TX_NO_WAIT);
    tx_semaphore_get(&S[0], 1);
    EXPECT(tx_semaphore_performance_info_get(&S[0], &put_count, &gets, &suspensions, &timeouts),
           TX_SUCCESS);
    EXPECT(put_count, 2);
    EXPECT(gets, 4);
    EXPECT(suspensions, 1);
    EXPECT(timeouts, 1);
    EXPECT(tx_semaphore_performance_system_info_get(&put_count, &gets, &suspensions, &timeouts),
           TX_SUCCESS);
    EXPECT(gets - before, 4);
}
#else
RETURNS(not_enabled,
        tx_semaphore_performance_info_get(&S[0], &put_count, &gets, &suspensions, &timeouts),
        TX_FEATURE_NOT_ENABLED)
RETURNS(not_enabled_for_all,
        tx_semaphore_performance_system_info_get(&put_count, &gets, &suspensions, &timeouts),
        TX_FEATURE_NOT_ENABLED)
#endif
