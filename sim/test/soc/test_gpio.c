/* GPIO: RM0399 chapter 12. */
#include "sim/test/soc/soc_fixture.h"

#define GPIOI 0x58022000u
#define GPIOC 0x58020800u

static void test_led_pin_sinks_when_driven_low_and_only_then(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct wire *sunk = &f->soc->pin_sunk[8][12];
    assert_false(sunk->level); /* analog after reset (12.4.1): nothing is driven */
    fixture_write(f, GPIOI + 0x00, 0xfdffffff);
    assert_true(sunk->level);
    fixture_write(f, GPIOI + 0x18, 1u << 12);
    assert_false(sunk->level);
    assert_true(f->soc->pin_out[8][12].level);
    fixture_write(f, GPIOI + 0x18, 1u << 28 | 1u << 12); /* set wins (12.4.7) */
    assert_int_equal(fixture_read(f, GPIOI + 0x14), 1u << 12);
    fixture_destroy(f);
}

static void test_input_reads_the_board_and_its_pull(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, GPIOC + 0x00, 0);
    assert_int_equal(fixture_read(f, GPIOC + 0x10), 0);
    fixture_write(f, GPIOC + 0x0c, 1u << 26);
    assert_int_equal(fixture_read(f, GPIOC + 0x10), 1u << 13);
    soc_drive_pin(f->soc, 2, 13, false);
    assert_int_equal(fixture_read(f, GPIOC + 0x10), 0);
    fixture_destroy(f);
}

static void test_lock_sequence_freezes_the_pin(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, GPIOC + 0x1c, 0x10001);
    fixture_write(f, GPIOC + 0x1c, 0x00001);
    fixture_write(f, GPIOC + 0x1c, 0x10001);
    assert_int_equal(fixture_read(f, GPIOC + 0x1c), 0x10001);
    fixture_write(f, GPIOC + 0x00, 0);
    assert_int_equal(fixture_read(f, GPIOC + 0x00), 3);
    fixture_destroy(f);
}

static void test_unmodelled_register_is_reported_by_name(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_int_equal(fixture_read(f, GPIOC + 0x80), 0);
    assert_non_null(strstr(f->complaint, "GPIOC has no register at +0x80"));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_led_pin_sinks_when_driven_low_and_only_then),
        cmocka_unit_test(test_input_reads_the_board_and_its_pull),
        cmocka_unit_test(test_lock_sequence_freezes_the_pin),
        cmocka_unit_test(test_unmodelled_register_is_reported_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
