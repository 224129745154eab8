/* tx_timer_activate */
#include "suite.h"

static void expired(ULONG input)
{
    note((CHAR)('a' + input));
}

static void setup(void)
{
    EXPECT(tx_timer_create(&I[0], (CHAR *)"i", expired, 0, 5, 0, TX_NO_ACTIVATE), TX_SUCCESS);
}

RETURNS(activates, tx_timer_activate(&I[0]), TX_SUCCESS)
RETURNS(null, tx_timer_activate(TX_NULL), TX_TIMER_ERROR)
RETURNS(not_created, tx_timer_activate(&I[1]), TX_TIMER_ERROR)
IN_INITIALIZATION(from_initialization, tx_timer_activate(&I[0]), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_timer_activate(&I[0]), TX_SUCCESS)

CASE(twice)
{
    setup();
    tx_timer_activate(&I[0]);
    EXPECT(tx_timer_activate(&I[0]), TX_ACTIVATE_ERROR);
}

CASE(an_expired_one_shot)
{
    setup();
    tx_timer_activate(&I[0]);
    tx_thread_sleep(8);
    EXPECT(tx_timer_activate(&I[0]), TX_ACTIVATE_ERROR);
    EXPECT(tx_timer_change(&I[0], 2, 0), TX_SUCCESS);
    EXPECT(tx_timer_activate(&I[0]), TX_SUCCESS);
    tx_thread_sleep(4);
    EXPECT_NOTES("aa");
}

static void restarts_itself(ULONG unused)
{
    (void)unused;
    note('r');
    EXPECT(tx_timer_change(&I[1], 2, 0), TX_SUCCESS);
    EXPECT(tx_timer_activate(&I[1]), TX_SUCCESS);
}

CASE(one_shot_starts_itself_again)
{
    tx_timer_create(&I[1], (CHAR *)"i", restarts_itself, 0, 2, 0, TX_AUTO_ACTIVATE);
    tx_thread_sleep(7);
    EXPECT_NOTES("rrr");
}

CASE(expires_at_the_tick_for_many_delays)
{
    for (ULONG ticks = 1; ticks < 5000; ticks = ticks * 3 + 1) {
        tx_timer_create(&I[1], (CHAR *)"i", expired, 1, ticks, 0, TX_AUTO_ACTIVATE);
        if (ticks > 2) {
            tx_thread_sleep(ticks - 2);
            EXPECT_NOTES("");
        }
        tx_thread_sleep(4);
        EXPECT_NOTES("b");
        tx_timer_delete(&I[1]);
    }
}
