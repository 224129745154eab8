// Transfers with an engine that takes its time, without one, and what is written to the MDMA.
#include "pair.h"

#include "../port/stm32h7/duet_stm32h7_mdma.c"

static struct duet_host host;
static struct {
    struct duet_notify_shared notify;
} shared;
static struct duet_notify_config notify_config[2];
static struct duet_notify notify[2];
static struct duet_mover_config config;
static struct duet_mover mover;
static uint8_t *from, *to;

#define BYTES (200u * 1024)

// An engine that needs three questions for a piece, and may fail.
static const struct duet_transfer *running;
static int questions, pieces, fails, cancelled;

static int engine_copy(const struct duet_port *port, const struct duet_transfer *piece)
{
    (void)port;
    assert_true(piece->row <= DUET_ENGINE_ROW && piece->rows <= DUET_ENGINE_ROWS);
    running = piece;
    questions = 0;
    pieces++;
    return DUET_OK;
}

static int engine_state(const struct duet_port *port, const struct duet_transfer *piece)
{
    (void)port;
    assert_ptr_equal(piece, running);
    if (fails)
        return DUET_CORRUPT;
    if (++questions < 3)
        return DUET_AGAIN;
    for (uint32_t i = 0; i < piece->rows; i++)
        memcpy((uint8_t *)piece->to + i * piece->to_stride,
               (const uint8_t *)piece->from + i * piece->from_stride, piece->row);
    return DUET_OK;
}

static void engine_cancel(const struct duet_port *port, const struct duet_transfer *piece)
{
    (void)port;
    (void)piece;
    cancelled++;
}

static int setup(void **state)
{
    (void)state;
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++) {
        notify_config[core] =
            (struct duet_notify_config){.memory = memory_of(&host, core), .shared = &shared.notify};
        duet_notify_open(&notify[core], &notify_config[core]);
    }
    for (int core = 0; core < 2; core++)
        duet_notify_take(&notify[core], UINT32_MAX);
    host.port[0].copy = engine_copy;
    host.port[0].copy_state = engine_state;
    host.port[0].copy_cancel = engine_cancel;
    pieces = fails = cancelled = 0;
    config = (struct duet_mover_config){
        .port = &host.port[0], .notify = &notify[0], .line = 6, .tell_peer = 1};
    duet_mover_open(&mover, &config);
    from = malloc(BYTES);
    to = calloc(1, BYTES);
    fill_pattern(from, BYTES, 5);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(from);
    free(to);
    duet_host_close(&host);
    return 0;
}

static void a_long_list_is_cut_moved_and_told(void **state)
{
    struct duet_transfer tail = {
        .to = to, .from = from, .row = 10, .rows = 20, .to_stride = 16, .from_stride = 1024};
    struct duet_transfer head = {
        .to = to + 1000, .from = from + 1000, .row = 150000, .rows = 1, .next = &tail};

    (void)state;
    assert_int_equal(duet_mover_start(&mover, &head), DUET_OK);
    assert_int_equal(duet_mover_start(&mover, &head), DUET_AGAIN);
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 0);
    assert_int_equal(duet_mover_wait(&mover, 5000000), DUET_OK);
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 1u << 6);
    assert_int_equal(pieces, 3 + 1);
    assert_memory_equal(to + 1000, from + 1000, 150000);
    for (int row = 0; row < 20; row++) {
        assert_memory_equal(to + 16 * row, from + 1024 * row, 10);
        for (int i = 10; i < 16; i++)
            assert_int_equal(to[16 * row + i], 0);
    }
}

static void without_an_engine_this_core_copies(void **state)
{
    struct duet_transfer transfer = {
        .to = to, .from = from, .row = 3, .rows = 5000, .to_stride = 3, .from_stride = 4};

    (void)state;
    host.port[0].copy = NULL;
    config.tell_peer = 0;
    assert_int_equal(duet_mover_start(&mover, &transfer), DUET_OK);
    assert_int_equal(duet_mover_wait(&mover, 5000000), DUET_OK);
    assert_int_equal(duet_notify_take(&notify[0], UINT32_MAX), 1u << 6); // told here
    for (uint32_t i = 0; i < 5000; i++)
        assert_memory_equal(to + 3 * i, from + 4 * i, 3);
}

static void an_error_a_timeout_and_a_bad_list_end_it(void **state)
{
    struct duet_transfer transfer = {.to = to, .from = from, .row = 32, .rows = 1};
    struct duet_transfer bad = {.to = to, .from = from, .row = 0, .rows = 1};

    (void)state;
    fails = 1;
    assert_int_equal(duet_mover_start(&mover, &transfer), DUET_OK);
    assert_int_equal(duet_mover_serve(&mover), DUET_CORRUPT);
    fails = 0;
    questions = -1000000000; // hangs
    assert_int_equal(duet_mover_start(&mover, &transfer), DUET_OK);
    questions = -1000000000;
    assert_int_equal(duet_mover_wait(&mover, 10000), DUET_TIMEOUT);
    assert_int_equal(cancelled, 1);
    transfer.next = &bad;
    pieces = 0;
    assert_int_equal(duet_mover_start(&mover, &transfer), DUET_INVALID);
    assert_int_equal(pieces, 0);
    transfer.next = NULL;
    transfer.to_policy = DUET_MAINTAINED;
    transfer.row = 33; // the last line would be shared
    assert_int_equal(duet_mover_start(&mover, &transfer), DUET_INVALID);
}

static uint32_t registers[64];
static uint32_t rcc[64];

static void the_mdma_is_programmed_as_the_manual_says(void **state)
{
    const struct duet_stm32h7 chip = {
        .mdma = (uintptr_t)registers, .rcc = (uintptr_t)rcc, .mdma_channel = 1};
    const struct duet_port port = {.context = (void *)(uintptr_t)&chip};
    const struct duet_transfer rows = {.to = (void *)0x24000000,
                                       .from = (void *)0xD0000100,
                                       .row = 640,
                                       .rows = 480,
                                       .to_stride = 640,
                                       .from_stride = 1600};
    const struct duet_transfer to_dtcm = {
        .to = (void *)0x20000004, .from = (void *)0x30000000, .row = 64, .rows = 1};
    volatile uint32_t *channel = &registers[0x80 / 4]; // RM0399 17.5: 0x40 + 0x40 a channel

    (void)state;
    duet_stm32h7_start_mdma(&chip);
    assert_int_equal(rcc[0xD4 / 4], 1);
    assert_int_equal(duet_stm32h7_copy(&port, &rows), DUET_OK);
    assert_int_equal(channel[0x10 / 4] & 0xFFF, 0xFFA); // 8 bytes, both sides increment
    assert_int_equal(channel[0x14 / 4], 640u | 479u << 20);
    assert_int_equal(channel[0x18 / 4], 0xD0000100);
    assert_int_equal(channel[0x1C / 4], 0x24000000);
    assert_int_equal(channel[0x20 / 4], 960); // source moves on by 1600 - 640 after a row
    assert_int_equal(channel[0x28 / 4], 0);
    assert_int_equal(channel[0x0C / 4] & 0x10001, 0x10001);        // enabled, requested
    assert_int_equal(duet_stm32h7_copy(&port, &rows), DUET_AGAIN); // still enabled
    assert_int_equal(duet_stm32h7_copy_state(&port, &rows), DUET_AGAIN);
    channel[0] = 2; // CTCIF
    assert_int_equal(duet_stm32h7_copy_state(&port, &rows), DUET_OK);
    channel[0] = 1; // TEIF
    assert_int_equal(duet_stm32h7_copy_state(&port, &rows), DUET_CORRUPT);
    channel[0x0C / 4] = 0;
    assert_int_equal(duet_stm32h7_copy(&port, &to_dtcm), DUET_OK);
    assert_int_equal(channel[0x10 / 4] & 0xFFF, 0xAAA); // words, and the TCM's bus
    assert_int_equal(channel[0x28 / 4], 1u << 17);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_long_list_is_cut_moved_and_told),
        TEST(without_an_engine_this_core_copies),
        TEST(an_error_a_timeout_and_a_bad_list_end_it),
        cmocka_unit_test(the_mdma_is_programmed_as_the_manual_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
