// Remote calls over RPMsg, on the wire as Arduino's RPC library has them: MessagePack-RPC in the endpoint
// `rpc`, one message in one payload; bytes as they are in the endpoint `raw`; serial output as the
// notification `tty`. Either core may serve, call, or both.
//
// Contexts: those of the struct duet_rpmsg. Methods run inside its poll and may not call.
#ifndef DUET_RPC_H
#define DUET_RPC_H

#include "duet/msgpack.h"
#include "duet/rpmsg.h"

#define DUET_RPC_BYTES  496u // most bytes in a message
#define DUET_RPC_FAILED (-9) // the other core answered with an error; the reader stands on it

// One method that this core serves. It reads `count` parameters and puts one result, or none for nil.
// DUET_OK, or DUET_INVALID when the parameters are not what it takes.
struct duet_rpc_method {
    const char *name;
    int (*call)(struct duet_msgpack_reader *params, uint32_t count,
                struct duet_msgpack_writer *result, void *argument);
    void *argument;
};

struct duet_rpc;

struct duet_rpc_config {
    const struct duet_rpc_method *methods;
    uint32_t method_count;
    // Bytes that came on `raw`, and as `tty`; both may be NULL. Valid until they return.
    void (*raw)(struct duet_rpc *rpc, const void *bytes, uint32_t length);
    void (*tty)(struct duet_rpc *rpc, const void *bytes, uint32_t length);
};

struct duet_rpc {
    const struct duet_rpc_config *config;
    struct duet_rpmsg *rpmsg;
    struct duet_endpoint raw, rpc;
    uint8_t in[DUET_RPC_BYTES]; // a copy, that the peer cannot change while it is looked at
    uint8_t out[DUET_RPC_BYTES];
    uint8_t answer[DUET_RPC_BYTES];
    uint32_t answer_length;
    uint32_t call_id, is_waiting;
    uint32_t greeted; // bits of endpoints whose first message has come (remote) or gone (host)
    uint32_t refused; // messages that were no MessagePack-RPC
};

// Creates both endpoints. The remote announces them, and takes the host's first byte on each for a
// greeting, which the host sends when they were announced. DUET_OK or DUET_INVALID.
int duet_rpc_open(struct duet_rpc *rpc, struct duet_rpmsg *rpmsg,
                  const struct duet_rpc_config *config);

// In place of duet_rpmsg_poll: serves what has arrived, and greets.
int duet_rpc_poll(struct duet_rpc *rpc);

// 1 when both sides have greeted.
int duet_rpc_is_ready(const struct duet_rpc *rpc);

// A call: begin, put `count` parameters into the writer, then duet_rpc_call. It serves what arrives
// meanwhile, up to timeout_us. DUET_OK: the reader stands on the result; DUET_RPC_FAILED: on the error;
// DUET_TIMEOUT, DUET_DOWN, DUET_RESTARTED; DUET_TOO_LARGE: it does not fit one message.
void duet_rpc_begin(struct duet_rpc *rpc, struct duet_msgpack_writer *writer, const char *name,
                    uint32_t count);
int duet_rpc_call(struct duet_rpc *rpc, struct duet_msgpack_writer *writer,
                  struct duet_msgpack_reader *result, uint32_t timeout_us);

// The same without an answer.
void duet_rpc_begin_notify(struct duet_rpc *rpc, struct duet_msgpack_writer *writer,
                           const char *name, uint32_t count);
int duet_rpc_notify(struct duet_rpc *rpc, struct duet_msgpack_writer *writer, uint32_t timeout_us);

// Serial output, and raw bytes.
int duet_rpc_tty(struct duet_rpc *rpc, const void *bytes, uint32_t length, uint32_t timeout_us);
int duet_rpc_raw(struct duet_rpc *rpc, const void *bytes, uint32_t length, uint32_t timeout_us);

#endif
