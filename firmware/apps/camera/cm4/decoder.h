/*
 * JPEG pictures from the stick, by the codec that the encoder has otherwise. Who wants to decode takes it
 * for as long as he does. Threads, one at a time.
 */
#ifndef CAMERA_DECODER_H
#define CAMERA_DECODER_H

#include "cm4/storage.h"
#include "shared/picture_shape.h"

enum { DECODER_STREAM_BYTES = 1 << 20, DECODER_LARGEST = DECODER_STREAM_BYTES - 1024 };

/* From tx_application_define. */
void decoder_open(void);
/* STORAGE_RECORDING: the encoder needs it; STORAGE_SLOW: another keeps it. */
enum storage_status decoder_take(void);
void decoder_give(void);

/* Memory of DECODER_STREAM_BYTES for a stream. */
uint8_t *decoder_memory(void);
/* The stream of `bytes`, up to DECODER_LARGEST, somewhere in that memory, into `room` bytes at `units`, a multiple of 8. STORAGE_NOT_A_FILM,
 * STORAGE_TOO_WIDE: of a kind that cannot be shown. */
enum storage_status decoder_decode(uint8_t *stream, uint32_t bytes, uint8_t *units, uint32_t room,
                                   struct picture_shape *shape);

#endif
