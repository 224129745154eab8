/* HRTIM: RM0399 chapter 39. At reset it runs at 64 MHz. */
#include "sim/test/soc/soc_fixture.h"

#define HRTIM   0x40017400u
#define MASTER  HRTIM
#define TIMA    (HRTIM + 0x80)
#define TIMD    (HRTIM + 0x200)
#define COMMON  (HRTIM + 0x380)
#define GPIO(n) (0x58020000u + 0x400u * (n))

enum { CR = 0, ISR = 4, ICR = 8, DIER = 12, CNTR = 0x10, PER = 0x14, REP = 0x18, CMP1 = 0x1c };
enum { SET1 = 0x3c, RST1 = 0x40, SET2 = 0x44, RST2 = 0x48, RST = 0x54, CPT1 = 0x30, CPT1C = 0x5c };
enum { OUT = 0x64, CR2 = 4, OENR = 0x14, ODISR = 0x18, CONT = 1 << 3, PREEN = 1 << 27 };
enum { DIV1 = 5, MCEN = 1 << 16, TACEN = 1 << 17, TDCEN = 1 << 20, E_PER = 4, E_CMP1 = 8 };
enum { F_CMP1 = 1, F_REP = 16, F_UPD = 64, F_CPT1 = 128, F_RST = 1 << 13, A = 0, C = 2 };

static void ticks(struct soc_fixture *f, uint64_t count)
{
    fixture_wait(f, sim_cycles_to_time(count, soc_clock_hz(f->soc, CLOCK_TIM_APB2)));
}

static void select_function(struct soc_fixture *f, unsigned port, unsigned pin, uint32_t function)
{
    uint32_t afr = GPIO(port) + 0x20 + pin / 8 * 4, moder = GPIO(port);
    fixture_write(f, afr, (fixture_read(f, afr) & ~(15u << pin % 8 * 4)) | function << pin % 8 * 4);
    fixture_write(f, moder, (fixture_read(f, moder) & ~(3u << 2 * pin)) | 2u << 2 * pin);
}

static void assert_pin(struct soc_fixture *f, unsigned port, unsigned pin, bool level)
{
    assert_int_equal(f->soc->pin_out[port][pin].level, level);
    assert_int_equal(f->soc->pin_sunk[port][pin].level, !level);
}

/* A simple PWM as drivers do it: set by the compare value, reset by the period. */
static void simple_pwm(struct soc_fixture *f, uint32_t timer, uint32_t compare)
{
    fixture_write(f, timer + CR, CONT | DIV1);
    fixture_write(f, timer + PER, 100);
    fixture_write(f, timer + CMP1, compare);
    fixture_write(f, timer + SET1, E_CMP1);
    fixture_write(f, timer + RST1, E_PER);
}

static void test_two_outputs(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    select_function(f, C, 6, 1);  /* CHA1 */
    select_function(f, A, 11, 2); /* CHD1 */
    simple_pwm(f, TIMA, 13);
    simple_pwm(f, TIMD, 75);
    assert_pin(f, C, 6, false);
    fixture_write(f, COMMON + OENR, 1 | 1 << 6);
    fixture_write(f, MASTER + CR, TACEN | TDCEN);
    for (unsigned n = 0; n < 3; n++) {
        ticks(f, 10);
        assert_pin(f, C, 6, false);
        ticks(f, 10);
        assert_pin(f, C, 6, true);
        assert_pin(f, A, 11, false);
        ticks(f, 60);
        assert_pin(f, A, 11, true);
        ticks(f, 20);
    }
    fixture_write(f, TIMA + OUT, 2); /* POL1 */
    ticks(f, 20);
    assert_pin(f, C, 6, false);
    fixture_write(f, TIMA + OUT, 1 << 3); /* IDLES1 */
    fixture_write(f, COMMON + ODISR, 1);
    assert_int_equal(fixture_read(f, COMMON + OENR), 1 << 6);
    ticks(f, 90);
    assert_pin(f, C, 6, true);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

static void test_flags_and_interrupts(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIMA + CR, CONT | DIV1);
    fixture_write(f, TIMA + PER, 1000);
    fixture_write(f, TIMA + CMP1, 300);
    fixture_write(f, TIMA + REP, 1);
    fixture_write(f, TIMA + DIER, F_REP);
    fixture_write(f, MASTER + CR, TACEN);
    ticks(f, 250);
    assert_int_equal(fixture_read(f, TIMA + CNTR), 250);
    assert_int_equal(fixture_read(f, TIMA + ISR), 0);
    ticks(f, 100);
    assert_int_equal(fixture_read(f, TIMA + ISR), F_CMP1);
    fixture_write(f, TIMA + ICR, F_CMP1);
    assert_int_equal(fixture_read(f, TIMA + ISR), 0);
    ticks(f, 800);
    assert_int_equal(fixture_read(f, TIMA + ISR), F_RST);
    assert_false(f->irq[SOC_CM7][104]);
    ticks(f, 1000);
    assert_true(fixture_read(f, TIMA + ISR) & F_REP);
    assert_true(f->irq[SOC_CM7][104]);
    fixture_write(f, TIMA + CPT1C, 1);
    assert_true(fixture_read(f, TIMA + ISR) & F_CPT1);
    assert_in_range(fixture_read(f, TIMA + CPT1), 149, 151);
    fixture_wait(f, SIM_S); /* thousands of periods cost nothing */
    assert_in_range(fixture_read(f, TIMA + CNTR), 0, 999);
    fixture_destroy(f);
}

static void test_preload(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIMA + PER, 100);
    fixture_write(f, TIMA + CR, CONT | DIV1 | PREEN | 1 << 18); /* updates as it rolls over */
    fixture_write(f, MASTER + CR, TACEN);
    fixture_write(f, TIMA + PER, 1000);
    ticks(f, 50);
    assert_int_equal(fixture_read(f, TIMA + ISR) & F_UPD, 0);
    ticks(f, 100);
    assert_int_equal(fixture_read(f, TIMA + ISR) & F_UPD, F_UPD);
    assert_int_equal(fixture_read(f, TIMA + CNTR), 50);
    ticks(f, 800);
    assert_int_equal(fixture_read(f, TIMA + CNTR), 850);
    fixture_write(f, TIMA + PER, 900);
    fixture_write(f, COMMON + CR2, 2); /* now */
    ticks(f, 100);
    assert_int_equal(fixture_read(f, TIMA + CNTR), 50);
    fixture_destroy(f);
}

/* One shot, again by software; the master's compare resets timer D, which so runs behind it. */
static void test_resets(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIMA + CR, DIV1 | 1); /* CKPSC 5, single shot */
    fixture_write(f, TIMA + PER, 100);
    fixture_write(f, MASTER + CR, TACEN);
    ticks(f, 150);
    assert_int_equal(fixture_read(f, TIMA + CNTR), 0);
    fixture_write(f, COMMON + CR2, 1 << 9);
    ticks(f, 50);
    assert_int_equal(fixture_read(f, TIMA + CNTR), 50);
    fixture_write(f, TIMD + CR, CONT | DIV1);
    fixture_write(f, TIMD + PER, 5000);
    fixture_write(f, TIMD + RST, 1 << 5); /* MSTCMP1 */
    fixture_write(f, MASTER + PER, 1000);
    fixture_write(f, MASTER + CMP1, 400);
    fixture_write(f, MASTER + CR, CONT | DIV1 | MCEN | TACEN | TDCEN);
    ticks(f, 1500);
    assert_int_equal(fixture_read(f, MASTER + CNTR), 500);
    assert_int_equal(fixture_read(f, TIMD + CNTR), 100);
    fixture_destroy(f);
}

static void test_what_is_not_modelled_is_told(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIMA + OUT, 1 << 8);
    assert_non_null(strstr(f->complaint, "dead time"));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_outputs),
        cmocka_unit_test(test_flags_and_interrupts),
        cmocka_unit_test(test_preload),
        cmocka_unit_test(test_resets),
        cmocka_unit_test(test_what_is_not_modelled_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
