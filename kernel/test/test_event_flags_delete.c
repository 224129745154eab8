/* tx_event_flags_delete */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_event_flags_create(&E[0], (CHAR *)"e"), TX_SUCCESS);
}

static void getter(ULONG i)
{
    ULONG flags;
    status_of[i] = tx_event_flags_get(&E[0], 1, TX_OR, &flags, TX_WAIT_FOREVER);
}

RETURNS(deletes, tx_event_flags_delete(&E[0]), TX_SUCCESS)
RETURNS(null, tx_event_flags_delete(TX_NULL), TX_GROUP_ERROR)
RETURNS(not_created, tx_event_flags_delete(&E[1]), TX_GROUP_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_event_flags_delete(&E[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_event_flags_delete(&E[0]), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_event_flags_delete(&E[0]), TX_CALLER_ERROR)

CASE(waiters_are_told)
{
    setup();
    helper(0, ABOVE, getter);
    helper(1, ABOVE, getter);
    tx_event_flags_delete(&E[0]);
    EXPECT(status_of[0], TX_DELETED);
    EXPECT(status_of[1], TX_DELETED);
}
