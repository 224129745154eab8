/* Intel HEX (Intel's specification of 1988, revision A): record types 0 to 5. */
#include "sim/host/image.h"

#include <stdlib.h>
#include <string.h>

struct hex_reader {
    struct image *image;
    const char *at;
    unsigned line;
    uint32_t base;  /* of types 2 and 4 */
    bool segmented; /* type 2: the offset wraps within 64 KB */
    bool ended;     /* the end record was seen */
    uint8_t record[5 + 255];
    uint8_t *next_byte; /* where decoded bytes go */
};

enum record_type {
    RECORD_DATA,
    RECORD_END,
    RECORD_SEGMENT,
    RECORD_START_SEGMENT,
    RECORD_LINEAR,
    RECORD_START_LINEAR,
};

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool bad(const struct hex_reader *reader, struct failure *failure, const char *what)
{
    return failed(failure, "line %u: %s; make the file again", reader->line, what);
}

/* ":LLAAAATT<data>CC", the digits alone. */
static bool read_record(struct hex_reader *reader, struct failure *failure)
{
    size_t count = 0, size = 5;
    unsigned sum = 0;
    for (reader->at++; count < size; count++) {
        int high = digit(reader->at[0]);
        int low = high < 0 ? -1 : digit(reader->at[1]);
        if (low < 0)
            return bad(reader, failure,
                       reader->at[0] && reader->at[1] ? "a character that is no hexadecimal digit"
                                                      : "the file ends inside a record");
        reader->record[count] = (uint8_t)(high * 16 + low);
        sum += reader->record[count];
        reader->at += 2;
        if (count == 0)
            size = 5u + reader->record[0];
    }
    if (sum & 0xff) {
        unsigned given = reader->record[size - 1];
        return failed(failure,
                      "line %u: the checksum is 0x%02X and should be 0x%02X; make the file again",
                      reader->line, given, (given - sum) & 0xff);
    }
    return true;
}

static bool add_byte(struct hex_reader *reader, uint32_t address, uint8_t byte,
                     struct failure *failure)
{
    struct image *image = reader->image;
    struct image_piece *last = image->piece_count ? &image->pieces[image->piece_count - 1] : NULL;
    uint8_t *to = reader->next_byte++;
    *to = byte;
    if (last && (uint64_t)last->address + last->length == address) {
        last->length++;
        return true;
    }
    return image_add_piece(image, address, to, 1, failure);
}

static bool data_record(struct hex_reader *reader, struct failure *failure)
{
    const uint8_t *record = reader->record;
    uint32_t offset = (uint32_t)(record[1] << 8 | record[2]);
    for (unsigned n = 0; n < record[0]; n++) {
        uint32_t place = reader->segmented ? (offset + n) & 0xffff : offset + n;
        if (reader->base > UINT32_MAX - place)
            return bad(reader, failure, "data behind the 4 GB that can be addressed");
        if (!add_byte(reader, reader->base + place, record[4 + n], failure))
            return false;
    }
    return true;
}

static bool take_record(struct hex_reader *reader, struct failure *failure)
{
    static const uint8_t lengths[] = {0, 0, 2, 4, 2, 4};
    const uint8_t *record = reader->record;
    unsigned type = record[3];
    if (type > RECORD_START_LINEAR)
        return failed(failure, "line %u: record type %u is not known; Intel HEX has 0 to 5",
                      reader->line, type);
    if (type != RECORD_DATA && record[0] != lengths[type])
        return bad(reader, failure, "the record's length does not fit its type");
    uint32_t word = (uint32_t)record[4] << 8 | record[5];
    uint32_t start = word << 16 | (uint32_t)record[6] << 8 | record[7];
    switch ((enum record_type)type) {
    case RECORD_DATA:
        return data_record(reader, failure);
    case RECORD_END:
        reader->ended = true;
        break;
    case RECORD_SEGMENT:
    case RECORD_LINEAR:
        reader->segmented = type == RECORD_SEGMENT;
        reader->base = type == RECORD_SEGMENT ? word << 4 : word << 16;
        break;
    case RECORD_START_SEGMENT:
    case RECORD_START_LINEAR:
        reader->image->has_entry = true;
        reader->image->entry =
            type == RECORD_START_LINEAR ? start : ((start >> 16) << 4) + (start & 0xffff);
        break;
    }
    return true;
}

static bool read_line(struct hex_reader *reader, struct failure *failure)
{
    reader->line++;
    reader->at += strspn(reader->at, " \t\r");
    if (*reader->at == ':') {
        if (reader->ended)
            return bad(reader, failure, "a record behind the end record");
        if (!read_record(reader, failure) || !take_record(reader, failure))
            return false;
    }
    reader->at += strspn(reader->at, " \t\r");
    if (*reader->at && *reader->at != '\n')
        return bad(reader, failure, "a record begins with ':' and stands alone in its line");
    reader->at += *reader->at == '\n';
    return true;
}

bool image_parse_hex(struct image *image, struct failure *failure)
{
    image->format = IMAGE_HEX;
    image->decoded = malloc(image->file.size / 2 + 1); /* two digits a byte */
    if (!image->decoded)
        return failed(failure, "out of memory");
    struct hex_reader reader = {
        .image = image, .at = (const char *)image->file.bytes, .next_byte = image->decoded};
    const char *end = reader.at + image->file.size;
    while (reader.at < end) {
        if (!*reader.at)
            return bad(&reader, failure, "a byte 0 in a text file");
        if (!read_line(&reader, failure))
            return false;
    }
    if (!reader.ended)
        return failed(failure, "has no end record (:00000001FF): it is truncated; copy it again");
    return true;
}
