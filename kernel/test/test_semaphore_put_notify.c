/* tx_semaphore_put_notify */
#include "suite.h"

static void put(TX_SEMAPHORE *semaphore)
{
    EXPECT(semaphore, &S[0]);
    note('n');
}

static void setup(void)
{
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"s", 0), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] = tx_semaphore_get(&S[0], TX_WAIT_FOREVER);
    note((CHAR)('a' + i));
}

RETURNS(registers, tx_semaphore_put_notify(&S[0], put), TX_SUCCESS)
RETURNS(null, tx_semaphore_put_notify(TX_NULL, put), TX_SEMAPHORE_ERROR)
RETURNS(not_created, tx_semaphore_put_notify(&S[1], put), TX_SEMAPHORE_ERROR)
IN_INITIALIZATION(from_initialization, tx_semaphore_put_notify(&S[0], put), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_semaphore_put_notify(&S[0], put), TX_SUCCESS)

CASE(called_at_each_put)
{
    setup();
    tx_semaphore_put_notify(&S[0], put);
    tx_semaphore_put(&S[0]);
    tx_semaphore_ceiling_put(&S[0], 5);
    EXPECT(tx_semaphore_ceiling_put(&S[0], 1), TX_CEILING_EXCEEDED);
    EXPECT_NOTES("nn");
}

CASE(called_when_a_thread_was_woken)
{
    setup();
    tx_semaphore_put_notify(&S[0], put);
    helper(0, BELOW, getter);
    tx_thread_sleep(1);
    tx_semaphore_put(&S[0]);
    tx_thread_sleep(1);
    EXPECT_NOTES("na");
}

CASE(null_ends_it)
{
    setup();
    tx_semaphore_put_notify(&S[0], put);
    tx_semaphore_put_notify(&S[0], TX_NULL);
    tx_semaphore_put(&S[0]);
    EXPECT_NOTES("");
}
