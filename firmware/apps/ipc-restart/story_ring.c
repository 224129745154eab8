/* A ring of messages each way, and the same by message buffers: the victim says a burst of things, and
 * the survivor answers them all. */
#include "duet/message_buffer.h"
#include "ipc-restart/restart.h"

#define RESTART_FILE 2

enum { RING_BYTES = 384 };

struct area {
    struct duet_ring_shared ends;
    uint8_t data[RING_BYTES];
};

#define AREAS ((struct area *)SHARED_PLACE(0)) /* by line */

static struct duet_ring_config configs[2];
static struct duet_ring outward, inward;
static uint32_t answers;

static void configure(void)
{
    answers = 0;
    for (uint32_t line = LINE_TO_CM4; line <= LINE_TO_CM7; line++)
        configs[line] = (struct duet_ring_config){
            .memory = restart_memory(),
            .shared = &AREAS[line].ends,
            .data = AREAS[line].data,
            .size = RING_BYTES,
            .notify = &restart_notify,
            .line = line,
        };
}

static void open_rings(void)
{
    configure();
    EXPECT(duet_ring_open_producer(&outward, &configs[IS_CM7 ? LINE_TO_CM4 : LINE_TO_CM7]) ==
           DUET_OK);
    EXPECT(duet_ring_open_consumer(&inward, &configs[IS_CM7 ? LINE_TO_CM7 : LINE_TO_CM4]) ==
           DUET_OK);
}

static bool send_one(void)
{
    uint8_t message[LONGEST];
    uint32_t length = message_make(message), start = microseconds();
    int status = duet_ring_send_wait(&outward, message, length, BOUND_US);
    came_back(start, status);
    return status > 0;
}

static bool receive_one(void)
{
    uint8_t message[LONGEST];
    uint32_t start = microseconds();
    int status = duet_ring_receive_wait(&inward, message, sizeof message, BOUND_US);
    came_back(start, status);
    if (status > 0)
        message_check(message, (uint32_t)status);
    return status > 0;
}

/* How many of a burst went. */
static uint32_t burst(bool (*one)(void), uint32_t most)
{
    uint32_t done = 0;
    while (done < most && one())
        done++;
    return done;
}

static bool live_by(bool (*say)(void), bool (*hear)(void))
{
    answers += burst(say, BURST) == BURST && burst(hear, BURST) == BURST;
    return answers >= EXCHANGES;
}

static bool live_by_ring(void)
{
    return live_by(send_one, receive_one);
}

static void serve_by_ring(void)
{
    burst(send_one, burst(receive_one, BURST));
}

const struct story story_ring = {open_rings, live_by_ring, serve_by_ring};

static StaticMessageBuffer_t storage[2];
static MessageBufferHandle_t out, in;

static void open_buffers(void)
{
    configure();
    out = xMessageBufferCreateShared(&configs[IS_CM7 ? LINE_TO_CM4 : LINE_TO_CM7], DUET_SENDER,
                                     &storage[0], NULL, NULL);
    in = xMessageBufferCreateShared(&configs[IS_CM7 ? LINE_TO_CM7 : LINE_TO_CM4], DUET_RECEIVER,
                                    &storage[1], NULL, NULL);
    EXPECT(out && in);
}

static bool put_one(void)
{
    uint8_t message[LONGEST];
    uint32_t length = message_make(message), start = microseconds();
    size_t sent = xMessageBufferSend(out, message, length, BOUND_US / 1000);
    came_back(start, duet_stream_buffer_status(out));
    EXPECT(sent == 0 || sent == length);
    return sent != 0;
}

static bool get_one(void)
{
    uint8_t message[LONGEST];
    uint32_t start = microseconds();
    size_t length = xMessageBufferReceive(in, message, sizeof message, BOUND_US / 1000);
    came_back(start, duet_stream_buffer_status(in));
    if (length)
        message_check(message, (uint32_t)length);
    return length != 0;
}

static bool live_by_buffer(void)
{
    return live_by(put_one, get_one);
}

static void serve_by_buffer(void)
{
    burst(put_one, burst(get_one, BURST));
}

const struct story story_buffer = {open_buffers, live_by_buffer, serve_by_buffer};
