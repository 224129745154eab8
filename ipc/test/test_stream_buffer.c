// The meanings that FreeRTOS documents for stream and message buffers, inside one core and across.
#include "pair.h"

#include "duet/message_buffer.h"

#define SIZE 64u

static struct duet_host host;
static uint8_t storage[SIZE];
static StaticStreamBuffer_t one, other;
static struct {
    struct duet_notify_shared notify;
    struct duet_ring_shared ring, control_ring, second_ring;
    uint8_t data[SIZE] SHARED;
    uint8_t control[SIZE] SHARED;
    uint8_t second[SIZE] SHARED;
} shared;
static struct duet_notify_config notify_config[2];
static struct duet_notify notify[2];

const struct duet_port *duet_local_port(void)
{
    return &host.port[0];
}

static int setup(void **state)
{
    (void)state;
    memset(&shared, 0xD2, sizeof(shared));
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++) {
        notify_config[core] =
            (struct duet_notify_config){.memory = memory_of(&host, core), .shared = &shared.notify};
        duet_notify_open(&notify[core], &notify_config[core]);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    duet_host_close(&host);
    return 0;
}

static struct duet_ring_config ring_of(uint32_t core, struct duet_ring_shared *ring, uint8_t *data)
{
    return (struct duet_ring_config){.memory = memory_of(&host, core),
                                     .shared = ring,
                                     .data = data,
                                     .size = SIZE,
                                     .notify = &notify[core],
                                     .line = 1};
}

static void settle(StreamBufferHandle_t a, StreamBufferHandle_t b)
{
    for (int i = 0; i < 3; i++) {
        xStreamBufferBytesAvailable(a);
        xStreamBufferBytesAvailable(b);
    }
    duet_stream_buffer_status(a);
    duet_stream_buffer_status(b);
}

static void a_stream_sends_what_fits_and_receives_what_is_there(void **state)
{
    StreamBufferHandle_t buffer = xStreamBufferCreateStatic(SIZE, 1, storage, &one);
    uint8_t bytes[SIZE];

    (void)state;
    assert_non_null(buffer);
    fill_pattern(bytes, SIZE, 3);
    assert_int_equal(xStreamBufferIsEmpty(buffer), pdTRUE);
    assert_int_equal(xStreamBufferSpacesAvailable(buffer), SIZE - 1);
    assert_int_equal(xStreamBufferSend(buffer, bytes, 40, 0), 40);
    assert_int_equal(xStreamBufferBytesAvailable(buffer), 40);
    assert_int_equal(xStreamBufferSend(buffer, bytes + 40, 24, 0), 23);
    assert_int_equal(xStreamBufferIsFull(buffer), pdTRUE);
    assert_int_equal(xStreamBufferSend(buffer, bytes, 1, 0), 0);
    memset(bytes, 0, SIZE);
    assert_int_equal(xStreamBufferReceive(buffer, bytes, SIZE, 0), SIZE - 1);
    assert_pattern(bytes, SIZE - 1, 3);
    assert_int_equal(xStreamBufferReceive(buffer, bytes, SIZE, 0), 0);
    assert_int_equal(duet_stream_buffer_status(buffer), DUET_OK);
}

static void a_message_costs_four_bytes_and_is_never_cut(void **state)
{
    MessageBufferHandle_t buffer = xMessageBufferCreateStatic(SIZE, storage, &one);
    uint8_t bytes[SIZE];

    (void)state;
    assert_int_equal(xMessageBufferSend(buffer, "0123456789", 10, 0), 10);
    assert_int_equal(xMessageBufferSpacesAvailable(buffer), SIZE - 1 - 14);
    assert_int_equal(xMessageBufferNextLengthBytes(buffer), 10);
    assert_int_equal(xMessageBufferReceive(buffer, bytes, 9, 0), 0);
    assert_int_equal(duet_stream_buffer_status(buffer), DUET_TOO_LARGE);
    assert_int_equal(xMessageBufferReceive(buffer, bytes, 10, 0), 10);
    assert_memory_equal(bytes, "0123456789", 10);
    assert_int_equal(xMessageBufferSend(buffer, bytes, SIZE - 5, 0), SIZE - 5);
    assert_int_equal(xMessageBufferIsFull(buffer), pdTRUE);
    assert_int_equal(xMessageBufferReset(buffer), pdPASS);
    assert_int_equal(xMessageBufferIsEmpty(buffer), pdTRUE);
    // One that can never fit is refused at once, however long the caller would wait.
    uint32_t start = host.port[0].clock(&host.port[0]);
    assert_int_equal(xMessageBufferSend(buffer, bytes, SIZE - 4, portMAX_DELAY), 0);
    assert_in_range(host.port[0].clock(&host.port[0]) - start, 0, 500000);
    assert_int_equal(duet_stream_buffer_status(buffer), DUET_TOO_LARGE);
    assert_int_equal(xMessageBufferNextLengthBytes(buffer), 0);
}

static void a_wait_ends_with_what_is_there(void **state)
{
    StreamBufferHandle_t buffer = xStreamBufferCreateStatic(SIZE, 10, storage, &one);
    uint8_t bytes[SIZE] = {0};
    const struct duet_port *port = &host.port[0];
    uint32_t start = port->clock(port);

    (void)state;
    assert_int_equal(xStreamBufferReceive(buffer, bytes, SIZE, pdMS_TO_TICKS(20)), 0);
    assert_in_range(port->clock(port) - start, 20000, 2000000);
    xStreamBufferSend(buffer, bytes, 4, 0);
    start = port->clock(port);
    // Bytes that are there at the call are taken at once, below the trigger level or not.
    assert_int_equal(xStreamBufferReceive(buffer, bytes, SIZE, pdMS_TO_TICKS(3000)), 4);
    assert_in_range(port->clock(port) - start, 0, 1000000);
    xStreamBufferSend(buffer, bytes, 60, 0);
    start = port->clock(port);
    assert_int_equal(xStreamBufferSend(buffer, bytes, 10, pdMS_TO_TICKS(20)), 3);
    assert_in_range(port->clock(port) - start, 20000, 2000000);
    assert_int_equal(xStreamBufferSetTriggerLevel(buffer, SIZE + 1), pdFALSE);
    assert_int_equal(xStreamBufferSetTriggerLevel(buffer, SIZE), pdTRUE);
    assert_null(xStreamBufferCreateStatic(SIZE, SIZE + 1, storage, &one));
}

static int sends, receives;

static void count_send(StreamBufferHandle_t buffer, BaseType_t in_isr, BaseType_t *woken)
{
    assert_ptr_equal(buffer, &one);
    if (in_isr)
        *woken = pdTRUE;
    sends++;
}

static void count_receive(StreamBufferHandle_t buffer, BaseType_t in_isr, BaseType_t *woken)
{
    assert_ptr_equal(buffer, &one);
    if (in_isr)
        *woken = pdTRUE;
    receives++;
}

static void the_completed_hooks_run_at_the_trigger_level(void **state)
{
    StreamBufferHandle_t buffer =
        xStreamBufferCreateStaticWithCallback(SIZE, 8, storage, &one, count_send, count_receive);
    BaseType_t woken = pdFALSE;
    uint8_t bytes[SIZE] = {0};

    (void)state;
    sends = receives = 0;
    xStreamBufferSend(buffer, bytes, 7, 0);
    assert_int_equal(sends, 0);
    xStreamBufferSendFromISR(buffer, bytes, 1, &woken);
    assert_int_equal(sends, 1);
    assert_int_equal(woken, pdTRUE);
    assert_int_equal(xStreamBufferReceiveFromISR(buffer, bytes, SIZE, &woken), 8);
    assert_int_equal(receives, 1);
    assert_int_equal(xStreamBufferReceiveFromISR(buffer, bytes, SIZE, &woken), 0);
    assert_int_equal(receives, 1);
}

static void the_line_rings_only_at_the_trigger_level(void **state)
{
    struct duet_ring_config ring[2] = {ring_of(0, &shared.ring, shared.data),
                                       ring_of(1, &shared.ring, shared.data)};
    StreamBufferHandle_t sender =
        xStreamBufferCreateShared(&ring[0], 20, DUET_SENDER, &one, NULL, NULL);
    StreamBufferHandle_t receiver =
        xStreamBufferCreateShared(&ring[1], 20, DUET_RECEIVER, &other, NULL, NULL);
    uint8_t bytes[SIZE] = {0};

    (void)state;
    settle(sender, receiver);
    duet_notify_take(&notify[1], UINT32_MAX);
    xStreamBufferSend(sender, bytes, 19, 0);
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 0);
    xStreamBufferSend(sender, bytes, 1, 0);
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 2);
    xStreamBufferSetTriggerLevel(receiver, 1);
    xStreamBufferSend(sender, bytes, 1, 0);
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 2);
}

// The application note's pattern: two data buffers, and a control buffer that tells which has something.
static MessageBufferHandle_t control_sender, data_sender[2];
static StaticMessageBuffer_t buffers[6];

static void tell_by_control(StreamBufferHandle_t buffer, BaseType_t in_isr, BaseType_t *woken)
{
    uint32_t which = buffer == data_sender[1];

    (void)in_isr;
    (void)woken;
    xMessageBufferSend(control_sender, &which, sizeof(which), 0);
}

static void a_control_buffer_tells_which_data_buffer(void **state)
{
    struct duet_ring_shared *rings[3] = {&shared.control_ring, &shared.ring, &shared.second_ring};
    uint8_t *data[3] = {shared.control, shared.data, shared.second};
    MessageBufferHandle_t receiver[3];
    char text[16];
    uint32_t which;

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct duet_ring_config there = ring_of(0, rings[i], data[i]);
        struct duet_ring_config here = ring_of(1, rings[i], data[i]);
        MessageBufferHandle_t sender;

        if (i != 0)
            there.notify = NULL; // the callback tells
        sender = xMessageBufferCreateShared(&there, DUET_SENDER, &buffers[2 * i],
                                            i ? tell_by_control : NULL, NULL);
        receiver[i] =
            xMessageBufferCreateShared(&here, DUET_RECEIVER, &buffers[2 * i + 1], NULL, NULL);
        settle(sender, receiver[i]);
        *(i ? &data_sender[i - 1] : &control_sender) = sender;
    }
    duet_notify_take(&notify[1], UINT32_MAX);
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(xMessageBufferSend(data_sender[i % 2], "hello", 5, 0), 5);
        assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 2);
        assert_int_equal(xMessageBufferReceiveFromISR(receiver[0], &which, 4, NULL), 4);
        assert_int_equal(which, i % 2);
        assert_int_equal(xMessageBufferSendCompletedFromISR(receiver[1 + which], NULL), pdTRUE);
        assert_int_equal(duet_notify_take(&notify[1], 2), 2); // who waits looks again
        assert_int_equal(xMessageBufferReceive(receiver[1 + which], text, 16, 0), 5);
    }
}

static void *send_lines(void *argument)
{
    StreamBufferHandle_t buffer = argument;
    uint8_t bytes[100];

    for (uint32_t i = 0; i < 3000; i++) {
        fill_pattern(bytes, 50, i);
        if (xStreamBufferSend(buffer, bytes, 50, pdMS_TO_TICKS(5000)) != 50)
            return "a send ended early";
    }
    return NULL;
}

static void a_stream_between_threads_wakes_both_sides(void **state)
{
    struct duet_ring_config ring[2] = {ring_of(0, &shared.ring, shared.data),
                                       ring_of(1, &shared.ring, shared.data)};
    StreamBufferHandle_t sender =
        xStreamBufferCreateShared(&ring[0], 1, DUET_SENDER, &one, NULL, NULL);
    StreamBufferHandle_t receiver =
        xStreamBufferCreateShared(&ring[1], 1, DUET_RECEIVER, &other, NULL, NULL);
    uint8_t bytes[50];
    pthread_t thread;
    void *complaint;

    (void)state;
    pthread_create(&thread, NULL, send_lines, sender);
    for (uint32_t i = 0; i < 3000; i++) {
        size_t got = 0;

        while (got < 50) {
            size_t more =
                xStreamBufferReceive(receiver, bytes + got, 50 - got, pdMS_TO_TICKS(5000));

            assert_int_not_equal(more, 0);
            got += more;
        }
        assert_pattern(bytes, 50, i);
    }
    pthread_join(thread, &complaint);
    assert_null(complaint);
}

static void a_restart_of_the_peer_is_told_by_the_status(void **state)
{
    struct duet_ring_config ring[2] = {ring_of(0, &shared.ring, shared.data),
                                       ring_of(1, &shared.ring, shared.data)};
    MessageBufferHandle_t sender =
        xMessageBufferCreateShared(&ring[0], DUET_SENDER, &one, NULL, NULL);
    MessageBufferHandle_t receiver =
        xMessageBufferCreateShared(&ring[1], DUET_RECEIVER, &other, NULL, NULL);
    uint8_t bytes[8];

    (void)state;
    settle(sender, receiver);
    xMessageBufferSend(sender, "old", 3, 0);
    xMessageBufferCreateShared(&ring[1], DUET_RECEIVER, &other, NULL, NULL);
    assert_int_equal(xMessageBufferSend(sender, "x", 1, 0), 0);
    assert_int_not_equal(duet_stream_buffer_status(sender), DUET_OK);
    settle(sender, receiver);
    assert_int_equal(xMessageBufferSend(sender, "new", 3, 0), 3);
    assert_int_equal(xMessageBufferReceive(receiver, bytes, 8, 0), 3);
    assert_memory_equal(bytes, "new", 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stream_sends_what_fits_and_receives_what_is_there),
        TEST(a_message_costs_four_bytes_and_is_never_cut),
        TEST(a_wait_ends_with_what_is_there),
        TEST(the_completed_hooks_run_at_the_trigger_level),
        TEST(the_line_rings_only_at_the_trigger_level),
        TEST(a_control_buffer_tells_which_data_buffer),
        TEST(a_stream_between_threads_wakes_both_sides),
        TEST(a_restart_of_the_peer_is_told_by_the_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
