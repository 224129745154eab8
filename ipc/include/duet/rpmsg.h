// RPMsg over virtio rings, in both roles, on the wire as OpenAMP, Linux and Arduino have it: resource
// table, two split rings, a header of 16 bytes, the name service at address 53.
//
// Beyond the wire: urgent endpoints are served first and keep buffers for themselves; a message that
// is too long is refused; nothing that the peer wrote is used unchecked; and between two cores that
// both run this library ("sessions"), either may restart at any time.
//
// The memory is non-cacheable for both cores: descriptors and both indices share cache lines on this
// wire, so no maintenance can be right (DUET_MAINTAINED is refused).
//
// Contexts: one at a time, for the whole of a struct duet_rpmsg. Callbacks run inside
// duet_rpmsg_poll and may send, hold, create and destroy endpoints, but not poll.
#ifndef DUET_RPMSG_H
#define DUET_RPMSG_H

#include "duet/notify.h"
#include "duet/status.h"

#ifndef DUET_RPMSG_BUFFERS
#define DUET_RPMSG_BUFFERS 64u // most buffers in one direction: RAM for each, 2 to 64
#endif

#define DUET_RPMSG_HEADER      16u
#define DUET_RPMSG_NAME        32u
#define DUET_RPMSG_ANY         0xFFFFFFFFu
#define DUET_RPMSG_NAME_SERVER 53u
#define DUET_RPMSG_DYNAMIC     1024u // first address that is given out
#define DUET_RPMSG_TABLE_BYTES 1024u // the resource table's place, in front of the shared memory

struct duet_rpmsg;

// What the two sides do differently. A firmware links only the one that its configuration names.
struct duet_rpmsg_role {
    uint32_t is_host;
    // A step of a session between two that run this library, or with a peer that does not.
    void (*session)(struct duet_rpmsg *rpmsg, uint32_t epoch, uint32_t seen);
    void (*plain)(struct duet_rpmsg *rpmsg);
};

extern const struct duet_rpmsg_role duet_rpmsg_host;   // fills the rings, writes the table; the M7
extern const struct duet_rpmsg_role duet_rpmsg_remote; // follows the table; the M4

// Where things are in the shared memory, in bytes from its start. The remote takes them from the table.
struct duet_rpmsg_layout {
    uint32_t vring1;      // host to remote
    uint32_t vring0;      // remote to host
    uint32_t buffers;     // first buffer; those that the host receives in come first
    uint32_t align;       // of the used rings, a power of two
    uint32_t count;       // buffers in a ring, a power of two up to DUET_RPMSG_BUFFERS
    uint32_t buffer_size; // bytes, header included; a multiple of 4
};

extern const struct duet_rpmsg_layout duet_rpmsg_layout_st;      // ST's OpenAMP examples
extern const struct duet_rpmsg_layout duet_rpmsg_layout_arduino; // Arduino RPC, MicroPython openamp

struct duet_endpoint;

// A message for an endpoint. data is in shared memory and the endpoint's until the callback returns,
// or until duet_rpmsg_release if the callback calls duet_rpmsg_hold. The peer can still change it: copy
// what is checked and used twice.
typedef void duet_rpmsg_callback(struct duet_endpoint *endpoint, void *data, uint32_t length,
                                 uint32_t source);

// The peer has announced a service that no endpoint waits for, or withdrawn one.
typedef void duet_rpmsg_service_callback(struct duet_rpmsg *rpmsg, const char *name,
                                         uint32_t address, int destroyed);

// Called for each message between endpoints, before the peer has it: the answer is the stamp that goes with it. And before
// its endpoint has it, with the peer's stamp; 0: none. See duet/statistics.h.
typedef uint32_t duet_rpmsg_observer(struct duet_rpmsg *rpmsg, uint32_t length, uint32_t stamp,
                                     int is_sent);

struct duet_rpmsg_config {
    struct duet_memory memory;
    const struct duet_rpmsg_role *role;
    uint8_t *table;   // the table's 1024 bytes, as this core addresses them; a multiple of 4
    uint8_t *shared;  // shared memory as this core addresses it; a multiple of 4
    uint32_t size;    // its bytes
    uint32_t address; // its address in table and descriptors
    const struct duet_rpmsg_layout *layout; // host; NULL for the remote
    uint32_t sessions;                      // 1: the peer runs this library too. 0: any other
    uint32_t reserve;                       // sending buffers that only urgent endpoints may take
    struct duet_notify *notify;             // NULL: the hardware line alone, as OpenAMP has it
    uint32_t line;                          // of notify
    duet_rpmsg_service_callback *service;   // may be NULL
    duet_rpmsg_observer *observer;          // NULL: none
    struct duet_statistics *sent;           // the observer's, this side's own; may be NULL
    struct duet_statistics *received;
    void *argument; // the user's
};

struct duet_endpoint {
    struct duet_rpmsg *rpmsg;
    struct duet_endpoint *next;
    duet_rpmsg_callback *callback;
    void *argument;      // the user's
    uint32_t address;    // own
    uint32_t peer;       // DUET_RPMSG_ANY: not known yet
    uint32_t fixed_peer; // as given at creation
    uint32_t priority;   // 0 is the most urgent
    char name[DUET_RPMSG_NAME];
    uint32_t announced;
};

struct duet_virtqueue {
    uint8_t *ring;         // the descriptors
    uint8_t *mine;         // the ring that this side writes: available or used
    const uint8_t *theirs; // the ring that the peer writes
    uint16_t count;
    uint16_t published; // this side's index
    uint16_t taken;     // the peer's, as far as it was looked at
    uint16_t scan;
    uint16_t ours; // how many buffers are this side's and not lent
    uint8_t is_driver;
    uint8_t is_fixed; // a descriptor names the same buffer for the whole of a session
    uint8_t state[DUET_RPMSG_BUFFERS]; // whose each descriptor is
    uint8_t *at[DUET_RPMSG_BUFFERS];   // where its buffer is
    uint32_t length[DUET_RPMSG_BUFFERS];
};

struct duet_rpmsg_arrival {
    struct duet_endpoint *endpoint;
    uint32_t source;
    uint16_t length;
    uint16_t id;
};

struct duet_rpmsg {
    const struct duet_rpmsg_config *config;
    struct duet_virtqueue out, in;
    struct duet_endpoint *endpoints;
    uint32_t next_address;
    uint32_t epoch, peer_epoch, session; // see docs/ipc-wire.md
    const uint32_t *their_epoch;         // with sessions, else NULL
    uint32_t told_epoch, tell; // the peer's epoch as last seen; its restart is still to be told
    uint32_t is_up;
    uint32_t capacity; // of the sending buffers, as far as known
    uint32_t kick_due, announce_due, in_callback, hold;
    uint32_t refused; // messages that made no sense, or for nobody
    struct duet_rpmsg_arrival arrival[DUET_RPMSG_BUFFERS]; // in the order of arrival
    uint32_t arrivals;
};

// Starts. A host of a peer without sessions writes rings and table at once. DUET_OK or DUET_INVALID.
int duet_rpmsg_open(struct duet_rpmsg *rpmsg, const struct duet_rpmsg_config *config);

// A remote of a host without sessions calls this before the host may start, so that a table which a
// warm reset left behind is not taken for the new one.
void duet_rpmsg_forget(const struct duet_rpmsg_config *config);

// Serves what has arrived, the most urgent endpoint first: how many messages, DUET_DOWN when the peer
// is not there yet, or DUET_RESTARTED once when it came back: what was in flight is lost, buffers that
// were got or held are no longer the caller's, and endpoints have been announced anew. Call it from
// the main loop, or a thread, after each ring of the line.
int duet_rpmsg_poll(struct duet_rpmsg *rpmsg);

// 1 when messages can be sent.
int duet_rpmsg_is_up(const struct duet_rpmsg *rpmsg);

// Creates an endpoint. address: fixed, or DUET_RPMSG_ANY for the next free one. peer: fixed, or
// DUET_RPMSG_ANY to be learnt from the name service or from the first message. A remote announces an
// endpoint with a name (up to 31 characters; NULL or "" for none) and no fixed peer. The endpoint is
// the library's until it is destroyed. DUET_OK, or DUET_INVALID: the address is taken.
int duet_rpmsg_create_endpoint(struct duet_rpmsg *rpmsg, struct duet_endpoint *endpoint,
                               const char *name, uint32_t address, uint32_t peer,
                               duet_rpmsg_callback *callback);
void duet_rpmsg_destroy_endpoint(struct duet_endpoint *endpoint);

// Sends a copy. Waits up to timeout_us microseconds for a buffer, and for the peer to be known.
// DUET_OK; DUET_TOO_LARGE: longer than a buffer, nothing was sent; DUET_TIMEOUT; DUET_RESTARTED.
int duet_rpmsg_send(struct duet_endpoint *endpoint, const void *data, uint32_t length,
                    uint32_t timeout_us);
int duet_rpmsg_send_to(struct duet_endpoint *endpoint, uint32_t peer, const void *data,
                       uint32_t length, uint32_t timeout_us);

// The peer is asked to ring for a buffer that it gives back only while one of these calls waits for it.
//
// Zero copy. A buffer to fill, and its capacity; NULL when none came free in time.
void *duet_rpmsg_get_buffer(struct duet_endpoint *endpoint, uint32_t *capacity,
                            uint32_t timeout_us);
// Sends it. DUET_OK, DUET_TOO_LARGE, DUET_DOWN (no peer known), DUET_INVALID: not such a buffer.
int duet_rpmsg_send_buffer(struct duet_endpoint *endpoint, void *buffer, uint32_t length);
// Gives it back unsent. DUET_OK or DUET_INVALID.
int duet_rpmsg_drop_buffer(struct duet_endpoint *endpoint, void *buffer);
// Keeps the message of the callback that is running, and gives one back.
void duet_rpmsg_hold(struct duet_endpoint *endpoint);
int duet_rpmsg_release(struct duet_endpoint *endpoint, void *data);

// ---- messages of any length

// Carries messages of any length in fragments of a buffer each, in order. At most one message is on its
// way in each direction.
struct duet_rpmsg_stream;

// A piece of a message: bytes offset to offset + length of total. A total of 0 with status
// DUET_CORRUPT: the message that was coming will not be completed.
typedef void duet_rpmsg_piece(struct duet_rpmsg_stream *stream, const void *data, uint32_t length,
                              uint32_t offset, uint32_t total, int status);

struct duet_rpmsg_stream {
    struct duet_endpoint endpoint;
    duet_rpmsg_piece *piece;
    void *argument; // the user's
    uint32_t expected, total;
};

int duet_rpmsg_create_stream(struct duet_rpmsg *rpmsg, struct duet_rpmsg_stream *stream,
                             const char *name, uint32_t address, uint32_t peer,
                             duet_rpmsg_piece *piece);

// Sends all of the message or says why not; timeout_us bounds each fragment.
int duet_rpmsg_stream_send(struct duet_rpmsg_stream *stream, const void *data, uint32_t length,
                           uint32_t timeout_us);

#endif
