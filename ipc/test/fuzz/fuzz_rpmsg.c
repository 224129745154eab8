// RPMsg, host and remote, with and without sessions: table, rings, descriptors, headers, names, fragments;
// see fuzz.h.
#include "fuzz.h"

#include "duet/rpmsg.h"

#define TABLE   0x400u
#define ADDRESS 0x100u // of the shared memory in table and descriptors
#define SIZE    80u    // of a buffer

static const struct duet_rpmsg_layout layout = {
    .vring1 = 0, .vring0 = 0x80, .buffers = 0x100, .align = 4, .count = 4, .buffer_size = SIZE};

static struct end {
    struct duet_rpmsg_config config;
    struct duet_rpmsg rpmsg;
    struct duet_endpoint endpoint, other;
    struct duet_rpmsg_stream stream;
    void *held;
    int has_other;
} ends[2]; // host, remote

static struct end *end_of(struct duet_rpmsg *rpmsg)
{
    return rpmsg == &ends[0].rpmsg ? &ends[0] : &ends[1];
}

// Each byte is the message's length.
static void check_message(const void *data, uint32_t length)
{
    const volatile uint8_t *bytes = data;

    for (uint32_t i = 0; i < length; i++)
        FUZZ_CHECK(bytes[i] == length || fuzz_damages > 0);
}

static void receive(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    struct end *end = end_of(endpoint->rpmsg);

    check_message(data, length);
    if (length > 40 && !end->held) {
        duet_rpmsg_hold(endpoint);
        end->held = data;
    } else if (length & 1) {
        duet_rpmsg_send_to(endpoint, source, data, length, 30);
    }
}

static void piece(struct duet_rpmsg_stream *stream, const void *data, uint32_t length,
                  uint32_t offset, uint32_t total, int status)
{
    const volatile uint8_t *bytes = data;

    (void)stream;
    for (uint32_t i = 0; i < length; i++)
        FUZZ_CHECK(bytes[i] == total || fuzz_damages > 0);
    FUZZ_CHECK(status != DUET_OK || (offset <= total && length <= total - offset));
}

static void service(struct duet_rpmsg *rpmsg, const char *name, uint32_t address, int destroyed)
{
    (void)rpmsg;
    (void)address;
    (void)destroyed;
    FUZZ_CHECK(strlen(name) < DUET_RPMSG_NAME);
}

static void open_end(uint32_t number)
{
    struct end *end = &ends[number];
    struct duet_rpmsg *rpmsg = &end->rpmsg;

    end->held = NULL;
    end->has_other = 0;
    FUZZ_CHECK(duet_rpmsg_open(rpmsg, &end->config) == DUET_OK);
    duet_rpmsg_create_endpoint(rpmsg, &end->endpoint, "ab", 1, DUET_RPMSG_ANY, receive);
    duet_rpmsg_create_stream(rpmsg, &end->stream, NULL, 2, 2, piece);
}

static void poll(struct end *end)
{
    if (duet_rpmsg_poll(&end->rpmsg) == DUET_RESTARTED)
        end->held = NULL;
}

static void send_buffer(struct end *end, uint32_t what)
{
    uint32_t capacity;
    void *buffer = duet_rpmsg_get_buffer(&end->endpoint, &capacity, 30);

    if (!buffer)
        return;
    FUZZ_CHECK(capacity == SIZE - DUET_RPMSG_HEADER || fuzz_damages > 0);
    memset(buffer, (int)capacity, capacity);
    if (what & 16 || duet_rpmsg_send_buffer(&end->endpoint, buffer, capacity) != DUET_OK)
        duet_rpmsg_drop_buffer(&end->endpoint, buffer);
}

static void toggle_other(struct end *end)
{
    if (end->has_other)
        duet_rpmsg_destroy_endpoint(&end->other);
    else
        duet_rpmsg_create_endpoint(&end->rpmsg, &end->other, "x", DUET_RPMSG_ANY, DUET_RPMSG_ANY,
                                   receive);
    end->has_other = !end->has_other;
}

static void fuzz_act(uint32_t number)
{
    struct end *end = &ends[number];
    uint32_t what = fuzz_byte();
    uint8_t message[128];

    switch (what & 15) {
    case 0: // without sessions nobody is told, and what is on its way may be overwritten
        fuzz_damages += !end->config.sessions;
        open_end(number);
        break;
    case 1:
    case 2:
        memset(message, (int)(what >> 1), sizeof(message));
        duet_rpmsg_send(&end->endpoint, message, what >> 1, 30);
        break;
    case 3:
        send_buffer(end, what);
        break;
    case 4:
        memset(message, 100, sizeof(message));
        duet_rpmsg_stream_send(&end->stream, message, 100, 30);
        break;
    case 5:
        if (end->held)
            duet_rpmsg_release(&end->endpoint, end->held);
        end->held = NULL;
        break;
    case 6:
        toggle_other(end);
        break;
    default:
        poll(end);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct duet_rpmsg_role *const roles[] = {&duet_rpmsg_host, &duet_rpmsg_remote};
    uint32_t kind;

    fuzz_begin(data, size, TABLE + layout.buffers + 7 * SIZE);
    memset(ends, 0, sizeof(ends));
    kind = fuzz_byte();
    for (uint32_t end = 0; end < 2; end++) {
        ends[end].config = (struct duet_rpmsg_config){
            .memory = fuzz_memory_of(end),
            .role = roles[end],
            .table = fuzz_memory,
            .shared = fuzz_memory + TABLE,
            .size = fuzz_bytes - TABLE,
            .address = ADDRESS,
            .layout = &layout,
            .sessions = kind & 1,
            .reserve = kind >> 1 & 1,
            .service = service,
        };
        open_end(end);
    }
    fuzz_run();
    return 0;
}
