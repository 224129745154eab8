/* The timers' inputs and rarer modes: RM0399 chapters 40 and 41. */
#include "sim/soc/tim.h"
#include "sim/test/soc/soc_fixture.h"

#define TIM1 0x40010000u
#define TIM2 0x40000000u
#define TIM3 0x40000400u
#define TIM4 0x40000800u

enum { CR1 = 0, CR2 = 4, SMCR = 8, DIER = 0xc, SR = 0x10, EGR = 0x14, CCMR1 = 0x18, CCER = 0x20 };
enum { CNT = 0x24, ARR = 0x2c, CCR_1 = 0x34, CCR_2 = 0x38, BDTR = 0x44, CCMR3 = 0x54 };
enum { CEN = 1, OPM = 8, DIR = 16, CENTRED = 1 << 5, UIF = 1, COMIF = 32, TIF = 64, MOE = 1 << 15 };
enum { TI1FP1 = 5 << 4, ETRF = 7 << 4, RESET = 4, GATED, TRIGGER, EXTERNAL, ECE = 1 << 14 };

static void ticks(struct soc_fixture *f, uint64_t count)
{
    fixture_wait(f, sim_cycles_to_time(count, soc_clock_hz(f->soc, CLOCK_TIM_APB1)));
}

static void pulse(struct soc_fixture *f, unsigned count)
{
    for (unsigned n = 0; n < count; n++) {
        tim_external_trigger(f->soc, 3, true);
        tim_external_trigger(f->soc, 3, false);
    }
}

static void test_external_clock_mode_2_counts_etr(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + SMCR, ECE);
    fixture_write(f, TIM3 + CR1, CEN);
    ticks(f, 100);
    pulse(f, 5);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 5);
    fixture_write(f, TIM3 + SMCR, ECE | 2 << 12); /* by 4 */
    pulse(f, 8);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 7);
    fixture_write(f, TIM3 + SMCR, ECE | 1 << 15); /* falling edges */
    tim_external_trigger(f->soc, 3, true);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 7);
    tim_external_trigger(f->soc, 3, false);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 8);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

static void test_etr_triggers_gates_and_clocks(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + SMCR, ETRF | TRIGGER);
    ticks(f, 10);
    pulse(f, 1);
    ticks(f, 10);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 10);
    assert_true(fixture_read(f, TIM3 + SR) & TIF);
    fixture_write(f, TIM3 + SMCR, ETRF | RESET);
    pulse(f, 1);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 0);
    fixture_write(f, TIM3 + SMCR, ETRF | EXTERNAL);
    pulse(f, 3);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 3);
    fixture_write(f, TIM3 + SMCR, ETRF | GATED);
    ticks(f, 10);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 3);
    tim_external_trigger(f->soc, 3, true);
    ticks(f, 10);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 13);
    fixture_destroy(f);
}

/* The gate is open at once if its input is high when the mode is set, and the polarity counts. */
static void test_gate_sees_the_level_that_stands(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    tim_input(f->soc, 3, 1, true);
    fixture_write(f, TIM3 + SMCR, TI1FP1 | GATED);
    fixture_write(f, TIM3 + CR1, CEN);
    ticks(f, 10);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 10);
    fixture_write(f, TIM3 + CCER, 2);
    ticks(f, 10);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 10);
    tim_input(f->soc, 3, 1, false);
    ticks(f, 5);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 15);
    fixture_destroy(f);
}

/* CR2.TI1S: a Hall sensor's three signals, each edge captured. */
static void test_three_inputs_are_xored(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + CR2, 1 << 7);
    fixture_write(f, TIM3 + CCMR1, 3); /* CC1 from TRC */
    fixture_write(f, TIM3 + CCER, 1);
    fixture_write(f, TIM3 + SMCR, 4 << 4 | RESET); /* TI1F_ED */
    fixture_write(f, TIM3 + CR1, CEN | 4);
    static const uint8_t changes[6] = {1, 2, 3, 1, 2, 3};
    bool level[4] = {false};
    for (unsigned n = 0; n < 6; n++) {
        ticks(f, 100 + n);
        level[changes[n]] = !level[changes[n]];
        tim_input(f->soc, 3, changes[n], level[changes[n]]);
        assert_int_equal(fixture_read(f, TIM3 + CCR_1), n ? 100 + n : 100);
        assert_int_equal(fixture_read(f, TIM3 + CNT), 0);
    }
    fixture_destroy(f);
}

static void test_a_reset_by_the_slave_mode_goes_on(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM2 + SMCR, TI1FP1 | RESET);
    fixture_write(f, TIM4 + SMCR, 1 << 4 | TRIGGER); /* ITR1: TIM2, whose MMS is reset */
    tim_input(f->soc, 2, 1, true);
    assert_true(fixture_read(f, TIM4 + CR1) & CEN);
    fixture_destroy(f);
}

static void test_commutation_by_the_trigger(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM1 + CR2, 1 | 1 << 2);
    fixture_write(f, TIM1 + SMCR, 1 << 4); /* ITR1: TIM2 */
    fixture_write(f, TIM1 + DIER, COMIF);
    fixture_write(f, TIM2 + CR2, 1 << 4);
    fixture_write(f, TIM2 + CR1, CEN);
    assert_true(fixture_read(f, TIM1 + SR) & COMIF);
    assert_true(f->irq[SOC_CM7][26]);
    fixture_destroy(f);
}

static void test_channel_selection_holds_while_the_channel_is_on(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + CCER, 1);
    fixture_write(f, TIM3 + CCMR1, 0x0161);
    assert_int_equal(fixture_read(f, TIM3 + CCMR1), 0x0160);
    fixture_write(f, TIM3 + CCER, 0);
    fixture_write(f, TIM3 + CCMR1, 0x0161);
    assert_int_equal(fixture_read(f, TIM3 + CCMR1), 0x0161);
    fixture_destroy(f);
}

static void test_lock_levels(void **state)
{
    (void)state;
    static const struct {
        uint32_t bdtr, cr2, ccer, ccmr1; /* what can still be set */
    } levels[4] = {
        {0x03fffcff, 0x00055f00, 0x0033ffff & ~1u, 0x01017c7c},
        {0x00008c00, 0, 0x0033ffff & ~1u, 0x01017c7c},
        {0x00008000, 0, (0x0033ffff & ~0x0022aaaau) & ~1u, 0x01017c7c},
        {0x00008000, 0, (0x0033ffff & ~0x0022aaaau) & ~1u, 0x00000404},
    };
    for (unsigned level = 0; level < 4; level++) {
        struct soc_fixture *f = fixture_create();
        fixture_write(f, TIM1 + BDTR, level << 8);
        fixture_write(f, TIM1 + BDTR, 0xffffffff);
        assert_int_equal(fixture_read(f, TIM1 + BDTR), levels[level].bdtr | level << 8);
        fixture_write(f, TIM1 + CR2, 0x00055f00);
        assert_int_equal(fixture_read(f, TIM1 + CR2), levels[level].cr2);
        fixture_write(f, TIM1 + CCMR1, 0x01017c7c);
        assert_int_equal(fixture_read(f, TIM1 + CCMR1), levels[level].ccmr1);
        fixture_write(f, TIM1 + CCER, 0x0033fffe);
        assert_int_equal(fixture_read(f, TIM1 + CCER), levels[level].ccer);
        fixture_destroy(f);
    }
}

static void test_outputs_come_on_with_the_update(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM1 + BDTR, 1 << 14); /* AOE */
    fixture_write(f, TIM1 + ARR, 99);
    fixture_write(f, TIM1 + CR1, CEN);
    ticks(f, 50);
    assert_false(fixture_read(f, TIM1 + BDTR) & MOE);
    ticks(f, 60);
    fixture_read(f, TIM1 + CNT);
    assert_true(fixture_read(f, TIM1 + BDTR) & MOE);
    fixture_destroy(f);
}

static void test_idle_level_behind_a_break(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM1 + CCMR1, 4 << 4); /* forced low */
    fixture_write(f, TIM1 + CCER, 1);
    fixture_write(f, TIM1 + CR2, 1 << 8); /* OIS1 */
    const struct wire *output = tim_output(f->soc, 1, 1);
    assert_false(tim_drives(f->soc, 1, 1));
    fixture_write(f, TIM1 + BDTR, 1 << 10); /* OSSI */
    assert_true(tim_drives(f->soc, 1, 1));
    assert_true(output->level);
    fixture_write(f, TIM1 + BDTR, 1 << 10 | MOE);
    assert_false(output->level);
    fixture_destroy(f);
}

/* How long the output of TIM3's channel 1 is high in 1000 ticks. */
static uint64_t high_ticks(struct soc_fixture *f)
{
    uint64_t high = 0;
    for (unsigned n = 0; n < 1000; n++) {
        ticks(f, 1);
        high += tim_output(f->soc, 3, 1)->level;
    }
    return high;
}

static struct soc_fixture *two_channels(uint32_t mode1, uint32_t mode2, uint32_t cr1)
{
    struct soc_fixture *f = fixture_create();
    uint32_t ccmr = (mode1 & 7) << 4 | (mode1 >> 3) << 16 | (mode2 & 7) << 12 | (mode2 >> 3) << 24;
    fixture_write(f, TIM3 + ARR, cr1 & CENTRED ? 50 : 99);
    fixture_write(f, TIM3 + CCMR1, ccmr);
    fixture_write(f, TIM3 + CCR_1, cr1 & CENTRED ? 10 : 30);
    fixture_write(f, TIM3 + CCR_2, cr1 & CENTRED ? 30 : 70);
    fixture_write(f, TIM3 + EGR, 1);
    fixture_write(f, TIM3 + CCER, 1);
    fixture_write(f, TIM3 + CR1, CEN | cr1);
    return f;
}

static void test_combined_and_asymmetric_pwm(void **state)
{
    (void)state;
    static const struct {
        uint32_t mode1, mode2, cr1, high;
    } cases[] = {
        {6, 6, 0, 300},        {7, 6, 0, 700}, {12, 7, 0, 600}, /* below 30, or from 70 on */
        {13, 6, 0, 400},                                        /* from 30 on, and below 70 */
        {6, 6, CENTRED, 200},  /* 10 up, 11 down, less a tick at the turn */
        {14, 6, CENTRED, 400}, /* 10 up, 30 down */
        {15, 6, CENTRED, 600},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = two_channels(cases[n].mode1, cases[n].mode2, cases[n].cr1);
        assert_in_range(high_ticks(f), cases[n].high - 12, cases[n].high + 12);
        fixture_destroy(f);
    }
}

/* 50 ticks from each trigger, begun anew by one that comes meanwhile. */
static void test_retriggerable_one_pulse(void **state)
{
    (void)state;
    struct soc_fixture *f = two_channels(9, 0, 0);
    fixture_write(f, TIM3 + CR1, 0);
    fixture_write(f, TIM3 + ARR, 49);
    fixture_write(f, TIM3 + CCR_1, 0);
    fixture_write(f, TIM3 + SMCR, 1 << 16 | 6 << 4); /* reset and trigger by TI2FP2 */
    fixture_write(f, TIM3 + CR1, OPM | 4);
    fixture_write(f, TIM3 + EGR, 1);
    const struct wire *output = tim_output(f->soc, 3, 1);
    assert_false(output->level);
    for (unsigned n = 0; n < 3; n++) {
        tim_input(f->soc, 3, 2, true);
        tim_input(f->soc, 3, 2, false);
        ticks(f, 40);
        assert_true(output->level);
    }
    ticks(f, 12);
    assert_false(output->level);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_external_clock_mode_2_counts_etr),
        cmocka_unit_test(test_etr_triggers_gates_and_clocks),
        cmocka_unit_test(test_gate_sees_the_level_that_stands),
        cmocka_unit_test(test_three_inputs_are_xored),
        cmocka_unit_test(test_a_reset_by_the_slave_mode_goes_on),
        cmocka_unit_test(test_commutation_by_the_trigger),
        cmocka_unit_test(test_channel_selection_holds_while_the_channel_is_on),
        cmocka_unit_test(test_lock_levels),
        cmocka_unit_test(test_outputs_come_on_with_the_update),
        cmocka_unit_test(test_idle_level_behind_a_break),
        cmocka_unit_test(test_combined_and_asymmetric_pwm),
        cmocka_unit_test(test_retriggerable_one_pulse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
