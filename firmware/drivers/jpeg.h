/*
 * The JPEG codec as an encoder (RM0399, chapter "JPEG codec"), fed and emptied by the MDMA: no CPU
 * touches a sample. One core, the M4; one picture at a time.
 *
 *   units of YCbCr 4:2:2 (drivers/dcmi.h) -> MDMA -> input FIFO, codec, output FIFO -> MDMA -> memory
 *
 * The stream is a whole baseline JPEG file, headers with the tables of ITU-T T.81 annex K included.
 */
#ifndef DRIVERS_JPEG_H
#define DRIVERS_JPEG_H

#include <stdbool.h>
#include <stdint.h>

/* Clock and tables; `quality` 1 to 100, as libjpeg counts. */
void jpeg_start(unsigned quality);

/* Begins. `units`: 2 * width * height bytes; `width` a multiple of 16, `height` of 8, together at most
 * 2^21 pixels; `stream`: room for `room` bytes, of which whole blocks of 4096 are used, up to 2^20
 * bytes. Both addresses are multiples of 8, in memory that no cache holds. False: a picture is being
 * encoded, or these do not fit. */
bool jpeg_encode(const void *units, uint32_t width, uint32_t height, void *stream, uint32_t room);

enum jpeg_result { JPEG_NOTHING, JPEG_DONE, JPEG_FAILED };
/* From the handler of JPEG; `length` is set with JPEG_DONE: bytes of the stream, a multiple of 4 (what
 * follows the end marker is 0). JPEG_FAILED: the stream has no room for the picture. */
enum jpeg_result jpeg_interrupt(uint32_t *length);
/* For the handler of MDMA, likewise: tells what jpeg_interrupt() will not. */
enum jpeg_result jpeg_mdma_interrupt(void);
/* Gives the picture up. */
void jpeg_stop(void);

#endif
