/*
 * An MJPEG film in an AVI file (OpenDML's plain RIFF form), as it is written: no I/O here.
 *
 *   sector 0        headers, up to and with the 'movi' list's
 *   sector 1 on     frames, each in whole sectors: a chunk "00dc" with the JPEG, and one of padding
 *   at the end      "idx1", an entry a frame
 *
 * A film that was cut off plays as far as it goes: while it is written, sector 0 promises as much as a
 * film may have, and players stop where the file does. One thread.
 */
#ifndef CAMERA_AVI_H
#define CAMERA_AVI_H

#include <stdbool.h>
#include <stdint.h>

enum {
    AVI_SECTOR = 512,
    AVI_CHUNK_HEADER = 8,
    AVI_INDEX_ENTRY = 16,
    AVI_FRAME_MAX = 1 << 20, /* bytes of a frame's chunk */
};

struct avi {
    uint16_t width, height, frames_per_second;
    uint32_t frames, sectors; /* of frames so far */
    uint32_t largest;         /* bytes of the largest chunk */
    uint32_t *bytes_of;       /* the caller's: of each frame's JPEG */
    uint32_t frames_max;
};

/* `bytes_of`: memory for `frames_max` frames; it is the film's until its end. */
void avi_begin(struct avi *avi, unsigned width, unsigned height, unsigned frames_per_second,
               uint32_t *bytes_of, uint32_t frames_max);
/* False: the next frame belongs into a new film (2 GB less what index and frame may take, or
 * frames_max). */
bool avi_has_room(const struct avi *avi);
/* Makes a chunk of the `jpeg_bytes` (even, up to AVI_FRAME_MAX less a sector) that stand at `chunk` +
 * AVI_CHUNK_HEADER, and counts it. How many bytes are to be written from `chunk` on: whole sectors,
 * the last filled up with padding. */
uint32_t avi_frame(struct avi *avi, uint8_t *chunk, uint32_t jpeg_bytes);
/* Sector 0 of a film that is being written, of one that is complete with its index, and of one without. */
void avi_open_header(const struct avi *avi, uint8_t sector[AVI_SECTOR]);
void avi_plain_header(const struct avi *avi, uint8_t sector[AVI_SECTOR]);
void avi_final_header(const struct avi *avi, uint8_t sector[AVI_SECTOR]);
/* Bytes of the index, as it is now. */
uint32_t avi_index_bytes(const struct avi *avi);
/* Of the index, from its byte `at` on, up to `room` bytes (both multiples of 8); 0: that was all. */
uint32_t avi_index(const struct avi *avi, uint32_t at, uint8_t *bytes, uint32_t room);

#endif
