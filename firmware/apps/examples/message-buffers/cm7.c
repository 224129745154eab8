/* The M7 sends: text into one buffer, numbers into the other. */
#include "message-buffers/message-buffers.h"

#include <stdio.h>

static StaticMessageBuffer_t data_storage[DATA_BUFFERS], control_storage;
static MessageBufferHandle_t data[DATA_BUFFERS], control;

/* FreeRTOS's hook sbSEND_COMPLETED: the buffer's number goes into the control buffer, and rings. */
static void on_sent(StreamBufferHandle_t buffer, BaseType_t in_isr, BaseType_t *woken)
{
    uint8_t which = buffer == data[BUFFER_TEXT] ? BUFFER_TEXT : BUFFER_NUMBERS;
    (void)in_isr;
    (void)woken;
    if (xMessageBufferSend(control, &which, sizeof which, 0) != sizeof which)
        say("the control buffer is full");
}

static void create_buffers(void)
{
    struct duet_ring_config where = control_buffer();
    control = xMessageBufferCreateShared(&where, DUET_SENDER, &control_storage, NULL, NULL);
    for (unsigned which = 0; which < DATA_BUFFERS; which++) {
        where = data_buffer(which);
        data[which] =
            xMessageBufferCreateShared(&where, DUET_SENDER, &data_storage[which], on_sent, NULL);
    }
}

static void send(unsigned which, const void *message, size_t length)
{
    if (xMessageBufferSend(data[which], message, length, pdMS_TO_TICKS(PATIENCE_MS)) != length)
        say("no room for %u bytes in %d ms", (unsigned)length, PATIENCE_MS);
}

int main(void)
{
    link_start(NULL, 0, create_buffers);
    join(data[BUFFER_TEXT]);
    join(data[BUFFER_NUMBERS]);
    join(control);
    duet_notify_take(&link_notify, BIT(LINE_DONE)); /* pending from the start */
    for (uint32_t n = 1; n <= MESSAGES; n++) {
        char text[32];
        uint32_t numbers[3] = {n, n * n, n * n * n};
        int length = snprintf(text, sizeof text, "message %lu", (unsigned long)n);
        say("sends text and numbers, round %lu", (unsigned long)n);
        send(BUFFER_TEXT, text, (size_t)length);
        send(BUFFER_NUMBERS, numbers, sizeof numbers);
        while (!duet_notify_wait(&link_notify, BIT(LINE_DONE), PATIENCE_MS * 1000))
            say("nobody receives");
    }
    say("done");
    example_end();
}
