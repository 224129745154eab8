/*
 * The JPEG codec (RM0399 chapter 35), fed and emptied by the MDMA: no CPU touches a sample.
 * One core, the M4; one picture at a time, encoded or decoded.
 *
 *   units of YCbCr (drivers/dcmi.h) -> MDMA -> input FIFO, codec, output FIFO -> MDMA -> stream
 *   stream -> MDMA -> input FIFO, codec, output FIFO -> MDMA -> units of YCbCr
 *
 * A stream that is made is a whole baseline JPEG file, headers with the tables of ITU-T T.81 annex K
 * included; one that is read may have any tables.
 */
#ifndef DRIVERS_JPEG_H
#define DRIVERS_JPEG_H

#include <stdbool.h>
#include <stdint.h>

/* Clock and tables for encoding, which decoding changes: before the first picture that is encoded, and
 * again after others were decoded. `quality` 1 to 100, as libjpeg counts. */
void jpeg_start(unsigned quality);

/* Begins. `units`: 2 * width * height bytes; `width` a multiple of 16, `height` of 8, together at most
 * 2^21 pixels; `stream`: room for `room` bytes, of which whole blocks of 4096 are used, up to 2^20
 * bytes. Both addresses are multiples of 8, in memory that no cache holds. False: a picture is being
 * encoded or decoded, or these do not fit. */
bool jpeg_encode(const void *units, uint32_t width, uint32_t height, void *stream, uint32_t room);

/* Begins to decode a whole baseline JPEG file of `bytes` (up to 2^20, and what is in memory up to the
 * next multiple of 256 is read, too) into `rows` (up to 4096) of units of `row_bytes` each (a multiple
 * of 64, up to 65536). Addresses as above; jpeg_start() was called once. The codec says nothing of a
 * stream that makes no sense: it never ends then, and the caller gives up by jpeg_stop(). */
bool jpeg_decode(const void *stream, uint32_t bytes, void *units, uint32_t row_bytes,
                 uint32_t rows);

enum jpeg_result { JPEG_NOTHING, JPEG_DONE, JPEG_FAILED };
/* From the handler of JPEG; `length` is set with JPEG_DONE: bytes that were made, of a stream a multiple
 * of 4 (what follows the end marker is 0). JPEG_FAILED: the stream has no room for the picture, or the
 * picture is of another size than was said. */
enum jpeg_result jpeg_interrupt(uint32_t *length);
/* For the handler of MDMA, likewise: tells what jpeg_interrupt() will not. */
enum jpeg_result jpeg_mdma_interrupt(void);
/* Gives the picture up. */
void jpeg_stop(void);

#endif
