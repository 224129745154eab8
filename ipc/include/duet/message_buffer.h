// Message buffers with FreeRTOS's names and meanings: a stream buffer that keeps messages whole, each
// behind 4 bytes of length. A message that does not fit is not sent; one that is longer than the
// receiver's memory stays in the buffer, and 0 is answered. See duet/stream_buffer.h.
#ifndef DUET_MESSAGE_BUFFER_H
#define DUET_MESSAGE_BUFFER_H

#include "duet/stream_buffer.h"

typedef StreamBufferHandle_t MessageBufferHandle_t;
typedef StaticStreamBuffer_t StaticMessageBuffer_t;

MessageBufferHandle_t xMessageBufferCreateStatic(size_t xBufferSizeBytes,
                                                 uint8_t *pucMessageBufferStorageArea,
                                                 StaticMessageBuffer_t *pxStaticMessageBuffer);
MessageBufferHandle_t
xMessageBufferCreateStaticWithCallback(size_t xBufferSizeBytes,
                                       uint8_t *pucMessageBufferStorageArea,
                                       StaticMessageBuffer_t *pxStaticMessageBuffer,
                                       StreamBufferCallbackFunction_t pxSendCompletedCallback,
                                       StreamBufferCallbackFunction_t pxReceiveCompletedCallback);
MessageBufferHandle_t
xMessageBufferCreateShared(const struct duet_ring_config *ring, unsigned ends,
                           StaticMessageBuffer_t *pxStaticMessageBuffer,
                           StreamBufferCallbackFunction_t pxSendCompletedCallback,
                           StreamBufferCallbackFunction_t pxReceiveCompletedCallback);

#define xMessageBufferSend                    xStreamBufferSend
#define xMessageBufferSendFromISR             xStreamBufferSendFromISR
#define xMessageBufferReceive                 xStreamBufferReceive
#define xMessageBufferReceiveFromISR          xStreamBufferReceiveFromISR
#define xMessageBufferReset                   xStreamBufferReset
#define xMessageBufferIsEmpty                 xStreamBufferIsEmpty
#define xMessageBufferIsFull                  xStreamBufferIsFull
#define xMessageBufferSpacesAvailable         xStreamBufferSpacesAvailable
#define xMessageBufferSpaceAvailable          xStreamBufferSpacesAvailable
#define xMessageBufferNextLengthBytes         xStreamBufferNextMessageLengthBytes
#define xMessageBufferSendCompletedFromISR    xStreamBufferSendCompletedFromISR
#define xMessageBufferReceiveCompletedFromISR xStreamBufferReceiveCompletedFromISR

#endif
