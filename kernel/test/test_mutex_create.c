/* tx_mutex_create */
#include "suite.h"

static void setup(void)
{
}

RETURNS(creates, tx_mutex_create(&M[0], (CHAR *)"m", TX_NO_INHERIT), TX_SUCCESS)
RETURNS(creates_inheriting, tx_mutex_create(&M[0], (CHAR *)"m", TX_INHERIT), TX_SUCCESS)
RETURNS(null, tx_mutex_create(TX_NULL, (CHAR *)"m", TX_INHERIT), TX_MUTEX_ERROR)
RETURNS(invalid_inheritance, tx_mutex_create(&M[0], (CHAR *)"m", 2), TX_INHERIT_ERROR)
IN_INITIALIZATION(from_initialization, tx_mutex_create(&M[0], (CHAR *)"m", 0), TX_SUCCESS)
IN_INTERRUPT(not_from_an_interrupt, tx_mutex_create(&M[0], (CHAR *)"m", 0), TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_mutex_create(&M[0], (CHAR *)"m", 0), TX_CALLER_ERROR)

CASE(twice)
{
    EXPECT(tx_mutex_create(&M[0], (CHAR *)"m", TX_INHERIT), TX_SUCCESS);
    EXPECT(tx_mutex_create(&M[0], (CHAR *)"m", TX_INHERIT), TX_MUTEX_ERROR);
}
