#include "sim/host/trace_file.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 1 << 16, TRACKS_MAX = 1024 };

/* --- Protobuf --- */

struct span {
    const uint8_t *at, *end;
};

struct field {
    unsigned number;
    uint64_t value;    /* varint and fixed */
    struct span bytes; /* wire type 2 */
};

static bool take_varint(struct span *span, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && span->at < span->end; shift += 7) {
        uint8_t byte = *span->at++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

static bool take_fixed(struct span *span, unsigned size, uint64_t *value)
{
    if (span->end - span->at < (ptrdiff_t)size)
        return false;
    *value = 0;
    for (unsigned n = 0; n < size; n++)
        *value |= (uint64_t)*span->at++ << (8 * n);
    return true;
}

/* False at the end of the message, and where it is damaged: then span->at is before its end. */
static bool take_field(struct span *span, struct field *field)
{
    const uint8_t *start = span->at;
    uint64_t key;
    *field = (struct field){0};
    bool good = take_varint(span, &key);
    field->number = good && key >> 3 < 1 << 29 ? (unsigned)(key >> 3) : 0;
    if (good && (key & 7) == 0) {
        good = take_varint(span, &field->value);
    } else if (good && (key & 7) == 2) {
        good = take_varint(span, &field->value) && field->value <= (uint64_t)(span->end - span->at);
        if (good) {
            field->bytes = (struct span){span->at, span->at + field->value};
            span->at += field->value;
        }
    } else if (good) {
        good = ((key & 7) == 1 || (key & 7) == 5) &&
               take_fixed(span, (key & 7) == 1 ? 8 : 4, &field->value);
    }
    if (!good)
        span->at = start;
    return good;
}

/* --- The trace --- */

struct track_name {
    uint64_t id, parent;
    char *name;
};

struct reader {
    void (*take)(void *ctx, const struct trace_event *event);
    void *ctx;
    char *event_names[NAMES_MAX], *note_names[64];
    struct track_name tracks[TRACKS_MAX];
    unsigned track_count;
};

static char *text_of(struct span bytes)
{
    char *text = strndup((const char *)bytes.at, (size_t)(bytes.end - bytes.at));
    if (!text)
        abort(); /* out of host memory */
    return text;
}

static bool read_name(struct span message, char **names, size_t count)
{
    struct field field;
    struct span text = {NULL, NULL};
    uint64_t iid = 0;
    while (take_field(&message, &field)) {
        iid = field.number == 1 ? field.value : iid;
        text = field.number == 2 ? field.bytes : text;
    }
    if (message.at != message.end || !text.at || iid >= count)
        return false;
    free(names[iid]);
    names[iid] = text_of(text);
    return true;
}

static bool read_interned(struct reader *reader, struct span message)
{
    struct field field;
    bool good = true;
    while (good && take_field(&message, &field))
        if (field.number == 2)
            good = read_name(field.bytes, reader->event_names, NAMES_MAX);
        else if (field.number == 3)
            good = read_name(field.bytes, reader->note_names, 64);
    return good && message.at == message.end;
}

static bool read_track(struct reader *reader, struct span message)
{
    struct field field;
    struct span name = {NULL, NULL};
    struct track_name *track = &reader->tracks[reader->track_count];
    if (reader->track_count == TRACKS_MAX)
        return false;
    *track = (struct track_name){0};
    while (take_field(&message, &field)) {
        track->id = field.number == 1 ? field.value : track->id;
        track->parent = field.number == 5 ? field.value : track->parent;
        name = field.number == 2 ? field.bytes : name;
    }
    if (message.at != message.end || !name.at)
        return false;
    track->name = text_of(name);
    reader->track_count++;
    return true;
}

static const struct track_name *find_track(const struct reader *reader, uint64_t id)
{
    for (unsigned n = 0; n < reader->track_count; n++)
        if (reader->tracks[n].id == id)
            return &reader->tracks[n];
    return NULL;
}

static bool read_note(struct reader *reader, struct span message, struct trace_event *event)
{
    struct field field;
    uint64_t iid = 0, value = 0;
    while (take_field(&message, &field)) {
        iid = field.number == 1 ? field.value : iid;
        value = field.number == 3 ? field.value : value;
    }
    if (iid < 64 && reader->note_names[iid] && !strcmp(reader->note_names[iid], "latency ns")) {
        event->has_latency = true;
        event->latency = value;
    }
    return message.at == message.end;
}

static bool read_event_field(struct reader *reader, const struct field *field,
                             struct trace_event *event)
{
    switch (field->number) {
    case 4:
        return read_note(reader, field->bytes, event);
    case 9:
        event->type = (enum perfetto_type)field->value;
        return field->value >= PERFETTO_BEGIN && field->value <= PERFETTO_MARK;
    case 10:
        if (field->value >= NAMES_MAX || !reader->event_names[field->value])
            return false;
        event->name = reader->event_names[field->value];
        return true;
    case 11:
        event->track_id = field->value;
        return true;
    case 47:
    case 48:
        event->flows_end = field->number == 48;
        if (event->flow_count < 64)
            event->flows[event->flow_count++] = field->value;
        return true;
    default:
        return true;
    }
}

static bool read_event(struct reader *reader, struct span message, uint64_t time)
{
    struct trace_event event = {.time = time, .name = ""};
    struct field field;
    bool good = true;
    while (good && take_field(&message, &field))
        good = read_event_field(reader, &field, &event);
    const struct track_name *track = find_track(reader, event.track_id);
    if (!good || message.at != message.end || !track || !event.type)
        return false;
    const struct track_name *group = find_track(reader, track->parent);
    event.track = track->name;
    event.group = group ? group->name : "";
    reader->take(reader->ctx, &event);
    return true;
}

/* Names come before what uses them, in the same packet or before. */
static bool read_packet(struct reader *reader, struct span message)
{
    struct field field;
    struct span event = {NULL, NULL};
    uint64_t time = 0;
    bool good = true;
    while (good && take_field(&message, &field))
        switch (field.number) {
        case 8:
            time = field.value;
            break;
        case 11:
            event = field.bytes;
            break;
        case 12:
            good = read_interned(reader, field.bytes);
            break;
        case 60:
            good = read_track(reader, field.bytes);
            break;
        default:
            break;
        }
    return good && message.at == message.end && (!event.at || read_event(reader, event, time));
}

bool trace_file_read(const char *path, void (*take)(void *ctx, const struct trace_event *event),
                     void *ctx, struct failure *failure)
{
    struct file file;
    if (!file_read(&file, path, failure))
        return false;
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort(); /* out of host memory */
    reader->take = take;
    reader->ctx = ctx;
    struct span trace = {file.bytes, file.bytes + file.size};
    struct field field;
    bool good = true;
    while (good && take_field(&trace, &field))
        good = field.number == 1 && field.bytes.at && read_packet(reader, field.bytes);
    good = good && trace.at == trace.end && reader->track_count;
    for (unsigned n = 0; n < NAMES_MAX; n++)
        free(reader->event_names[n]);
    for (unsigned n = 0; n < 64; n++)
        free(reader->note_names[n]);
    for (unsigned n = 0; n < reader->track_count; n++)
        free(reader->tracks[n].name);
    free(reader);
    file_free(&file);
    return good || failed(failure, "%s: not a trace of duet run --trace, or damaged", path);
}
