/* tx_event_flags_set */
#include "suite.h"

static const UINT option_of[] = {TX_OR, TX_OR_CLEAR, TX_AND, TX_AND_CLEAR, TX_OR_CLEAR};
static const ULONG flags_of[] = {0x01, 0x03, 0x03, 0x06, 0x08};
static ULONG actual_of[8];

static void setup(void)
{
    EXPECT(tx_event_flags_create(&E[0], (CHAR *)"e"), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] =
        tx_event_flags_get(&E[0], flags_of[i], option_of[i], &actual_of[i], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

static ULONG current(void)
{
    ULONG flags = 0;
    tx_event_flags_info_get(&E[0], TX_NULL, &flags, TX_NULL, TX_NULL, TX_NULL);
    return flags;
}

RETURNS(sets, tx_event_flags_set(&E[0], 1, TX_OR), TX_SUCCESS)
RETURNS(ands, tx_event_flags_set(&E[0], 1, TX_AND), TX_SUCCESS)
RETURNS(null, tx_event_flags_set(TX_NULL, 1, TX_OR), TX_GROUP_ERROR)
RETURNS(not_created, tx_event_flags_set(&E[1], 1, TX_OR), TX_GROUP_ERROR)
RETURNS(invalid_option, tx_event_flags_set(&E[0], 1, TX_OR_CLEAR), TX_OPTION_ERROR)
RETURNS(another_invalid_option, tx_event_flags_set(&E[0], 1, TX_AND_CLEAR), TX_OPTION_ERROR)
IN_INITIALIZATION(from_initialization, tx_event_flags_set(&E[0], 1, TX_OR), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_event_flags_set(&E[0], 1, TX_OR), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_event_flags_set(&E[0], 1, TX_OR), TX_SUCCESS)

CASE(or_adds_and_and_takes_away)
{
    setup();
    tx_event_flags_set(&E[0], 0xF0, TX_OR);
    tx_event_flags_set(&E[0], 0x80000001u, TX_OR);
    EXPECT(current(), 0x800000F1u);
    tx_event_flags_set(&E[0], ~0x30u, TX_AND);
    EXPECT(current(), 0x800000C1u);
}

CASE(all_whose_request_is_satisfied_run)
{
    setup();
    for (UINT i = 0; i < 5; i++)
        helper(i, ABOVE, getter);
    tx_event_flags_set(&E[0], 0x03, TX_OR);
    EXPECT_NOTES("abc");
    EXPECT(state_of(3), TX_EVENT_FLAG);
    EXPECT(actual_of[0], 0x03);
    EXPECT(actual_of[1], 0x03);
    EXPECT(actual_of[2], 0x03); /* although b consumed them */
    EXPECT(current(), 0);
}

CASE(an_and_request_waits_for_its_last_flag)
{
    setup();
    helper(3, ABOVE, getter);
    tx_event_flags_set(&E[0], 0x02, TX_OR);
    EXPECT_NOTES("");
    tx_event_flags_set(&E[0], 0x0C, TX_OR);
    EXPECT_NOTES("d");
    EXPECT(current(), 0x08);
    EXPECT(actual_of[3], 0x0E);
}

CASE(and_wakes_nobody)
{
    setup();
    helper(0, ABOVE, getter);
    tx_event_flags_set(&E[0], 0xFFFFFFFFu, TX_AND);
    EXPECT_NOTES("");
}

CASE(those_woken_run_by_priority)
{
    setup();
    helper(0, ABOVE + 2, getter);
    helper(1, ABOVE + 1, getter);
    helper(2, ABOVE, getter);
    tx_event_flags_set(&E[0], 0x03, TX_OR);
    EXPECT_NOTES("cba");
}
