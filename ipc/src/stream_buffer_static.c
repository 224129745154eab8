// Buffers inside one core: both ends have one handle, and the words that the ends share are in it.
#include "duet/message_buffer.h"

StreamBufferHandle_t xStreamBufferCreateStaticWithCallback(size_t size, size_t trigger,
                                                           uint8_t *storage,
                                                           StaticStreamBuffer_t *buffer,
                                                           StreamBufferCallbackFunction_t sent,
                                                           StreamBufferCallbackFunction_t received)
{
    struct duet_ring_config config = {
        .memory = {.port = duet_local_port(), .policy = DUET_NON_CACHEABLE},
        .shared = &buffer->inside,
        .data = storage,
        .size = (uint32_t)size,
    };
    StreamBufferHandle_t handle;

    buffer->inside = (struct duet_ring_shared){0};
    handle = xStreamBufferCreateShared(&config, trigger, DUET_SENDER | DUET_RECEIVER, buffer, sent,
                                       received);
    if (handle)
        xStreamBufferReset(handle);
    return handle;
}

StreamBufferHandle_t xStreamBufferCreateStatic(size_t size, size_t trigger, uint8_t *storage,
                                               StaticStreamBuffer_t *buffer)
{
    return xStreamBufferCreateStaticWithCallback(size, trigger, storage, buffer, NULL, NULL);
}

MessageBufferHandle_t
xMessageBufferCreateStaticWithCallback(size_t size, uint8_t *storage, StaticMessageBuffer_t *buffer,
                                       StreamBufferCallbackFunction_t sent,
                                       StreamBufferCallbackFunction_t received)
{
    MessageBufferHandle_t handle =
        xStreamBufferCreateStaticWithCallback(size, 1, storage, buffer, sent, received);

    buffer->is_message_buffer = 1;
    return handle;
}

MessageBufferHandle_t xMessageBufferCreateStatic(size_t size, uint8_t *storage,
                                                 StaticMessageBuffer_t *buffer)
{
    return xMessageBufferCreateStaticWithCallback(size, storage, buffer, NULL, NULL);
}
