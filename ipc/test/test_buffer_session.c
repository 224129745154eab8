// What stream and message buffers across cores say and do when the other end opens anew.
#include "pair.h"

#include "duet/message_buffer.h"

#define SIZE 64u

static struct duet_host host;
static struct {
    struct duet_ring_shared ring;
    uint8_t data[SIZE] SHARED;
} shared;
static struct duet_ring_config ring[2];
static StaticStreamBuffer_t storage[2];
static StreamBufferHandle_t sender, receiver; // core 0, core 1
static int is_message;

const struct duet_port *duet_local_port(void)
{
    return &host.port[0];
}

static StreamBufferHandle_t open_end(uint32_t core)
{
    unsigned end = core ? DUET_RECEIVER : DUET_SENDER;

    memset(&storage[core], 0xA5, sizeof(storage[core])); // what a life before left in RAM
    return is_message ? xMessageBufferCreateShared(&ring[core], end, &storage[core], NULL, NULL)
                      : xStreamBufferCreateShared(&ring[core], 1, end, &storage[core], NULL, NULL);
}

static void settle(void)
{
    for (int i = 0; i < 4; i++) {
        xStreamBufferBytesAvailable(sender);
        xStreamBufferBytesAvailable(receiver);
    }
}

static void begin(int message)
{
    memset(&shared, 0xD2, sizeof(shared));
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++)
        ring[core] = (struct duet_ring_config){.memory = memory_of(&host, core),
                                               .shared = &shared.ring,
                                               .data = shared.data,
                                               .size = SIZE};
    is_message = message;
    sender = open_end(0);
    receiver = open_end(1);
    assert_true(sender && receiver);
    settle();
    duet_stream_buffer_status(sender);
    duet_stream_buffer_status(receiver);
}

static void assert_told_once(StreamBufferHandle_t buffer)
{
    assert_int_equal(duet_stream_buffer_status(buffer), DUET_RESTARTED);
    assert_int_equal(duet_stream_buffer_status(buffer), DUET_OK);
}

static void assert_they_talk(void)
{
    char bytes[8];

    assert_int_equal(xStreamBufferSend(sender, "new", 3, 0), 3);
    assert_int_equal(xStreamBufferReceive(receiver, bytes, 8, 0), 3);
    assert_memory_equal(bytes, "new", 3);
    assert_int_equal(duet_stream_buffer_status(sender), DUET_OK);
    assert_int_equal(duet_stream_buffer_status(receiver), DUET_OK);
}

static void what_cannot_be_opened_has_no_handle(void **state)
{
    (void)state;
    begin(0);
    assert_null(
        xStreamBufferCreateShared(&ring[0], SIZE + 1, DUET_SENDER, &storage[0], NULL, NULL));
    assert_null(xStreamBufferCreateShared(&ring[0], 1, 0, &storage[0], NULL, NULL));
    for (uint32_t core = 0; core < 2; core++) {
        ring[core].data = NULL;
        assert_null(open_end(core));
    }
    duet_host_close(&host);
}

static void a_receiver_that_opens_anew_is_told_to_the_sender(void **state)
{
    (void)state;
    for (int message = 0; message < 2; message++) {
        begin(message);
        assert_int_equal(xStreamBufferSend(sender, "old", 3, 0), 3);
        receiver = open_end(1);
        assert_int_equal(xStreamBufferSend(sender, "lost", 4, 0), 0);
        assert_told_once(sender);
        assert_int_equal(xStreamBufferSend(sender, "lost", 4, 0), 0);
        assert_int_equal(duet_stream_buffer_status(sender), DUET_DOWN);
        assert_int_equal(xStreamBufferBytesAvailable(receiver), 0); // and agrees
        assert_they_talk();
        duet_host_close(&host);
    }
}

static void a_sender_that_opens_anew_is_told_to_the_receiver(void **state)
{
    char bytes[8];

    (void)state;
    for (int message = 0; message < 2; message++) {
        begin(message);
        assert_int_equal(xStreamBufferSend(sender, "old", 3, 0), 3);
        sender = open_end(0);
        assert_int_equal(xStreamBufferReceive(receiver, bytes, 8, 0), 0);
        assert_told_once(receiver);
        settle();
        duet_stream_buffer_status(sender);
        assert_they_talk();
        duet_host_close(&host);
    }
}

// The other core's turn at each look at the clock: what a call that waits sees.
static void (*at_a_look)(void);
static uint32_t looks;

static uint32_t clock_with_a_turn(const struct duet_port *port)
{
    (void)port;
    looks++;
    at_a_look();
    return looks * 100;
}

static void the_sender_comes_back(void)
{
    if (looks == 2)
        sender = open_end(0);
    else if (looks > 2 && looks < 8)
        xStreamBufferSend(sender, "new", 3, 0);
}

static void a_wait_to_receive_goes_on_over_a_restart(void **state)
{
    char bytes[8];

    (void)state;
    for (int message = 0; message < 2; message++) {
        begin(message);
        looks = 0;
        at_a_look = the_sender_comes_back;
        host.port[1].clock = clock_with_a_turn;
        assert_int_equal(xStreamBufferReceive(receiver, bytes, 3, pdMS_TO_TICKS(1000)), 3);
        assert_memory_equal(bytes, "new", 3);
        assert_told_once(receiver);
        duet_host_close(&host);
    }
}

static void the_receiver_comes_back(void)
{
    if (looks == 2)
        receiver = open_end(1);
    else if (looks > 2)
        xStreamBufferBytesAvailable(receiver);
}

static void a_wait_to_send_goes_on_over_a_restart(void **state)
{
    uint8_t bytes[SIZE] = {0};

    (void)state;
    for (int message = 0; message < 2; message++) {
        begin(message);
        while (xStreamBufferSend(sender, bytes, 10, 0) > 0)
            continue;
        looks = 0;
        at_a_look = the_receiver_comes_back;
        host.port[0].clock = clock_with_a_turn;
        assert_int_equal(xStreamBufferSend(sender, bytes, 20, pdMS_TO_TICKS(1000)), 20);
        assert_told_once(sender);
        assert_int_equal(xStreamBufferReceive(receiver, bytes, SIZE, 0), 20);
        assert_int_equal(shared.ring.producer.wake, 0); // it no longer waits
        duet_host_close(&host);
    }
}

// A reset by either end empties the buffer, and is a restart to the other.
static void a_reset_is_a_new_session(void **state)
{
    (void)state;
    for (int message = 0; message < 2; message++)
        for (int by_sender = 0; by_sender < 2; by_sender++) {
            StreamBufferHandle_t by, to;

            begin(message);
            by = by_sender ? sender : receiver, to = by_sender ? receiver : sender;
            assert_int_equal(xStreamBufferSend(sender, "old", 3, 0), 3);
            assert_int_equal(xStreamBufferReset(by), pdPASS);
            assert_int_equal(duet_stream_buffer_status(by), DUET_OK);
            xStreamBufferBytesAvailable(to);
            assert_told_once(to);
            settle();
            duet_stream_buffer_status(sender);
            duet_stream_buffer_status(receiver);
            assert_int_equal(xStreamBufferBytesAvailable(receiver), 0);
            assert_they_talk();
            duet_host_close(&host);
        }
}

static void a_reset_inside_a_core_is_done_when_it_returns(void **state)
{
    static StaticStreamBuffer_t both;
    StreamBufferHandle_t buffer;

    (void)state;
    begin(0);
    buffer = xStreamBufferCreateShared(&ring[0], 1, DUET_SENDER | DUET_RECEIVER, &both, NULL, NULL);
    assert_int_equal(xStreamBufferReset(buffer), pdPASS);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(xStreamBufferSend(buffer, "old", 3, 0), 3);
        assert_int_equal(xStreamBufferReset(buffer), pdPASS);
        assert_int_equal(xStreamBufferBytesAvailable(buffer), 0);
        assert_int_equal(xStreamBufferSpacesAvailable(buffer), SIZE - 1);
        assert_int_equal(duet_stream_buffer_status(buffer), DUET_OK);
    }
    duet_host_close(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_opened_has_no_handle),
        cmocka_unit_test(a_receiver_that_opens_anew_is_told_to_the_sender),
        cmocka_unit_test(a_sender_that_opens_anew_is_told_to_the_receiver),
        cmocka_unit_test(a_wait_to_receive_goes_on_over_a_restart),
        cmocka_unit_test(a_wait_to_send_goes_on_over_a_restart),
        cmocka_unit_test(a_reset_is_a_new_session),
        cmocka_unit_test(a_reset_inside_a_core_is_done_when_it_returns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
