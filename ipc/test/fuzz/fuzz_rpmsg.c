// RPMsg in both roles, with and without sessions, against a peer that writes anything: table, rings,
// descriptors, headers, names, fragments.
#include "fuzz.h"

#include "duet/rpmsg.h"

static const struct duet_port port = FUZZ_PORT(0);
static const struct duet_rpmsg_layout layout = {
    .vring1 = 0, .vring0 = 0x80, .buffers = 0x100, .align = 4, .count = 4, .buffer_size = 80};

static void *held;

static void read_all(const void *data, uint32_t length)
{
    const volatile uint8_t *bytes = data;

    for (uint32_t i = 0; i < length; i++)
        (void)bytes[i];
}

static void receive(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    read_all(data, length);
    if (length > 8 && !held) {
        duet_rpmsg_hold(endpoint);
        held = data;
    } else {
        duet_rpmsg_send_to(endpoint, source, data, length, 30);
    }
}

static void piece(struct duet_rpmsg_stream *stream, const void *data, uint32_t length,
                  uint32_t offset, uint32_t total, int status)
{
    (void)stream;
    read_all(data, length);
    FUZZ_CHECK(status != DUET_OK || (offset <= total && length <= total - offset));
}

static void service(struct duet_rpmsg *rpmsg, const char *name, uint32_t address, int destroyed)
{
    (void)rpmsg;
    (void)address;
    (void)destroyed;
    FUZZ_CHECK(strlen(name) < DUET_RPMSG_NAME);
}

static void use(struct duet_rpmsg *rpmsg)
{
    struct duet_endpoint endpoint, other;
    struct duet_rpmsg_stream stream;
    uint8_t message[100] = {0};
    uint32_t capacity;
    int has_other = 0;

    held = NULL;
    duet_rpmsg_create_endpoint(rpmsg, &endpoint, "ab", 1, DUET_RPMSG_ANY, receive);
    duet_rpmsg_create_stream(rpmsg, &stream, NULL, 2, 2, piece);
    while (fuzz_next < fuzz_end) {
        uint32_t what = fuzz_byte();
        void *buffer;

        switch (what & 7) {
        case 0:
            duet_rpmsg_send(&endpoint, message, what % 100, 30);
            break;
        case 1:
            buffer = duet_rpmsg_get_buffer(&endpoint, &capacity, 30);
            if (buffer) {
                memset(buffer, 3, capacity);
                if (what & 8)
                    duet_rpmsg_drop_buffer(&endpoint, buffer);
                else
                    duet_rpmsg_send_buffer(&endpoint, buffer, capacity);
            }
            break;
        case 2:
            duet_rpmsg_stream_send(&stream, message, sizeof(message), 30);
            break;
        case 3:
            if (held)
                duet_rpmsg_release(&endpoint, held);
            held = NULL;
            break;
        case 4:
            if (has_other)
                duet_rpmsg_destroy_endpoint(&other);
            else
                duet_rpmsg_create_endpoint(rpmsg, &other, "x", DUET_RPMSG_ANY, DUET_RPMSG_ANY,
                                           receive);
            has_other = !has_other;
            break;
        default:
            duet_rpmsg_poll(rpmsg);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct duet_rpmsg rpmsg;
    uint32_t kind;

    fuzz_begin(data, size, 0x400 + 0x100 + 7 * 80);
    memset(&rpmsg, 0, sizeof(rpmsg));
    kind = fuzz_byte();

    const struct duet_rpmsg_config config = {
        .memory = {.port = &port, .policy = DUET_NON_CACHEABLE},
        .role = kind & 1 ? &duet_rpmsg_host : &duet_rpmsg_remote,
        .table = fuzz_memory,
        .shared = fuzz_memory + 0x400,
        .size = 0x100 + 7 * 80,
        .address = 0x100,
        .layout = &layout,
        .sessions = kind >> 1 & 1,
        .reserve = kind >> 2 & 1,
        .service = service,
    };
    // A table and a card that a peer could have written, so that more than refusals is reached.
    const uint32_t table[] = {1,     1,     0, 0, 0x18, 0, 3,     7, 0, 1, 0, 0,
                              0x207, 0x180, 4, 4, 0,    0, 0x100, 4, 4, 1, 0};
    const uint32_t card[] = {0x314D5052, 5, 1};

    if (kind & 8)
        memcpy(fuzz_memory, table, sizeof(table));
    if (kind & 16)
        memcpy(fuzz_memory + (kind & 1 ? 0x3E0 : 0x3C0), card, sizeof(card));
    FUZZ_CHECK(duet_rpmsg_open(&rpmsg, &config) == DUET_OK);
    use(&rpmsg);
    fuzz_finish();
    return 0;
}
