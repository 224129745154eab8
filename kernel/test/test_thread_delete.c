/* tx_thread_delete */
#include "suite.h"

static void entry(ULONG i)
{
    note((CHAR)('a' + i));
}

static void setup(void)
{
    helper(0, ABOVE, entry);
}

RETURNS(completed, tx_thread_delete(&T[0]), TX_SUCCESS)
RETURNS(null, tx_thread_delete(TX_NULL), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_delete(&T[1]), TX_THREAD_ERROR)
RETURNS(itself, tx_thread_delete(&runner), TX_DELETE_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_thread_delete(&T[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_thread_delete(&T[0]), TX_CALLER_ERROR)

static void expired(ULONG unused)
{
    (void)unused;
    EXPECT(tx_thread_delete(&T[0]), TX_SUCCESS);
    note('t');
}

CASE(from_a_timer)
{
    setup();
    EXPECT_NOTES("a");
    in_timer(expired);
}

CASE(terminated)
{
    helper(0, BELOW, entry);
    tx_thread_terminate(&T[0]);
    EXPECT(tx_thread_delete(&T[0]), TX_SUCCESS);
    EXPECT(tx_thread_delete(&T[0]), TX_THREAD_ERROR);
}

CASE(ready)
{
    helper(0, BELOW, entry);
    EXPECT(tx_thread_delete(&T[0]), TX_DELETE_ERROR);
}

CASE(suspended)
{
    helper(0, BELOW, entry);
    tx_thread_suspend(&T[0]);
    EXPECT(tx_thread_delete(&T[0]), TX_DELETE_ERROR);
}
