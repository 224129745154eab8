/* tx_event_flags_performance_info_get */
#include "suite.h"

static ULONG sets, gets, suspensions, timeouts;

static void setup(void)
{
    EXPECT(tx_event_flags_create(&E[0], (CHAR *)"e"), TX_SUCCESS);
}

#define ALL &sets, &gets, &suspensions, &timeouts
#ifdef TX_EVENT_FLAGS_ENABLE_PERFORMANCE_INFO
RETURNS(null, tx_event_flags_performance_info_get(TX_NULL, ALL), TX_PTR_ERROR)

CASE(counts)
{
    ULONG flags;
    setup();
    tx_event_flags_set(&E[0], 1, TX_OR);
    tx_event_flags_get(&E[0], 1, TX_OR_CLEAR, &flags, TX_NO_WAIT);
    tx_event_flags_get(&E[0], 1, TX_OR, &flags, 1);
    EXPECT(tx_event_flags_performance_info_get(&E[0], ALL), TX_SUCCESS);
    EXPECT(sets, 1);
    EXPECT(gets, 2);
    EXPECT(suspensions, 1);
    EXPECT(timeouts, 1);
    EXPECT(tx_event_flags_performance_system_info_get(ALL), TX_SUCCESS);
}
#else
RETURNS(not_enabled, tx_event_flags_performance_info_get(&E[0], ALL), TX_FEATURE_NOT_ENABLED)
RETURNS(not_enabled_for_all, tx_event_flags_performance_system_info_get(ALL),
        TX_FEATURE_NOT_ENABLED)
#endif
