// Messages of any length over one endpoint: each fragment is 8 bytes of header, then its bytes.
#include "duet/rpmsg.h"
#include "shared.h"

struct fragment {
    uint32_t total;  // bytes of the whole message
    uint32_t offset; // of this fragment's bytes
};

static void lose(struct duet_rpmsg_stream *stream)
{
    if (stream->expected != 0)
        stream->piece(stream, NULL, 0, stream->expected, 0, DUET_CORRUPT);
    stream->expected = 0;
}

static void receive(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    struct duet_rpmsg_stream *stream = (struct duet_rpmsg_stream *)(void *)endpoint;
    struct fragment fragment;

    (void)source;
    if (length <= sizeof(fragment)) {
        lose(stream);
        return;
    }
    duet_copy(&fragment, data, sizeof(fragment));
    length -= (uint32_t)sizeof(fragment);
    if (fragment.offset == 0) {
        lose(stream); // the end of the last one never came
        stream->total = fragment.total;
    }
    if (fragment.offset != stream->expected || fragment.total != stream->total ||
        length > stream->total - stream->expected) {
        lose(stream);
        return;
    }
    stream->expected += length;
    stream->piece(stream, (const uint8_t *)data + sizeof(fragment), length, fragment.offset,
                  fragment.total, DUET_OK);
    if (stream->expected == stream->total)
        stream->expected = 0;
}

int duet_rpmsg_create_stream(struct duet_rpmsg *rpmsg, struct duet_rpmsg_stream *stream,
                             const char *name, uint32_t address, uint32_t peer,
                             duet_rpmsg_piece *piece)
{
    stream->piece = piece;
    stream->expected = stream->total = 0;
    return duet_rpmsg_create_endpoint(rpmsg, &stream->endpoint, name, address, peer, receive);
}

int duet_rpmsg_stream_send(struct duet_rpmsg_stream *stream, const void *data, uint32_t length,
                           uint32_t timeout_us)
{
    struct fragment fragment = {.total = length};
    const uint8_t *bytes = data;

    if (length == 0)
        return DUET_INVALID;
    while (fragment.offset < length) {
        uint32_t capacity, count = length - fragment.offset;
        uint8_t *buffer = duet_rpmsg_get_buffer(&stream->endpoint, &capacity, timeout_us);

        if (!buffer || capacity <= sizeof(fragment))
            return DUET_TIMEOUT;
        if (count > capacity - sizeof(fragment))
            count = capacity - (uint32_t)sizeof(fragment);
        duet_copy(buffer, &fragment, sizeof(fragment));
        duet_copy(buffer + sizeof(fragment), bytes + fragment.offset, count);

        int status =
            duet_rpmsg_send_buffer(&stream->endpoint, buffer, count + (uint32_t)sizeof(fragment));

        if (status != DUET_OK)
            return status;
        fragment.offset += count;
    }
    return DUET_OK;
}
