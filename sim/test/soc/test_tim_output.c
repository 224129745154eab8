/* The timers' output stage at the pins: complementary outputs, dead time, breaks, idle levels, commutation (RM0399 40.3.14
 * to 40.3.21). */
#include "sim/soc/tim.h"
#include "sim/test/soc/soc_fixture.h"

#define TIM1    0x40010000u
#define TIM3    0x40000400u
#define TIM17   0x40014800u
#define GPIO(n) (0x58020000u + 0x400u * (n))
enum { A, B, E = 4, F };
enum { CR1 = 0, CR2 = 4, DIER = 12, SR = 16, EGR = 20, CCMR1 = 24, CCMR3 = 0x54 };
enum { CCER = 32, ARR = 44, CCR1 = 52, BDTR = 0x44, CCR5 = 0x58, AF1 = 0x60, AF2 = 0x64 };
enum { CC1E = 1, CC1P = 2, CC1NE = 4, CC1NP = 8, CC2E = 16 };
enum { OSSI = 1 << 10, OSSR = 1 << 11, BKE = 1 << 12, BKP = 1 << 13, AOE = 1 << 14, MOE = 1 << 15 };
enum { BK2E = 1 << 24, BK2P = 1 << 25, BIF = 1 << 7, B2IF = 1 << 8, BREAK_IRQ = 24 };

static void select_function(struct soc_fixture *f, unsigned port, unsigned pin, uint32_t function)
{
    uint32_t afr = GPIO(port) + 0x20 + pin / 8 * 4, moder = GPIO(port);
    fixture_write(f, afr, (fixture_read(f, afr) & ~(15u << pin % 8 * 4)) | function << pin % 8 * 4);
    fixture_write(f, moder, (fixture_read(f, moder) & ~(3u << 2 * pin)) | 2u << 2 * pin);
}

/* What the chip does to the pin: 0, 1, or -1: nothing. */
static int driven(struct soc_fixture *f, unsigned port, unsigned pin)
{
    if (f->soc->pin_out[port][pin].level)
        return 1;
    return f->soc->pin_sunk[port][pin].level ? 0 : -1;
}

/* OC1 at PE9, OC1N at PE8. */
static void assert_outputs(struct soc_fixture *f, int output, int complement)
{
    assert_int_equal(driven(f, E, 9), output);
    assert_int_equal(driven(f, E, 8), complement);
}

/* TIM1 CH1: 100 ticks of 1 MHz, high for 30. */
static struct soc_fixture *pwm(uint32_t ccer, uint32_t bdtr)
{
    struct soc_fixture *f = fixture_create();
    select_function(f, E, 8, 1);
    select_function(f, E, 9, 1);
    fixture_write(f, TIM1 + 40, 63);
    fixture_write(f, TIM1 + ARR, 99);
    fixture_write(f, TIM1 + EGR, 1);
    fixture_write(f, TIM1 + SR, 0);
    fixture_write(f, TIM1 + CCMR1, 6 << 4);
    fixture_write(f, TIM1 + CCR1, 30);
    fixture_write(f, TIM1 + BDTR, bdtr);
    fixture_write(f, TIM1 + CCER, ccer);
    fixture_write(f, TIM1 + CR1, 1);
    return f;
}

static void test_complementary_outputs(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(CC1E | CC1NE, MOE);
    fixture_wait(f, 10 * SIM_US);
    assert_outputs(f, 1, 0);
    fixture_wait(f, 30 * SIM_US);
    assert_outputs(f, 0, 1);
    fixture_write(f, TIM1 + CCER, CC1E | CC1NE | CC1NP);
    assert_outputs(f, 0, 0);
    fixture_write(f, TIM1 + CCER, CC1NE); /* alone it is the reference, not its complement */
    assert_outputs(f, -1, 0);
    fixture_write(f, TIM1 + CCER, CC1NE | CC1P);
    fixture_write(f, TIM1 + BDTR, MOE | OSSR); /* off, but driven inactive */
    assert_outputs(f, 1, 0);
    fixture_write(f, TIM1 + CCER, 0);
    assert_outputs(f, -1, -1);
    fixture_write(f, TIM1 + CCER, CC1E);
    assert_outputs(f, 0, 0);
    fixture_write(f, TIM1 + BDTR, 0);
    assert_outputs(f, -1, -1);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* 40.3.16: 64 cycles of 64 MHz with CKD 0, 256 with CKD 2; both outputs are inactive for so long. */
static void test_dead_time(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(CC1E | CC1NE, MOE | 64);
    fixture_wait(f, 99 * SIM_US);
    assert_outputs(f, 0, 1);
    fixture_wait(f, 1500 * SIM_NS); /* the reference has risen */
    assert_outputs(f, 0, 0);
    fixture_wait(f, SIM_US);
    assert_outputs(f, 1, 0);
    fixture_wait(f, 29 * SIM_US);
    assert_outputs(f, 0, 0);
    fixture_wait(f, SIM_US);
    assert_outputs(f, 0, 1);
    fixture_write(f, TIM1 + CR1, 1 | 2 << 8);
    fixture_wait(f, 68 * SIM_US + 3 * SIM_US);
    assert_outputs(f, 0, 0);
    fixture_wait(f, SIM_US + 500 * SIM_NS);
    assert_outputs(f, 1, 0);
    fixture_destroy(f);
}

/* A pulse that is no longer than the dead time never shows. */
static void test_dead_time_swallows_a_pulse(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(CC1E | CC1NE, MOE | 0xc0); /* 32 times 8 cycles: 4 us */
    fixture_write(f, TIM1 + CCR1, 3);
    fixture_wait(f, 50 * SIM_US);
    unsigned highs = 0;
    for (int n = 0; n < 1000; n++) {
        fixture_wait(f, 333 * SIM_NS);
        highs += driven(f, E, 9) == 1;
    }
    assert_int_equal(highs, 0);
    assert_outputs(f, 0, 1);
    fixture_destroy(f);
}

/* 40.3.17: a break at the pin takes MOE away at once; idle levels after the dead time; AOE gives it back. */
static void test_break_at_the_pin(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(CC1E | CC1NE, MOE | OSSI | BKE | BKP | 64);
    fixture_write(f, TIM1 + CR2, 1 << 9); /* OIS1N */
    fixture_write(f, TIM1 + DIER, BIF);
    soc_drive_pin(f->soc, B, 12, true); /* not the timer's yet */
    assert_true(fixture_read(f, TIM1 + BDTR) & MOE);
    soc_drive_pin(f->soc, B, 12, false);
    select_function(f, B, 12, 1);
    fixture_wait(f, 10 * SIM_US);
    assert_outputs(f, 1, 0);
    soc_drive_pin(f->soc, B, 12, true);
    assert_true(fixture_read(f, TIM1 + SR) & BIF);
    assert_false(fixture_read(f, TIM1 + BDTR) & MOE);
    assert_true(f->irq[SOC_CM7][BREAK_IRQ]);
    assert_outputs(f, 0, 0);
    fixture_wait(f, 1100 * SIM_NS);
    assert_outputs(f, 0, 1);
    fixture_write(f, TIM1 + SR, 0); /* the flag and MOE follow while it lasts */
    assert_true(fixture_read(f, TIM1 + SR) & BIF);
    fixture_write(f, TIM1 + BDTR, MOE | OSSI | BKE | BKP | 64);
    assert_false(fixture_read(f, TIM1 + BDTR) & MOE);
    soc_drive_pin(f->soc, B, 12, false);
    fixture_write(f, TIM1 + SR, 0);
    assert_false(fixture_read(f, TIM1 + SR) & BIF);
    assert_false(f->irq[SOC_CM7][BREAK_IRQ]);
    fixture_wait(f, 200 * SIM_US);
    assert_outputs(f, 0, 1);
    fixture_write(f, TIM1 + BDTR, MOE | OSSI | BKE | BKP | 64);
    assert_true(fixture_read(f, TIM1 + BDTR) & MOE);
    fixture_destroy(f);
}

static void test_automatic_output(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(CC1E, AOE | BKE);
    select_function(f, E, 15, 1);
    soc_drive_pin(f->soc, E, 15, true); /* active low */
    fixture_wait(f, 150 * SIM_US);
    assert_true(fixture_read(f, TIM1 + BDTR) & MOE);
    soc_drive_pin(f->soc, E, 15, false);
    assert_outputs(f, -1, -1);
    fixture_wait(f, 300 * SIM_US);
    assert_false(fixture_read(f, TIM1 + BDTR) & MOE);
    soc_drive_pin(f->soc, E, 15, true);
    fixture_wait(f, 100 * SIM_US);
    assert_true(fixture_read(f, TIM1 + BDTR) & MOE);
    fixture_destroy(f);
}

/* AF1 and AF2: the pin may be left out or inverted; BRK2 has a flag and a pin of its own. */
static void test_break_sources(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(CC1E, MOE | BKE | BKP | BK2E | BK2P);
    assert_int_equal(fixture_read(f, TIM1 + AF1), 1);
    assert_int_equal(fixture_read(f, TIM1 + AF2), 1);
    assert_int_equal(fixture_read(f, TIM3 + AF1), 0);
    select_function(f, B, 12, 1);
    select_function(f, E, 6, 1);
    fixture_write(f, TIM1 + AF1, 0);
    soc_drive_pin(f->soc, B, 12, true);
    assert_false(fixture_read(f, TIM1 + SR) & BIF);
    fixture_write(f, TIM1 + AF1, 1 | 1 << 9);
    assert_false(fixture_read(f, TIM1 + SR) & BIF);
    soc_drive_pin(f->soc, E, 6, true);
    assert_int_equal(fixture_read(f, TIM1 + SR) & (BIF | B2IF), B2IF);
    assert_false(fixture_read(f, TIM1 + BDTR) & MOE);
    soc_drive_pin(f->soc, B, 12, false);
    assert_true(fixture_read(f, TIM1 + SR) & BIF);
    tim_break_input(f->soc, 1, 0, TIM_BREAK_COMP1, true, false);
    fixture_write(f, TIM1 + AF1, 2);
    fixture_write(f, TIM1 + SR, 0);
    assert_false(fixture_read(f, TIM1 + SR) & BIF);
    tim_break_input(f->soc, 1, 0, TIM_BREAK_COMP1, true, true);
    assert_true(fixture_read(f, TIM1 + SR) & BIF);
    fixture_destroy(f);
}

/* 40.3.19: with CCPC the enables and modes wait for COM. */
static void test_commutation(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(CC1E, MOE);
    fixture_write(f, TIM1 + CR2, 1); /* CCPC */
    fixture_write(f, TIM1 + CCMR1, 5 << 4);
    fixture_write(f, TIM1 + CCER, CC1NE);
    fixture_wait(f, 40 * SIM_US);
    assert_outputs(f, 0, -1);
    assert_int_equal(fixture_read(f, TIM1 + CCER), CC1NE);
    fixture_write(f, TIM1 + EGR, 1 << 5);
    assert_outputs(f, -1, 1);
    fixture_destroy(f);
}

/* 40.3.20: ETRF clears the reference until the next update. */
static void test_reference_cleared_by_etr(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(CC1E, MOE);
    select_function(f, E, 7, 1);
    soc_drive_pin(f->soc, E, 7, false);
    fixture_write(f, TIM1 + CCMR1, 6 << 4 | 1 << 7);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(driven(f, E, 9), 1);
    soc_drive_pin(f->soc, E, 7, true);
    assert_int_equal(driven(f, E, 9), 0);
    soc_drive_pin(f->soc, E, 7, false);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(driven(f, E, 9), 0);
    fixture_wait(f, 85 * SIM_US);
    assert_int_equal(driven(f, E, 9), 1);
    fixture_destroy(f);
}

/* GC5C1: OC1 is high where both references are. */
static void test_channel_five_gates_others(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(CC1E, MOE);
    fixture_write(f, TIM1 + CCMR3, 7 << 4); /* high from 20 on */
    fixture_write(f, TIM1 + CCR5, 20 | 1 << 29);
    fixture_wait(f, 110 * SIM_US);
    assert_int_equal(driven(f, E, 9), 0);
    fixture_wait(f, 15 * SIM_US);
    assert_int_equal(driven(f, E, 9), 1);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(driven(f, E, 9), 0);
    fixture_destroy(f);
}

static void count_pulse(void *ctx, unsigned index, bool level)
{
    (void)index;
    *(unsigned *)ctx += level;
}

/* CR2.MMS2 13: TRGO2 pulses as OC4REF rises and as OC6REF falls. */
static void test_trgo2_by_two_references(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm(0, MOE);
    unsigned edges = 0;
    tim_hear_trigger2(f->soc, 1, count_pulse, &edges, 0);
    tim_want_trigger(f->soc, 1, f, true);
    fixture_write(f, TIM1 + CCMR1 + 4, 7 << 12);
    fixture_write(f, TIM1 + CCMR3, 6 << 12);
    fixture_write(f, TIM1 + CCR1 + 12, 60);
    fixture_write(f, TIM1 + CCR5 + 4, 40);
    fixture_write(f, TIM1 + CR2, 13 << 20);
    fixture_wait(f, 50 * SIM_US);
    assert_int_equal(edges, 1);
    fixture_wait(f, 940 * SIM_US);
    assert_int_equal(edges, 20);
    fixture_write(f, TIM1 + CR2, 12 << 20); /* both rising */
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(edges, 22);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

static void test_tim17_has_one_complement(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    select_function(f, F, 9, 1);
    fixture_write(f, TIM17 + CCMR1, 4 << 4);
    fixture_write(f, TIM17 + BDTR, MOE);
    fixture_write(f, TIM17 + CCER, CC1E | CC1NE);
    assert_int_equal(driven(f, F, 9), 1);
    fixture_write(f, TIM17 + CCMR1, 5 << 4);
    assert_int_equal(driven(f, F, 9), 0);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_complementary_outputs),
        cmocka_unit_test(test_dead_time),
        cmocka_unit_test(test_dead_time_swallows_a_pulse),
        cmocka_unit_test(test_break_at_the_pin),
        cmocka_unit_test(test_automatic_output),
        cmocka_unit_test(test_break_sources),
        cmocka_unit_test(test_commutation),
        cmocka_unit_test(test_reference_cleared_by_etr),
        cmocka_unit_test(test_channel_five_gates_others),
        cmocka_unit_test(test_trgo2_by_two_references),
        cmocka_unit_test(test_tim17_has_one_complement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
