/* tx_semaphore_info_get */
#include "suite.h"

static void setup(void)
{
    EXPECT(tx_semaphore_create(&S[0], (CHAR *)"one", 3), TX_SUCCESS);
    EXPECT(tx_semaphore_create(&S[1], (CHAR *)"two", 0), TX_SUCCESS);
}

static void getter(ULONG i)
{
    status_of[i] = tx_semaphore_get(&S[1], TX_WAIT_FOREVER);
}

#define NOTHING TX_NULL, TX_NULL, TX_NULL, TX_NULL, TX_NULL
RETURNS(nothing_asked, tx_semaphore_info_get(&S[0], NOTHING), TX_SUCCESS)
RETURNS(null, tx_semaphore_info_get(TX_NULL, NOTHING), TX_SEMAPHORE_ERROR)
RETURNS(not_created, tx_semaphore_info_get(&S[2], NOTHING), TX_SEMAPHORE_ERROR)
IN_INITIALIZATION(from_initialization, tx_semaphore_info_get(&S[0], NOTHING), TX_SUCCESS)
IN_INTERRUPT(from_an_interrupt, tx_semaphore_info_get(&S[0], NOTHING), TX_SUCCESS)

CASE(tells_all)
{
    CHAR *name;
    ULONG value, count;
    TX_THREAD *first;
    TX_SEMAPHORE *next;
    setup();
    EXPECT(tx_semaphore_info_get(&S[0], &name, &value, &first, &count, &next), TX_SUCCESS);
    EXPECT(name[0], 'o');
    EXPECT(value, 3);
    EXPECT(first, TX_NULL);
    EXPECT(count, 0);
    EXPECT(next, &S[1]);
    EXPECT(tx_semaphore_info_get(&S[1], TX_NULL, TX_NULL, TX_NULL, TX_NULL, &next), TX_SUCCESS);
    EXPECT(next, &S[0]);
}

CASE(tells_who_waits)
{
    ULONG count;
    TX_THREAD *first;
    setup();
    helper(0, ABOVE, getter);
    helper(1, ABOVE, getter);
    tx_semaphore_info_get(&S[1], TX_NULL, TX_NULL, &first, &count, TX_NULL);
    EXPECT(first, &T[0]);
    EXPECT(count, 2);
}
