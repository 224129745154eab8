/* tx_timer_delete */
#include "suite.h"

static void expired(ULONG input)
{
    note((CHAR)('a' + input));
}

static void setup(void)
{
    EXPECT(tx_timer_create(&I[0], (CHAR *)"i", expired, 0, 5, 5, TX_AUTO_ACTIVATE), TX_SUCCESS);
}

RETURNS(deletes, tx_timer_delete(&I[0]), TX_SUCCESS)
RETURNS(null, tx_timer_delete(TX_NULL), TX_TIMER_ERROR)
RETURNS(not_created, tx_timer_delete(&I[1]), TX_TIMER_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_timer_delete(&I[0]), TX_CALLER_ERROR)
IN_INTERRUPT(not_from_an_interrupt, tx_timer_delete(&I[0]), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_timer_delete(&I[0]), TX_CALLER_ERROR)

CASE(does_not_expire)
{
    setup();
    tx_timer_delete(&I[0]);
    tx_thread_sleep(12);
    EXPECT_NOTES("");
}
