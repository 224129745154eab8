/* tx_interrupt_control */
#include "suite.h"

static void setup(void)
{
}

static void handler(void)
{
    note('i');
}

static void disables_and_waits(ULONG i)
{
    tx_interrupt_control(TX_INT_DISABLE);
    tx_thread_sleep(2);
    status_of[i] = tx_interrupt_control(TX_INT_ENABLE);
}

RETURNS(tells_the_old, tx_interrupt_control(TX_INT_ENABLE), TX_INT_ENABLE)

CASE(disabled_interrupts_wait)
{
    setup();
    EXPECT(tx_interrupt_control(TX_INT_DISABLE), TX_INT_ENABLE);
    test_interrupt(handler);
    note('1');
    EXPECT(tx_interrupt_control(TX_INT_ENABLE), TX_INT_DISABLE);
    note('2');
    EXPECT_NOTES("1i2");
}

CASE(the_posture_is_a_thread_s_own)
{
    helper(0, ABOVE, disables_and_waits);
    EXPECT(tx_interrupt_control(TX_INT_ENABLE), TX_INT_ENABLE);
    tx_thread_sleep(4);
    EXPECT(status_of[0], TX_INT_DISABLE);
}

CASE(services_give_the_posture_back)
{
    tx_semaphore_create(&S[0], (CHAR *)"s", 0);
    tx_interrupt_control(TX_INT_DISABLE);
    tx_semaphore_put(&S[0]);
    tx_semaphore_prioritize(&S[0]);
    EXPECT(tx_interrupt_control(TX_INT_ENABLE), TX_INT_DISABLE);
}
