/* The M7 receives. */
#include "stream-buffers/stream-buffers.h"

static StaticStreamBuffer_t storage;
static StreamBufferHandle_t stream;

static void create_stream(void)
{
    struct duet_ring_config where = stream_place();
    stream = xStreamBufferCreateShared(&where, TRIGGER_BYTES, DUET_RECEIVER, &storage, NULL, NULL);
}

static void take_turn(uint32_t turn)
{
    *(volatile uint32_t *)&MAP->turn = turn;
    duet_notify_raise(&link_notify, LINE_TURN);
}

static void receive(void)
{
    char bytes[64];
    size_t count = xStreamBufferReceive(stream, bytes, sizeof bytes, pdMS_TO_TICKS(PATIENCE_MS));
    say("received %u: \"%.*s\"", (unsigned)count, (int)count, bytes);
}

/* The sender goes on while this core takes: the bytes are cut anyhow, and are the same. */
static void receive_many(void)
{
    char bytes[50];
    uint32_t total = 0, wrong = 0;
    while (total < 3 * STREAM_BYTES) {
        size_t count = xStreamBufferReceive(stream, bytes, sizeof bytes, portMAX_DELAY);
        for (size_t n = 0; n < count; n++)
            wrong += bytes[n] != (char)('a' + (total + n) % 26);
        total += count;
    }
    say("received %lu bytes, %lu wrong", (unsigned long)total, (unsigned long)wrong);
}

int main(void)
{
    MAP->turn = 0;
    link_start(NULL, 0, create_stream);
    take_turn(1);
    receive(); /* woken at the trigger level, and not by the first piece */
    take_turn(2);
    receive(); /* below it: when the time is over */
    xStreamBufferSetTriggerLevel(stream, 1);
    take_turn(3);
    receive_many();
    say("done");
    example_end();
}
