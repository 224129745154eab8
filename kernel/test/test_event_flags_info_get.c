/* tx_event_flags_info_get */
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

#define NOTHING TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL
RETURNS(nothing_asked, tx_event_flags_info_get(&E[0], NOTHING), TX_SUCCESS)
RETURNS(null, tx_event_flags_info_get(TX_NULL, NOTHING), TX_GROUP_ERROR)
RETURNS(not_created, tx_event_flags_info_get(&E[1], NOTHING), TX_GROUP_ERROR)
IN_INITIALIZATION(from_initialization, tx_event_flags_info_get(&E[0], NOTHING), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_event_flags_info_get(&E[0], NOTHING), TX_SUCCESS)

CASE(tells_all)
{
    CHAR *name;
    ULONG flags, count;
    TX_THREAD *first;
    TX_EVENT_FLAGS_GROUP *next;
    setup();
    tx_event_flags_set(&E[0], 6, TX_OR);
    helper(0, ABOVE, getter);
    EXPECT(tx_event_flags_info_get(&E[0], &name, &flags, &first, &count, &next), TX_SUCCESS);
    EXPECT(name[0], 'e');
    EXPECT(flags, 6);
    EXPECT(first, &T[0]);
    EXPECT(count, 1);
    EXPECT(next, &E[0]);
}
