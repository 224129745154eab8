/* tx_thread_identify */
#include "suite.h"

static TX_THREAD *found;

static void setup(void)
{
}

static void entry(ULONG i)
{
    (void)i;
    found = tx_thread_identify();
}

static void handler(void)
{
    found = tx_thread_identify();
}

RETURNS(the_caller, tx_thread_identify(), &runner)
IN_INITIALIZATION(none_in_initialization, tx_thread_identify(), TX_NULL)
IN_INTERRUPT(the_interrupted_thread, tx_thread_identify(), &runner)

CASE(a_helper)
{
    helper(0, ABOVE, entry);
    EXPECT(found, &T[0]);
}

static void interrupts_idle(ULONG unused)
{
    (void)unused;
    test_interrupt(handler);
    note('t');
}

CASE(the_timer_thread_in_a_timer)
{
    found = TX_NULL;
    in_timer(interrupts_idle);
    EXPECT(found != TX_NULL && found != &runner, TX_TRUE);
}
