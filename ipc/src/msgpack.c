#include "duet/msgpack.h"

#include <stddef.h>

#include "shared.h"

enum {
    TAG_FIXMAP = 0x80,
    TAG_FIXARRAY = 0x90,
    TAG_FIXSTR = 0xA0,
    TAG_NIL = 0xC0,
    TAG_FALSE = 0xC2,
    TAG_TRUE = 0xC3,
    TAG_BIN8 = 0xC4,
    TAG_EXT8 = 0xC7,
    TAG_FLOAT32 = 0xCA,
    TAG_FLOAT64 = 0xCB,
    TAG_UINT8 = 0xCC,
    TAG_INT8 = 0xD0,
    TAG_FIXEXT1 = 0xD4,
    TAG_STR8 = 0xD9,
    TAG_STR16 = 0xDA,
    TAG_ARRAY16 = 0xDC,
    TAG_MAP16 = 0xDE,
    TAG_NEGATIVE = 0xE0,
};

// ---- writing

static uint8_t *reserve(struct duet_msgpack_writer *writer, uint32_t count)
{
    if (writer->overflow || count > writer->size - writer->used) {
        writer->overflow = 1;
        return NULL;
    }
    writer->used += count;
    return writer->bytes + writer->used - count;
}

// The tag and `width` bytes of the value, the highest first.
static void put(struct duet_msgpack_writer *writer, uint32_t tag, uint64_t value, uint32_t width)
{
    uint8_t *at = reserve(writer, 1 + width);

    if (!at)
        return;
    *at++ = (uint8_t)tag;
    while (width--)
        *at++ = (uint8_t)(value >> (8 * width));
}

// How many doublings of one byte the value needs: 0, 1, 2 or 3.
static uint32_t width_of(uint64_t value)
{
    return value <= UINT8_MAX ? 0 : value <= UINT16_MAX ? 1 : value <= UINT32_MAX ? 2 : 3;
}

void duet_msgpack_put_nil(struct duet_msgpack_writer *writer)
{
    put(writer, TAG_NIL, 0, 0);
}

void duet_msgpack_put_bool(struct duet_msgpack_writer *writer, int value)
{
    put(writer, value ? TAG_TRUE : TAG_FALSE, 0, 0);
}

void duet_msgpack_put_uint(struct duet_msgpack_writer *writer, uint64_t value)
{
    uint32_t width = width_of(value);

    if (value < 0x80)
        put(writer, (uint32_t)value, 0, 0);
    else
        put(writer, TAG_UINT8 + width, value, 1u << width);
}

void duet_msgpack_put_int(struct duet_msgpack_writer *writer, int64_t value)
{
    uint64_t bits = (uint64_t)value;

    if (value >= 0) {
        duet_msgpack_put_uint(writer, bits);
    } else if (value >= -32) {
        put(writer, (uint32_t)bits & 0xFF, 0, 0);
    } else {
        uint32_t width = width_of(~bits << 1); // one bit more, for the sign

        put(writer, TAG_INT8 + width, bits, 1u << width);
    }
}

void duet_msgpack_put_u32(struct duet_msgpack_writer *writer, uint32_t value)
{
    put(writer, TAG_UINT8 + 2, value, 4);
}

void duet_msgpack_put_float(struct duet_msgpack_writer *writer, float value)
{
    uint32_t bits;

    duet_copy(&bits, &value, sizeof(bits));
    put(writer, TAG_FLOAT32, bits, sizeof(bits));
}

void duet_msgpack_put_double(struct duet_msgpack_writer *writer, double value)
{
    uint64_t bits;

    duet_copy(&bits, &value, sizeof(bits));
    put(writer, TAG_FLOAT64, bits, sizeof(bits));
}

void duet_msgpack_put_raw(struct duet_msgpack_writer *writer, const void *bytes, uint32_t length)
{
    uint8_t *at = reserve(writer, length);

    if (at)
        duet_copy(at, bytes, length);
}

void duet_msgpack_put_string(struct duet_msgpack_writer *writer, const char *text, uint32_t length)
{
    uint32_t width = width_of(length);

    if (length < 32)
        put(writer, TAG_FIXSTR | length, 0, 0);
    else
        put(writer, TAG_STR8 + width, length, 1u << width);
    duet_msgpack_put_raw(writer, text, length);
}

void duet_msgpack_put_bin(struct duet_msgpack_writer *writer, const void *bytes, uint32_t length)
{
    uint32_t width = width_of(length);

    put(writer, TAG_BIN8 + width, length, 1u << width);
    duet_msgpack_put_raw(writer, bytes, length);
}

static void put_container(struct duet_msgpack_writer *writer, uint32_t fix, uint32_t tag16,
                          uint32_t count)
{
    if (count < 16)
        put(writer, fix | count, 0, 0);
    else if (count <= UINT16_MAX)
        put(writer, tag16, count, 2);
    else
        put(writer, tag16 + 1, count, 4);
}

void duet_msgpack_put_array(struct duet_msgpack_writer *writer, uint32_t count)
{
    put_container(writer, TAG_FIXARRAY, TAG_ARRAY16, count);
}

void duet_msgpack_put_map(struct duet_msgpack_writer *writer, uint32_t count)
{
    put_container(writer, TAG_FIXMAP, TAG_MAP16, count);
}

// ---- reading

static uint32_t left(const struct duet_msgpack_reader *reader)
{
    return reader->size - reader->at;
}

static int peek(const struct duet_msgpack_reader *reader)
{
    return left(reader) ? reader->bytes[reader->at] : DUET_INVALID;
}

// `width` bytes after the tag, the highest first.
static int value_after_tag(const struct duet_msgpack_reader *reader, uint32_t width,
                           uint64_t *value)
{
    if (left(reader) < 1 + width)
        return DUET_INVALID;
    *value = 0;
    for (uint32_t i = 1; i <= width; i++)
        *value = *value << 8 | reader->bytes[reader->at + i];
    return DUET_OK;
}

static int get_tag(struct duet_msgpack_reader *reader, int tag)
{
    if (peek(reader) != tag)
        return DUET_INVALID;
    reader->at++;
    return DUET_OK;
}

int duet_msgpack_get_nil(struct duet_msgpack_reader *reader)
{
    return get_tag(reader, TAG_NIL);
}

int duet_msgpack_get_bool(struct duet_msgpack_reader *reader, int *value)
{
    *value = peek(reader) == TAG_TRUE;
    return get_tag(reader, *value ? TAG_TRUE : TAG_FALSE);
}

// Any integer as its 64 bits and whether they are signed.
static int get_integer(struct duet_msgpack_reader *reader, uint64_t *bits, int *is_signed)
{
    int tag = peek(reader);
    uint32_t width = 0;

    *is_signed = 0;
    if (tag < 0)
        return DUET_INVALID;
    if (tag < 0x80) {
        *bits = (uint64_t)tag;
    } else if (tag >= TAG_NEGATIVE) {
        *bits = (uint64_t)(int64_t)(int8_t)tag;
        *is_signed = 1;
    } else if (tag >= TAG_UINT8 && tag < TAG_INT8 + 4) {
        *is_signed = tag >= TAG_INT8;
        width = 1u << (tag & 3);
        if (value_after_tag(reader, width, bits) != DUET_OK)
            return DUET_INVALID;
        if (*is_signed && width < 8 && (*bits >> (8 * width - 1) & 1))
            *bits |= ~(uint64_t)0 << (8 * width);
    } else {
        return DUET_INVALID;
    }
    *is_signed = *is_signed && (int64_t)*bits < 0;
    return (int)(1 + width);
}

int duet_msgpack_get_int(struct duet_msgpack_reader *reader, int64_t *value)
{
    uint64_t bits;
    int negative, bytes = get_integer(reader, &bits, &negative);

    if (bytes < 0 || (!negative && bits > INT64_MAX))
        return DUET_INVALID;
    *value = (int64_t)bits;
    reader->at += (uint32_t)bytes;
    return DUET_OK;
}

int duet_msgpack_get_uint(struct duet_msgpack_reader *reader, uint64_t *value)
{
    int negative, bytes = get_integer(reader, value, &negative);

    if (bytes < 0 || negative)
        return DUET_INVALID;
    reader->at += (uint32_t)bytes;
    return DUET_OK;
}

int duet_msgpack_get_double(struct duet_msgpack_reader *reader, double *value)
{
    int tag = peek(reader);
    uint64_t bits;

    if (tag == TAG_FLOAT64 && value_after_tag(reader, 8, &bits) == DUET_OK) {
        duet_copy(value, &bits, sizeof(bits));
        reader->at += 9;
        return DUET_OK;
    }
    if (tag == TAG_FLOAT32 && value_after_tag(reader, 4, &bits) == DUET_OK) {
        uint32_t low = (uint32_t)bits;
        float narrow;

        duet_copy(&narrow, &low, sizeof(narrow));
        *value = (double)narrow;
        reader->at += 5;
        return DUET_OK;
    }
    return DUET_INVALID;
}

// A length in the tag (below `limit` from `fix`) or after it (tag8 for one byte, or the first of the wider
// forms): the bytes of head and length, and the length.
static int get_length(const struct duet_msgpack_reader *reader, int fix, int limit, int first,
                      uint32_t first_width, uint32_t *length)
{
    int tag = peek(reader);
    uint64_t value;
    uint32_t width;

    if (tag < 0)
        return DUET_INVALID;
    if (limit && tag >= fix && tag < fix + limit) {
        *length = (uint32_t)(tag - fix);
        return 1;
    }
    if (tag < first || tag > first + (first_width == 1 ? 2 : 1)) // widths 1, 2, 4 or 2, 4
        return DUET_INVALID;
    width = first_width << (tag - first);
    if (value_after_tag(reader, width, &value) != DUET_OK)
        return DUET_INVALID;
    *length = (uint32_t)value;
    return (int)(1 + width);
}

static int get_bytes(struct duet_msgpack_reader *reader, int head, uint32_t length,
                     const uint8_t **bytes)
{
    if (head < 0 || (uint32_t)head > left(reader) || length > left(reader) - (uint32_t)head)
        return DUET_INVALID;
    *bytes = reader->bytes + reader->at + head;
    reader->at += (uint32_t)head + length;
    return DUET_OK;
}

int duet_msgpack_get_string(struct duet_msgpack_reader *reader, const char **text, uint32_t *length)
{
    int head = get_length(reader, TAG_FIXSTR, 32, TAG_STR8, 1, length);

    return get_bytes(reader, head, *length, (const uint8_t **)text);
}

int duet_msgpack_get_bin(struct duet_msgpack_reader *reader, const uint8_t **bytes,
                         uint32_t *length)
{
    int head = get_length(reader, 0, 0, TAG_BIN8, 1, length);

    return get_bytes(reader, head, *length, bytes);
}

static int get_container(struct duet_msgpack_reader *reader, int fix, int tag16, uint32_t *count)
{
    int head = get_length(reader, fix, 16, tag16, 2, count);

    // Each item has a byte at least: a count above what is left is a lie.
    if (head < 0 || *count > left(reader) - (uint32_t)head)
        return DUET_INVALID;
    reader->at += (uint32_t)head;
    return DUET_OK;
}

int duet_msgpack_get_array(struct duet_msgpack_reader *reader, uint32_t *count)
{
    return get_container(reader, TAG_FIXARRAY, TAG_ARRAY16, count);
}

int duet_msgpack_get_map(struct duet_msgpack_reader *reader, uint32_t *count)
{
    return get_container(reader, TAG_FIXMAP, TAG_MAP16, count);
}

// Passes over the head and the bytes of one item; `items` is how many it holds.
static int skip_head(struct duet_msgpack_reader *reader, uint32_t *items)
{
    const uint8_t *bytes;
    uint32_t length;
    uint64_t bits;
    double real;
    int flag, tag = peek(reader);

    *items = 0;
    if (duet_msgpack_get_array(reader, items) == DUET_OK)
        return DUET_OK;
    if (duet_msgpack_get_map(reader, items) == DUET_OK) {
        *items *= 2;
        return DUET_OK;
    }
    if (tag >= TAG_FIXEXT1 && tag < TAG_FIXEXT1 + 5)
        return get_bytes(reader, 2, 1u << (tag - TAG_FIXEXT1), &bytes);
    if (tag >= TAG_EXT8 && tag < TAG_EXT8 + 3) {
        int head = get_length(reader, 0, 0, TAG_EXT8, 1, &length);

        return head < 0 || length == UINT32_MAX ? DUET_INVALID
                                                : get_bytes(reader, head, length + 1, &bytes);
    }
    if (duet_msgpack_get_nil(reader) == DUET_OK ||
        duet_msgpack_get_bool(reader, &flag) == DUET_OK ||
        duet_msgpack_get_double(reader, &real) == DUET_OK ||
        duet_msgpack_get_string(reader, (const char **)&bytes, &length) == DUET_OK ||
        duet_msgpack_get_bin(reader, &bytes, &length) == DUET_OK)
        return DUET_OK;

    int head = get_integer(reader, &bits, &flag);

    if (head > 0)
        reader->at += (uint32_t)head;
    return head > 0 ? DUET_OK : DUET_INVALID;
}

int duet_msgpack_skip(struct duet_msgpack_reader *reader)
{
    uint32_t start = reader->at, items;

    for (uint64_t due = 1; due > 0; due--) {
        if (skip_head(reader, &items) != DUET_OK) {
            reader->at = start;
            return DUET_INVALID;
        }
        due += items;
    }
    return DUET_OK;
}
