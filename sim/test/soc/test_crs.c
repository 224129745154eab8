/* VREFBUF and CRS: RM0399 chapters 29 and 10. */
#include "sim/test/soc/soc_fixture.h"

#define VREFBUF 0x58003c00u
#define CRS     0x40008400u

static void test_reference_buffer_is_ready_when_enabled(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_int_equal(fixture_read(f, VREFBUF), 2);
    fixture_write(f, VREFBUF, 1);
    assert_int_equal(fixture_read(f, VREFBUF), 1 | 8);
    fixture_write(f, VREFBUF, 0);
    assert_int_equal(fixture_read(f, VREFBUF), 0);
    fixture_destroy(f);
}

static void test_clock_recovery_by_software_succeeds(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, CRS, 1 << 7);
    assert_int_equal(fixture_read(f, CRS + 8), 0);
    fixture_write(f, CRS, 1 << 7 | 1 << 5 | 1);
    assert_int_equal(fixture_read(f, CRS + 8), 9);
    assert_int_equal(fixture_read(f, CRS), 1 << 5 | 1);
    assert_true(f->irq[SOC_CM4][144]);
    fixture_write(f, CRS + 12, 9);
    assert_int_equal(fixture_read(f, CRS + 8), 0);
    assert_false(f->irq[SOC_CM4][144]);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_buffer_is_ready_when_enabled),
        cmocka_unit_test(test_clock_recovery_by_software_succeeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
