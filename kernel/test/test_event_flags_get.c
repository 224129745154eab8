/* tx_event_flags_get */
#include "suite.h"

static ULONG actual;

static void setup(void)
{
    EXPECT(tx_event_flags_create(&E[0], (CHAR *)"e"), TX_SUCCESS);
    EXPECT(tx_event_flags_set(&E[0], 0x0F, TX_OR), TX_SUCCESS);
    actual = 0;
}

static ULONG current(void)
{
    ULONG flags = 0;
    tx_event_flags_info_get(&E[0], TX_NULL, &flags, TX_NULL, TX_NULL, TX_NULL);
    return flags;
}

static void getter(ULONG i)
{
    ULONG flags;
    status_of[i] = tx_event_flags_get(&E[0], 0x100, TX_OR, &flags, TX_WAIT_FOREVER);
}

RETURNS(any, tx_event_flags_get(&E[0], 0x18, TX_OR, &actual, TX_NO_WAIT), TX_SUCCESS)
RETURNS(all, tx_event_flags_get(&E[0], 0x0C, TX_AND, &actual, TX_NO_WAIT), TX_SUCCESS)
RETURNS(none_of_any, tx_event_flags_get(&E[0], 0x30, TX_OR, &actual, TX_NO_WAIT), TX_NO_EVENTS)
RETURNS(not_all, tx_event_flags_get(&E[0], 0x18, TX_AND, &actual, TX_NO_WAIT), TX_NO_EVENTS)
RETURNS(until_the_time_out, tx_event_flags_get(&E[0], 0x30, TX_AND, &actual, 2), TX_NO_EVENTS)
RETURNS(null, tx_event_flags_get(TX_NULL, 1, TX_OR, &actual, TX_NO_WAIT), TX_GROUP_ERROR)
RETURNS(not_created, tx_event_flags_get(&E[1], 1, TX_OR, &actual, TX_NO_WAIT), TX_GROUP_ERROR)
RETURNS(nowhere, tx_event_flags_get(&E[0], 1, TX_OR, TX_NULL, TX_NO_WAIT), TX_PTR_ERROR)
RETURNS(invalid_option, tx_event_flags_get(&E[0], 1, 4, &actual, TX_NO_WAIT), TX_OPTION_ERROR)
IN_INITIALIZATION(initialization_may_get, tx_event_flags_get(&E[0], 1, TX_OR, &actual, TX_NO_WAIT),
                  TX_SUCCESS)
IN_INITIALIZATION(initialization_may_not_wait, tx_event_flags_get(&E[0], 1, TX_OR, &actual, 1),
                  TX_WAIT_ERROR)
IN_INTERRUPT(interrupt_may_get, tx_event_flags_get(&E[0], 1, TX_OR, &actual, TX_NO_WAIT),
             TX_SUCCESS)
IN_INTERRUPT(interrupt_may_not_wait, tx_event_flags_get(&E[0], 1, TX_OR, &actual, 1), TX_WAIT_ERROR)
IN_TIMER(timer_may_not_wait, tx_event_flags_get(&E[0], 1, TX_OR, &actual, 1), TX_WAIT_ERROR)

CASE(actual_flags_are_all_that_are_set)
{
    setup();
    tx_event_flags_get(&E[0], 1, TX_OR, &actual, TX_NO_WAIT);
    EXPECT(actual, 0x0F);
    EXPECT(current(), 0x0F);
}

CASE(or_clear_clears_what_was_asked_for)
{
    setup();
    tx_event_flags_get(&E[0], 0x11, TX_OR_CLEAR, &actual, TX_NO_WAIT);
    EXPECT(actual, 0x0F);
    EXPECT(current(), 0x0E);
}

CASE(and_clear_clears_what_was_asked_for)
{
    setup();
    tx_event_flags_get(&E[0], 0x06, TX_AND_CLEAR, &actual, TX_NO_WAIT);
    EXPECT(current(), 0x09);
}

CASE(failing_clears_nothing)
{
    setup();
    tx_event_flags_get(&E[0], 0x16, TX_AND_CLEAR, &actual, TX_NO_WAIT);
    EXPECT(current(), 0x0F);
}

CASE(aborted)
{
    setup();
    helper(0, ABOVE, getter);
    EXPECT(state_of(0), TX_EVENT_FLAG);
    tx_thread_wait_abort(&T[0]);
    EXPECT(status_of[0], TX_WAIT_ABORTED);
}
