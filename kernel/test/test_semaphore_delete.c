/* tx_semaphore_delete */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] = tx_semaphore_get(&S[0], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

RETURNS(deletes, tx_semaphore_delete(&S[0]), TX_SUCCESS)
RETURNS(null, tx_semaphore_delete(TX_NULL), TX_SEMAPHORE_ERROR)
RETURNS(not_created, tx_semaphore_delete(&S[1]), TX_SEMAPHORE_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_semaphore_delete(&S[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_semaphore_delete(&S[0]), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_semaphore_delete(&S[0]), TX_CALLER_ERROR)

CASE(waiters_are_told)
{
    setup();
    helper(0, ABOVE, getter);
    helper(1, ABOVE - 1, getter);
    EXPECT(tx_semaphore_delete(&S[0]), TX_SUCCESS);
    EXPECT(status_of[0], TX_DELETED);
    EXPECT(status_of[1], TX_DELETED);
    EXPECT_NOTES("ba"); /* all are woken before the first runs */
}

CASE(gone_after)
{
    setup();
    tx_semaphore_delete(&S[0]);
    EXPECT(tx_semaphore_put(&S[0]), TX_SEMAPHORE_ERROR);
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_SUCCESS);
}
