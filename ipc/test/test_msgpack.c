// The forms that the MessagePack specification gives, byte for byte, and what is cut off or a lie.
#include <math.h>
#include <stdio.h>

#include "pair.h"

#include "duet/msgpack.h"

static uint8_t bytes[700];
static struct duet_msgpack_writer writer;
static struct duet_msgpack_reader reader;

static void start(void)
{
    writer = (struct duet_msgpack_writer){.bytes = bytes, .size = sizeof(bytes)};
}

static void assert_hex(const char *hex)
{
    char text[1500] = "";

    for (uint32_t i = 0; i < writer.used; i++)
        sprintf(text + 2 * i, "%02X", bytes[i]);
    assert_string_equal(text, hex);
    reader = (struct duet_msgpack_reader){.bytes = bytes, .size = writer.used};
    start();
}

static void integers_take_the_shortest_form_and_come_back(void **state)
{
    static const struct {
        int64_t value;
        const char *hex;
    } cases[] = {
        {0, "00"},
        {127, "7F"},
        {128, "CC80"},
        {255, "CCFF"},
        {256, "CD0100"},
        {65536, "CE00010000"},
        {4294967296, "CF0000000100000000"},
        {INT64_MAX, "CF7FFFFFFFFFFFFFFF"},
        {-1, "FF"},
        {-32, "E0"},
        {-33, "D0DF"},
        {-128, "D080"},
        {-129, "D1FF7F"},
        {-32768, "D18000"},
        {-32769, "D2FFFF7FFF"},
        {INT32_MIN, "D280000000"},
        {INT64_MIN, "D38000000000000000"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t value;
        uint64_t positive;

        start();
        duet_msgpack_put_int(&writer, cases[i].value);
        assert_hex(cases[i].hex);

        struct duet_msgpack_reader again = reader;

        assert_int_equal(duet_msgpack_get_uint(&again, &positive),
                         cases[i].value < 0 ? DUET_INVALID : DUET_OK);
        assert_int_equal(duet_msgpack_get_int(&reader, &value), DUET_OK);
        assert_true(value == cases[i].value);
        assert_int_equal(reader.at, reader.size);
    }
}

static void other_types_have_the_specified_bytes(void **state)
{
    const char *text;
    uint32_t length, count;
    double real;
    int flag;

    (void)state;
    start();
    duet_msgpack_put_double(&writer, 1.5);
    assert_hex("CB3FF8000000000000");
    assert_int_equal(duet_msgpack_get_double(&reader, &real), DUET_OK);
    assert_true(real == 1.5);
    duet_msgpack_put_float(&writer, -2.0f);
    assert_hex("CAC0000000");
    assert_int_equal(duet_msgpack_get_double(&reader, &real), DUET_OK);
    assert_true(real == -2.0);
    duet_msgpack_put_bool(&writer, 1);
    assert_hex("C3");
    assert_int_equal(duet_msgpack_get_bool(&reader, &flag), DUET_OK);
    assert_int_equal(flag, 1);
    duet_msgpack_put_string(&writer, "add", 3);
    assert_hex("A3616464");
    assert_int_equal(duet_msgpack_get_string(&reader, &text, &length), DUET_OK);
    assert_int_equal(length, 3);
    duet_msgpack_put_array(&writer, 16);
    assert_hex("DC0010");
    assert_int_equal(duet_msgpack_get_array(&reader, &count), DUET_INVALID); // nothing follows
    memset(bytes + 300, 'x', 300);
    duet_msgpack_put_string(&writer, (char *)bytes + 300, 256);
    assert_int_equal(bytes[0], 0xDA);
    reader = (struct duet_msgpack_reader){.bytes = bytes, .size = writer.used};
    assert_int_equal(duet_msgpack_get_string(&reader, &text, &length), DUET_OK);
    assert_int_equal(length, 256);
    start();
    duet_msgpack_put_bin(&writer, "\1\2", 2);
    assert_hex("C4020102");
}

static void nothing_is_written_or_read_beyond_the_end(void **state)
{
    uint8_t small[6] = {0, 0, 0, 0, 0xEE, 0xEE};
    // an array in an array 16 deep, a map, an extension, each cut off
    const uint8_t deep[] = {0x91, 0x91, 0x91, 0x92, 0x81, 0x01, 0xC7, 0x03,
                            0x05, 1,    2,    3,    0xD4, 9,    9};

    (void)state;
    writer = (struct duet_msgpack_writer){.bytes = small, .size = 4};
    duet_msgpack_put_u32(&writer, 1);
    assert_int_equal(writer.overflow, 1);
    assert_int_equal(writer.used, 0);
    for (uint32_t size = 0; size <= sizeof(deep); size++) {
        uint8_t *exact = malloc(size + 1) /* the sanitizer guards its end */;

        memcpy(exact, deep, size);
        reader = (struct duet_msgpack_reader){.bytes = exact, .size = size};
        assert_int_equal(duet_msgpack_skip(&reader), size == sizeof(deep) ? DUET_OK : DUET_INVALID);
        assert_int_equal(reader.at, size == sizeof(deep) ? size : 0);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_take_the_shortest_form_and_come_back),
        cmocka_unit_test(other_types_have_the_specified_bytes),
        cmocka_unit_test(nothing_is_written_or_read_beyond_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
