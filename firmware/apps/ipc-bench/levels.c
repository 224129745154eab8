/* The levels that carry messages. */
#include "duet/message_buffer.h"
#include "duet/rpmsg.h"
#include "ipc-bench/bench.h"

enum { RPMSG_LINE = DIRECTIONS };
enum { JOIN_ROUNDS = 200, RING_BYTES = 4096, PATIENCE_US = 1000000, PATIENCE_MS = 1000 };

struct area {
    struct duet_ring_shared ends;
    uint8_t data[RING_BYTES];
};

static struct duet_ring_config ring_config(const struct place *place, unsigned direction)
{
    struct area *area = (struct area *)(void *)place->areas[direction];
    return (struct duet_ring_config){
        .memory = {.port = &link_port, .policy = policy_here(place)},
        .shared = &area->ends,
        .data = area->data,
        .size = RING_BYTES,
        .notify = &link_notify,
        .line = direction,
    };
}

static struct duet_ring_config configs[DIRECTIONS];
static struct duet_ring outward, inward;

static void open_both(const struct place *place, struct duet_notify *notify)
{
    unsigned own = own_direction();
    for (unsigned direction = 0; direction < DIRECTIONS; direction++) {
        configs[direction] = ring_config(place, direction);
        configs[direction].notify = notify;
    }
    must(duet_ring_open_producer(&outward, &configs[own]), "the ring out");
    must(duet_ring_open_consumer(&inward, &configs[1 - own]), "the ring in");
    barrier();
    for (int round = 0; round < JOIN_ROUNDS; round++) {
        duet_ring_used(&outward);
        duet_ring_used(&inward);
    }
    barrier();
}

static void open_rings(const struct place *place)
{
    open_both(place, &link_notify);
}

static void send_by_ring(const void *message, uint32_t length)
{
    must(duet_ring_send_wait(&outward, message, length, PATIENCE_US), "the ring's send");
}

static void receive_by_ring(void *message, uint32_t length)
{
    must(duet_ring_receive_wait(&inward, message, length, PATIENCE_US), "the ring's receive");
}

const struct level level_ring = {
    .name = "ring",
    .takes_cached = true,
    .longest = LONGEST,
    .open = open_rings,
    .send = send_by_ring,
    .receive = receive_by_ring,
};

/* Nobody rings, the receiver looks all the time: what the message itself costs. */
static void open_silent_rings(const struct place *place)
{
    open_both(place, NULL);
}

static void poll_ring(void *message, uint32_t length)
{
    while (duet_ring_receive(&inward, message, length) < 0)
        continue;
}

const struct level level_ring_polled = {
    .name = "ring, polled",
    .takes_cached = true,
    .longest = LONGEST,
    .open = open_silent_rings,
    .send = send_by_ring,
    .receive = poll_ring,
};

static StaticMessageBuffer_t storage[DIRECTIONS];
static MessageBufferHandle_t buffers[DIRECTIONS];

static void open_buffers(const struct place *place)
{
    for (unsigned direction = 0; direction < DIRECTIONS; direction++) {
        struct duet_ring_config where = ring_config(place, direction);
        unsigned end = direction == own_direction() ? DUET_SENDER : DUET_RECEIVER;
        buffers[direction] =
            xMessageBufferCreateShared(&where, end, &storage[direction], NULL, NULL);
    }
    barrier();
    for (int round = 0; round < JOIN_ROUNDS; round++)
        for (unsigned direction = 0; direction < DIRECTIONS; direction++)
            xMessageBufferIsEmpty(buffers[direction]);
    barrier();
}

static void send_by_buffer(const void *message, uint32_t length)
{
    if (xMessageBufferSend(buffers[own_direction()], message, length, pdMS_TO_TICKS(PATIENCE_MS)) !=
        length)
        must(DUET_TIMEOUT, "the message buffer's send");
}

static void receive_by_buffer(void *message, uint32_t length)
{
    if (!xMessageBufferReceive(buffers[1 - own_direction()], message, length,
                               pdMS_TO_TICKS(PATIENCE_MS)))
        must(DUET_TIMEOUT, "the message buffer's receive");
}

const struct level level_message_buffer = {
    .name = "message buffer",
    .takes_cached = true,
    .longest = LONGEST,
    .open = open_buffers,
    .send = send_by_buffer,
    .receive = receive_by_buffer,
};

static struct duet_rpmsg rpmsg;
static struct duet_rpmsg_config rpmsg_config;
static struct duet_endpoint endpoint;
static volatile uint32_t arrived;
static void *wanted; /* where the next message goes */

static void on_message(struct duet_endpoint *from, void *data, uint32_t length, uint32_t source)
{
    (void)from;
    (void)source;
    __builtin_memcpy(wanted, data, length);
    arrived = arrived + 1;
}

/* ST's layout has its buffers behind the rings: 1 KB table, 2 KB rings, 8 buffers. */
static void open_rpmsg(const struct place *place)
{
    uint8_t *table = place->areas[TO_CM4];
    rpmsg_config = (struct duet_rpmsg_config){
        .memory = LINK_MEMORY,
        .table = table,
        .shared = table + DUET_RPMSG_TABLE_BYTES,
        .size = 2 * AREA_BYTES - DUET_RPMSG_TABLE_BYTES,
        .address = (uint32_t)table + DUET_RPMSG_TABLE_BYTES,
        .sessions = 1,
        .notify = &link_notify,
        .line = RPMSG_LINE, /* the same both ways: who waits for a buffer waits on it, too */
    };
#ifdef DUET_STM32H7_CORE_M7
    rpmsg_config.role = &duet_rpmsg_host;
    rpmsg_config.layout = &duet_rpmsg_layout_st;
#else
    rpmsg_config.role = &duet_rpmsg_remote;
#endif
    must(duet_rpmsg_open(&rpmsg, &rpmsg_config), "RPMsg");
    endpoint = (struct duet_endpoint){0};
    must(duet_rpmsg_create_endpoint(&rpmsg, &endpoint, NULL, 100, 100, on_message), "endpoint");
    for (int round = 0; round < JOIN_ROUNDS; round++) {
        barrier();
        duet_rpmsg_poll(&rpmsg);
    }
    arrived = 0;
    barrier();
}

static void send_by_rpmsg(const void *message, uint32_t length)
{
    must(duet_rpmsg_send(&endpoint, message, length, PATIENCE_US), "RPMsg's send");
}

static void receive_by_rpmsg(void *message, uint32_t length)
{
    (void)length;
    wanted = message;
    duet_rpmsg_poll(&rpmsg);
    while (!arrived) {
        duet_notify_wait(&link_notify, 1u << RPMSG_LINE, PATIENCE_US);
        duet_rpmsg_poll(&rpmsg);
    }
    arrived = arrived - 1;
}

const struct level level_rpmsg = {
    .name = "RPMsg",
    .longest = RPMSG_LONGEST,
    .open = open_rpmsg,
    .send = send_by_rpmsg,
    .receive = receive_by_rpmsg,
};
