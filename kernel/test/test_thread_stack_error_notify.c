/* tx_thread_stack_error_notify */
#include "suite.h"

static void setup(void)
{
}

static void overflowed(TX_THREAD *thread)
{
    (void)thread;
    note('o');
}

#ifdef TX_ENABLE_STACK_CHECKING
RETURNS(registers, tx_thread_stack_error_notify(overflowed), TX_SUCCESS)

static void destroys_its_fence(ULONG i)
{
    stacks[i][TX_PORT_STACK_FENCE / sizeof(ULONG)] = 0;
    tx_thread_sleep(1);
}

CASE(called_when_the_fill_pattern_is_gone)
{
    tx_thread_stack_error_notify(overflowed);
    helper(0, ABOVE, destroys_its_fence);
    EXPECT_NOTES("o");
    tx_thread_stack_error_notify(TX_NULL);
    tx_thread_sleep(3);
    EXPECT_NOTES("");
}
#else
RETURNS(not_enabled, tx_thread_stack_error_notify(overflowed), TX_FEATURE_NOT_ENABLED)
#endif
