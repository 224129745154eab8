// MessagePack (the 2013 specification) into and out of a bounded memory. Any context.
//
// Writer: a put that does not fit sets `overflow` and writes nothing; check it once at the end.
// Reader: a get of another type, or beyond the end, answers DUET_INVALID and does not move.
#ifndef DUET_MSGPACK_H
#define DUET_MSGPACK_H

#include <stdint.h>

#include "duet/status.h"

struct duet_msgpack_writer {
    uint8_t *bytes;
    uint32_t size;
    uint32_t used;
    uint32_t overflow;
};

struct duet_msgpack_reader {
    const uint8_t *bytes; // the caller's own memory: not memory that a peer can change meanwhile
    uint32_t size;
    uint32_t at;
};

void duet_msgpack_put_nil(struct duet_msgpack_writer *writer);
void duet_msgpack_put_bool(struct duet_msgpack_writer *writer, int value);
void duet_msgpack_put_int(struct duet_msgpack_writer *writer, int64_t value); // the shortest form
void duet_msgpack_put_uint(struct duet_msgpack_writer *writer, uint64_t value);
void duet_msgpack_put_u32(struct duet_msgpack_writer *writer, uint32_t value); // always 5 bytes
void duet_msgpack_put_float(struct duet_msgpack_writer *writer, float value);
void duet_msgpack_put_double(struct duet_msgpack_writer *writer, double value);
void duet_msgpack_put_string(struct duet_msgpack_writer *writer, const char *text, uint32_t length);
void duet_msgpack_put_bin(struct duet_msgpack_writer *writer, const void *bytes, uint32_t length);
void duet_msgpack_put_array(struct duet_msgpack_writer *writer, uint32_t count); // then count items
void duet_msgpack_put_map(struct duet_msgpack_writer *writer, uint32_t count);   // then count pairs
// Items that are MessagePack already.
void duet_msgpack_put_raw(struct duet_msgpack_writer *writer, const void *bytes, uint32_t length);

int duet_msgpack_get_nil(struct duet_msgpack_reader *reader);
int duet_msgpack_get_bool(struct duet_msgpack_reader *reader, int *value);
int duet_msgpack_get_int(struct duet_msgpack_reader *reader, int64_t *value);   // that it can hold
int duet_msgpack_get_uint(struct duet_msgpack_reader *reader, uint64_t *value); // none below 0
int duet_msgpack_get_double(struct duet_msgpack_reader *reader, double *value); // either width
// The bytes stay where they are; a string is not terminated by 0.
int duet_msgpack_get_string(struct duet_msgpack_reader *reader, const char **text,
                            uint32_t *length);
int duet_msgpack_get_bin(struct duet_msgpack_reader *reader, const uint8_t **bytes,
                         uint32_t *length);
int duet_msgpack_get_array(struct duet_msgpack_reader *reader, uint32_t *count);
int duet_msgpack_get_map(struct duet_msgpack_reader *reader, uint32_t *count);
// Passes over one item with all that is in it, however deep.
int duet_msgpack_skip(struct duet_msgpack_reader *reader);

#endif
