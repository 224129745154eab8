/* WM8994 on I2C4. */
#include "sim/test/board/board_fixture.h"

enum { CODEC = 0x34 };

static uint32_t get(struct board_fixture *b, unsigned address)
{
    const uint8_t at[2] = {(uint8_t)(address >> 8), (uint8_t)address};
    uint8_t value[2];
    assert_true(i2c_read(b, CODEC, at, 2, value, 2));
    return (uint32_t)(value[0] << 8 | value[1]);
}

static void set(struct board_fixture *b, unsigned address, unsigned value)
{
    const uint8_t bytes[4] = {(uint8_t)(address >> 8), (uint8_t)address, (uint8_t)(value >> 8),
                              (uint8_t)value};
    assert_true(i2c_write(b, CODEC, bytes, 4));
}

static void test_identity_registers_and_reset(void **state)
{
    (void)state;
    struct board_fixture *b = board_fixture_create(NULL);
    open_i2c(b);
    assert_int_equal(get(b, 0), 0x8994);
    set(b, 0x39, 0x006c);
    set(b, 0x01, 0x3003);
    assert_int_equal(get(b, 0x39), 0x006c);
    assert_int_equal(get(b, 0x01), 0x3003);
    set(b, 0x00, 0);
    assert_int_equal(get(b, 0x39), 0);
    assert_int_equal(get(b, 0), 0x8994);
    board_fixture_destroy(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_identity_registers_and_reset)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
