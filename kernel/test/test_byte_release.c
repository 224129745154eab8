/* tx_byte_release */
#include "suite.h"

static VOID *a, *b;

static void setup(void)
{
    EXPECT(tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 512), TX_SUCCESS);
    EXPECT(tx_byte_allocate(&Y[0], &a, 300, TX_NO_WAIT), TX_SUCCESS);
}

static void taker(ULONG i)
{
    VOID *taken;
    status_of[i] = tx_byte_allocate(&Y[0], &taken, i == 0 ? 400u : 200u, TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

RETURNS(releases, tx_byte_release(a), TX_SUCCESS)
RETURNS(null, tx_byte_release(TX_NULL), TX_PTR_ERROR)
IN_INITIALIZATION(from_initialization, tx_byte_release(a), TX_SUCCESS)
IN_INTERRUPT(not_from_an_interrupt, tx_byte_release(a), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_byte_release(a), TX_CALLER_ERROR)

CASE(not_allocated)
{
    static ULONG words[16];
    EXPECT(tx_byte_release(&words[8]), TX_PTR_ERROR);
    EXPECT(_tx_byte_release(TX_NULL), TX_PTR_ERROR);
}

CASE(released_twice)
{
    setup();
    tx_byte_release(a);
    EXPECT(tx_byte_release(a), TX_PTR_ERROR);
}

CASE(waiters_are_served_in_their_order_until_one_asks_too_much)
{
    setup();
    EXPECT(tx_byte_allocate(&Y[0], &b, 100, TX_NO_WAIT), TX_SUCCESS);
    helper(1, ABOVE, taker);
    helper(0, ABOVE, taker);
    helper(2, ABOVE, taker);
    tx_byte_release(b);
    EXPECT_NOTES("");
    tx_byte_release(a);
    EXPECT_NOTES("b");
    EXPECT(state_of(0), TX_BYTE_MEMORY);
    EXPECT(state_of(2), TX_BYTE_MEMORY);
}

CASE(one_release_serves_several)
{
    setup();
    tx_byte_allocate(&Y[0], &b, 100, TX_NO_WAIT);
    helper(1, ABOVE, taker);
    helper(2, ABOVE, taker);
    tx_byte_release(b);
    tx_byte_release(a);
    EXPECT_NOTES("bc");
}
