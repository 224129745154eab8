/* tx_queue_create */
#include "suite.h"

static void setup(void)
{
}

RETURNS(creates, tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 4), TX_SUCCESS)
RETURNS(null, tx_queue_create(TX_NULL, (CHAR *)"q", 1, memory, 4), TX_QUEUE_ERROR)
RETURNS(no_memory, tx_queue_create(&Q[0], (CHAR *)"q", 1, TX_NULL, 4), TX_PTR_ERROR)
RETURNS(message_of_none, tx_queue_create(&Q[0], (CHAR *)"q", 0, memory, 64), TX_SIZE_ERROR)
RETURNS(message_of_seventeen, tx_queue_create(&Q[0], (CHAR *)"q", 17, memory, 640), TX_SIZE_ERROR)
RETURNS(memory_below_one_message, tx_queue_create(&Q[0], (CHAR *)"q", 4, memory, 15), TX_SIZE_ERROR)
IN_INITIALIZATION(from_initialization, tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 4),
                  TX_SUCCESS)
IN_INTERRUPT(not_from_an_interrupt, tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 4),
             TX_CALLER_ERROR)
IN_TIMER(not_from_a_timer, tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 4), TX_CALLER_ERROR)

CASE(twice)
{
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 4), TX_SUCCESS);
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 4), TX_QUEUE_ERROR);
}

CASE(capacity_is_what_fits_whole)
{
    ULONG enqueued, available;
    EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", 3, memory, 100), TX_SUCCESS);
    tx_queue_info_get(&Q[0], TX_NULL, &enqueued, &available, TX_NULL, TX_NULL, TX_NULL);
    EXPECT(enqueued, 0);
    EXPECT(available, 8);
}

CASE(messages_of_one_to_sixteen_words_pass_unchanged)
{
    for (UINT words = 1; words <= 16; words++) {
        ULONG out[16], in[17];
        EXPECT(tx_queue_create(&Q[0], (CHAR *)"q", words, memory, 200), TX_SUCCESS);
        for (UINT i = 0; i < words; i++)
            out[i] = 0x1000u * words + i;
        in[words] = 0xCAFEu;
        for (UINT round = 0; round < 7; round++) {
            out[0] = round;
            EXPECT(tx_queue_send(&Q[0], out, TX_NO_WAIT), TX_SUCCESS);
            EXPECT(tx_queue_receive(&Q[0], in, TX_NO_WAIT), TX_SUCCESS);
            for (UINT i = 0; i < words; i++)
                EXPECT(in[i], out[i]);
        }
        EXPECT(in[words], 0xCAFEu);
        tx_queue_delete(&Q[0]);
    }
}
