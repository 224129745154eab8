/* tx_timer_create */
#include "suite.h"

static void expired(ULONG input)
{
    note((CHAR)('a' + input));
}

static void setup(void)
{
}

#define CREATE(timer, initial, again, activate)                                                    \
    tx_timer_create(timer, (CHAR *)"i", expired, 0, initial, again, activate)

RETURNS(creates, CREATE(&I[0], 1, 0, TX_NO_ACTIVATE), TX_SUCCESS)
RETURNS(null, CREATE(TX_NULL, 1, 0, TX_NO_ACTIVATE), TX_TIMER_ERROR)
RETURNS(no_ticks, CREATE(&I[0], 0, 0, TX_NO_ACTIVATE), TX_TICK_ERROR)
RETURNS(invalid_activation, CREATE(&I[0], 1, 0, 2), TX_ACTIVATE_ERROR)
IN_INITIALIZATION(from_initialization, CREATE(&I[0], 1, 0, TX_AUTO_ACTIVATE), TX_SUCCESS)
IN_INTERRUPT(not_from_an_interrupt, CREATE(&I[0], 1, 0, TX_NO_ACTIVATE), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, CREATE(&I[0], 1, 0, TX_NO_ACTIVATE), TX_CALLER_ERROR)

CASE(twice)
{
    EXPECT(CREATE(&I[0], 1, 0, TX_NO_ACTIVATE), TX_SUCCESS);
    EXPECT(CREATE(&I[0], 1, 0, TX_NO_ACTIVATE), TX_TIMER_ERROR);
}

CASE(one_shot_expires_once)
{
    CREATE(&I[0], 3, 0, TX_AUTO_ACTIVATE);
    tx_thread_sleep(20);
    EXPECT_NOTES("a");
}

CASE(periodic_expires_again_and_again)
{
    CREATE(&I[0], 3, 5, TX_AUTO_ACTIVATE);
    tx_thread_sleep(20);
    EXPECT_NOTES("aaaa"); /* at 3, 8, 13 and 18 */
}

CASE(of_those_that_expire_together_the_first_activated_is_first)
{
    for (UINT i = 0; i < 4; i++)
        tx_timer_create(&I[i], (CHAR *)"i", expired, i, 70, 0, TX_NO_ACTIVATE);
    tx_timer_activate(&I[2]);
    tx_timer_activate(&I[0]);
    tx_timer_activate(&I[3]);
    tx_timer_activate(&I[1]);
    tx_thread_sleep(80);
    EXPECT_NOTES("cadb");
}

CASE(of_those_that_expire_together_after_different_delays_too)
{
    tx_timer_create(&I[0], (CHAR *)"i", expired, 0, 300, 0, TX_AUTO_ACTIVATE);
    tx_thread_sleep(100);
    tx_timer_create(&I[1], (CHAR *)"i", expired, 1, 200, 0, TX_AUTO_ACTIVATE);
    tx_thread_sleep(150);
    tx_timer_create(&I[2], (CHAR *)"i", expired, 2, 50, 0, TX_AUTO_ACTIVATE);
    tx_thread_sleep(60);
    EXPECT_NOTES("abc");
}
