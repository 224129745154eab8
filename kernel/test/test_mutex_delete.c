/* tx_mutex_delete */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_mutex_create(&M[0], (CHAR *)"m", TX_INHERIT), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[0], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

RETURNS(deletes, tx_mutex_delete(&M[0]), TX_SUCCESS)
RETURNS(null, tx_mutex_delete(TX_NULL), TX_MUTEX_ERROR)
RETURNS(not_created, tx_mutex_delete(&M[1]), TX_MUTEX_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_mutex_delete(&M[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_mutex_delete(&M[0]), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_mutex_delete(&M[0]), TX_CALLER_ERROR)

CASE(waiters_are_told_and_the_owner_loses_what_it_inherited)
{
    setup();
    tx_mutex_get(&M[0], TX_NO_WAIT);
    helper(0, ABOVE, getter);
    EXPECT(priority_of(&runner), ABOVE);
    EXPECT(tx_mutex_delete(&M[0]), TX_SUCCESS);
    EXPECT(status_of[0], TX_DELETED);
    EXPECT(priority_of(&runner), RUNNER);
    EXPECT_NOTES("a");
}

CASE(deleted_while_owned_is_no_longer_owned)
{
    setup();
    tx_mutex_get(&M[0], TX_NO_WAIT);
    tx_mutex_delete(&M[0]);
    EXPECT(tx_mutex_put(&M[0]), TX_MUTEX_ERROR);
    EXPECT(tx_mutex_create(&M[0], (CHAR *)"m", TX_NO_INHERIT), TX_SUCCESS);
    EXPECT(tx_mutex_put(&M[0]), TX_NOT_OWNED);
}
