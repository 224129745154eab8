/* tx_thread_entry_exit_notify */
#include "suite.h"

static void entry(ULONG i)
{
    note((CHAR)('a' + i));
}

static void changed(TX_THREAD *thread, UINT condition)
{
    EXPECT(thread, &T[0]);
    note(condition == TX_THREAD_ENTRY ? '<' : '>');
}

static void setup(void)
{
    helper(0, BELOW, entry);
}

RETURNS(registers, tx_thread_entry_exit_notify(&T[0], changed), TX_SUCCESS)
RETURNS(null, tx_thread_entry_exit_notify(TX_NULL, changed), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_entry_exit_notify(&T[1], changed), TX_THREAD_ERROR)
IN_INITIALIZATION(from_initialization, tx_thread_entry_exit_notify(&T[0], changed), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_thread_entry_exit_notify(&T[0], changed), TX_SUCCESS)

CASE(called_at_entry_and_completion)
{
    setup();
    tx_thread_entry_exit_notify(&T[0], changed);
    tx_thread_sleep(1);
    EXPECT_NOTES("<a>");
}

CASE(called_at_termination)
{
    setup();
    tx_thread_entry_exit_notify(&T[0], changed);
    tx_thread_terminate(&T[0]);
    tx_thread_terminate(&T[0]);
    EXPECT_NOTES(">");
}

CASE(called_again_after_reset)
{
    setup();
    tx_thread_entry_exit_notify(&T[0], changed);
    tx_thread_sleep(1);
    tx_thread_reset(&T[0]);
    tx_thread_resume(&T[0]);
    tx_thread_sleep(1);
    EXPECT_NOTES("<a><a>");
}

CASE(null_ends_it)
{
    setup();
    tx_thread_entry_exit_notify(&T[0], changed);
    tx_thread_entry_exit_notify(&T[0], TX_NULL);
    tx_thread_sleep(1);
    EXPECT_NOTES("a");
}
