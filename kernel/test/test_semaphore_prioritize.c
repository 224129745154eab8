/* tx_semaphore_prioritize */
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

RETURNS(without_waiters, tx_semaphore_prioritize(&S[0]), TX_SUCCESS)
RETURNS(null, tx_semaphore_prioritize(TX_NULL), TX_SEMAPHORE_ERROR)
RETURNS(not_created, tx_semaphore_prioritize(&S[1]), TX_SEMAPHORE_ERROR)
IN_INITIALIZATION(from_initialization, tx_semaphore_prioritize(&S[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_semaphore_prioritize(&S[0]), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_semaphore_prioritize(&S[0]), TX_SUCCESS)

CASE(the_highest_moves_to_the_front_and_the_others_keep_their_order)
{
    setup();
    helper(0, ABOVE + 2, getter);
    helper(1, ABOVE + 3, getter);
    helper(2, ABOVE, getter);
    helper(3, ABOVE + 1, getter);
    EXPECT(tx_semaphore_prioritize(&S[0]), TX_SUCCESS);
    for (UINT i = 0; i < 4; i++)
        tx_semaphore_put(&S[0]);
    EXPECT_NOTES("cabd");
}

CASE(of_two_of_the_highest_priority_the_first_moves)
{
    setup();
    helper(0, ABOVE + 1, getter);
    helper(1, ABOVE, getter);
    helper(2, ABOVE, getter);
    tx_semaphore_prioritize(&S[0]);
    for (UINT i = 0; i < 3; i++)
        tx_semaphore_put(&S[0]);
    EXPECT_NOTES("bac");
}
