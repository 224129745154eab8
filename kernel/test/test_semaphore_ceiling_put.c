/* tx_semaphore_ceiling_put */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"s", 2), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] = tx_semaphore_get(&S[1], TX_WAIT_FOREVER);
}

RETURNS(below_the_ceiling, tx_semaphore_ceiling_put(&S[0], 3), TX_SUCCESS)
RETURNS(at_the_ceiling, tx_semaphore_ceiling_put(&S[0], 2), TX_CEILING_EXCEEDED)
RETURNS(above_the_ceiling, tx_semaphore_ceiling_put(&S[0], 1), TX_CEILING_EXCEEDED)
RETURNS(zero_ceiling, tx_semaphore_ceiling_put(&S[0], 0), TX_INVALID_CEILING)
RETURNS(null, tx_semaphore_ceiling_put(TX_NULL, 1), TX_SEMAPHORE_ERROR)
RETURNS(not_created, tx_semaphore_ceiling_put(&S[1], 1), TX_SEMAPHORE_ERROR)
IN_INITIALIZATION(from_initialization, tx_semaphore_ceiling_put(&S[0], 9), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_semaphore_ceiling_put(&S[0], 9), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_semaphore_ceiling_put(&S[0], 9), TX_SUCCESS)

CASE(stops_counting_at_the_ceiling)
{
    ULONG count;
    setup();
    EXPECT(tx_semaphore_ceiling_put(&S[0], 3), TX_SUCCESS);
    EXPECT(tx_semaphore_ceiling_put(&S[0], 3), TX_CEILING_EXCEEDED);
    tx_semaphore_info_get(&S[0], TX_NULL, &count, TX_NULL, TX_NULL, TX_NULL);
    EXPECT(count, 3);
}

CASE(wakes_a_waiter)
{
    tx_semaphore_create(&S[1], (CHAR *)"s", 0);
    helper(0, ABOVE, getter);
    EXPECT(tx_semaphore_ceiling_put(&S[1], 1), TX_SUCCESS);
    EXPECT(status_of[0], TX_SUCCESS);
}
