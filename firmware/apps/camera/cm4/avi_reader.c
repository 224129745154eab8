#include "cm4/avi_reader.h"

#include <string.h>

enum { HEADER = 8, LIST_HEADER = 12, ENTRY = 16, CHUNKS_MAX = 4096, FRAME_MAX = 1 << 20 };
enum { MAIN_BYTES = 24, STREAM_BYTES = 8 };

static uint32_t little32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool is(const uint8_t *bytes, const char *name)
{
    return memcmp(bytes, name, 4) == 0;
}

static bool get(struct avi_film *film, uint32_t at, uint8_t *bytes, uint32_t count)
{
    return film->source->read(film->source->context, at, bytes, count) == count;
}

/* Behind a chunk of that many bytes; chunks begin at even places. 0: it would be beyond 4 GB. */
static uint32_t behind(uint32_t at, uint32_t bytes)
{
    uint64_t next = (uint64_t)at + HEADER + bytes + (bytes & 1);
    return next <= UINT32_MAX ? (uint32_t)next : 0;
}

static bool take_main_header(struct avi_film *film, uint32_t at)
{
    uint8_t bytes[MAIN_BYTES] __attribute__((aligned(4)));
    if (!get(film, at, bytes, sizeof bytes))
        return false;
    film->frame_us = little32(bytes);
    film->frames = little32(bytes + 16);
    return film->frame_us >= 1000 && film->frame_us <= 10000000;
}

static bool take_stream_header(struct avi_film *film, uint32_t at, bool *is_mjpeg)
{
    uint8_t bytes[STREAM_BYTES] __attribute__((aligned(4)));
    if (!get(film, at, bytes, sizeof bytes))
        return false;
    *is_mjpeg =
        *is_mjpeg || (is(bytes, "vids") && (is(bytes + 4, "MJPG") || is(bytes + 4, "mjpg")));
    return true;
}

static bool take_list(struct avi_film *film, const uint8_t *header, uint32_t at, uint32_t *next)
{
    if (is(header + 8, "movi")) {
        film->first = at + LIST_HEADER;
        film->end = *next ? *next : UINT32_MAX;
        film->index_base = at + HEADER;
    } else {
        *next = at + LIST_HEADER; /* what is in it is looked at */
    }
    return true;
}

/* One chunk outside the frames. False: that was the last that makes sense. */
static bool take_chunk(struct avi_film *film, uint32_t at, uint32_t *next, bool *is_mjpeg)
{
    uint8_t header[LIST_HEADER] __attribute__((aligned(4)));
    if (!get(film, at, header, sizeof header))
        return false;
    uint32_t bytes = little32(header + 4);
    *next = behind(at, bytes);
    if (is(header, "LIST"))
        return take_list(film, header, at, next);
    if (is(header, "avih"))
        return take_main_header(film, at + HEADER);
    if (is(header, "strh"))
        return take_stream_header(film, at + HEADER, is_mjpeg);
    if (is(header, "idx1")) {
        film->index = at + HEADER;
        film->index_end = *next;
    }
    return true;
}

bool avi_film_open(struct avi_film *film, const struct avi_source *source)
{
    uint8_t riff[LIST_HEADER] __attribute__((aligned(4)));
    bool is_mjpeg = false;
    *film = (struct avi_film){.source = source};
    if (!get(film, 0, riff, sizeof riff) || !is(riff, "RIFF") || !is(riff + 8, "AVI "))
        return false;
    uint32_t at = LIST_HEADER, next;
    for (unsigned n = 0; n < CHUNKS_MAX && take_chunk(film, at, &next, &is_mjpeg) && next > at; n++)
        at = next;
    film->at = film->first;
    return film->first && film->frame_us && is_mjpeg;
}

static bool holds_frame(const uint8_t *header)
{
    return (header[2] == 'd' && (header[3] == 'c' || header[3] == 'b')) && header[0] >= '0' &&
           header[0] <= '9';
}

bool avi_film_next(struct avi_film *film, uint32_t *at, uint32_t *bytes)
{
    uint8_t header[HEADER] __attribute__((aligned(4)));
    for (unsigned n = 0; n < CHUNKS_MAX && film->at < film->end; n++) {
        uint32_t here = film->at;
        if (!get(film, here, header, sizeof header) || header[0] == 0)
            return false;
        *bytes = little32(header + 4);
        film->at = is(header, "LIST") ? here + LIST_HEADER : behind(here, *bytes);
        if (film->at <= here)
            return false;
        if (holds_frame(header) && *bytes && *bytes <= FRAME_MAX) {
            *at = here + HEADER;
            film->frame++;
            return true;
        }
    }
    return false;
}

/* Places in an index count from the word 'movi', or from the start of the file. */
static uint32_t place_of(struct avi_film *film, uint32_t offset)
{
    uint8_t header[HEADER] __attribute__((aligned(4)));
    uint32_t at = film->index_base + offset;
    if (get(film, at, header, sizeof header) && holds_frame(header))
        return at;
    return get(film, offset, header, sizeof header) && holds_frame(header) ? offset : 0;
}

void avi_film_seek(struct avi_film *film, uint32_t frame)
{
    uint8_t entry[ENTRY] __attribute__((aligned(4)));
    film->at = film->first;
    film->frame = 0;
    if (!frame || !film->index || frame >= (film->index_end - film->index) / ENTRY ||
        !get(film, film->index + frame * ENTRY, entry, sizeof entry))
        return;
    uint32_t at = place_of(film, little32(entry + 8));
    if (at) {
        film->at = at;
        film->frame = frame;
    }
}
