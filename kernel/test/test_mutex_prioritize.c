/* tx_mutex_prioritize */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_mutex_create(&M[0], (CHAR *)"m", TX_NO_INHERIT), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] = tx_mutex_get(&M[0], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
    tx_mutex_put(&M[0]);
}

RETURNS(without_waiters, tx_mutex_prioritize(&M[0]), TX_SUCCESS)
RETURNS(null, tx_mutex_prioritize(TX_NULL), TX_MUTEX_ERROR)
RETURNS(not_created, tx_mutex_prioritize(&M[1]), TX_MUTEX_ERROR)
IN_INITIALIZATION(from_initialization, tx_mutex_prioritize(&M[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_mutex_prioritize(&M[0]), TX_SUCCESS)

CASE(the_highest_is_next)
{
    setup();
    tx_mutex_get(&M[0], TX_NO_WAIT);
    helper(0, ABOVE + 2, getter);
    helper(1, ABOVE, getter);
    helper(2, ABOVE + 1, getter);
    tx_mutex_prioritize(&M[0]);
    tx_mutex_put(&M[0]);
    EXPECT_NOTES("bac");
}
