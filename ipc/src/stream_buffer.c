// FreeRTOS's stream and message buffers as a thin layer on the ring: what waits, for how much, and when
// the other side is told.
#include "duet/message_buffer.h"
#include "ring_quick.h"

// A project that has FreeRTOS's macros names the header that defines them.
#ifdef DUET_STREAM_BUFFER_CONFIG
#include DUET_STREAM_BUFFER_CONFIG
#endif

#ifdef sbSEND_COMPLETED
#define HAS_SEND_HOOK(buffer) 1
#else
#define HAS_SEND_HOOK(buffer)                   ((buffer)->sent != NULL)
#define sbSEND_COMPLETED(buffer, in_isr, woken) (buffer)->sent(buffer, in_isr, woken)
#endif
#ifdef sbRECEIVE_COMPLETED
#define HAS_RECEIVE_HOOK(buffer) 1
#else
#define HAS_RECEIVE_HOOK(buffer)                   ((buffer)->received != NULL)
#define sbRECEIVE_COMPLETED(buffer, in_isr, woken) (buffer)->received(buffer, in_isr, woken)
#endif

// A message that nobody else is to hear of is moved in line.
#ifdef __OPTIMIZE_SIZE__
#define IS_QUICK(buffer) 0
#else
#define IS_QUICK(buffer) (buffer)->is_message_buffer
#endif

StreamBufferHandle_t xStreamBufferCreateShared(const struct duet_ring_config *ring, size_t trigger,
                                               unsigned ends, StaticStreamBuffer_t *buffer,
                                               StreamBufferCallbackFunction_t sent,
                                               StreamBufferCallbackFunction_t received)
{
    int status = trigger > ring->size || ends == 0;

    buffer->config = *ring;
    buffer->ends = (uint8_t)ends;
    buffer->sent = sent;
    buffer->received = received;
    buffer->status = DUET_OK;
    buffer->is_message_buffer = 0;
    if (ends & DUET_SENDER)
        status |= duet_ring_open_producer(&buffer->sender, &buffer->config);
    if (ends & DUET_RECEIVER)
        status |= duet_ring_open_consumer(&buffer->receiver, &buffer->config);
    if (status != DUET_OK)
        return NULL;
    xStreamBufferSetTriggerLevel(buffer, trigger);
    return buffer;
}

MessageBufferHandle_t xMessageBufferCreateShared(const struct duet_ring_config *ring, unsigned ends,
                                                 StaticMessageBuffer_t *buffer,
                                                 StreamBufferCallbackFunction_t sent,
                                                 StreamBufferCallbackFunction_t received)
{
    MessageBufferHandle_t handle = xStreamBufferCreateShared(ring, 1, ends, buffer, sent, received);

    buffer->is_message_buffer = 1;
    return handle;
}

// Bytes moved; an error is kept for duet_stream_buffer_status. That the peer is down follows from a
// restart, and does not hide it.
static size_t moved(StreamBufferHandle_t buffer, int result)
{
    if (result > 0)
        return (size_t)result;
    if (result != DUET_AGAIN && (result != DUET_DOWN || buffer->status == DUET_OK))
        buffer->status = result;
    return 0;
}

// Bytes that `end` can move now: to take for the receiver, of room for the sender. A restart of the
// peer is noted, and there are none until both agree.
static size_t ready(StreamBufferHandle_t buffer, struct duet_ring *end)
{
    int used = duet_ring_used(end);

    if (used < 0)
        return moved(buffer, used);
    return end == &buffer->sender ? buffer->config.size - 1 - (size_t)used : (size_t)used;
}

static size_t length_bytes(StreamBufferHandle_t buffer)
{
    return buffer->is_message_buffer ? DUET_RING_LENGTH_BYTES : 0;
}

static uint32_t microseconds_of(TickType_t ticks)
{
    uint32_t tick_us = 1000000u / configTICK_RATE_HZ, most = (1u << 31) / tick_us;

    return (ticks < most ? ticks : most) * tick_us;
}

// Waits until `end` can move `needed` bytes, or the time is over.
static void wait_for(StreamBufferHandle_t buffer, struct duet_ring *end, size_t needed,
                     TickType_t ticks)
{
    const struct duet_port *port = buffer->config.memory.port;
    uint32_t start = port->clock(port), timeout = microseconds_of(ticks);

    while (ready(buffer, end) < needed && duet_ring_doze(end, start, timeout))
        continue;
}

#ifndef __OPTIMIZE_SIZE__
// The same for a message, which is looked for and taken in one. 0: it goes the long way, and is there.
DUET_COLD int wait_for_message(StreamBufferHandle_t buffer, void *data, size_t count,
                               TickType_t ticks)
{
    const struct duet_port *port = buffer->config.memory.port;
    uint32_t start = port->clock(port), timeout = microseconds_of(ticks);
    int length;

    do
        length = quick_get(&buffer->receiver, data, (uint32_t)count);
    while (length == DUET_AGAIN && duet_ring_doze(&buffer->receiver, start, timeout));
    while (length == 0 && ready(buffer, &buffer->receiver) == 0 &&
           duet_ring_doze(&buffer->receiver, start, timeout))
        continue;
    return length;
}
#endif

// Waits until all of the bytes fit, or as many as ever will; a message that never will is not waited for.
static void wait_for_room(StreamBufferHandle_t buffer, size_t count, TickType_t ticks)
{
    struct duet_ring *ring = &buffer->sender;
    size_t most = buffer->config.size - 1, needed = count + length_bytes(buffer);

    if (needed > most) {
        if (buffer->is_message_buffer)
            return;
        needed = most;
    }
    if (ready(buffer, ring) >= needed)
        return;
    duet_ring_set_wake(ring, (uint32_t)needed);
    wait_for(buffer, ring, needed, ticks);
    duet_ring_set_wake(ring, 0);
}

static size_t send_now(StreamBufferHandle_t buffer, const void *data, size_t count,
                       BaseType_t in_isr, BaseType_t *woken)
{
    struct duet_ring *ring = &buffer->sender;

    count = moved(buffer, duet_ring_put(ring, data, (uint32_t)count, buffer->is_message_buffer));
    if (HAS_SEND_HOOK(buffer) && count != 0 && duet_ring_used(ring) >= (int)buffer->trigger)
        sbSEND_COMPLETED(buffer, in_isr, woken);
    return count;
}

DUET_COLD size_t send(StreamBufferHandle_t buffer, const void *data, size_t count, TickType_t ticks)
{
    if (ticks != 0)
        wait_for_room(buffer, count, ticks);
    return send_now(buffer, data, count, pdFALSE, NULL);
}

size_t xStreamBufferSend(StreamBufferHandle_t buffer, const void *data, size_t count,
                         TickType_t ticks)
{
    if (IS_QUICK(buffer) && !HAS_SEND_HOOK(buffer) &&
        quick_put(&buffer->sender, data, (uint32_t)count))
        return count;
    return send(buffer, data, count, ticks);
}

size_t xStreamBufferSendFromISR(StreamBufferHandle_t buffer, const void *data, size_t count,
                                BaseType_t *woken)
{
    return send_now(buffer, data, count, pdTRUE, woken);
}

static size_t receive_now(StreamBufferHandle_t buffer, void *data, size_t count, BaseType_t in_isr,
                          BaseType_t *woken)
{
    count = moved(
        buffer, duet_ring_get(&buffer->receiver, data, (uint32_t)count, buffer->is_message_buffer));
    if (HAS_RECEIVE_HOOK(buffer) && count != 0)
        sbRECEIVE_COMPLETED(buffer, in_isr, woken);
    return count;
}

DUET_COLD size_t receive(StreamBufferHandle_t buffer, void *data, size_t count, TickType_t ticks)
{
    if (ticks != 0 && ready(buffer, &buffer->receiver) == 0) // a message buffer's trigger is 1
        wait_for(buffer, &buffer->receiver, buffer->trigger, ticks);
    return receive_now(buffer, data, count, pdFALSE, NULL);
}

size_t xStreamBufferReceive(StreamBufferHandle_t buffer, void *data, size_t count, TickType_t ticks)
{
#ifndef __OPTIMIZE_SIZE__
    if (buffer->is_message_buffer && !HAS_RECEIVE_HOOK(buffer)) {
        int length = quick_get(&buffer->receiver, data, (uint32_t)count);

        if (length <= 0 && ticks != 0)
            length = wait_for_message(buffer, data, count, ticks);
        if (length > 0)
            return (size_t)length;
        ticks = 0;
    }
#endif
    return receive(buffer, data, count, ticks);
}

size_t xStreamBufferReceiveFromISR(StreamBufferHandle_t buffer, void *data, size_t count,
                                   BaseType_t *woken)
{
    return receive_now(buffer, data, count, pdTRUE, woken);
}

// Both ends can answer both questions; a core that has both is asked as the receiver.
static size_t available(StreamBufferHandle_t buffer, int room)
{
    struct duet_ring *end = buffer->ends & DUET_RECEIVER ? &buffer->receiver : &buffer->sender;
    size_t bytes = ready(buffer, end);

    return room == (end == &buffer->sender) ? bytes : buffer->config.size - 1 - bytes;
}

size_t xStreamBufferBytesAvailable(StreamBufferHandle_t buffer)
{
    return available(buffer, 0);
}

size_t xStreamBufferSpacesAvailable(StreamBufferHandle_t buffer)
{
    return available(buffer, 1);
}

BaseType_t xStreamBufferIsEmpty(StreamBufferHandle_t buffer)
{
    return xStreamBufferBytesAvailable(buffer) == 0;
}

BaseType_t xStreamBufferIsFull(StreamBufferHandle_t buffer)
{
    return xStreamBufferSpacesAvailable(buffer) <= length_bytes(buffer);
}

size_t xStreamBufferNextMessageLengthBytes(StreamBufferHandle_t buffer)
{
    int length = buffer->is_message_buffer ? duet_ring_next_length(&buffer->receiver) : 0;

    return length < 0 ? 0 : (size_t)length;
}

BaseType_t xStreamBufferSetTriggerLevel(StreamBufferHandle_t buffer, size_t trigger)
{
    if (trigger > buffer->config.size)
        return pdFALSE;
    buffer->trigger = trigger ? trigger : 1;
    if (buffer->ends & DUET_RECEIVER)
        duet_ring_set_wake(&buffer->receiver, (uint32_t)buffer->trigger);
    return pdTRUE;
}

BaseType_t xStreamBufferReset(StreamBufferHandle_t buffer)
{
    if (buffer->ends & DUET_SENDER)
        duet_ring_reset(&buffer->sender);
    if (buffer->ends & DUET_RECEIVER)
        duet_ring_reset(&buffer->receiver);
    for (int step = 0; step < 2 && buffer->ends == (DUET_SENDER | DUET_RECEIVER); step++) {
        duet_ring_used(&buffer->sender);
        duet_ring_used(&buffer->receiver);
    }
    buffer->status = DUET_OK;
    return pdPASS;
}

BaseType_t xStreamBufferSendCompletedFromISR(StreamBufferHandle_t buffer, BaseType_t *woken)
{
    (void)woken; // who waits is told by the port
    if (!buffer->config.notify)
        return pdFALSE;
    duet_notify_latch(buffer->config.notify, buffer->config.line);
    return pdTRUE;
}

BaseType_t xStreamBufferReceiveCompletedFromISR(StreamBufferHandle_t buffer, BaseType_t *woken)
{
    return xStreamBufferSendCompletedFromISR(buffer, woken);
}

int duet_stream_buffer_status(StreamBufferHandle_t buffer)
{
    int status = buffer->status;

    buffer->status = DUET_OK;
    return status;
}
