#include "duet/rpc.h"

#include "rpmsg_private.h"
#include "shared.h"

#define REQUEST  0u
#define RESPONSE 1u
#define NOTIFY   2u

#define GREETED_RAW 1u
#define GREETED_RPC 2u

static uint32_t text_length(const char *text)
{
    uint32_t length = 0;

    while (text[length])
        length++;
    return length;
}

static int is_text(const char *bytes, uint32_t length, const char *text)
{
    uint32_t i = 0;

    while (i < length && text[i] && bytes[i] == text[i])
        i++;
    return i == length && !text[i];
}

// ---- what arrives

static const struct duet_rpc_method *find(const struct duet_rpc *rpc, const char *name,
                                          uint32_t length)
{
    for (uint32_t i = 0; i < rpc->config->method_count; i++)
        if (is_text(name, length, rpc->config->methods[i].name))
            return &rpc->config->methods[i];
    return NULL;
}

static void put_decimal(struct duet_msgpack_writer *text, uint32_t number)
{
    char digits[10];
    uint32_t at = sizeof(digits);

    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    duet_msgpack_put_raw(text, digits + at, (uint32_t)sizeof(digits) - at);
}

static void put_text(struct duet_msgpack_writer *text, const char *part)
{
    duet_msgpack_put_raw(text, part, text_length(part));
}

// What rpclib answers to a name that it does not have.
static void put_not_found(struct duet_msgpack_writer *out, const char *name, uint32_t length,
                          uint32_t count)
{
    uint8_t bytes[200];
    struct duet_msgpack_writer text = {.bytes = bytes, .size = sizeof(bytes)};

    put_text(&text, "rpclib: server could not find function '");
    duet_msgpack_put_raw(&text, name, length < 80 ? length : 80);
    put_text(&text, "' with argument count ");
    put_decimal(&text, count);
    put_text(&text, ".");
    duet_msgpack_put_string(out, (const char *)bytes, text.used);
}

static struct duet_msgpack_writer begin_response(struct duet_rpc *rpc, uint32_t id)
{
    struct duet_msgpack_writer out = {.bytes = rpc->out, .size = sizeof(rpc->out)};

    duet_msgpack_put_array(&out, 4);
    duet_msgpack_put_uint(&out, RESPONSE);
    duet_msgpack_put_u32(&out, id);
    return out;
}

static void respond_error(struct duet_rpc *rpc, struct duet_msgpack_writer *out)
{
    duet_msgpack_put_nil(out);
    duet_rpmsg_send(&rpc->rpc, rpc->out, out->used, 0);
}

static void respond(struct duet_rpc *rpc, uint32_t id, const char *name, uint32_t name_length,
                    struct duet_msgpack_reader *params, uint32_t count)
{
    const struct duet_rpc_method *method = find(rpc, name, name_length);
    struct duet_msgpack_writer out = begin_response(rpc, id);
    const char *error = "the result is longer than a message";

    if (!method) {
        put_not_found(&out, name, name_length, count);
        respond_error(rpc, &out);
        return;
    }
    duet_msgpack_put_nil(&out);

    uint32_t before = out.used;

    if (method->call(params, count, &out, method->argument) != DUET_OK)
        error = "the arguments are not what the function takes";
    else if (!out.overflow) {
        if (out.used == before)
            duet_msgpack_put_nil(&out);
        duet_rpmsg_send(&rpc->rpc, rpc->out, out.used, 0);
        return;
    }
    out = begin_response(rpc, id);
    duet_msgpack_put_string(&out, error, text_length(error));
    respond_error(rpc, &out);
}

static void notified(struct duet_rpc *rpc, const char *name, uint32_t name_length,
                     struct duet_msgpack_reader *params, uint32_t count)
{
    const struct duet_rpc_method *method = find(rpc, name, name_length);
    struct duet_msgpack_writer nowhere = {.bytes = rpc->out, .size = sizeof(rpc->out)};
    const uint8_t *bytes;
    uint32_t length;

    if (method)
        method->call(params, count, &nowhere, method->argument);
    else if (rpc->config->tty && is_text(name, name_length, "tty") && count == 1 &&
             duet_msgpack_get_bin(params, &bytes, &length) == DUET_OK)
        rpc->config->tty(rpc, bytes, length);
}

static void keep_answer(struct duet_rpc *rpc, const struct duet_msgpack_reader *reader, uint32_t id)
{
    if (!rpc->is_waiting || id != rpc->call_id)
        return; // an answer that came too late
    rpc->answer_length = reader->size - reader->at;
    duet_copy(rpc->answer, reader->bytes + reader->at, rpc->answer_length);
    rpc->is_waiting = 0;
}

// One message: DUET_OK when it was MessagePack-RPC. All its parameters are known to be whole items.
static int dispatch(struct duet_rpc *rpc, uint32_t length)
{
    struct duet_msgpack_reader reader = {.bytes = rpc->in, .size = length}, params;
    uint32_t items, count, name_length;
    uint64_t kind, id = 0;
    const char *name;

    if (duet_msgpack_get_array(&reader, &items) != DUET_OK || items < 3 ||
        duet_msgpack_get_uint(&reader, &kind) != DUET_OK || kind > NOTIFY ||
        items != (kind == NOTIFY ? 3u : 4u))
        return DUET_INVALID;
    if (kind != NOTIFY && (duet_msgpack_get_uint(&reader, &id) != DUET_OK || id > UINT32_MAX))
        return DUET_INVALID;
    params = reader;
    for (uint32_t i = 0; i < 2; i++)
        if (duet_msgpack_skip(&params) != DUET_OK)
            return DUET_INVALID;
    reader.size = params.at;
    if (kind == RESPONSE) {
        keep_answer(rpc, &reader, (uint32_t)id);
        return DUET_OK;
    }
    if (duet_msgpack_get_string(&reader, &name, &name_length) != DUET_OK ||
        duet_msgpack_get_array(&reader, &count) != DUET_OK)
        return DUET_INVALID;
    if (kind == REQUEST)
        respond(rpc, (uint32_t)id, name, name_length, &reader, count);
    else
        notified(rpc, name, name_length, &reader, count);
    return DUET_OK;
}

// The host's first byte on an endpoint is a greeting, and teaches the remote its address.
static int is_greeting(struct duet_rpc *rpc, uint32_t which)
{
    if (rpc->rpmsg->config->role->is_host || (rpc->greeted & which))
        return 0;
    rpc->greeted |= which;
    return 1;
}

static void receive_rpc(struct duet_endpoint *endpoint, void *data, uint32_t length,
                        uint32_t source)
{
    struct duet_rpc *rpc = endpoint->argument;

    (void)source;
    if (is_greeting(rpc, GREETED_RPC))
        return;
    if (length > sizeof(rpc->in))
        length = 0;
    duet_copy(rpc->in, data, length);
    if (dispatch(rpc, length) != DUET_OK)
        rpc->refused++;
}

static void receive_raw(struct duet_endpoint *endpoint, void *data, uint32_t length,
                        uint32_t source)
{
    struct duet_rpc *rpc = endpoint->argument;

    (void)source;
    if (!is_greeting(rpc, GREETED_RAW) && rpc->config->raw)
        rpc->config->raw(rpc, data, length);
}

// ---- joining

static int create(struct duet_rpc *rpc, struct duet_endpoint *endpoint, const char *name,
                  uint32_t peer, duet_rpmsg_callback *callback)
{
    endpoint->argument = rpc;
    return duet_rpmsg_create_endpoint(rpc->rpmsg, endpoint, name, DUET_RPMSG_ANY, peer, callback);
}

int duet_rpc_open(struct duet_rpc *rpc, struct duet_rpmsg *rpmsg,
                  const struct duet_rpc_config *config)
{
    int status;

    rpc->config = config;
    rpc->rpmsg = rpmsg;
    rpc->call_id = 0;
    rpc->is_waiting = rpc->greeted = rpc->refused = 0;
    status = create(rpc, &rpc->raw, "raw", DUET_RPMSG_ANY, receive_raw);
    if (status == DUET_OK)
        status = create(rpc, &rpc->rpc, "rpc", DUET_RPMSG_ANY, receive_rpc);
    return status;
}

// The host greets each endpoint once its peer is known, and again when it comes back.
static void greet(struct duet_rpc *rpc, struct duet_endpoint *endpoint, uint32_t which)
{
    const uint8_t zero = 0;

    if (endpoint->peer == DUET_RPMSG_ANY)
        rpc->greeted &= ~which;
    else if (!(rpc->greeted & which) && duet_rpmsg_send(endpoint, &zero, 1, 0) == DUET_OK)
        rpc->greeted |= which;
}

int duet_rpc_poll(struct duet_rpc *rpc)
{
    int status = duet_rpmsg_poll(rpc->rpmsg);

    if (status == DUET_RESTARTED)
        rpc->greeted = 0;
    if (rpc->rpmsg->config->role->is_host) {
        greet(rpc, &rpc->raw, GREETED_RAW);
        greet(rpc, &rpc->rpc, GREETED_RPC);
    }
    return status;
}

int duet_rpc_is_ready(const struct duet_rpc *rpc)
{
    return rpc->greeted == (GREETED_RAW | GREETED_RPC);
}

// ---- calling

static void begin(struct duet_rpc *rpc, struct duet_msgpack_writer *writer, uint32_t items)
{
    *writer = (struct duet_msgpack_writer){.bytes = rpc->out, .size = sizeof(rpc->out)};
    duet_msgpack_put_array(writer, items);
}

static void put_name(struct duet_msgpack_writer *writer, const char *name, uint32_t count)
{
    duet_msgpack_put_string(writer, name, text_length(name));
    duet_msgpack_put_array(writer, count);
}

void duet_rpc_begin(struct duet_rpc *rpc, struct duet_msgpack_writer *writer, const char *name,
                    uint32_t count)
{
    begin(rpc, writer, 4);
    duet_msgpack_put_uint(writer, REQUEST);
    rpc->call_id = (rpc->call_id + 1) & 0x7FFFFFFF; // Arduino's side reads it as signed
    duet_msgpack_put_u32(writer, rpc->call_id);
    put_name(writer, name, count);
}

void duet_rpc_begin_notify(struct duet_rpc *rpc, struct duet_msgpack_writer *writer,
                           const char *name, uint32_t count)
{
    begin(rpc, writer, 3);
    duet_msgpack_put_uint(writer, NOTIFY);
    put_name(writer, name, count);
}

int duet_rpc_notify(struct duet_rpc *rpc, struct duet_msgpack_writer *writer, uint32_t timeout_us)
{
    if (writer->overflow)
        return DUET_TOO_LARGE;
    return duet_rpmsg_send(&rpc->rpc, writer->bytes, writer->used, timeout_us);
}

int duet_rpc_call(struct duet_rpc *rpc, struct duet_msgpack_writer *writer,
                  struct duet_msgpack_reader *result, uint32_t timeout_us)
{
    const struct duet_port *port = rpc->rpmsg->config->memory.port;
    uint32_t start = port->clock(port);
    int status;

    if (rpc->rpmsg->in_callback)
        return DUET_INVALID;
    rpc->is_waiting = 1;
    status = duet_rpc_notify(rpc, writer, timeout_us);
    while (status >= DUET_OK && rpc->is_waiting) {
        status = duet_rpc_poll(rpc);
        if (status >= DUET_OK && rpc->is_waiting && !rpmsg_wait_more(rpc->rpmsg, start, timeout_us))
            status = DUET_TIMEOUT;
    }
    rpc->is_waiting = 0;
    if (status < DUET_OK)
        return status;
    *result = (struct duet_msgpack_reader){.bytes = rpc->answer, .size = rpc->answer_length};
    return duet_msgpack_get_nil(result) == DUET_OK ? DUET_OK : DUET_RPC_FAILED;
}

int duet_rpc_tty(struct duet_rpc *rpc, const void *bytes, uint32_t length, uint32_t timeout_us)
{
    struct duet_msgpack_writer writer;

    duet_rpc_begin_notify(rpc, &writer, "tty", 1);
    duet_msgpack_put_bin(&writer, bytes, length);
    return duet_rpc_notify(rpc, &writer, timeout_us);
}

int duet_rpc_raw(struct duet_rpc *rpc, const void *bytes, uint32_t length, uint32_t timeout_us)
{
    return duet_rpmsg_send(&rpc->raw, bytes, length, timeout_us);
}
