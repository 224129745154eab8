/* tx_byte_pool_create */
#include "suite.h"

static void setup(void)
{
}

RETURNS(creates, tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 1024), TX_SUCCESS)
RETURNS(null, tx_byte_pool_create(TX_NULL, (CHAR *)"y", memory, 1024), TX_POOL_ERROR)
RETURNS(no_memory, tx_byte_pool_create(&Y[0], (CHAR *)"y", TX_NULL, 1024), TX_PTR_ERROR)
RETURNS(too_small, tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, TX_BYTE_POOL_MIN - 1),
        TX_SIZE_ERROR)
IN_INITIALIZATION(from_initialization, tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 1024),
                  TX_SUCCESS)
IN_INTERRUPT(not_from_an_interrupt, tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 1024),
             TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 1024), TX_CALLER_ERROR)

CASE(twice)
{
    EXPECT(tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 1024), TX_SUCCESS);
    EXPECT(tx_byte_pool_create(&Y[0], (CHAR *)"y", memory, 1024), TX_POOL_ERROR);
}
