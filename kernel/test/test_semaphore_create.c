/* tx_semaphore_create */
#include "suite.h"

static void setup(void)
{
}

RETURNS(creates, tx_semaphore_create(&S[0], (CHAR *)"s", 5), TX_SUCCESS)
RETURNS(null, tx_semaphore_create(TX_NULL, (CHAR *)"s", 0), TX_SEMAPHORE_ERROR)
IN_INITIALIZATION(from_initialization, tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_SUCCESS)
IN_INTERRUPT(not_from_an_interrupt, tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_CALLER_ERROR)

CASE(twice)
{
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_SUCCESS);
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_SEMAPHORE_ERROR);
}
