/* The M4 sends the alphabet, a piece at a time. */
#include "stream-buffers/stream-buffers.h"

static StaticStreamBuffer_t storage;
static StreamBufferHandle_t stream;

static void create_stream(void)
{
    struct duet_ring_config where = stream_place();
    stream = xStreamBufferCreateShared(&where, TRIGGER_BYTES, DUET_SENDER, &storage, NULL, NULL);
}

static void wait_for_turn(uint32_t turn)
{
    while (*(volatile uint32_t *)&MAP->turn != turn)
        duet_notify_wait(&link_notify, BIT(LINE_TURN), PATIENCE_MS * 1000);
}

static void send(const char *bytes, size_t count)
{
    say("sends \"%.*s\"", (int)count, bytes);
    xStreamBufferSend(stream, bytes, count, pdMS_TO_TICKS(PATIENCE_MS));
}

int main(void)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    link_start(NULL, 0, create_stream);
    wait_for_turn(1); /* three pieces reach the trigger level of 10 */
    for (int piece = 0; piece < 3; piece++)
        send(&letters[PIECE_BYTES * piece], PIECE_BYTES);
    wait_for_turn(2); /* one does not */
    send(&letters[12], PIECE_BYTES);
    wait_for_turn(3); /* more than a buffer holds: the sender waits for room */
    static char many[3 * STREAM_BYTES];
    size_t sent = 0;
    for (size_t n = 0; n < sizeof many; n++)
        many[n] = letters[n % 26];
    say("sends %u bytes through a buffer of %d", (unsigned)sizeof many, STREAM_BYTES);
    while (sent < sizeof many)
        sent += xStreamBufferSend(stream, &many[sent], sizeof many - sent, portMAX_DELAY);
    example_end();
}
