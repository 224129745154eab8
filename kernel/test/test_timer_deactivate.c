/* tx_timer_deactivate */
#include "suite.h"

static void expired(ULONG input)
{
    note((CHAR)('a' + input));
}

static void setup(void)
{
    EXPECT(tx_timer_create(&I[0], (CHAR *)"i", expired, 0, 5, 5, TX_AUTO_ACTIVATE), TX_SUCCESS);
}

RETURNS(deactivates, tx_timer_deactivate(&I[0]), TX_SUCCESS)
RETURNS(null, tx_timer_deactivate(TX_NULL), TX_TIMER_ERROR)
RETURNS(not_created, tx_timer_deactivate(&I[1]), TX_TIMER_ERROR)
IN_INITIALIZATION(from_initialization, tx_timer_deactivate(&I[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_timer_deactivate(&I[0]), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_timer_deactivate(&I[0]), TX_SUCCESS)

CASE(does_not_expire)
{
    setup();
    tx_timer_deactivate(&I[0]);
    EXPECT(tx_timer_deactivate(&I[0]), TX_SUCCESS);
    tx_thread_sleep(12);
    EXPECT_NOTES("");
}

CASE(keeps_the_ticks_that_were_left)
{
    ULONG left;
    setup();
    tx_thread_sleep(3);
    tx_timer_deactivate(&I[0]);
    tx_timer_info_get(&I[0], TX_NULL, TX_NULL, &left, TX_NULL, TX_NULL);
    EXPECT(left == 2 || left == 1, TX_TRUE);
    tx_thread_sleep(10);
    EXPECT_NOTES("");
    tx_timer_activate(&I[0]);
    tx_thread_sleep(4);
    EXPECT_NOTES("a");
}

static void stops_itself(ULONG unused)
{
    (void)unused;
    note('s');
    tx_timer_deactivate(&I[1]);
}

CASE(a_periodic_timer_stops_itself)
{
    tx_timer_create(&I[1], (CHAR *)"i", stops_itself, 0, 2, 2, TX_AUTO_ACTIVATE);
    tx_thread_sleep(10);
    EXPECT_NOTES("s");
}
