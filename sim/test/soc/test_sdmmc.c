/* SDMMC with an empty socket: RM0399 chapter 59. */
#include "sim/test/soc/soc_fixture.h"

#define SDMMC1 0x52007000u
#define RCC    0x58024400u

enum { POWER = 0, CLKCR = 4, CMDR = 0xc, DTIMER = 0x24, DCTRL = 0x2c, STAR = 0x34, ICR = 0x38 };
enum { MASKR = 0x3c, CPSMEN = 1 << 12, SHORT_ANSWER = 1 << 8 };
enum { CTIMEOUT = 4, DTIMEOUT = 8, CMDSENT = 1 << 7, DPSMACT = 1 << 12, CPSMACT = 1 << 13 };

/* PLL2 R at 64 / 4 * 8 / 4 = 32 MHz; 400 kHz on the wire. */
static struct soc_fixture *start(void)
{
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + 0x28, 4 << 12);
    fixture_write(f, RCC + 0x38, 7 | 3 << 24);
    fixture_write(f, RCC + 0x2c, 1 << 21);
    fixture_write(f, RCC + 0x4c, 1 << 16);
    fixture_write(f, RCC, fixture_read(f, RCC) | 1 << 26);
    fixture_wait(f, SIM_MS);
    fixture_write(f, SDMMC1 + POWER, 3);
    fixture_write(f, SDMMC1 + CLKCR, 40);
    return f;
}

static void test_a_command_without_an_answer_is_sent(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + CMDR, CPSMEN);
    fixture_wait(f, 119 * SIM_US);
    assert_int_equal(fixture_read(f, SDMMC1 + STAR), CPSMACT);
    fixture_wait(f, 2 * SIM_US); /* 48 bits */
    assert_int_equal(fixture_read(f, SDMMC1 + STAR), CMDSENT);
    fixture_write(f, SDMMC1 + ICR, CMDSENT);
    assert_int_equal(fixture_read(f, SDMMC1 + STAR), 0);
    fixture_destroy(f);
}

static void test_nobody_answers(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + MASKR, CTIMEOUT);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN | SHORT_ANSWER | 8);
    fixture_wait(f, 279 * SIM_US);
    assert_false(f->irq[SOC_CM7][49]);
    fixture_wait(f, 2 * SIM_US);
    assert_true(f->irq[SOC_CM7][49]);
    assert_int_equal(fixture_read(f, SDMMC1 + STAR), CTIMEOUT);
    fixture_destroy(f);
}

static void test_data_time_out(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + DTIMER, 400);
    fixture_write(f, SDMMC1 + DCTRL, 3);
    fixture_wait(f, 999 * SIM_US);
    assert_int_equal(fixture_read(f, SDMMC1 + STAR), DPSMACT);
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(fixture_read(f, SDMMC1 + STAR), DTIMEOUT);
    fixture_destroy(f);
}

static void test_without_power_nothing_goes_out(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, SDMMC1 + POWER, 0);
    fixture_write(f, SDMMC1 + CMDR, CPSMEN);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, SDMMC1 + STAR), CPSMACT);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_command_without_an_answer_is_sent),
        cmocka_unit_test(test_nobody_answers),
        cmocka_unit_test(test_data_time_out),
        cmocka_unit_test(test_without_power_nothing_goes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
