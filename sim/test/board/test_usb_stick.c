/* The stick as a USB device: enumeration (USB 2.0 chapter 9) and bulk-only transport (its 1.0). */
#include "sim/test/board/stick_host.h"

static struct stick_host *ready(struct usb_stick_config config)
{
    struct stick_host *s = stick_start(config);
    stick_make_ready(s);
    return s;
}

/* ---- Enumeration ---- */

static void test_descriptors(void **state)
{
    (void)state;
    struct stick_host *s = stick_start((struct usb_stick_config){0});
    uint8_t d[256];
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x100, 0, d, 64), 18);
    assert_memory_equal(d, "\x12\1\0\2\0\0\0\x40\x09\x12\1\0\0\1\1\2\3\1", 18);
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x100, 0, d, 8), 8); /* as much as asked */
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x200, 0, d, 255), 32);
    assert_memory_equal(d, "\x09\2\x20\0\1\1\0\x80\x64", 9);
    assert_memory_equal(d + 9, "\x09\4\0\0\2\x08\x06\x50\0", 9);
    assert_memory_equal(d + 18, "\x07\5\x81\2\0\2\0\x07\5\x02\2\0\2\0", 14);
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x600, 0, d, 255), 10);
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x700, 0, d, 255), 32);
    assert_int_equal(d[1], 7);
    assert_memory_equal(d + 18, "\x07\5\x81\2\x40\0\0", 7); /* as it would be at full speed */
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x300, 0, d, 255), 4);
    assert_memory_equal(d, "\4\3\x09\x04", 4);
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x302, 0x409, d, 255), 20);
    assert_memory_equal(d, "\x14\3U\0S\0B\0 \0s\0t\0i\0c\0k\0", 20);
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x309, 0x409, d, 255), HOST_STALLED);
    assert_int_equal(host_control(&s->host, 0x80, 6, 0xf00, 0, d, 255), HOST_STALLED);
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x100, 0, d, 64), 18); /* SETUP ends a stall */
    stick_end(s);
}

static void test_full_speed_stick_has_no_other_speed(void **state)
{
    (void)state;
    struct stick_host *s = stick_start((struct usb_stick_config){.full_speed = true});
    uint8_t d[256];
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x600, 0, d, 255), HOST_STALLED);
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x200, 0, d, 255), 32);
    assert_memory_equal(d + 18, "\x07\5\x81\2\x40\0\0", 7);
    stick_end(s);
}

static void test_standard_requests(void **state)
{
    (void)state;
    struct stick_host *s = stick_start((struct usb_stick_config){0});
    uint8_t d[8];
    assert_int_equal(host_control(&s->host, 0x80, 8, 0, 0, d, 1), 1); /* configuration */
    assert_int_equal(d[0], 1);
    assert_int_equal(host_control(&s->host, 0x81, 10, 0, 0, d, 1), 1); /* interface */
    assert_int_equal(d[0], 0);
    assert_int_equal(host_control(&s->host, 0x01, 11, 1, 0, NULL, 0), HOST_STALLED);
    assert_int_equal(host_control(&s->host, 0x00, 9, 2, 0, NULL, 0), HOST_STALLED);
    assert_int_equal(host_control(&s->host, 0x02, 3, 0, 0x81, NULL, 0), 0); /* set halt */
    assert_int_equal(host_control(&s->host, 0x82, 0, 0, 0x81, d, 2), 2);
    assert_int_equal(d[0], 1);
    assert_int_equal(host_in(&s->host, 1, d), HOST_STALLED);
    host_clear_halt(&s->host, 0x81);
    assert_int_equal(host_control(&s->host, 0x82, 0, 0, 0x81, d, 2), 2);
    assert_int_equal(d[0], 0);
    assert_int_equal(host_control(&s->host, 0x82, 0, 0, 0x87, d, 2), HOST_STALLED);
    assert_int_equal(host_control(&s->host, 0x00, 3, 1, 0, NULL, 0), HOST_STALLED); /* wake-up */
    assert_int_equal(host_control(&s->host, 0xc0, 1, 0, 0, d, 8), HOST_STALLED);    /* vendor's */
    stick_end(s);
}

/* A device answers at its address alone, and its function only once it is configured. */
static void test_address_and_configuration(void **state)
{
    (void)state;
    struct stick_host *s = stick_start((struct usb_stick_config){0});
    uint8_t d[USB_PACKET_MAX];
    s->host.address = 6;
    assert_int_equal(host_control(&s->host, 0x80, 8, 0, 0, d, 1), HOST_SILENT);
    s->host.address = 5;
    assert_int_equal(host_control(&s->host, 0x00, 9, 0, 0, NULL, 0), 0);
    assert_int_equal(host_in(&s->host, 1, d), HOST_SILENT);
    s->host.device->reset(s->host.device->ctx, USB_SPEED_HIGH);
    assert_int_equal(host_control(&s->host, 0x80, 8, 0, 0, d, 1), HOST_SILENT);
    s->host.address = 0;
    assert_int_equal(host_control(&s->host, 0x80, 8, 0, 0, d, 1), 1);
    assert_int_equal(d[0], 0);
    stick_end(s);
}

/* USB 2.0 8.6: what came before comes again where the ACK was lost, and is not taken twice. */
static void test_lost_acknowledgements(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){0});
    const uint8_t cdb[10] = {0x2a, 0, 0, 0, 0, 7, 0, 0, 2};
    uint8_t data[USB_PACKET_MAX];
    assert_int_equal(stick_wrapper(s, cdb, 10, 0, 1024), 31);
    for (unsigned n = 0; n < 2; n++) {
        memset(data, 'a' + (int)n, 512);
        assert_int_equal(host_out(&s->host, 2, USB_OUT, data, 512), 512);
        s->host.out1[2] = !s->host.out1[2]; /* the ACK was not heard */
        memset(data, 'x', 512);
        assert_int_equal(host_out(&s->host, 2, USB_OUT, data, 512), 512);
    }
    struct usb_transaction t = {.token = USB_IN, .address = 5, .endpoint = 1}, u = t;
    assert_int_equal(host_transact(&s->host, &t), USB_ACK);
    assert_int_equal(host_transact(&s->host, &u), USB_ACK);
    assert_int_equal(t.data1, u.data1);
    assert_int_equal(u.length, 13);
    stick_status(s);
    assert_int_equal(s->status, 0);
    assert_int_equal(s->bytes[7 * 512 + 511], 'a');
    assert_int_equal(s->bytes[8 * 512], 'b');
    stick_end(s);
}

/* ---- Bulk-only transport ---- */

static void test_class_requests(void **state)
{
    (void)state;
    struct stick_host *s = stick_start((struct usb_stick_config){0});
    uint8_t luns = 9;
    assert_int_equal(host_control(&s->host, 0xa1, 0xfe, 0, 0, &luns, 1), 1);
    assert_int_equal(luns, 0);
    assert_int_equal(host_control(&s->host, 0xa1, 0xfe, 0, 1, &luns, 1), HOST_STALLED);
    assert_int_equal(host_control(&s->host, 0x21, 0xff, 0, 0, NULL, 0), 0);
    stick_end(s);
}

/* 6.6.1: after what is no wrapper both endpoints stall, whatever is cleared, until the reset. */
static void test_invalid_wrapper_needs_a_reset(void **state)
{
    static const struct {
        unsigned at;
        uint8_t value;
        unsigned length;
    } cases[] = {{0, 'X', 31}, {12, 1, 31}, {13, 1, 31}, {14, 0, 31}, {14, 17, 31}, {20, 0, 30}};
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct stick_host *s = ready((struct usb_stick_config){0});
        uint8_t wrapper[31] = {'U', 'S', 'B', 'C', 1, 2, 3, 4}, d[USB_PACKET_MAX];
        wrapper[14] = 6;
        wrapper[cases[n].at] = cases[n].value;
        assert_int_equal(host_out(&s->host, 2, USB_OUT, wrapper, cases[n].length), HOST_STALLED);
        for (unsigned again = 0; again < 2; again++) {
            assert_int_equal(host_in(&s->host, 1, d), HOST_STALLED);
            assert_int_equal(host_out(&s->host, 2, USB_OUT, wrapper, 31), HOST_STALLED);
            host_clear_halt(&s->host, 0x81);
            host_clear_halt(&s->host, 0x02);
        }
        assert_int_equal(host_control(&s->host, 0x21, 0xff, 0, 0, NULL, 0), 0);
        assert_int_equal(host_in(&s->host, 1, d), HOST_STALLED); /* the reset clears no halt */
        host_clear_halt(&s->host, 0x81);
        host_clear_halt(&s->host, 0x02);
        stick_no_data(s, 0, 0);
        assert_int_equal(s->status, 0);
        stick_end(s);
    }
}

/* 6.7: all that a host may expect against all that a command may mean. READ and WRITE of two sectors
 * are the device's Di and Do, TEST UNIT READY its Dn. */
static void test_thirteen_cases(void **state)
{
    enum { NONE = 0x00, READ = 0x28, WRITE = 0x2a, ANY = 1 << 20 };
    static const struct {
        uint8_t operation, flags;
        uint32_t expected;
        int moved;
        uint8_t status;
        uint32_t residue;
    } cases[] = {
        {NONE, 0, 0, 0, 0, 0},                         /* 1: Hn = Dn */
        {READ, 0, 0, 0, 2, 0},                         /* 2: Hn < Di */
        {WRITE, 0, 0, 0, 2, 0},                        /* 3: Hn < Do */
        {NONE, DATA_IN, 1024, HOST_STALLED, 0, 1024},  /* 4: Hi > Dn */
        {READ, DATA_IN, 2048, 1024, 0, 1024},          /* 5: Hi > Di */
        {READ, DATA_IN, 1024, 1024, 0, 0},             /* 6: Hi = Di */
        {READ, DATA_IN, 512, 512, 2, 0},               /* 7: Hi < Di */
        {WRITE, DATA_IN, 1024, HOST_STALLED, 2, 1024}, /* 8: Hi <> Do */
        {NONE, DATA_OUT, 1024, HOST_STALLED, 0, 1024}, /* 9: Ho > Dn */
        {READ, DATA_OUT, 1024, HOST_STALLED, 2, 1024}, /* 10: Ho <> Di */
        {WRITE, DATA_OUT, 2048, 1024, 0, 1024},        /* 11: Ho > Do */
        {WRITE, DATA_OUT, 1024, 1024, 0, 0},           /* 12: Ho = Do */
        {WRITE, DATA_OUT, 512, 512, 2, 0},             /* 13: Ho < Do */
    };
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct stick_host *s = ready((struct usb_stick_config){0});
        const uint8_t cdb[10] = {cases[n].operation, 0, 0, 0, 0, 3, 0, 0, 2};
        uint8_t data[2048];
        memset(data, 'n', sizeof data);
        stick_command(s, cdb, cases[n].operation ? 10 : 6, cases[n].flags, data, cases[n].expected);
        assert_int_equal(s->moved, cases[n].moved);
        assert_int_equal(s->status, cases[n].status);
        assert_int_equal(s->residue, cases[n].residue);
        stick_no_data(s, 0, 0); /* and goes on */
        assert_int_equal(s->status, 0);
        stick_end(s);
    }
}

/* Fewer bytes than the host has room for, in a short packet: no stall, the residue tells. */
static void test_short_answer(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){0});
    const uint8_t cdb[6] = {0x12, 0, 0, 0, 255};
    uint8_t data[255];
    assert_int_equal(stick_wrapper(s, cdb, 6, 0x80, 255), 31);
    assert_int_equal(host_in(&s->host, 1, data), 36);
    assert_int_equal(host_in(&s->host, 1, data), 13);
    assert_int_equal(data[8], 255 - 36);
    stick_end(s);
}

/* A command that fails moves nothing: the host's data phase ends in a stall, status 1. */
static void test_failed_command(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){.disk = {.read_only = true}});
    uint8_t data[512];
    stick_transfer(s, 0x28, TEST_SECTORS, 1, data, 512);
    assert_int_equal(s->moved, HOST_STALLED);
    assert_int_equal(s->status, 1);
    assert_int_equal(s->residue, 512);
    assert_int_equal(stick_sense(s), 0x052100);
    stick_transfer(s, 0x2a, 0, 1, data, 512);
    assert_int_equal(s->moved, HOST_STALLED);
    assert_int_equal(s->status, 1);
    assert_int_equal(stick_sense(s), 0x072700);
    stick_end(s);
}

/* ---- Time, and the hand ---- */

static sim_time time_to_move(struct stick_host *s, uint8_t operation, uint8_t *data, unsigned count)
{
    sim_time began = sim_now(&s->sim);
    stick_transfer(s, operation, 0, count, data, count * 512);
    assert_int_equal(s->status, 0);
    return sim_now(&s->sim) - began;
}

static void test_it_takes_its_time(void **state)
{
    enum { COUNT = 1000 };
    (void)state;
    struct stick_host *s =
        ready((struct usb_stick_config){.read_rate = 5000000, .write_rate = 2000000});
    uint8_t *data = calloc(COUNT, 512);
    sim_time read = time_to_move(s, 0x28, data, COUNT);
    assert_in_range(read, 102 * SIM_MS, 104 * SIM_MS);
    sim_time written = time_to_move(s, 0x2a, data, COUNT);
    assert_in_range(written, 255 * SIM_MS, 258 * SIM_MS);
    assert_true(s->host.nyets > 0); /* when its buffer is full */
    free(data);
    stick_end(s);
}

static void test_it_is_pulled_after_so_many_writes(void **state)
{
    (void)state;
    for (unsigned sectors = 0; sectors < 3; sectors++) {
        struct stick_host *s = ready((struct usb_stick_config){
            .faults = {.pull = true, .pull_commands = 2, .pull_sectors = sectors}});
        uint8_t data[4 * 512] = {0};
        for (unsigned n = 0; n < 2; n++) {
            assert_int_equal(s->pulls, 0);
            stick_transfer(s, 0x2a, 0, 1, data, 512);
        }
        host_wait(&s->host, SIM_US);
        assert_int_equal(s->pulls, sectors == 0);
        const uint8_t cdb[10] = {0x2a, 0, 0, 0, 0, 3, 0, 0, 4};
        stick_wrapper(s, cdb, 10, 0, sizeof data);
        for (unsigned n = 0; n < sectors; n++) {
            assert_int_equal(s->pulls, 0);
            host_out(&s->host, 2, USB_OUT, data, 512);
            host_wait(&s->host, SIM_US);
        }
        assert_int_equal(s->pulls, 1);
        assert_int_equal(s->stick.statistics.sectors_written, 2 + sectors);
        stick_end(s);
    }
}

static void test_stalled_commands(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){.faults = {.stall_every = 5}});
    uint8_t data[512];
    for (unsigned n = 3; n <= 10; n++) {
        stick_transfer(s, 0x28, 0, 1, data, 512); /* the commands before were two */
        assert_int_equal(s->status, n % 5 == 0);
        assert_int_equal(s->moved, n % 5 == 0 ? HOST_STALLED : 512);
    }
    stick_end(s);
}

static void test_it_hangs(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){.faults = {.hang_after = 3}});
    uint8_t data[512];
    stick_transfer(s, 0x28, 0, 1, data, 512);
    const uint8_t cdb[6] = {0};
    assert_int_equal(stick_wrapper(s, cdb, 6, 0, 0), HOST_NAKED);
    assert_int_equal(host_control(&s->host, 0x80, 8, 0, 0, data, 1), 1); /* endpoint 0 lives */
    stick_end(s);
}

static void test_reader_without_a_card(void **state)
{
    (void)state;
    struct stick_host *s = stick_start((struct usb_stick_config){.faults = {.empty = true}});
    host_wait(&s->host, 200 * SIM_MS);
    for (unsigned n = 0; n < 2; n++) {
        stick_no_data(s, 0, 0);
        assert_int_equal(s->status, 1);
        assert_int_equal(stick_sense(s), 0x023a00);
    }
    stick_end(s);
}

/* The same seed, the same lies; others, others. Somewhere among them every byte is wrong. */
static void test_garbage_descriptors(void **state)
{
    enum { SEEDS = 500 };
    (void)state;
    uint8_t first[3][256], honest[256], wrong[32] = {0};
    struct stick_host *s = stick_start((struct usb_stick_config){0});
    assert_int_equal(host_control(&s->host, 0x80, 6, 0x200, 0, honest, 255), 32);
    stick_end(s);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        for (unsigned turn = 0; turn < 2; turn++) {
            s = stick_start((struct usb_stick_config){.faults = {.garbage = seed}});
            memset(first[turn], 0, 256);
            int length = host_control(&s->host, 0x80, 6, 0x200, 0, first[turn], 255);
            assert_in_range(length, 0, 255);
            stick_end(s);
        }
        assert_memory_equal(first[0], first[1], 256);
        for (unsigned n = 0; n < 32; n++)
            wrong[n] |= first[0][n] != honest[n];
    }
    for (unsigned n = 0; n < 32; n++)
        assert_true(wrong[n]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_full_speed_stick_has_no_other_speed),
        cmocka_unit_test(test_standard_requests),
        cmocka_unit_test(test_address_and_configuration),
        cmocka_unit_test(test_lost_acknowledgements),
        cmocka_unit_test(test_class_requests),
        cmocka_unit_test(test_invalid_wrapper_needs_a_reset),
        cmocka_unit_test(test_thirteen_cases),
        cmocka_unit_test(test_short_answer),
        cmocka_unit_test(test_failed_command),
        cmocka_unit_test(test_it_takes_its_time),
        cmocka_unit_test(test_it_is_pulled_after_so_many_writes),
        cmocka_unit_test(test_stalled_commands),
        cmocka_unit_test(test_it_hangs),
        cmocka_unit_test(test_reader_without_a_card),
        cmocka_unit_test(test_garbage_descriptors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
