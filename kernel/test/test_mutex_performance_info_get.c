/* tx_mutex_performance_info_get */
#include "suite.h"

static ULONG put_count, gets, suspensions, timeouts, inversions, inheritances;

static void setup(void)
{
    EXPECT(tx_mutex_create(&M[0], (CHAR *)"m", TX_INHERIT), TX_SUCCESS);
}

#define ALL &put_count, &gets, &suspensions, &timeouts, &inversions, &inheritances
#ifdef TX_MUTEX_ENABLE_PERFORMANCE_INFO
static void waits_two(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[0], 2);
}

RETURNS(null, tx_mutex_performance_info_get(TX_NULL, ALL), TX_PTR_ERROR)

CASE(counts)
{
    setup();
    tx_mutex_get(&M[0], TX_NO_WAIT);
    helper(0, ABOVE, waits_two);
    tx_thread_sleep(4);
    tx_mutex_put(&M[0]);
    EXPECT(tx_mutex_performance_info_get(&M[0], ALL), TX_SUCCESS);
    EXPECT(put_count, 1);
    EXPECT(gets, 2);
    EXPECT(suspensions, 1);
    EXPECT(timeouts, 1);
    EXPECT(inversions, 1);
    EXPECT(inheritances, 1);
    inversions = 0;
    EXPECT(tx_mutex_performance_system_info_get(ALL), TX_SUCCESS);
    EXPECT(inversions >= 1, TX_TRUE);
}
#else
RETURNS(not_enabled, tx_mutex_performance_info_get(&M[0], ALL), TX_FEATURE_NOT_ENABLED)
RETURNS(not_enabled_for_all, tx_mutex_performance_system_info_get(ALL), TX_FEATURE_NOT_ENABLED)
#endif
