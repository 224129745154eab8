/* tx_thread_info_get */
#include "suite.h"

static void setup(void)
{
}

static void waiter(ULONG i)
{
    status_of[i] = tx_semaphore_get(&S[0], TX_WAIT_FOREVER);
}

#define NOTHING TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL
RETURNS(nothing_asked, tx_thread_info_get(&runner, NOTHING), TX_SUCCESS)
RETURNS(null, tx_thread_info_get(TX_NULL, NOTHING), TX_THREAD_ERROR)
RETURNS(not_created, tx_thread_info_get(&T[0], NOTHING), TX_THREAD_ERROR)
IN_INTERRUPT(from_an_interrupt, tx_thread_info_get(&runner, NOTHING), TX_SUCCESS)
IN_TIMER(from_a_timer, tx_thread_info_get(&runner, NOTHING), TX_SUCCESS)

CASE(tells_all)
{
    CHAR *name;
    UINT state, priority, threshold;
    ULONG runs, slice;
    TX_THREAD *next, *suspended;
    tx_semaphore_create(&S[0], (CHAR *)"s", 0);
    helper_with(0, ABOVE, ABOVE - 2, 7, waiter);
    helper(1, ABOVE, waiter);
    EXPECT(tx_thread_info_get(&T[0], &name, &state, &runs, &priority, &threshold, &slice, &next,
                              &suspended),
           TX_SUCCESS);
    EXPECT(name[0], 'h');
    EXPECT(state, TX_SEMAPHORE_SUSP);
    EXPECT(runs, 1);
    EXPECT(priority, ABOVE);
    EXPECT(threshold, ABOVE - 2);
    EXPECT(slice, 7);
    EXPECT(next, &T[1]);
    EXPECT(suspended, &T[1]);
    EXPECT(tx_thread_info_get(&T[1], TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL, &next,
                              &suspended),
           TX_SUCCESS);
    EXPECT(next, &runner);
    EXPECT(suspended, &T[0]);
    tx_thread_info_get(&runner, TX_NULL, &state, TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL,
                       &suspended);
    EXPECT(state, TX_READY);
    EXPECT(suspended, TX_NULL);
}

CASE(run_count_counts_switches_to_the_thread)
{
    ULONG before, after;
    tx_thread_info_get(&runner, TX_NULL, TX_NULL, &before, TX_NULL, TX_NULL, TX_NULL, TX_NULL,
                       TX_NULL);
    tx_thread_sleep(1);
    tx_thread_sleep(1);
    tx_thread_info_get(&runner, TX_NULL, TX_NULL, &after, TX_NULL, TX_NULL, TX_NULL, TX_NULL,
                       TX_NULL);
    EXPECT(after - before, 2);
}
