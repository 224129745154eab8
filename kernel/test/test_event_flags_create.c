/* tx_event_flags_create */
#include "suite.h"

static void setup(void)
{
}

RETURNS(creates, tx_event_flags_create(&E[0], (CHAR *)"e"), TX_SUCCESS)
RETURNS(null, tx_event_flags_create(TX_NULL, (CHAR *)"e"), TX_GROUP_ERROR)
IN_INITIALIZATION(from_initialization, tx_event_flags_create(&E[0], (CHAR *)"e"), TX_SUCCESS)
IN_INTERRUPT(not_from_an_interrupt, tx_event_flags_create(&E[0], (CHAR *)"e"), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_event_flags_create(&E[0], (CHAR *)"e"), TX_CALLER_ERROR)

CASE(twice)
{
    EXPECT(tx_event_flags_create(&E[0], (CHAR *)"e"), TX_SUCCESS);
    EXPECT(tx_event_flags_create(&E[0], (CHAR *)"e"), TX_GROUP_ERROR);
}
