/* tx_timer_change */
#include "suite.h"

static void expired(ULONG input)
{
    note((CHAR)('a' + input));
}

static void setup(void)
{
    EXPECT(tx_timer_create(&I[0], (CHAR *)"i", expired, 0, 5, 0, TX_NO_ACTIVATE), TX_SUCCESS);
}

RETURNS(changes, tx_timer_change(&I[0], 3, 3), TX_SUCCESS)
RETURNS(null, tx_timer_change(TX_NULL, 3, 3), TX_TIMER_ERROR)
RETURNS(not_created, tx_timer_change(&I[1], 3, 3), TX_TIMER_ERROR)
RETURNS(no_ticks, tx_timer_change(&I[0], 0, 3), TX_TICK_ERROR)
IN_INITIALIZATION(not_from_initialization, tx_timer_change(&I[0], 3, 3), TX_CALLER_ERROR)
IN_INTERRUPT(from_an_interrupt, tx_timer_change(&I[0], 3, 3), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_timer_change(&I[0], 3, 3), TX_SUCCESS)

CASE(counts_from_activation)
{
    setup();
    tx_timer_change(&I[0], 2, 3);
    tx_thread_sleep(5);
    EXPECT_NOTES("");
    tx_timer_activate(&I[0]);
    tx_thread_sleep(10);
    EXPECT_NOTES("aaa"); /* at 2, 5 and 8 */
}

static void changes_itself(ULONG unused)
{
    (void)unused;
    note('c');
    tx_timer_change(&I[1], 4, 4);
}

CASE(changed_by_its_own_function_it_stops_until_activated)
{
    tx_timer_create(&I[1], (CHAR *)"i", changes_itself, 0, 2, 2, TX_AUTO_ACTIVATE);
    tx_thread_sleep(12);
    EXPECT_NOTES("c");
    EXPECT(tx_timer_activate(&I[1]), TX_SUCCESS);
    tx_thread_sleep(6);
    EXPECT_NOTES("c");
}
