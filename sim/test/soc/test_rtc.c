/* RTC: RM0399 chapter 49. */
#include "sim/test/soc/rtc_fixture.h"

static void test_calendar_runs_over_the_end_of_a_leap_february(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x235958, 0x28 << 16 | 1 << 13 | 0x0228); /* Monday, 28 February 2028 */
    fixture_wait(f, 2 * SIM_S);
    assert_int_equal(fixture_read(f, RTC + TR), 0);
    assert_int_equal(fixture_read(f, RTC + DR), 0x28 << 16 | 2 << 13 | 0x0229);
    fixture_wait(f, (sim_time)86400 * SIM_S);
    assert_int_equal(fixture_read(f, RTC + TR), 0);
    assert_int_equal(fixture_read(f, RTC + DR), 0x28 << 16 | 3 << 13 | 0x0301);
    uint32_t first = fixture_read(f, RTC + SSR);
    fixture_read(f, RTC + DR);
    fixture_wait(f, 500 * SIM_MS);
    assert_int_equal((first - fixture_read(f, RTC + SSR)) & 255, 128);
    fixture_destroy(f);
}

static void test_reading_the_time_holds_the_date(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x235959, 0x25 << 16 | 3 << 13 | 0x1231);
    assert_int_equal(fixture_read(f, RTC + TR), 0x235959);
    fixture_wait(f, SIM_S);
    assert_int_equal(fixture_read(f, RTC + DR), 0x25 << 16 | 3 << 13 | 0x1231);
    assert_int_equal(fixture_read(f, RTC + DR), 0x26 << 16 | 4 << 13 | 0x0101);
    fixture_destroy(f);
}

/* 49.3.9: what is read holds what is of higher order, and neither itself nor what is below. */
static void test_reading_holds_only_what_is_above(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x235958, 0x25 << 16 | 3 << 13 | 0x1231);
    assert_int_equal(fixture_read(f, RTC + TR), 0x235958);
    fixture_wait(f, SIM_S);
    assert_int_equal(fixture_read(f, RTC + TR),
                     0x235959); /* who never reads the date sees time pass */
    uint32_t first = fixture_read(f, RTC + SSR);
    fixture_wait(f, 1500 * SIM_MS);
    assert_int_equal((first - fixture_read(f, RTC + SSR)) & 255, 128);
    assert_int_equal(fixture_read(f, RTC + TR), 0x235959);
    assert_int_equal(fixture_read(f, RTC + DR), 0x25 << 16 | 3 << 13 | 0x1231);
    assert_int_equal(fixture_read(f, RTC + TR), 0);
    fixture_destroy(f);
}

static void test_registers_are_protected(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    fixture_write(f, RTC + PRER, 0);
    fixture_write(f, RTC + CR, 0x40);
    assert_int_equal(fixture_read(f, RTC + PRER), 0x7f00ff);
    assert_int_equal(fixture_read(f, RTC + CR), 0);
    fixture_write(f, RTC + BKP0R + 124, 0x1234); /* never by the keys */
    assert_int_equal(fixture_read(f, RTC + BKP0R + 124), 0x1234);
    fixture_write(f, RTC + WPR, 0xca);
    fixture_write(f, RTC + WPR, 0x54);
    fixture_write(f, RTC + CR, 0x40);
    assert_int_equal(fixture_read(f, RTC + CR), 0);
    unlock(f);
    fixture_write(f, RTC + CR, 0x20);
    assert_int_equal(fixture_read(f, RTC + CR), 0x20);
    fixture_write(f, PWR, fixture_read(f, PWR) & ~(1u << 8));
    fixture_write(f, RTC + BKP0R, 1);
    assert_int_equal(fixture_read(f, RTC + BKP0R), 0);
    assert_non_null(strstr(f->complaint, "DBP"));
    fixture_destroy(f);
}

static void test_alarm_matches_what_it_does_not_mask(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    fixture_write(f, RTC + ALRMAR, 1u << 31 | 1 << 23 | 1 << 15 | 0x30); /* second 30 */
    fixture_write(f, RTC + CR, 1 << 8 | 1 << 12);
    fixture_wait(f, 29 * SIM_S + 900 * SIM_MS);
    assert_false(fixture_read(f, RTC + ISR) & ALRAF);
    assert_false(f->soc->exti_line[17].level);
    fixture_wait(f, 200 * SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & ALRAF);
    assert_true(f->soc->exti_line[17].level);
    fixture_write(f, RTC + ISR, ~(uint32_t)(ALRAF | INIT));
    assert_false(f->soc->exti_line[17].level);
    fixture_wait(f, 59 * SIM_S);
    assert_false(fixture_read(f, RTC + ISR) & ALRAF);
    fixture_wait(f, SIM_S);
    assert_true(fixture_read(f, RTC + ISR) & ALRAF);
    fixture_destroy(f);
}

static void test_alarm_with_subseconds(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    fixture_write(f, RTC + ALRMAR, 1u << 31 | 1 << 23 | 1 << 15 | 2);
    fixture_write(f, RTC + ALRMASSR, 15u << 24 | 63); /* three quarters into the second */
    fixture_write(f, RTC + CR, 1 << 8);
    fixture_wait(f, 2 * SIM_S + 700 * SIM_MS);
    assert_false(fixture_read(f, RTC + ISR) & ALRAF);
    fixture_wait(f, 60 * SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & ALRAF);
    fixture_destroy(f);
}

static void test_wake_up_timer(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    unlock(f);
    assert_true(fixture_read(f, RTC + ISR) & WUTWF);
    fixture_write(f, RTC + WUTR, 2047); /* of RTCCLK / 16: one second */
    fixture_write(f, RTC + CR, 1 << 10 | 1 << 14);
    assert_false(fixture_read(f, RTC + ISR) & WUTWF);
    fixture_wait(f, 999 * SIM_MS);
    assert_false(fixture_read(f, RTC + ISR) & WUTF);
    fixture_wait(f, 2 * SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & WUTF);
    assert_true(f->soc->exti_line[19].level);
    fixture_write(f, RTC + ISR, ~(uint32_t)(WUTF | INIT));
    assert_false(f->soc->exti_line[19].level);
    fixture_wait(f, SIM_S);
    assert_true(fixture_read(f, RTC + ISR) & WUTF);
    fixture_destroy(f);
}

static void test_a_system_reset_leaves_it_alone(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    fixture_write(f, RTC + BKP0R, 0xbeef);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    fixture_open_gates(f);
    fixture_wait(f, 5 * SIM_S);
    assert_int_equal(fixture_read(f, RTC + BKP0R), 0xbeef);
    assert_int_equal(fixture_read(f, RTC + TR), 0x100005);
    fixture_destroy(f);
}

/* 49.3.7: the counter reloads itself, and neither clearing a flag nor setting the time begins its period anew. */
static void test_wake_up_keeps_its_period(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    unlock(f);
    fixture_write(f, RTC + WUTR, 2047);
    fixture_write(f, RTC + CR, 1 << 10 | 1 << 14);
    for (int n = 0; n < 9; n++) {
        fixture_wait(f, SIM_S + 50 * SIM_MS);
        assert_true(fixture_read(f, RTC + ISR) & WUTF);
        fixture_write(f, RTC + ISR, ~(uint32_t)(WUTF | INIT));
    }
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    fixture_wait(f, 540 * SIM_MS);
    assert_false(fixture_read(f, RTC + ISR) & WUTF);
    fixture_wait(f, 20 * SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & WUTF);
    fixture_destroy(f);
}

/* 49.3.9, 49.3.10: a system reset resets the shadows, and RSF tells when they show the calendar. */
static void test_shadows_after_a_system_reset(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0102);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    fixture_open_gates(f);
    assert_false(fixture_read(f, RTC + ISR) & RSF);
    assert_int_equal(fixture_read(f, RTC + TR), 0);
    assert_int_equal(fixture_read(f, RTC + DR), 0x2101);
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & RSF);
    assert_int_equal(fixture_read(f, RTC + TR), 0x100000);
    assert_int_equal(fixture_read(f, RTC + DR), 0x26 << 16 | 4 << 13 | 0x0102);
    fixture_destroy(f);
}

/* 49.6.3: FMT only while initialising, WUCKSEL only while the wake-up timer is off and free. */
static void test_fields_of_cr_that_wait(void **state)
{
    (void)state;
    enum { FMT = 0x40, WUTE = 0x400 };
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    fixture_write(f, RTC + CR, FMT | 1);
    assert_int_equal(fixture_read(f, RTC + CR), 1);
    fixture_write(f, RTC + CR, WUTE | 1);
    fixture_write(f, RTC + CR, WUTE | 2);
    assert_int_equal(fixture_read(f, RTC + CR), WUTE | 1);
    fixture_write(f, RTC + CR, 1);
    assert_false(fixture_read(f, RTC + ISR) & WUTWF);
    fixture_write(f, RTC + WUTR, 5);
    assert_int_equal(fixture_read(f, RTC + WUTR), 0xffff);
    fixture_wait(f, 62 * SIM_US);
    assert_true(fixture_read(f, RTC + ISR) & WUTWF);
    fixture_write(f, RTC + WUTR, 5);
    assert_int_equal(fixture_read(f, RTC + WUTR), 5);
    fixture_write(f, RTC + ISR, ~0u);
    fixture_wait(f, 62 * SIM_US);
    fixture_write(f, RTC + CR, FMT);
    assert_int_equal(fixture_read(f, RTC + CR), FMT);
    fixture_destroy(f);
}

/* 49.6.7, 49.6.17: an alarm that is on keeps its registers, unless while initialising. */
static void test_alarm_that_is_on(void **state)
{
    (void)state;
    enum { ALRAE = 0x100, ALRAWF = 1 };
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    fixture_write(f, RTC + ALRMAR, 0x30);
    fixture_write(f, RTC + CR, ALRAE);
    assert_false(fixture_read(f, RTC + ISR) & ALRAWF);
    fixture_write(f, RTC + ALRMAR, 0x40);
    fixture_write(f, RTC + ALRMASSR, 1);
    assert_int_equal(fixture_read(f, RTC + ALRMAR), 0x30);
    assert_int_equal(fixture_read(f, RTC + ALRMASSR), 0);
    fixture_write(f, RTC + ISR, ~0u);
    fixture_wait(f, 62 * SIM_US);
    fixture_write(f, RTC + ALRMAR, 0x40);
    assert_int_equal(fixture_read(f, RTC + ALRMAR), 0x40);
    fixture_destroy(f);
}

/* 49.6.3: an hour back, but not out of the day. */
static void test_winter_time(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x010000, 0x26 << 16 | 4 << 13 | 0x0102);
    fixture_write(f, RTC + CR, 1 << 17);
    assert_int_equal(fixture_read(f, RTC + TR) >> 8, 0);
    fixture_read(f, RTC + DR);
    fixture_write(f, RTC + CR, 1 << 17);
    assert_int_equal(fixture_read(f, RTC + TR) >> 8, 0);
    assert_int_equal(fixture_read(f, RTC + DR) & 0xff, 2);
    assert_int_equal(fixture_read(f, RTC + CR), 0);
    fixture_destroy(f);
}

/* What else is written into CR costs the calendar nothing. */
static void test_writes_to_cr_take_no_time(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    for (int n = 0; n < 1000; n++) {
        fixture_wait(f, 2 * SIM_MS); /* half a tick of SSR */
        fixture_write(f, RTC + CR, 1 << 18);
    }
    assert_int_equal(fixture_read(f, RTC + TR), 0x100002);
    fixture_destroy(f);
}

/* 49.6.4: a system reset ends the initialisation, 49.3.8: and locks nothing; RSF needs shadows. */
static void test_a_reset_while_initialising(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    fixture_write(f, RTC + ISR, ~0u);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    fixture_open_gates(f);
    fixture_wait(f, 5 * SIM_S);
    assert_false(fixture_read(f, RTC + ISR) & (INIT | INITF));
    assert_int_equal(fixture_read(f, RTC + TR), 0x100005);
    fixture_write(f, PWR, fixture_read(f, PWR) | 1 << 8); /* DBP */
    fixture_write(f, RTC + CR, 0x20);                     /* BYPSHAD */
    assert_int_equal(fixture_read(f, RTC + CR), 0x20);
    assert_false(fixture_read(f, RTC + ISR) & RSF);
    fixture_destroy(f);
}

#define GPIO(n) (0x58020000u + 0x400u * (n))

/* What the chip does to the pin: 0, 1, or -1: nothing. */
static int driven(struct soc_fixture *f, unsigned port, unsigned pin)
{
    if (f->soc->pin_out[port][pin].level)
        return 1;
    return f->soc->pin_sunk[port][pin].level ? 0 : -1;
}

/* 49.3.3: alarm A at PC13, open drain or not, or its complement. */
static void test_alarm_output(void **state)
{
    (void)state;
    enum { OSEL_A = 1 << 21, POL = 1 << 20, ALRAE = 1 << 8, OR = 0x4c, C = 2 };
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    assert_int_equal(driven(f, C, 13), -1);
    fixture_write(f, RTC + OR, 1);
    fixture_write(f, RTC + ALRMAR, 1u << 31 | 1 << 23 | 1 << 15 | 2);
    fixture_write(f, RTC + CR, OSEL_A | ALRAE);
    assert_int_equal(driven(f, C, 13), 0);
    fixture_wait(f, 2 * SIM_S + SIM_MS);
    assert_int_equal(driven(f, C, 13), 1);
    fixture_write(f, RTC + OR, 0);
    assert_int_equal(driven(f, C, 13), -1); /* open drain */
    fixture_write(f, RTC + CR, OSEL_A | POL | ALRAE);
    assert_int_equal(driven(f, C, 13), 0);
    fixture_write(f, RTC + CR, 0);
    assert_int_equal(driven(f, C, 13), -1);
    fixture_destroy(f);
}

static void count_edge(void *ctx, unsigned index, bool level)
{
    (void)index;
    *(unsigned *)ctx += level;
}

/* 512 Hz and 1 Hz, at PC13 or remapped to PB2, function 0. */
static void test_calibration_output(void **state)
{
    (void)state;
    enum { COE = 1 << 23, COSEL = 1 << 19, OR = 0x4c, B = 1, C = 2 };
    unsigned edges[2] = {0, 0};
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0101);
    wire_connect(&f->soc->pin_out[C][13], count_edge, &edges[0], 0);
    wire_connect(&f->soc->pin_out[B][2], count_edge, &edges[1], 0);
    fixture_write(f, RTC + CR, COE);
    fixture_wait(f, SIM_S);
    assert_in_range(edges[0], 511, 513);
    fixture_write(f, RTC + OR, 2);
    fixture_write(f, GPIO(B), (fixture_read(f, GPIO(B)) & ~(3u << 4)) | 2u << 4);
    fixture_write(f, RTC + CR, COE | COSEL);
    edges[0] = edges[1] = 0;
    fixture_wait(f, 10 * SIM_S);
    assert_int_equal(edges[0], 0);
    assert_in_range(edges[1], 9, 11);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar_runs_over_the_end_of_a_leap_february),
        cmocka_unit_test(test_reading_the_time_holds_the_date),
        cmocka_unit_test(test_reading_holds_only_what_is_above),
        cmocka_unit_test(test_registers_are_protected),
        cmocka_unit_test(test_alarm_matches_what_it_does_not_mask),
        cmocka_unit_test(test_alarm_with_subseconds),
        cmocka_unit_test(test_wake_up_timer),
        cmocka_unit_test(test_wake_up_keeps_its_period),
        cmocka_unit_test(test_a_system_reset_leaves_it_alone),
        cmocka_unit_test(test_shadows_after_a_system_reset),
        cmocka_unit_test(test_fields_of_cr_that_wait),
        cmocka_unit_test(test_alarm_that_is_on),
        cmocka_unit_test(test_winter_time),
        cmocka_unit_test(test_writes_to_cr_take_no_time),
        cmocka_unit_test(test_a_reset_while_initialising),
        cmocka_unit_test(test_alarm_output),
        cmocka_unit_test(test_calibration_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
