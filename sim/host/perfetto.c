#include "sim/host/perfetto.h"

#include <stdlib.h>
#include <string.h>

/* Field numbers of Perfetto's messages. */
enum { TRACE_PACKET = 1 };
enum {
    PACKET_TIMESTAMP = 8,
    PACKET_SEQUENCE_ID = 10,
    PACKET_TRACK_EVENT = 11,
    PACKET_INTERNED_DATA = 12,
    PACKET_SEQUENCE_FLAGS = 13,
    PACKET_TRACK_DESCRIPTOR = 60,
};
enum { SEQUENCE_BEGINS = 1, SEQUENCE_GOES_ON = 2 };
enum {
    TRACK_UUID = 1,
    TRACK_NAME = 2,
    TRACK_PARENT = 5,
    TRACK_CHILD_ORDER = 11,
    TRACK_RANK = 12,
    CHILDREN_BY_RANK = 3
};
enum {
    EVENT_NOTES = 4,
    EVENT_TYPE = 9,
    EVENT_NAME_IID = 10,
    EVENT_TRACK = 11,
    EVENT_FLOWS = 47,
    EVENT_LAST_FLOWS = 48
};
enum { NOTE_NAME_IID = 1, NOTE_NUMBER = 3, NOTE_TEXT = 6 };
enum { INTERNED_EVENT_NAMES = 2, INTERNED_NOTE_NAMES = 3, NAME_IID = 1, NAME_TEXT = 2 };

/* --- Protobuf: fields one after the other in a buffer --- */

enum { MESSAGE_MAX = 8192, TEXT_MAX = 1024 };

struct message {
    uint8_t bytes[MESSAGE_MAX];
    size_t length;
};

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2 };

static void put_varint(struct message *message, uint64_t value)
{
    do {
        uint8_t more = value > 0x7f ? 0x80 : 0;
        if (message->length < MESSAGE_MAX)
            message->bytes[message->length++] = (uint8_t)((value & 0x7f) | more);
        value >>= 7;
    } while (value);
}

static void put_key(struct message *message, unsigned field, enum wire_type type)
{
    put_varint(message, field << 3 | type);
}

static void put_number(struct message *message, unsigned field, uint64_t value)
{
    put_key(message, field, WIRE_VARINT);
    put_varint(message, value);
}

static void put_fixed(struct message *message, unsigned field, uint64_t value)
{
    put_key(message, field, WIRE_FIXED64);
    for (unsigned n = 0; n < 8 && message->length < MESSAGE_MAX; n++)
        message->bytes[message->length++] = (uint8_t)(value >> (8 * n));
}

static void put_bytes(struct message *message, unsigned field, const void *bytes, size_t length)
{
    put_key(message, field, WIRE_BYTES);
    put_varint(message, length);
    if (length > MESSAGE_MAX - message->length)
        length = MESSAGE_MAX - message->length;
    memcpy(message->bytes + message->length, bytes, length);
    message->length += length;
}

/* Long texts are cut: a message has its size. */
static void put_text(struct message *message, unsigned field, const char *text)
{
    put_bytes(message, field, text, strnlen(text, TEXT_MAX));
}

static void put_message(struct message *message, unsigned field, const struct message *inner)
{
    put_bytes(message, field, inner->bytes, inner->length);
}

/* --- Interned names: each has a number, said once --- */

struct name {
    char *text; /* NULL: free */
    uint64_t iid;
};

struct names {
    struct name *table; /* by hash, a power of two of them */
    size_t capacity, count;
};

struct perfetto {
    FILE *to;
    struct names event_names, note_names;
    bool begun;
    struct message packet, body, inner, interned;
};

static struct name *find_name(const struct names *names, const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *c = text; *c; c++)
        hash = (hash ^ (uint8_t)*c) * 0x100000001b3u;
    for (size_t n = hash & (names->capacity - 1);; n = (n + 1) & (names->capacity - 1))
        if (!names->table[n].text || strcmp(names->table[n].text, text) == 0)
            return &names->table[n];
}

static void grow_names(struct names *names)
{
    struct names old = *names;
    names->capacity = old.capacity ? 2 * old.capacity : 256;
    names->table = calloc(names->capacity, sizeof *names->table);
    if (!names->table)
        abort(); /* out of host memory */
    for (size_t n = 0; n < old.capacity; n++)
        if (old.table[n].text)
            *find_name(names, old.table[n].text) = old.table[n];
    free(old.table);
}

/* The name's number; a new one is told in the packet that is being made. */
static uint64_t intern(struct perfetto *perfetto, struct names *names, unsigned field,
                       const char *text)
{
    if (2 * names->count >= names->capacity)
        grow_names(names);
    struct name *name = find_name(names, text);
    if (name->text)
        return name->iid;
    *name = (struct name){strdup(text), ++names->count};
    if (!name->text)
        abort(); /* out of host memory */
    struct message entry = {.length = 0};
    put_number(&entry, NAME_IID, name->iid);
    put_text(&entry, NAME_TEXT, text);
    put_message(&perfetto->interned, field, &entry);
    return name->iid;
}

static void free_names(struct names *names)
{
    for (size_t n = 0; n < names->capacity; n++)
        free(names->table[n].text);
    free(names->table);
}

/* --- Packets --- */

static void begin_packet(struct perfetto *perfetto)
{
    struct message *packet = &perfetto->packet;
    packet->length = perfetto->body.length = perfetto->interned.length = 0;
    put_number(packet, PACKET_SEQUENCE_ID, 1);
    put_number(packet, PACKET_SEQUENCE_FLAGS,
               perfetto->begun ? SEQUENCE_GOES_ON : SEQUENCE_BEGINS | SEQUENCE_GOES_ON);
    perfetto->begun = true;
}

static void write_packet(struct perfetto *perfetto, unsigned field)
{
    struct message *packet = &perfetto->packet, *frame = &perfetto->inner;
    if (perfetto->interned.length)
        put_message(packet, PACKET_INTERNED_DATA, &perfetto->interned);
    put_message(packet, field, &perfetto->body);
    frame->length = 0;
    put_key(frame, TRACE_PACKET, WIRE_BYTES);
    put_varint(frame, packet->length);
    fwrite(frame->bytes, 1, frame->length, perfetto->to);
    fwrite(packet->bytes, 1, packet->length, perfetto->to);
}

static void put_note(struct perfetto *perfetto, const struct perfetto_note *note)
{
    struct message *inner = &perfetto->inner;
    inner->length = 0;
    put_number(inner, NOTE_NAME_IID,
               intern(perfetto, &perfetto->note_names, INTERNED_NOTE_NAMES, note->name));
    if (note->text)
        put_text(inner, NOTE_TEXT, note->text);
    else
        put_number(inner, NOTE_NUMBER, note->number);
    put_message(&perfetto->body, EVENT_NOTES, inner);
}

void perfetto_event(struct perfetto *perfetto, const struct perfetto_event *event)
{
    struct message *body = &perfetto->body;
    begin_packet(perfetto);
    put_number(&perfetto->packet, PACKET_TIMESTAMP, event->time / SIM_NS);
    put_number(body, EVENT_TYPE, event->type);
    put_number(body, EVENT_TRACK, event->track);
    if (event->name)
        put_number(body, EVENT_NAME_IID,
                   intern(perfetto, &perfetto->event_names, INTERNED_EVENT_NAMES, event->name));
    for (unsigned n = 0; n < event->note_count; n++)
        put_note(perfetto, &event->notes[n]);
    for (unsigned n = 0; n < event->flow_count; n++)
        put_fixed(body, event->flows_end ? EVENT_LAST_FLOWS : EVENT_FLOWS, event->flows[n]);
    write_packet(perfetto, PACKET_TRACK_EVENT);
}

void perfetto_track(struct perfetto *perfetto, uint64_t track, uint64_t parent, const char *name,
                    unsigned rank)
{
    struct message *body = &perfetto->body;
    begin_packet(perfetto);
    put_number(body, TRACK_UUID, track);
    put_text(body, TRACK_NAME, name);
    if (parent)
        put_number(body, TRACK_PARENT, parent);
    put_number(body, TRACK_CHILD_ORDER, CHILDREN_BY_RANK);
    put_number(body, TRACK_RANK, rank);
    write_packet(perfetto, PACKET_TRACK_DESCRIPTOR);
}

struct perfetto *perfetto_open(FILE *to)
{
    struct perfetto *perfetto = calloc(1, sizeof *perfetto);
    if (!perfetto)
        abort(); /* out of host memory */
    perfetto->to = to;
    return perfetto;
}

void perfetto_close(struct perfetto *perfetto)
{
    if (!perfetto)
        return;
    fflush(perfetto->to);
    free_names(&perfetto->event_names);
    free_names(&perfetto->note_names);
    free(perfetto);
}
