/* tx_timer_info_get */
#include "suite.h"

static void expired(ULONG input)
{
    note((CHAR)('a' + input));
}

static void setup(void)
{
    EXPECT(tx_timer_create(&I[0], (CHAR *)"i", expired, 0, 50, 7, TX_AUTO_ACTIVATE), TX_SUCCESS);
    EXPECT(tx_timer_create(&I[1], (CHAR *)"j", expired, 0, 9, 0, TX_NO_ACTIVATE), TX_SUCCESS);
}

#define NOTHING TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL
RETURNS(nothing_asked, tx_timer_info_get(&I[0], NOTHING), TX_SUCCESS)
RETURNS(null, tx_timer_info_get(TX_NULL, NOTHING), TX_TIMER_ERROR)
RETURNS(not_created, tx_timer_info_get(&I[2], NOTHING), TX_TIMER_ERROR)
IN_INITIALIZATION(from_initialization, tx_timer_info_get(&I[0], NOTHING), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_timer_info_get(&I[0], NOTHING), TX_SUCCESS)

CASE(tells_all)
{
    CHAR *name;
    UINT active;
    ULONG left, again;
    TX_TIMER *next;
    setup();
    tx_thread_sleep(10);
    EXPECT(tx_timer_info_get(&I[0], &name, &active, &left, &again, &next), TX_SUCCESS);
    EXPECT(name[0], 'i');
    EXPECT(active, TX_TRUE);
    EXPECT(left >= 39 && left <= 40, TX_TRUE);
    EXPECT(again, 7);
    EXPECT(next, &I[1]);
    tx_timer_info_get(&I[1], TX_NULL, &active, &left, &again, &next);
    EXPECT(active, TX_FALSE);
    EXPECT(left, 9);
    EXPECT(again, 0);
    EXPECT(next, &I[0]);
}

static void looks_at_itself(ULONG unused)
{
    UINT active = TX_TRUE;
    (void)unused;
    tx_timer_info_get(&I[2], TX_NULL, &active, TX_NULL, TX_NULL, TX_NULL);
    EXPECT(active, TX_FALSE);
    note('l');
}

CASE(not_active_in_its_own_function)
{
    UINT active = TX_FALSE;
    tx_timer_create(&I[2], (CHAR *)"i", looks_at_itself, 0, 2, 90, TX_AUTO_ACTIVATE);
    tx_thread_sleep(4);
    EXPECT_NOTES("l");
    tx_timer_info_get(&I[2], TX_NULL, &active, TX_NULL, TX_NULL, TX_NULL);
    EXPECT(active, TX_TRUE);
}
