/* VREFBUF and CRS: RM0399 chapters 29 and 10. */
#include "sim/test/soc/soc_fixture.h"

#define VREFBUF 0x58003c00u
#define CRS     0x40008400u
enum { RCC_CR = 0x58024400, RCC_BDCR = 0x58024470, PWR_CR1 = 0x58024800 };

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

/* No software is needed where the LSE gives the pulses; none come without it. */
static void test_clock_recovery_by_the_lse(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, CRS + 4, 0x1022bb7f);
    fixture_write(f, CRS, 1 << 5 | 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, CRS + 8), 0);
    fixture_write(f, PWR_CR1, 1 << 8);
    fixture_write(f, RCC_BDCR, 1);
    fixture_write(f, RCC_CR, fixture_read(f, RCC_CR) | 1 << 12);
    fixture_wait(f, 3 * SIM_S);
    assert_int_equal(fixture_read(f, CRS + 8), 9);
    assert_true(f->irq[SOC_CM4][144]);
    fixture_write(f, CRS + 12, 9);
    assert_int_equal(fixture_read(f, CRS + 8), 0);
    fixture_wait(f, 30 * SIM_US);
    assert_int_equal(fixture_read(f, CRS + 8), 0);
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(fixture_read(f, CRS + 8), 9);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_buffer_is_ready_when_enabled),
        cmocka_unit_test(test_clock_recovery_by_software_succeeds),
        cmocka_unit_test(test_clock_recovery_by_the_lse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
