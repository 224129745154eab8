// What the files of RPMsg share.
#ifndef DUET_RPMSG_PRIVATE_H
#define DUET_RPMSG_PRIVATE_H

#include "virtqueue.h"

struct rpmsg_header {
    uint32_t source;
    uint32_t destination;
    uint32_t stamp; // reserved in OpenAMP: 0
    uint32_t length_flags;
};

_Static_assert(sizeof(struct rpmsg_header) == DUET_RPMSG_HEADER, "RPMsg header on the wire");

// A card for each role in the last 64 bytes of the table's place, for peers that both run sessions.
#define RPMSG_CARDS      (DUET_RPMSG_TABLE_BYTES - 64u)
#define RPMSG_CARD_MAGIC 0x314D5052u // "RPM1"

struct rpmsg_card {
    uint32_t magic;
    uint32_t epoch;
    uint32_t seen;
    uint32_t reserved[5];
};

// Bits of the table's status byte (Virtual I/O Device 1.1, 2.1).
#define RPMSG_STATUS_OK 4u
#define RPMSG_DRIVER_OK 7u // ACKNOWLEDGE, DRIVER, DRIVER_OK

// The entry of the resource table, as Linux's remoteproc and OpenAMP have it: an RPMsg device.
#define TABLE_VERSION   0x00u // 1
#define TABLE_ENTRIES   0x04u // 1
#define TABLE_OFFSET0   0x10u
#define TABLE_DEVICE    0x18u // of the entry in the table; the next six are in the entry
#define ENTRY_TYPE      0x00u // 3: virtio device
#define ENTRY_ID        0x04u // 7: RPMsg
#define ENTRY_FEATURES  0x0Cu // bit 0: name service
#define ENTRY_STATUS    0x18u // byte: status; byte: rings; two bytes 0
#define ENTRY_VRING0    0x1Cu
#define ENTRY_VRING1    0x30u
#define ENTRY_BYTES     0x44u
#define VRING_ADDRESS   0u
#define VRING_ALIGN     4u
#define VRING_COUNT     8u
#define VRING_NOTIFY_ID 12u

DUET_INLINE uint32_t *rpmsg_table_word(const struct duet_rpmsg_config *config, uint32_t offset)
{
    return (uint32_t *)(void *)(config->table + offset);
}

DUET_INLINE struct rpmsg_card *rpmsg_card(const struct duet_rpmsg *rpmsg, uint32_t of_host)
{
    return (struct rpmsg_card *)(void *)(rpmsg->config->table + RPMSG_CARDS) + !of_host;
}

// Behind all that was stored before. Whatever tells the peer of it has a fence of its own.
DUET_INLINE void rpmsg_write_word(uint32_t *word, uint32_t value)
{
    duet_fence();
    shared_store(word, value);
}

void rpmsg_table_status(const struct duet_rpmsg_config *config, uint32_t status);

// A ring that lies in the shared memory; offset is where in it.
int rpmsg_ring_is_valid(const struct duet_rpmsg_config *config, uint32_t offset, uint32_t count,
                        uint32_t align);

// ---- rpmsg_session.c

// Nothing is up any more: this side's epoch asks the other to begin a new session.
void rpmsg_leave_session(struct duet_rpmsg *rpmsg);
void rpmsg_enter_session(struct duet_rpmsg *rpmsg);
void rpmsg_kick(struct duet_rpmsg *rpmsg);

// A step of the session: DUET_OK, DUET_DOWN, or DUET_RESTARTED once after what was up has ended.
int rpmsg_step_session(struct duet_rpmsg *rpmsg);

// The peer wrote what makes no sense.
void rpmsg_refuse(struct duet_rpmsg *rpmsg, struct duet_virtqueue *queue);

// Both are up, and the peer's epoch alone says that nothing has changed.
DUET_HOT int rpmsg_is_settled(const struct duet_rpmsg *rpmsg)
{
    return rpmsg->is_up && rpmsg->their_epoch &&
           shared_load(rpmsg->their_epoch) == rpmsg->told_epoch;
}

DUET_HOT int rpmsg_session(struct duet_rpmsg *rpmsg)
{
    return rpmsg_is_settled(rpmsg) ? DUET_OK : rpmsg_step_session(rpmsg);
}

DUET_HOT void rpmsg_kick_for(struct duet_rpmsg *rpmsg, const struct duet_virtqueue *queue)
{
    if (virtqueue_wants_kick(queue))
        rpmsg_kick(rpmsg);
}

// ---- rpmsg_send.c

// Waits for the other core; 0 when the bound has passed.
int rpmsg_wait_more(struct duet_rpmsg *rpmsg, uint32_t start, uint32_t timeout_us);
int rpmsg_send_from(struct duet_endpoint *endpoint, uint32_t peer, const void *data,
                    uint32_t length, uint32_t priority, uint32_t timeout_us);

// ---- rpmsg_receive.c

// Gives back what has arrived for an endpoint that is no more.
void rpmsg_pass_over(const struct duet_endpoint *endpoint);

// ---- rpmsg_endpoint.c

struct duet_endpoint *rpmsg_find(struct duet_rpmsg *rpmsg, uint32_t address);
void rpmsg_announce_all(struct duet_rpmsg *rpmsg);
void rpmsg_name_service(struct duet_rpmsg *rpmsg, const void *data, uint32_t length);

#endif
