#include "cm4/avi.h"

#include <string.h>

/* Where the parts of sector 0 begin. What is left before the list of frames is padding. */
enum {
    HEADERS_LIST = 12,
    MAIN_HEADER = 24,
    STREAM_LIST = 88,
    STREAM_HEADER = 100,
    STREAM_FORMAT = 164,
    PADDING = 212,
    FRAMES_LIST = AVI_SECTOR - 12,
    HAS_INDEX = 0x10,
    KEY_FRAME = 0x10,
};

/* A file may have 2^31 bytes: players of AVI count in signed 32-bit numbers. */
enum { SECTORS_MAX = 0x7fffffff / AVI_SECTOR - AVI_FRAME_MAX / AVI_SECTOR - 2 };

struct writer {
    uint8_t *to;
};

static void put32(struct writer *w, uint32_t value)
{
    for (unsigned n = 0; n < 4; n++)
        *w->to++ = (uint8_t)(value >> 8 * n);
}

static void put16(struct writer *w, uint16_t value)
{
    *w->to++ = (uint8_t)value;
    *w->to++ = (uint8_t)(value >> 8);
}

static void put_name(struct writer *w, const char *name)
{
    memcpy(w->to, name, 4);
    w->to += 4;
}

static void put_chunk(struct writer *w, const char *name, uint32_t length)
{
    put_name(w, name);
    put32(w, length);
}

static void put_list(struct writer *w, const char *name, uint32_t length, const char *of)
{
    put_chunk(w, name, length);
    put_name(w, of);
}

void avi_begin(struct avi *avi, unsigned width, unsigned height, unsigned frames_per_second,
               uint32_t *bytes_of, uint32_t frames_max)
{
    *avi = (struct avi){
        .width = (uint16_t)width,
        .height = (uint16_t)height,
        .frames_per_second = (uint16_t)frames_per_second,
        .bytes_of = bytes_of,
        .frames_max = frames_max,
    };
}

uint32_t avi_index_bytes(const struct avi *avi)
{
    return 8 + avi->frames * AVI_INDEX_ENTRY;
}

bool avi_has_room(const struct avi *avi)
{
    return avi->frames < avi->frames_max &&
           avi->sectors + avi_index_bytes(avi) / AVI_SECTOR + 1 < SECTORS_MAX;
}

/* What is left of the last sector is a chunk too, so it is nothing or has room for a header. */
static uint32_t sectors_for(uint32_t jpeg_bytes)
{
    uint32_t used = AVI_CHUNK_HEADER + jpeg_bytes;
    uint32_t sectors = (used + AVI_SECTOR - 1) / AVI_SECTOR, left = sectors * AVI_SECTOR - used;
    return left && left < AVI_CHUNK_HEADER ? sectors + 1 : sectors;
}

uint32_t avi_frame(struct avi *avi, uint8_t *chunk, uint32_t jpeg_bytes)
{
    uint32_t sectors = sectors_for(jpeg_bytes), bytes = sectors * AVI_SECTOR;
    struct writer w = {chunk};
    put_chunk(&w, "00dc", jpeg_bytes);
    w.to += jpeg_bytes;
    if (w.to < chunk + bytes) {
        put_chunk(&w, "JUNK", (uint32_t)(chunk + bytes - w.to) - AVI_CHUNK_HEADER);
        memset(w.to, 0, (size_t)(chunk + bytes - w.to));
    }
    avi->bytes_of[avi->frames++] = jpeg_bytes;
    avi->sectors += sectors;
    if (jpeg_bytes > avi->largest)
        avi->largest = jpeg_bytes;
    return bytes;
}

static void put_main_header(const struct avi *avi, bool indexed, struct writer *w)
{
    put_chunk(w, "avih", 56);
    put32(w, 1000000u / avi->frames_per_second);
    put32(w, avi->largest * avi->frames_per_second);
    put32(w, 0);
    put32(w, indexed ? HAS_INDEX : 0);
    put32(w, avi->frames);
    put32(w, 0);
    put32(w, 1); /* streams */
    put32(w, avi->largest);
    put32(w, avi->width);
    put32(w, avi->height);
    w->to += 16;
}

static void put_stream_header(const struct avi *avi, struct writer *w)
{
    put_chunk(w, "strh", 56);
    put_name(w, "vids");
    put_name(w, "MJPG");
    w->to += 12;
    put32(w, 1); /* scale: rate / scale frames a second */
    put32(w, avi->frames_per_second);
    put32(w, 0);
    put32(w, avi->frames);
    put32(w, avi->largest);
    put32(w, 0xffffffff); /* quality: as the codec has it */
    put32(w, 0);
    put32(w, 0);
    put16(w, avi->width);
    put16(w, avi->height);
}

/* BITMAPINFOHEADER */
static void put_stream_format(const struct avi *avi, struct writer *w)
{
    put_chunk(w, "strf", 40);
    put32(w, 40);
    put32(w, avi->width);
    put32(w, avi->height);
    put16(w, 1);
    put16(w, 24);
    put_name(w, "MJPG");
    put32(w, (uint32_t)avi->width * avi->height * 3);
    w->to += 16;
}

static void put_headers(const struct avi *avi, uint32_t sectors, uint32_t index_bytes,
                        uint8_t sector[AVI_SECTOR])
{
    struct writer w = {sector};
    memset(sector, 0, AVI_SECTOR);
    put_list(&w, "RIFF", AVI_SECTOR + sectors * AVI_SECTOR + index_bytes - 8, "AVI ");
    put_list(&w, "LIST", PADDING - HEADERS_LIST - 8, "hdrl");
    put_main_header(avi, index_bytes, &w);
    put_list(&w, "LIST", PADDING - STREAM_LIST - 8, "strl");
    put_stream_header(avi, &w);
    put_stream_format(avi, &w);
    put_chunk(&w, "JUNK", FRAMES_LIST - PADDING - 8);
    w.to = sector + FRAMES_LIST;
    put_list(&w, "LIST", 4 + sectors * AVI_SECTOR, "movi");
}

void avi_open_header(const struct avi *avi, uint8_t sector[AVI_SECTOR])
{
    put_headers(avi, SECTORS_MAX, 0, sector);
}

void avi_plain_header(const struct avi *avi, uint8_t sector[AVI_SECTOR])
{
    put_headers(avi, avi->sectors, 0, sector);
}

void avi_final_header(const struct avi *avi, uint8_t sector[AVI_SECTOR])
{
    put_headers(avi, avi->sectors, avi_index_bytes(avi), sector);
}

uint32_t avi_index(const struct avi *avi, uint32_t at, uint8_t *bytes, uint32_t room)
{
    struct writer w = {bytes};
    if (at == 0)
        put_chunk(&w, "idx1", avi->frames * AVI_INDEX_ENTRY);
    uint32_t sectors = 0, first = at ? (at - 8) / AVI_INDEX_ENTRY : 0;
    for (uint32_t n = 0; n < first; n++)
        sectors += sectors_for(avi->bytes_of[n]);
    for (uint32_t n = first; n < avi->frames && w.to + AVI_INDEX_ENTRY <= bytes + room; n++) {
        put_name(&w, "00dc");
        put32(&w, KEY_FRAME);
        put32(&w, 4 + sectors * AVI_SECTOR); /* from the word 'movi' on */
        put32(&w, avi->bytes_of[n]);
        sectors += sectors_for(avi->bytes_of[n]);
    }
    return (uint32_t)(w.to - bytes);
}
