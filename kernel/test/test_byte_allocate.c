/* tx_byte_allocate */
#include "suite.h"

static VOID *a, *b, *c, *d;

static void setup(void)
{
    EXPECT(tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 512), TX_SUCCESS);
}

static void taker(ULONG i)
{
    VOID *taken;
    status_of[i] = tx_byte_allocate(&Y[0], &taken, 400, TX_WAIT_FOREVER);
}

RETURNS(allocates, tx_byte_allocate(&Y[0], &a, 100, TX_NO_WAIT), TX_SUCCESS)
RETURNS(null, tx_byte_allocate(TX_NULL, &a, 100, TX_NO_WAIT), TX_POOL_ERROR)
RETURNS(not_created, tx_byte_allocate(&Y[1], &a, 100, TX_NO_WAIT), TX_POOL_ERROR)
RETURNS(nowhere, tx_byte_allocate(&Y[0], TX_NULL, 100, TX_NO_WAIT), TX_PTR_ERROR)
RETURNS(no_bytes, tx_byte_allocate(&Y[0], &a, 0, TX_NO_WAIT), TX_SIZE_ERROR)
RETURNS(more_than_the_pool, tx_byte_allocate(&Y[0], &a, 513, TX_NO_WAIT), TX_SIZE_ERROR)
RETURNS(more_than_is_free, tx_byte_allocate(&Y[0], &a, 512, TX_NO_WAIT), TX_NO_MEMORY)
RETURNS(until_the_time_out, tx_byte_allocate(&Y[0], &a, 512, 2), TX_NO_MEMORY)
IN_INITIALIZATION(initialization_may_allocate, tx_byte_allocate(&Y[0], &a, 100, TX_NO_WAIT),
                  TX_SUCCESS)
IN_INITIALIZATION(initialization_may_not_wait, tx_byte_allocate(&Y[0], &a, 100, 1), TX_WAIT_ERROR)
IN_INTERRUPT(interrupt_may_not_allocate, tx_byte_allocate(&Y[0], &a, 100, TX_NO_WAIT),
             TX_CALLER_ERROR)
IN_TIMER(timer_may_not_allocate, tx_byte_allocate(&Y[0], &a, 100, TX_NO_WAIT), TX_CALLER_ERROR)

CASE(first_fit_takes_the_first_gap_that_is_large_enough)
{
    setup();
    tx_byte_allocate(&Y[0], &a, 64, TX_NO_WAIT);
    tx_byte_allocate(&Y[0], &b, 32, TX_NO_WAIT);
    tx_byte_allocate(&Y[0], &c, 128, TX_NO_WAIT);
    tx_byte_allocate(&Y[0], &d, 32, TX_NO_WAIT);
    VOID *first = a, *second = c;
    tx_byte_release(a);
    tx_byte_release(c);
    EXPECT(tx_byte_allocate(&Y[0], &c, 100, TX_NO_WAIT), TX_SUCCESS);
    EXPECT(c, second);
    EXPECT(tx_byte_allocate(&Y[0], &a, 60, TX_NO_WAIT), TX_SUCCESS);
    EXPECT(a, first);
}

CASE(neighbours_are_merged)
{
    setup();
    tx_byte_allocate(&Y[0], &a, 100, TX_NO_WAIT);
    tx_byte_allocate(&Y[0], &b, 100, TX_NO_WAIT);
    tx_byte_allocate(&Y[0], &c, 100, TX_NO_WAIT);
    VOID *first = a;
    tx_byte_release(b);
    tx_byte_release(a);
    EXPECT(tx_byte_allocate(&Y[0], &a, 200, TX_NO_WAIT), TX_SUCCESS);
    EXPECT(a, first);
}

CASE(sizes_are_rounded_up)
{
    setup();
    tx_byte_allocate(&Y[0], &a, 1, TX_NO_WAIT);
    tx_byte_allocate(&Y[0], &b, 1, TX_NO_WAIT);
    EXPECT((UCHAR *)b - (UCHAR *)a, 3 * sizeof(VOID *));
}

CASE(all_can_be_had_again_after_all_was_released)
{
    ULONG before, after;
    VOID *taken[32];
    setup();
    tx_byte_pool_info_get(&Y[0], TX_NULL, &before, TX_NULL, TX_NULL, TX_NULL, TX_NULL);
    UINT count = 0;
    while (count < 32 &&
           tx_byte_allocate(&Y[0], &taken[count], 10 + count, TX_NO_WAIT) == TX_SUCCESS)
        count++;
    EXPECT(count > 8, TX_TRUE);
    for (UINT i = 0; i < count; i += 2)
        tx_byte_release(taken[i]);
    for (UINT i = 1; i < count; i += 2)
        tx_byte_release(taken[i]);
    EXPECT(tx_byte_allocate(&Y[0], &a, before, TX_NO_WAIT), TX_SUCCESS);
    tx_byte_release(a);
    tx_byte_pool_info_get(&Y[0], TX_NULL, &after, TX_NULL, TX_NULL, TX_NULL, TX_NULL);
    EXPECT(after, before);
}

CASE(aborted)
{
    setup();
    helper(0, ABOVE, taker);
    helper(1, ABOVE, taker);
    tx_thread_wait_abort(&T[1]);
    EXPECT(status_of[1], TX_WAIT_ABORTED);
}
