// MessagePack of any bytes, and calls of any bytes to a server.
#include "fuzz.h"

#include "duet/rpc.h"

// Nothing happens in the middle: calls look at a copy of the message.
static void fuzz_act(uint32_t end)
{
    (void)end;
}

static int call(struct duet_msgpack_reader *params, uint32_t count,
                struct duet_msgpack_writer *result, void *argument)
{
    const uint8_t *bytes;
    uint32_t length;
    uint64_t number;
    double real;

    (void)argument;
    for (uint32_t i = 0; i < count; i++) {
        FUZZ_CHECK(params->at < params->size); // whole items were promised
        if (duet_msgpack_get_uint(params, &number) == DUET_OK)
            duet_msgpack_put_uint(result, number);
        else if (duet_msgpack_get_double(params, &real) == DUET_OK)
            duet_msgpack_put_double(result, real);
        else if (duet_msgpack_get_bin(params, &bytes, &length) == DUET_OK ||
                 duet_msgpack_get_string(params, (const char **)&bytes, &length) == DUET_OK)
            duet_msgpack_put_bin(result, bytes, length);
        else
            FUZZ_CHECK(duet_msgpack_skip(params) == DUET_OK);
    }
    return DUET_OK;
}

static void tty(struct duet_rpc *rpc, const void *bytes, uint32_t length)
{
    const volatile uint8_t *text = bytes;

    (void)rpc;
    for (uint32_t i = 0; i < length; i++)
        (void)text[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct duet_rpc_method methods[] = {{"a", call, NULL}};
    static const struct duet_rpc_config config = {
        .methods = methods, .method_count = 1, .tty = tty};
    static struct duet_rpmsg rpmsg;
    static struct duet_rpc rpc;
    struct duet_msgpack_reader reader = {.bytes = data, .size = (uint32_t)size};

    fuzz_begin(data, 0, 0x400 + 0x400);
    while (duet_msgpack_skip(&reader) == DUET_OK)
        FUZZ_CHECK(reader.at <= size);

    const struct duet_rpmsg_config rpmsg_config = {
        .memory = fuzz_memory_of(1),
        .role = &duet_rpmsg_remote,
        .table = fuzz_memory,
        .shared = fuzz_memory + 0x400,
        .size = 0x400,
        .address = 0x100,
    };

    FUZZ_CHECK(duet_rpmsg_open(&rpmsg, &rpmsg_config) == DUET_OK);
    FUZZ_CHECK(duet_rpc_open(&rpc, &rpmsg, &config) == DUET_OK);
    rpc.greeted = 3;
    rpc.is_waiting = 1;
    rpc.rpc.callback(&rpc.rpc, (void *)(uintptr_t)data, (uint32_t)size, 1);
    return 0;
}
