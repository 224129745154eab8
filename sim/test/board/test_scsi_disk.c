/* The stick's SCSI disk, command by command: SPC-4, SBC-3. */
#include "sim/test/board/stick_host.h"

static struct stick_host *ready(struct usb_stick_config config)
{
    struct stick_host *s = stick_start(config);
    stick_make_ready(s);
    return s;
}

/* A command with an answer; its length. */
static int ask(struct stick_host *s, const uint8_t *cdb, unsigned length, uint8_t *answer,
               unsigned room)
{
    memset(answer, 0xee, room);
    stick_command(s, cdb, length, DATA_IN, answer, room);
    return s->moved;
}

#define ASK(s, answer, ...) ask(s, (const uint8_t[16]){__VA_ARGS__}, 16, answer, sizeof answer)

static void test_inquiry(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){0});
    uint8_t a[64];
    assert_int_equal(ASK(s, a, 0x12, 0, 0, 0, 64), 36);
    assert_memory_equal(a, "\0\x80\6\2\x1f\0\0\0Duet    USB stick       1.0 ", 36);
    assert_int_equal(ASK(s, a, 0x12, 0, 0, 0, 5), 5);
    assert_int_equal(ASK(s, a, 0x12, 1, 0, 0, 64), 6);
    assert_memory_equal(a, "\0\0\0\2\0\x80", 6);
    assert_int_equal(ASK(s, a, 0x12, 1, 0x80, 0, 64), 16);
    assert_memory_equal(a,
                        "\0\x80\0\x0c"
                        "0123456789AB",
                        16);
    assert_int_equal(ASK(s, a, 0x12, 1, 0x83, 0, 64), HOST_STALLED);
    assert_int_equal(stick_sense(s), 0x052400);
    assert_int_equal(ASK(s, a, 0x12, 0, 0x80, 0, 64), HOST_STALLED);
    stick_end(s);
}

/* It starts, then tells once that its medium is new; INQUIRY never has to wait. */
static void test_attention_after_power(void **state)
{
    (void)state;
    struct stick_host *s = stick_start((struct usb_stick_config){0});
    uint8_t a[36];
    assert_int_equal(ASK(s, a, 0x12, 0, 0, 0, 36), 36);
    assert_int_equal(s->status, 0);
    stick_no_data(s, 0, 0);
    assert_int_equal(s->status, 1);
    assert_int_equal(stick_sense(s), 0x020401);
    assert_int_equal(stick_sense(s), 0); /* told once */
    host_wait(&s->host, 200 * SIM_MS);
    stick_no_data(s, 0, 0);
    assert_int_equal(s->status, 1);
    assert_int_equal(stick_sense(s), 0x062800);
    stick_no_data(s, 0, 0);
    assert_int_equal(s->status, 0);
    stick_end(s);
}

static void test_capacities(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {512, 4096};
    for (unsigned n = 0; n < 2; n++) {
        struct stick_host *s = ready((struct usb_stick_config){.disk = {.sector_size = sizes[n]}});
        uint8_t a[32], size[4] = {0, 0, (uint8_t)(sizes[n] >> 8), 0};
        assert_int_equal(ASK(s, a, 0x25), 8);
        assert_memory_equal(a, "\0\0\x07\xff", 4);
        assert_memory_equal(a + 4, size, 4);
        assert_int_equal(ASK(s, a, 0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32), 32);
        assert_memory_equal(a, "\0\0\0\0\0\0\x07\xff", 8);
        assert_memory_equal(a + 8, size, 4);
        assert_int_equal(ASK(s, a, 0x23, 0, 0, 0, 0, 0, 0, 0, 32), 12);
        assert_memory_equal(a, "\0\0\0\x08\0\0\x08\0\2", 9);
        assert_memory_equal(a + 9, size + 1, 3);
        assert_int_equal(ASK(s, a, 0x9e, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32), HOST_STALLED);
        assert_int_equal(stick_sense(s), 0x052400);
        stick_end(s);
    }
}

static void test_mode_pages_tell_write_protection(void **state)
{
    (void)state;
    for (unsigned protected = 0; protected < 2; protected ++) {
        struct stick_host *s = ready((struct usb_stick_config){.disk = {.read_only = protected}});
        uint8_t a[64];
        assert_int_equal(ASK(s, a, 0x1a, 0, 0x3f, 0, 64), 28);
        assert_int_equal(a[0], 27);
        assert_int_equal(a[2], protected ? 0x80 : 0);
        assert_memory_equal(a + 3, "\0\x08\x0a", 3);
        assert_memory_equal(a + 16, "\x1c\x0a", 2);
        assert_int_equal(ASK(s, a, 0x1a, 0, 0x3f, 0, 4), 4);
        assert_int_equal(ASK(s, a, 0x1a, 0, 0x08, 0, 64), 16);
        assert_int_equal(ASK(s, a, 0x5a, 0, 0x1c, 0, 0, 0, 0, 0, 64), 20);
        assert_memory_equal(a, "\0\x12\0", 3);
        assert_int_equal(a[3], protected ? 0x80 : 0);
        assert_int_equal(ASK(s, a, 0x1a, 0, 0x05, 0, 64), HOST_STALLED);
        assert_int_equal(stick_sense(s), 0x052400);
        stick_end(s);
    }
}

static void test_luns_and_unknown_commands(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){0});
    uint8_t a[64];
    assert_int_equal(ASK(s, a, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 64), 16);
    assert_memory_equal(a, "\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    static const uint8_t unknown[] = {0x01, 0x04, 0x15, 0x55, 0x5e, 0xff};
    for (size_t n = 0; n < sizeof unknown; n++) {
        stick_no_data(s, unknown[n], 0);
        assert_int_equal(s->status, 1);
        assert_int_equal(stick_sense(s), 0x052000);
    }
    stick_end(s);
}

/* READ and WRITE of 10, 12 and 16 bytes, sectors of both sizes, at both speeds. */
static void test_what_is_written_is_read(void **state)
{
    static const uint8_t writes[][16] = {{0x2a, 0, 0, 0, 0, 100, 0, 0, 9},
                                         {0xaa, 0, 0, 0, 0, 100, 0, 0, 0, 9},
                                         {0x8a, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 9}};
    (void)state;
    for (unsigned n = 0; n < 12; n++) {
        uint32_t size = n & 1 ? 4096 : 512;
        struct stick_host *s =
            ready((struct usb_stick_config){.disk = {.sector_size = size}, .full_speed = n >= 6});
        uint8_t *data = malloc(9 * size), cdb[16];
        for (unsigned k = 0; k < 9 * size; k++)
            data[k] = (uint8_t)(k * 7 + k / 256);
        memcpy(cdb, writes[n % 6 / 2], 16);
        stick_command(s, cdb, 16, DATA_OUT, data, 9 * size);
        assert_int_equal(s->status, 0);
        assert_memory_equal(s->bytes + 100 * size, data, 9 * size);
        assert_int_equal(s->bytes[99 * size] | s->bytes[109 * size], 0);
        memset(data, 0, 9 * size);
        cdb[0] = (uint8_t)(cdb[0] - 2);
        stick_command(s, cdb, 16, DATA_IN, data, 9 * size);
        assert_int_equal(s->moved, 9 * size);
        assert_memory_equal(s->bytes + 100 * size, data, 9 * size);
        free(data);
        stick_end(s);
    }
}

static void test_bounds(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){0});
    uint8_t data[1024];
    stick_transfer(s, 0x28, TEST_SECTORS - 2, 2, data, 1024);
    assert_int_equal(s->status, 0);
    stick_transfer(s, 0x28, TEST_SECTORS - 1, 2, data, 1024);
    assert_int_equal(s->status, 1);
    assert_int_equal(stick_sense(s), 0x052100);
    stick_transfer(s, 0x2a, 0xffffffff, 2, data, 1024);
    assert_int_equal(stick_sense(s), 0x052100);
    stick_transfer(s, 0x28, 5, 0, data, 0); /* nothing is no error */
    assert_int_equal(s->status, 0);
    stick_end(s);
}

/* The sectors before are moved, and the residue says so. */
static void test_bad_sector(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){0});
    uint8_t data[2048] = {1};
    s->bad_sector = 12;
    stick_transfer(s, 0x28, 10, 4, data, 2048);
    assert_int_equal(s->moved, 1024);
    assert_int_equal(s->status, 1);
    assert_int_equal(s->residue, 1024);
    assert_int_equal(stick_sense(s), 0x031100);
    memset(data, 'w', sizeof data);
    stick_transfer(s, 0x2a, 10, 4, data, 2048);
    assert_int_equal(s->status, 1);
    assert_int_equal(s->residue, 1024);
    assert_int_equal(stick_sense(s), 0x030c00);
    assert_int_equal(s->bytes[11 * 512 + 511], 'w');
    assert_int_equal(s->bytes[12 * 512], 0);
    const uint8_t verify[10] = {0x2f, 0, 0, 0, 0, 10, 0, 0, 4};
    stick_command(s, verify, 10, 0, NULL, 0);
    assert_int_equal(s->status, 1);
    assert_int_equal(stick_sense(s), 0x031100);
    stick_end(s);
}

static void test_verify_and_synchronize(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){0});
    const uint8_t verify[10] = {0x2f, 0, 0, 0, 0, 10, 0, 0, 4};
    const uint8_t compare[10] = {0x2f, 2, 0, 0, 0, 10, 0, 0, 1};
    stick_command(s, verify, 10, 0, NULL, 0);
    assert_int_equal(s->status, 0);
    stick_command(s, compare, 10, 0, NULL, 0);
    assert_int_equal(stick_sense(s), 0x052400);
    stick_no_data(s, 0x35, 0);
    assert_int_equal(s->status, 0);
    stick_end(s);
}

/* START STOP UNIT with LoEj ejects, unless removal is prevented. */
static void test_eject(void **state)
{
    (void)state;
    struct stick_host *s = ready((struct usb_stick_config){0});
    uint8_t data[512];
    stick_no_data(s, 0x1b, 0); /* stop alone */
    stick_no_data(s, 0x1e, 1);
    stick_no_data(s, 0x1b, 2);
    assert_int_equal(s->status, 1);
    assert_int_equal(stick_sense(s), 0x055302);
    stick_no_data(s, 0x1e, 0);
    stick_no_data(s, 0x1b, 2);
    assert_int_equal(s->status, 0);
    stick_no_data(s, 0, 0);
    assert_int_equal(s->status, 1);
    assert_int_equal(stick_sense(s), 0x023a00);
    stick_transfer(s, 0x28, 0, 1, data, 512);
    assert_int_equal(s->status, 1);
    stick_no_data(s, 0x1b, 3); /* load */
    stick_no_data(s, 0, 0);
    assert_int_equal(s->status, 0);
    stick_end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inquiry),
        cmocka_unit_test(test_attention_after_power),
        cmocka_unit_test(test_capacities),
        cmocka_unit_test(test_mode_pages_tell_write_protection),
        cmocka_unit_test(test_luns_and_unknown_commands),
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_bad_sector),
        cmocka_unit_test(test_verify_and_synchronize),
        cmocka_unit_test(test_eject),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
