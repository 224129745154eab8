// Stream buffers with FreeRTOS's names and meanings, inside one core or from one core to the other.
//
// As there: one sender and one receiver at a time; a buffer of n bytes holds n - 1; a receiver that
// found nothing waits for the trigger level, and takes what there is when its time is over; FromISR
// forms never wait. Differences: nothing comes from a heap, so only the static create calls exist; each
// core has its own handle of a shared buffer, and nothing in it is believed unchecked; a wait with
// portMAX_DELAY ends after 2^31 microseconds at the latest.
//
// Contexts: the FromISR forms from interrupt handlers, all else from threads.
#ifndef DUET_STREAM_BUFFER_H
#define DUET_STREAM_BUFFER_H

#include "duet/ring.h"

#ifndef INC_FREERTOS_H // FreeRTOS.h has its own of these
typedef long BaseType_t;
typedef unsigned long UBaseType_t;
typedef uint32_t TickType_t;
#define pdFALSE       ((BaseType_t)0)
#define pdTRUE        ((BaseType_t)1)
#define pdFAIL        pdFALSE
#define pdPASS        pdTRUE
#define portMAX_DELAY ((TickType_t)0xFFFFFFFFu)
#ifndef configTICK_RATE_HZ
#define configTICK_RATE_HZ 1000u
#endif
#define pdMS_TO_TICKS(ms) ((TickType_t)(((uint64_t)(ms)*configTICK_RATE_HZ) / 1000u))
#endif

struct duet_stream_buffer;

typedef struct duet_stream_buffer *StreamBufferHandle_t;
typedef void (*StreamBufferCallbackFunction_t)(StreamBufferHandle_t xStreamBuffer,
                                               BaseType_t xIsInsideISR,
                                               BaseType_t *pxHigherPriorityTaskWoken);

// One core's view of a buffer. The members are the library's.
typedef struct duet_stream_buffer {
    struct duet_ring_shared inside; // of a buffer inside one core; else not used
    struct duet_ring_config config;
    struct duet_ring sender;
    struct duet_ring receiver;
    StreamBufferCallbackFunction_t sent;
    StreamBufferCallbackFunction_t received;
    size_t trigger;
    int status;
    uint8_t is_message_buffer;
    uint8_t ends; // which of the two ends this core has
} StaticStreamBuffer_t;

// The ends of a shared buffer that a core opens.
#define DUET_SENDER   1u
#define DUET_RECEIVER 2u

// The port that buffers inside this core wait with. The application defines it when it creates one.
const struct duet_port *duet_local_port(void);

// A buffer inside this core. xBufferSizeBytes 8 or more, a trigger level up to it; 0 counts as 1. NULL
// for a bad argument. The callbacks run where FreeRTOS runs sbSEND_COMPLETED and sbRECEIVE_COMPLETED:
// after bytes were sent that reach the trigger level, and after bytes were taken. They may be NULL.
StreamBufferHandle_t xStreamBufferCreateStatic(size_t xBufferSizeBytes, size_t xTriggerLevelBytes,
                                               uint8_t *pucStreamBufferStorageArea,
                                               StaticStreamBuffer_t *pxStaticStreamBuffer);
StreamBufferHandle_t
xStreamBufferCreateStaticWithCallback(size_t xBufferSizeBytes, size_t xTriggerLevelBytes,
                                      uint8_t *pucStreamBufferStorageArea,
                                      StaticStreamBuffer_t *pxStaticStreamBuffer,
                                      StreamBufferCallbackFunction_t pxSendCompletedCallback,
                                      StreamBufferCallbackFunction_t pxReceiveCompletedCallback);

// One core's handle of a buffer that both cores share: `ring` says where it is (it is copied), `ends`
// which end this core has. The line of ring->notify wakes the other core; without a notify the
// callback has to, as in the control-buffer pattern.
StreamBufferHandle_t
xStreamBufferCreateShared(const struct duet_ring_config *ring, size_t xTriggerLevelBytes,
                          unsigned ends, StaticStreamBuffer_t *pxStaticStreamBuffer,
                          StreamBufferCallbackFunction_t pxSendCompletedCallback,
                          StreamBufferCallbackFunction_t pxReceiveCompletedCallback);

// Bytes sent: all of them, or after the wait as many as there was room for.
size_t xStreamBufferSend(StreamBufferHandle_t xStreamBuffer, const void *pvTxData,
                         size_t xDataLengthBytes, TickType_t xTicksToWait);
size_t xStreamBufferSendFromISR(StreamBufferHandle_t xStreamBuffer, const void *pvTxData,
                                size_t xDataLengthBytes, BaseType_t *pxHigherPriorityTaskWoken);

// Bytes received.
size_t xStreamBufferReceive(StreamBufferHandle_t xStreamBuffer, void *pvRxData,
                            size_t xBufferLengthBytes, TickType_t xTicksToWait);
size_t xStreamBufferReceiveFromISR(StreamBufferHandle_t xStreamBuffer, void *pvRxData,
                                   size_t xBufferLengthBytes,
                                   BaseType_t *pxHigherPriorityTaskWoken);

// Empties the buffer. On a shared one, this core's end begins a new session.
BaseType_t xStreamBufferReset(StreamBufferHandle_t xStreamBuffer);

// pdFALSE when the level is above the buffer's size. The receiver's core sets it.
BaseType_t xStreamBufferSetTriggerLevel(StreamBufferHandle_t xStreamBuffer, size_t xTriggerLevel);

size_t xStreamBufferBytesAvailable(StreamBufferHandle_t xStreamBuffer);
size_t xStreamBufferSpacesAvailable(StreamBufferHandle_t xStreamBuffer);
BaseType_t xStreamBufferIsEmpty(StreamBufferHandle_t xStreamBuffer);
BaseType_t xStreamBufferIsFull(StreamBufferHandle_t xStreamBuffer);
size_t xStreamBufferNextMessageLengthBytes(StreamBufferHandle_t xStreamBuffer);

// From the interrupt that says that the other core has sent, or received: whoever waits on the buffer
// looks again. pdTRUE when the buffer has a line to wait on.
BaseType_t xStreamBufferSendCompletedFromISR(StreamBufferHandle_t xStreamBuffer,
                                             BaseType_t *pxHigherPriorityTaskWoken);
BaseType_t xStreamBufferReceiveCompletedFromISR(StreamBufferHandle_t xStreamBuffer,
                                                BaseType_t *pxHigherPriorityTaskWoken);

// What FreeRTOS cannot tell: why the last call answered 0, as a duet_status (DUET_RESTARTED,
// DUET_CORRUPT, DUET_DOWN, DUET_TOO_LARGE), or DUET_OK. Reading it clears it. A peer that is down after a
// restart, or after what made no sense, does not hide either.
int duet_stream_buffer_status(StreamBufferHandle_t xStreamBuffer);

#endif
