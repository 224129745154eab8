/* A ring of messages each way, and the same by message buffers: the victim says two things, and the
 * survivor answers each. */
#include "duet/message_buffer.h"
#include "ipc-restart/restart.h"

#define RESTART_FILE 2

enum { RING_BYTES = 256 };

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

static bool live_by_ring(void)
{
    if (send_one() && send_one() && receive_one() && receive_one())
        answers++;
    return answers == EXCHANGES;
}

static void serve_by_ring(void)
{
    if (receive_one())
        send_one();
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
    if (put_one() && put_one() && get_one() && get_one())
        answers++;
    return answers == EXCHANGES;
}

static void serve_by_buffer(void)
{
    if (get_one())
        put_one();
}

const struct story story_buffer = {open_buffers, live_by_buffer, serve_by_buffer};
