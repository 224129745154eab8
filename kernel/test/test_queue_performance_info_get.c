/* tx_queue_performance_info_get */
#include "suite.h"

static ULONG sent, received, empty, full, errors, timeouts;

static void setup(void)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 4), TX_SUCCESS);
}

#define ALL &sent, &received, &empty, &full, &errors, &timeouts
#ifdef TX_QUEUE_ENABLE_PERFORMANCE_INFO
RETURNS(null, tx_queue_performance_info_get(TX_NULL, ALL), TX_PTR_ERROR)

CASE(counts)
{
    ULONG message = 0;
    setup();
    tx_queue_receive(&Q[0], &message, 1);
    tx_queue_send(&Q[0], &message, TX_NO_WAIT);
    tx_queue_send(&Q[0], &message, TX_NO_WAIT);
    tx_queue_front_send(&Q[0], &message, 1);
    EXPECT(tx_queue_performance_info_get(&Q[0], ALL), TX_SUCCESS);
    EXPECT(sent, 3);
    EXPECT(received, 1);
    EXPECT(empty, 1);
    EXPECT(full, 1);
    EXPECT(errors, 1);
    EXPECT(timeouts, 2);
    EXPECT(tx_queue_performance_system_info_get(ALL), TX_SUCCESS);
    EXPECT(timeouts >= 2, TX_TRUE);
}
#else
RETURNS(not_enabled, tx_queue_performance_info_get(&Q[0], ALL), TX_FEATURE_NOT_ENABLED)
RETURNS(not_enabled_for_all, tx_queue_performance_system_info_get(ALL), TX_FEATURE_NOT_ENABLED)
#endif
