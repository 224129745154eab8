/* tx_event_flags_set_notify */
#include "suite.h"

static ULONG got;

static void changed(TX_EVENT_FLAGS_GROUP *group)
{
    EXPECT(group, &E[0]);
    note('n');
}

static void setup(void)
{
    EXPECT(tx_event_flags_create(&E[0], (CHAR *)"e"), TX_SUCCESS);
}

RETURNS(registers, tx_event_flags_set_notify(&E[0], changed), TX_SUCCESS)
RETURNS(null, tx_event_flags_set_notify(TX_NULL, changed), TX_GROUP_ERROR)
RETURNS(not_created, tx_event_flags_set_notify(&E[1], changed), TX_GROUP_ERROR)
IN_INITIALIZATION(from_initialization, tx_event_flags_set_notify(&E[0], changed), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_event_flags_set_notify(&E[0], changed), TX_SUCCESS)

CASE(called_when_flags_are_set)
{
    setup();
    tx_event_flags_set_notify(&E[0], changed);
    tx_event_flags_set(&E[0], 1, TX_OR);
    tx_event_flags_set(&E[0], 0, TX_AND);
    tx_event_flags_get(&E[0], 1, TX_OR, &got, TX_NO_WAIT);
    EXPECT_NOTES("n");
}

CASE(null_ends_it)
{
    setup();
    tx_event_flags_set_notify(&E[0], changed);
    tx_event_flags_set_notify(&E[0], TX_NULL);
    tx_event_flags_set(&E[0], 1, TX_OR);
    EXPECT_NOTES("");
}
