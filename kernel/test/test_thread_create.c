/* tx_thread_create */
#include "suite.h"

static void entry(ULONG i)
{
    note((CHAR)('a' + i));
}

static void setup(void)
{
}

#define CREATE(thread, entry, stack, size, priority, threshold, start)                             \
    tx_thread_create(thread, (CHAR *)"t", entry, 0, stack, size, priority, threshold, 0, start)

RETURNS(creates, CREATE(&T[0], entry, stacks[0], STACK_SIZE, 5, 5, TX_AUTO_START), TX_SUCCESS)
RETURNS(null, CREATE(TX_NULL, entry, stacks[0], STACK_SIZE, 5, 5, TX_AUTO_START), TX_THREAD_ERROR)
RETURNS(no_entry, CREATE(&T[0], TX_NULL, stacks[0], STACK_SIZE, 5, 5, TX_AUTO_START), TX_PTR_ERROR)
RETURNS(no_stack, CREATE(&T[0], entry, TX_NULL, STACK_SIZE, 5, 5, TX_AUTO_START), TX_PTR_ERROR)
RETURNS(small_stack, CREATE(&T[0], entry, stacks[0], TX_MINIMUM_STACK - 1, 5, 5, TX_AUTO_START),
        TX_SIZE_ERROR)
RETURNS(priority_too_large,
        CREATE(&T[0], entry, stacks[0], STACK_SIZE, TX_MAX_PRIORITIES, 5, TX_AUTO_START),
        TX_PRIORITY_ERROR)
RETURNS(threshold_below_priority, CREATE(&T[0], entry, stacks[0], STACK_SIZE, 5, 6, TX_AUTO_START),
        TX_THRESH_ERROR)
RETURNS(invalid_start, CREATE(&T[0], entry, stacks[0], STACK_SIZE, 5, 5, 2), TX_START_ERROR)
IN_INITIALIZATION(from_initialization,
                  CREATE(&T[0], entry, stacks[0], STACK_SIZE, 5, 5, TX_AUTO_START), TX_SUCCESS)
IN_INTERRUPT(not_from_an_interrupt,
             CREATE(&T[0], entry, stacks[0], STACK_SIZE, 5, 5, TX_AUTO_START), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, CREATE(&T[0], entry, stacks[0], STACK_SIZE, 5, 5, TX_AUTO_START),
         TX_CALLER_ERROR)

CASE(twice)
{
    EXPECT(CREATE(&T[0], entry, stacks[0], STACK_SIZE, 5, 5, TX_DONT_START), TX_SUCCESS);
    EXPECT(CREATE(&T[0], entry, stacks[1], STACK_SIZE, 5, 5, TX_DONT_START), TX_THREAD_ERROR);
}

CASE(starts_at_once_above_the_caller)
{
    CREATE(&T[0], entry, stacks[0], STACK_SIZE, ABOVE, ABOVE, TX_AUTO_START);
    note('r');
    EXPECT_NOTES("ar");
    EXPECT(state_of(0), TX_COMPLETED);
}

CASE(does_not_start_by_itself)
{
    CREATE(&T[0], entry, stacks[0], STACK_SIZE, ABOVE, ABOVE, TX_DONT_START);
    EXPECT(state_of(0), TX_SUSPENDED);
    EXPECT_NOTES("");
    tx_thread_resume(&T[0]);
    EXPECT_NOTES("a");
}

CASE(below_the_caller_it_waits_its_turn)
{
    helper(0, BELOW, entry);
    EXPECT(state_of(0), TX_READY);
    EXPECT_NOTES("");
    tx_thread_sleep(1);
    EXPECT_NOTES("a");
}

static void takes_input(ULONG input)
{
    EXPECT(input, 0x12345678u);
    note('i');
}

CASE(input_is_passed)
{
    tx_thread_create(&T[0], (CHAR *)"t", takes_input, 0x12345678u, stacks[0], STACK_SIZE, ABOVE,
                     ABOVE, 0, TX_AUTO_START);
    EXPECT_NOTES("i");
}

CASE(of_each_priority)
{
    for (UINT priority = 0; priority < TX_MAX_PRIORITIES; priority++) {
        helper(0, priority, entry);
        tx_thread_sleep(1);
        EXPECT_NOTES("a");
        EXPECT(tx_thread_delete(&T[0]), TX_SUCCESS);
    }
}

CASE(the_highest_of_many_runs_first)
{
    helper(0, BELOW + 3, entry);
    helper(1, BELOW + 1, entry);
    helper(2, BELOW + 2, entry);
    helper(3, BELOW, entry);
    helper(4, BELOW + 1, entry);
    tx_thread_sleep(1);
    EXPECT_NOTES("dbeca");
}

CASE(stack_is_filled)
{
    CREATE(&T[0], entry, stacks[0], STACK_SIZE, ABOVE, ABOVE, TX_DONT_START);
    EXPECT(stacks[0][0], TX_STACK_FILL);
    EXPECT(stacks[0][16], TX_STACK_FILL);
}
