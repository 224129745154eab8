// What a firmware links that talks by message buffers both ways: notification, ring, message buffers.
// tools/ipc_size.sh counts all of the image but main.
#include "duet/message_buffer.h"

extern const struct duet_notify_config notify_config;
extern const struct duet_ring_config there, back;

struct duet_notify notify;
StaticMessageBuffer_t sent, received;
uint8_t message[64];

void interrupt(void)
{
    BaseType_t woken;

    duet_notify_interrupt(&notify);
    xMessageBufferReceiveFromISR(&received, message, sizeof(message), &woken);
    xMessageBufferSendFromISR(&sent, message, sizeof(message), &woken);
}

int main(void)
{
    duet_notify_open(&notify, &notify_config);
    xMessageBufferCreateShared(&there, DUET_SENDER, &sent, NULL, NULL);
    xMessageBufferCreateShared(&back, DUET_RECEIVER, &received, NULL, NULL);
    for (;;) {
        size_t length = xMessageBufferReceive(&received, message, sizeof(message), 100);

        xMessageBufferSend(&sent, message, length, 100);
    }
}
