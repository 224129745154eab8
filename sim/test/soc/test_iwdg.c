/* IWDG: RM0399 chapter 48. */
#include "sim/soc/flash.h"
#include "sim/test/soc/soc_fixture.h"

#define IWDG1 0x58004800u
#define IWDG2 0x58004c00u
#define RSR   0x580244d0u

enum { KR = 0, PR = 4, RLR = 8, SR = 0xc, WINR = 0x10 };

static void start(struct soc_fixture *f, uint32_t base, uint32_t pr, uint32_t rlr, uint32_t winr)
{
    fixture_write(f, base + KR, 0xcccc);
    fixture_write(f, base + KR, 0x5555);
    fixture_write(f, base + PR, pr);
    fixture_write(f, base + RLR, rlr);
    if (winr != 0xfff)
        fixture_write(f, base + WINR, winr); /* reloads, too */
    else
        fixture_write(f, base + KR, 0xaaaa);
}

static void test_reset_comes_in_time_unless_reloaded(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start(f, IWDG1, 2, 999, 0xfff); /* 16 * 1000 / 32 kHz = 500 ms */
    for (unsigned n = 0; n < 4; n++) {
        fixture_wait(f, 490 * SIM_MS);
        fixture_write(f, IWDG1 + KR, 0xaaaa);
    }
    assert_int_equal(f->resets[SOC_CM7], 0);
    fixture_wait(f, 499 * SIM_MS);
    assert_int_equal(f->resets[SOC_CM7], 0);
    fixture_wait(f, 2 * SIM_MS);
    assert_int_equal(f->resets[SOC_CM7], 1);
    assert_int_equal(f->resets[SOC_CM4], 1);
    assert_true(fixture_read(f, RSR) & 1 << 26);
    assert_int_equal(fixture_read(f, IWDG1 + RLR), 0xfff);
    fixture_wait(f, SIM_S); /* stopped by its own reset */
    assert_int_equal(f->resets[SOC_CM7], 1);
    fixture_destroy(f);
}

static void test_registers_are_locked_and_busy_after_a_write(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, IWDG2 + RLR, 5);
    assert_int_equal(fixture_read(f, IWDG2 + RLR), 0xfff);
    fixture_write(f, IWDG2 + KR, 0x5555);
    fixture_write(f, IWDG2 + RLR, 5);
    fixture_write(f, IWDG2 + PR, 3);
    assert_int_equal(fixture_read(f, IWDG2 + SR), 3);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, IWDG2 + SR), 0);
    assert_int_equal(fixture_read(f, IWDG2 + RLR), 5);
    fixture_write(f, IWDG2 + KR, 0);
    fixture_write(f, IWDG2 + RLR, 6);
    assert_int_equal(fixture_read(f, IWDG2 + RLR), 5);
    fixture_destroy(f);
}

static void test_reload_before_the_window_resets(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start(f, IWDG2, 2, 999, 500);
    fixture_wait(f, 300 * SIM_MS);
    fixture_write(f, IWDG2 + KR, 0xaaaa); /* at 400: inside */
    assert_int_equal(f->resets[SOC_CM4], 0);
    fixture_wait(f, 200 * SIM_MS);
    fixture_write(f, IWDG2 + KR, 0xaaaa); /* at 600: too early */
    assert_int_equal(f->resets[SOC_CM4], 1);
    assert_true(fixture_read(f, RSR) & 1 << 27);
    fixture_destroy(f);
}

/* By hardware: it runs from reset on, and the LSI with it. */
static void test_an_option_byte_starts_it(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_null(flash_set_option(f->soc, "IWDG2_SW", 0));
    soc_reset(f->soc, true);
    fixture_wait(f, 511 * SIM_MS); /* 4 * 4096 / 32 kHz = 512 ms */
    assert_int_equal(f->resets[SOC_CM7], 0);
    assert_int_equal(fixture_read(f, 0x58024474), 2); /* RCC_CSR: ready, unasked */
    fixture_wait(f, 2 * SIM_MS);
    assert_int_equal(f->resets[SOC_CM7], 1);
    assert_true(fixture_read(f, RSR) & RSR_IWDG2RSTF);
    fixture_wait(f, 512 * SIM_MS); /* and again */
    assert_int_equal(f->resets[SOC_CM7], 2);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reset_comes_in_time_unless_reloaded),
        cmocka_unit_test(test_registers_are_locked_and_busy_after_a_write),
        cmocka_unit_test(test_reload_before_the_window_resets),
        cmocka_unit_test(test_an_option_byte_starts_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
