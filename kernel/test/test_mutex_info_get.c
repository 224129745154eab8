/* tx_mutex_info_get */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_mutex_create(&M[0], (CHAR *)"m", TX_NO_INHERIT), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[0], TX_WAIT_FOREVER);
}

#define NOTHING TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL
RETURNS(nothing_asked, tx_mutex_info_get(&M[0], NOTHING), TX_SUCCESS)
RETURNS(null, tx_mutex_info_get(TX_NULL, NOTHING), TX_MUTEX_ERROR)
RETURNS(not_created, tx_mutex_info_get(&M[1], NOTHING), TX_MUTEX_ERROR)
IN_INITIALIZATION(from_initialization, tx_mutex_info_get(&M[0], NOTHING), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_mutex_info_get(&M[0], NOTHING), TX_SUCCESS)

CASE(tells_all)
{
    CHAR *name;
    ULONG count, waiting;
    TX_THREAD *owner, *first;
    TX_MUTEX *next;
    setup();
    tx_mutex_get(&M[0], TX_NO_WAIT);
    helper(0, ABOVE, getter);
    EXPECT(tx_mutex_info_get(&M[0], &name, &count, &owner, &first, &waiting, &next), TX_SUCCESS);
    EXPECT(name[0], 'm');
    EXPECT(count, 1);
    EXPECT(owner, &runner);
    EXPECT(first, &T[0]);
    EXPECT(waiting, 1);
    EXPECT(next, &M[0]);
}
