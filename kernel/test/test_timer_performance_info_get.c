/* tx_timer_performance_info_get */
#include "suite.h"

static ULONG activates, reactivates, deactivates, expirations, adjusts;

static void expired(ULONG unused)
{
    (void)unused;
}

static void setup(void)
{
    EXPECT(tx_timer_create(&I[0], (CHAR *)"i", expired, 0, 40, 3, TX_AUTO_ACTIVATE), TX_SUCCESS);
}

#define ALL &activates, &reactivates, &deactivates, &expirations, &adjusts
#ifdef TX_TIMER_ENABLE_PERFORMANCE_INFO
RETURNS(null, tx_timer_performance_info_get(TX_NULL, ALL), TX_PTR_ERROR)

CASE(counts)
{
    setup();
    tx_thread_sleep(45);
    tx_timer_deactivate(&I[0]);
    EXPECT(tx_timer_performance_info_get(&I[0], ALL), TX_SUCCESS);
    EXPECT(activates, 1);
    EXPECT(reactivates, 2);
    EXPECT(deactivates, 1);
    EXPECT(expirations, 2);
    EXPECT(adjusts < 32, TX_TRUE);
    EXPECT(tx_timer_performance_system_info_get(ALL), TX_SUCCESS);
}
#else
RETURNS(not_enabled, tx_timer_performance_info_get(&I[0], ALL), TX_FEATURE_NOT_ENABLED)
RETURNS(not_enabled_for_all, tx_timer_performance_system_info_get(ALL), TX_FEATURE_NOT_ENABLED)
#endif
