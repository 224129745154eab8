/* RTC: time stamps, tamper detection, calibration, shifts (RM0399 49.3.11 to 49.3.15). */
#include "sim/test/soc/rtc_fixture.h"

#define BACKUP_SRAM 0x38800000u

enum { C = 2, I = 8, RTC_LINE = 18 };
enum { SHPF = 1 << 3, TSF = 1 << 11, TSOVF = 1 << 12, TAMP1F = 1 << 13, TAMP2F = 1 << 14 };
enum { RECALPF = 1 << 16, TSEDGE = 1 << 3, TSE = 1 << 11, TSIE = 1 << 15 };
enum { TAMP1E = 1 << 0, TAMPIE = 1 << 2, TAMP2E = 1 << 3, TAMP2TRG = 1 << 4, TAMPTS = 1 << 7 };
enum { TAMP1IE = 1 << 16, TAMP1NOERASE = 1 << 17, TAMP1MF = 1 << 18, TAMP2IE = 1 << 19 };

static void clear(struct soc_fixture *f, uint32_t flags)
{
    fixture_write(f, RTC + ISR, ~(flags | INIT));
}

static struct soc_fixture *at_ten(void)
{
    struct soc_fixture *f = create();
    set(f, 0x100000, 0x26 << 16 | 4 << 13 | 0x0305);
    return f;
}

/* 49.3.14: the flag comes two cycles of ck_apre after the edge, what is saved is of the edge. */
static void test_time_stamp(void **state)
{
    (void)state;
    struct soc_fixture *f = at_ten();
    fixture_write(f, RTC + CR, TSE | TSIE);
    fixture_wait(f, 2 * SIM_S + 250 * SIM_MS);
    soc_drive_pin(f->soc, C, 13, true);
    assert_false(fixture_read(f, RTC + ISR) & TSF);
    fixture_wait(f, 8 * SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & TSF);
    assert_true(f->soc->exti_line[RTC_LINE].level);
    assert_int_equal(fixture_read(f, RTC + TSTR), 0x100002);
    assert_int_equal(fixture_read(f, RTC + TSDR), 4 << 13 | 0x0305);
    assert_in_range(fixture_read(f, RTC + TSSSR), 190, 192);
    soc_drive_pin(f->soc, C, 13, false); /* the other edge */
    assert_false(fixture_read(f, RTC + ISR) & TSOVF);
    fixture_wait(f, 3 * SIM_S);
    soc_drive_pin(f->soc, C, 13, true);
    assert_true(fixture_read(f, RTC + ISR) & TSOVF);
    assert_int_equal(fixture_read(f, RTC + TSTR), 0x100002);
    clear(f, TSF | TSOVF);
    assert_int_equal(fixture_read(f, RTC + ISR) & (TSF | TSOVF), 0);
    assert_int_equal(fixture_read(f, RTC + TSTR), 0);
    assert_false(f->soc->exti_line[RTC_LINE].level);
    fixture_write(f, RTC + CR, 0);
    fixture_write(f, RTC + CR, TSEDGE);
    fixture_write(f, RTC + CR, TSEDGE | TSE);
    soc_drive_pin(f->soc, C, 13, false);
    fixture_wait(f, 8 * SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & TSF);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* 49.3.15: an edge erases backup registers and SRAM, and holds the registers until the flag is cleared. */
static void test_tamper_by_an_edge(void **state)
{
    (void)state;
    struct soc_fixture *f = at_ten();
    fixture_write(f, RTC + BKP0R + 4, 0x1234);
    fixture_write(f, BACKUP_SRAM + 16, 0x5678);
    fixture_write(f, RTC + TAMPCR, TAMP1E | TAMPIE);
    assert_int_equal(fixture_read(f, RTC + BKP0R + 4), 0x1234);
    soc_drive_pin(f->soc, C, 13, true);
    assert_true(fixture_read(f, RTC + ISR) & TAMP1F);
    assert_true(f->soc->exti_line[RTC_LINE].level);
    assert_int_equal(fixture_read(f, RTC + BKP0R + 4), 0);
    assert_int_equal(fixture_read(f, BACKUP_SRAM + 16), 0);
    fixture_write(f, RTC + BKP0R, 1);
    assert_int_equal(fixture_read(f, RTC + BKP0R), 0);
    clear(f, TAMP1F);
    assert_false(f->soc->exti_line[RTC_LINE].level);
    fixture_write(f, RTC + BKP0R, 1);
    assert_int_equal(fixture_read(f, RTC + BKP0R), 1);
    fixture_write(f, RTC + TAMPCR, 0); /* still high: found as it is enabled again */
    fixture_write(f, RTC + TAMPCR, TAMP1E);
    assert_true(fixture_read(f, RTC + ISR) & TAMP1F);
    assert_int_equal(fixture_read(f, RTC + BKP0R), 0);
    assert_false(f->soc->exti_line[RTC_LINE].level); /* no TAMPIE */
    fixture_destroy(f);
}

static void test_tamper_that_erases_nothing(void **state)
{
    (void)state;
    struct soc_fixture *f = at_ten();
    fixture_write(f, RTC + BKP0R, 7);
    fixture_write(f, RTC + TAMPCR, TAMP1E | TAMP1NOERASE | TAMP1IE);
    soc_drive_pin(f->soc, C, 13, true);
    assert_true(fixture_read(f, RTC + ISR) & TAMP1F);
    assert_true(f->soc->exti_line[RTC_LINE].level);
    fixture_write(f, RTC + BKP0R + 4, 8);
    assert_int_equal(fixture_read(f, RTC + BKP0R), 7);
    assert_int_equal(fixture_read(f, RTC + BKP0R + 4), 8);
    clear(f, TAMP1F);
    soc_drive_pin(f->soc, C, 13, false);
    fixture_write(f, RTC + TAMPCR, TAMP1E | TAMP1MF);
    soc_drive_pin(f->soc, C, 13, true);
    assert_false(fixture_read(f, RTC + ISR) & TAMP1F);
    assert_int_equal(fixture_read(f, RTC + BKP0R), 7);
    fixture_destroy(f);
}

/* TAMPFLT: two samples in a row at 1 Hz; a shorter pulse is none. Three cycles of ck_apre later the flag shows. */
static void test_tamper_by_a_level(void **state)
{
    (void)state;
    struct soc_fixture *f = at_ten();
    soc_drive_pin(f->soc, I, 8, false);
    fixture_write(f, RTC + TAMPCR, TAMP2E | TAMP2TRG | TAMP2IE | 1 << 11);
    soc_drive_pin(f->soc, I, 8, true);
    fixture_wait(f, 900 * SIM_MS);
    soc_drive_pin(f->soc, I, 8, false);
    fixture_wait(f, 3 * SIM_S);
    assert_false(fixture_read(f, RTC + ISR) & TAMP2F);
    soc_drive_pin(f->soc, I, 8, true);
    fixture_wait(f, 999 * SIM_MS);
    assert_false(fixture_read(f, RTC + ISR) & TAMP2F);
    fixture_wait(f, SIM_S + 20 * SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & TAMP2F);
    assert_true(f->soc->exti_line[RTC_LINE].level);
    clear(f, TAMP2F); /* it is still there */
    fixture_wait(f, 2 * SIM_S + 20 * SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & TAMP2F);
    fixture_destroy(f);
}

/* The precharge holds a pin up that nothing drives: no tamper at a low level, but one without it. */
static void test_precharge(void **state)
{
    (void)state;
    struct soc_fixture *f = at_ten();
    fixture_write(f, RTC + TAMPCR, TAMP2E | 1 << 11 | 7 << 8);
    fixture_wait(f, SIM_S);
    assert_false(fixture_read(f, RTC + ISR) & TAMP2F);
    fixture_write(f, RTC + TAMPCR, TAMP2E | 1 << 11 | 7 << 8 | 1 << 15);
    fixture_wait(f, 100 * SIM_MS);
    assert_true(fixture_read(f, RTC + ISR) & TAMP2F);
    fixture_destroy(f);
}

static void test_time_stamp_of_a_tamper(void **state)
{
    (void)state;
    struct soc_fixture *f = at_ten();
    fixture_write(f, RTC + TAMPCR, TAMP1E | TAMPTS);
    fixture_wait(f, 5 * SIM_S);
    soc_drive_pin(f->soc, C, 13, true);
    assert_false(fixture_read(f, RTC + ISR) & (TSF | TAMP1F));
    fixture_wait(f, 12 * SIM_MS);
    assert_int_equal(fixture_read(f, RTC + ISR) & (TSF | TAMP1F), TSF | TAMP1F);
    assert_int_equal(fixture_read(f, RTC + TSTR), 0x100005);
    fixture_destroy(f);
}

/* 49.3.13: 511 cycles masked of 2^20, or 512 added; the register is blocked until they are taken over. */
static void test_calibration(void **state)
{
    (void)state;
    struct soc_fixture *f = at_ten();
    fixture_write(f, RTC + CALR, 511);
    assert_true(fixture_read(f, RTC + ISR) & RECALPF);
    fixture_write(f, RTC + CALR, 5);
    assert_int_equal(fixture_read(f, RTC + CALR), 511);
    fixture_wait(f, 12 * SIM_MS);
    assert_false(fixture_read(f, RTC + ISR) & RECALPF);
    fixture_wait(f, 2048 * SIM_S); /* one second less */
    assert_in_range(fixture_read(f, RTC + TR), 0x103406, 0x103407);
    fixture_read(f, RTC + DR);
    fixture_write(f, RTC + CALR, 1 << 15);
    fixture_wait(f, 4096 * SIM_S); /* two seconds more */
    assert_in_range(fixture_read(f, RTC + TR), 0x114225, 0x114226);
    fixture_write(f, RTC + CALR, 1 << 14 | 7);
    assert_int_equal(fixture_read(f, RTC + CALR), 1 << 14 | 4);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* Changes of the calibration cost the calendar nothing. */
static void test_calibrating_takes_no_time(void **state)
{
    (void)state;
    struct soc_fixture *f = at_ten();
    for (int n = 0; n < 100; n++) {
        fixture_write(f, RTC + CALR, n & 1);
        fixture_wait(f, 14 * SIM_MS); /* three ticks and a half */
    }
    fixture_wait(f, 605 * SIM_MS);
    assert_int_equal(fixture_read(f, RTC + TR), 0x100002);
    fixture_destroy(f);
}

/* 49.3.11 */
static void test_shift(void **state)
{
    (void)state;
    struct soc_fixture *f = at_ten();
    fixture_wait(f, 100 * SIM_MS);
    fixture_write(f, RTC + SHIFTR, 1u << 31 | 64); /* a second ahead, a quarter back */
    assert_true(fixture_read(f, RTC + ISR) & SHPF);
    assert_false(fixture_read(f, RTC + ISR) & RSF);
    fixture_wait(f, 10 * SIM_MS);
    assert_false(fixture_read(f, RTC + ISR) & SHPF);
    assert_true(fixture_read(f, RTC + ISR) & RSF);
    fixture_wait(f, 100 * SIM_MS);
    assert_int_equal(fixture_read(f, RTC + TR), 0x100000);
    fixture_read(f, RTC + DR);
    fixture_wait(f, 50 * SIM_MS);
    assert_int_equal(fixture_read(f, RTC + TR), 0x100001);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_stamp),
        cmocka_unit_test(test_tamper_by_an_edge),
        cmocka_unit_test(test_tamper_that_erases_nothing),
        cmocka_unit_test(test_tamper_by_a_level),
        cmocka_unit_test(test_precharge),
        cmocka_unit_test(test_time_stamp_of_a_tamper),
        cmocka_unit_test(test_calibration),
        cmocka_unit_test(test_calibrating_takes_no_time),
        cmocka_unit_test(test_shift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
