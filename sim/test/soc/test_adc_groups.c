/* The regular and the injected group of the ADCs, triggers, DMA: RM0399 26.4.14 to 26.4.29. */
#include "sim/test/soc/adc_fixture.h"

#define TIM1   0x40010000u
#define TIM3   0x40000400u
#define SYSCFG 0x58000400u
#define EXTI   0x58000000u
enum { DISCEN = 1 << 16, JDISCEN = 1 << 20, JAUTO = 1 << 25, CONT = 1 << 13 };

/* Inputs 1, 2 and 3 at 1, 2 and 3 V, in this order in the regular group. */
static struct soc_fixture *three_inputs(uint32_t base)
{
    struct soc_fixture *f = start(base);
    for (unsigned n = 1; n <= 3; n++)
        adc_drive(f->soc, base == ADC3 ? 3 : 1, n, 1000 * n);
    fixture_write(f, base + PCSEL, 14);
    fixture_write(f, base + SQR1, 2 | 1 << 6 | 2 << 12 | 3 << 18);
    return f;
}

static uint32_t code(unsigned volts)
{
    return (volts * 1000 * 65535 / 3300) >> 4;
}

static uint32_t flags(struct soc_fixture *f)
{
    return fixture_read(f, ADC1 + ISR) & (EOC | EOS | OVR | JEOC | JEOS);
}

static void test_discontinuous_mode_by_software(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    set(f, ADC1 + CFGR, DISCEN | CONT); /* CONT has no effect then */
    for (unsigned n = 0; n < 4; n++) {
        set(f, ADC1 + CR, ADSTART);
        fixture_wait(f, 10 * SIM_US);
        assert_false(fixture_read(f, ADC1 + CR) & ADSTART);
        assert_int_equal(flags(f), n == 2 ? EOC | EOS : EOC);
        assert_int_equal(fixture_read(f, ADC1 + DR), code(n % 3 + 1));
        fixture_write(f, ADC1 + ISR, EOS);
    }
    fixture_destroy(f);
}

static void test_injected_discontinuous_mode(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    set(f, ADC1 + CFGR, JDISCEN);
    fixture_write(f, ADC1 + JSQR, 1 | 3 << 9 | 2 << 15);
    for (unsigned n = 0; n < 3; n++) {
        set(f, ADC1 + CR, JADSTART);
        fixture_wait(f, 10 * SIM_US);
        assert_false(fixture_read(f, ADC1 + CR) & JADSTART);
        assert_int_equal(flags(f), n == 1 ? JEOC | JEOS : JEOC);
        assert_int_equal(fixture_read(f, ADC1 + JDR1 + 4 * (n % 2)), code(n % 2 ? 2 : 3));
        assert_int_equal(flags(f) & JEOC, 0); /* reading has cleared it */
        fixture_write(f, ADC1 + ISR, JEOS);
    }
    fixture_destroy(f);
}

/* The regular conversion, 810.5 + 6.5 cycles of 8 MHz, is done again behind the injected one. */
static void test_injection_interrupts_a_conversion(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    fixture_write(f, ADC1 + SQR1, 1 << 6);
    fixture_write(f, ADC1 + SMPR1, 7 << 3);
    fixture_write(f, ADC1 + JSQR, 2 << 9);
    set(f, ADC1 + CR, ADSTART);
    fixture_wait(f, 40 * SIM_US);
    set(f, ADC1 + CR, JADSTART);
    fixture_wait(f, SIM_US + SIM_NS);
    assert_int_equal(flags(f), JEOC | JEOS);
    fixture_wait(f, 99 * SIM_US);
    assert_int_equal(flags(f), JEOC | JEOS);
    fixture_wait(f, 5 * SIM_US);
    assert_int_equal(flags(f), JEOC | JEOS | EOC | EOS);
    assert_int_equal(fixture_read(f, ADC1 + DR), code(1));
    fixture_destroy(f);
}

static void test_auto_injection_alternates(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    fixture_write(f, ADC1 + SQR1, 1 << 6);
    set(f, ADC1 + CFGR, JAUTO | CONT);
    fixture_write(f, ADC1 + JSQR, 2 << 9);
    set(f, ADC1 + CR, ADSTART);
    for (unsigned n = 0; n < 3; n++) {
        while (!(flags(f) & EOS))
            fixture_wait(f, 50 * SIM_NS);
        assert_int_equal(flags(f) & JEOS, 0);
        assert_int_equal(fixture_read(f, ADC1 + DR), code(1));
        fixture_write(f, ADC1 + ISR, EOS);
        while (!(flags(f) & JEOS))
            fixture_wait(f, 50 * SIM_NS);
        assert_int_equal(flags(f) & EOS, 0);
        assert_int_equal(fixture_read(f, ADC1 + JDR1), code(2));
        fixture_write(f, ADC1 + ISR, JEOS);
    }
    set(f, ADC1 + CR, ADSTP);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(flags(f), 0);
    fixture_destroy(f);
}

static void start_dma(struct soc_fixture *f, uint32_t count)
{
    fixture_write(f, DMA1 + 0x10, 0);
    fixture_write(f, DMA1 + 8, 0x3d);
    fixture_write(f, MUX1, 9);
    fixture_write(f, DMA1 + 0x18, ADC1 + DR);
    fixture_write(f, DMA1 + 0x1c, 0x30000000);
    fixture_write(f, DMA1 + 0x14, count);
    fixture_write(f, DMA1 + 0x10, 2 << 13 | 2 << 11 | 1 << 10 | 1);
}

/* What the vendor's driver does with a DMA in its normal mode: nothing overruns behind the last item, and the next
 * start begins with the first input. */
static void test_one_shot_by_dma_stops_by_itself(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    set(f, ADC1 + CFGR, CONT | 1);
    for (unsigned round = 0; round < 2; round++) {
        start_dma(f, 4);
        set(f, ADC1 + CR, ADSTART);
        fixture_wait(f, 100 * SIM_US);
        assert_int_equal(flags(f) & (EOC | OVR), 0);
        for (unsigned n = 0; n < 4; n++)
            assert_int_equal(fixture_read(f, 0x30000000 + 4 * n), code(n % 3 + 1));
        set(f, ADC1 + CR, ADSTP);
        fixture_write(f, 0x30000000, 0);
    }
    fixture_destroy(f);
}

/* Triggers that come behind the last item do nothing any more. */
static void test_one_shot_ignores_later_triggers(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    set(f, ADC1 + CFGR, 1 << 10 | 13 << 5 | 1);
    start_dma(f, 3);
    set(f, ADC1 + CR, ADSTART);
    fixture_write(f, TIM6 + 4, 2 << 4); /* MMS: update */
    fixture_write(f, TIM6 + 0x2c, 639);
    fixture_write(f, TIM6, 1);
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(flags(f) & (EOC | OVR), 0);
    assert_int_equal(fixture_read(f, 0x30000008), code(3));
    assert_true(fixture_read(f, ADC1 + CR) & ADSTART);
    fixture_destroy(f);
}

/* In circular mode the ADC goes on: an overrun, and no more requests until OVR is cleared. */
static void test_overrun_stops_the_requests(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    set(f, ADC1 + CFGR, CONT | 3);
    start_dma(f, 4);
    set(f, ADC1 + CR, ADSTART);
    fixture_wait(f, 100 * SIM_US);
    assert_true(flags(f) & OVR);
    assert_false(f->soc->dma_request[0][9].level);
    set(f, ADC1 + CR, ADSTP);
    fixture_write(f, ADC1 + ISR, OVR);
    assert_true(f->soc->dma_request[0][9].level);
    fixture_destroy(f);
}

/* TIM3's channel 4 (15), TIM1's TRGO2 (10); TIM1's TRGO2 (8) for the injected group. */
static void test_channels_and_trgo2_trigger(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    set(f, ADC1 + CFGR, 1 << 10 | 15 << 5);
    fixture_write(f, ADC1 + JSQR, 1 << 7 | 8 << 2 | 2 << 9);
    set(f, ADC1 + CR, ADSTART | JADSTART);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(flags(f), 0);
    fixture_write(f, TIM3 + 0x2c, 999);
    fixture_write(f, TIM3 + 0x1c, 7 << 12); /* PWM 2: rises at the match */
    fixture_write(f, TIM3 + 0x40, 640);
    fixture_write(f, TIM3 + 0x20, 1 << 12);
    fixture_write(f, TIM3, 1);
    fixture_wait(f, 9 * SIM_US);
    assert_int_equal(flags(f), 0);
    fixture_wait(f, 4 * SIM_US);
    assert_int_equal(flags(f), EOC | EOS);
    fixture_write(f, TIM1 + 4, 2 << 20); /* MMS2: update */
    fixture_write(f, TIM1 + 0x2c, 639);
    fixture_write(f, TIM1, 1);
    fixture_wait(f, 9 * SIM_US);
    assert_int_equal(flags(f) & JEOS, 0);
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(flags(f) & JEOS, JEOS);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

static void test_a_pin_triggers(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    fixture_write(f, 0x58020800, 0);          /* port C: inputs */
    fixture_write(f, SYSCFG + 0x10, 2 << 12); /* EXTI11 is PC11 */
    fixture_write(f, EXTI, 1 << 11);          /* rising */
    set(f, ADC1 + CFGR, 1 << 10 | 6 << 5);
    set(f, ADC1 + CR, ADSTART);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(flags(f), 0);
    soc_drive_pin(f->soc, 2, 11, true);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(flags(f) & EOS, EOS);
    fixture_destroy(f);
}

/* EXTSEL 19 and JEXTSEL 20: the outputs of LPTIM2 and LPTIM3. */
static void test_triggers_by_low_power_timers(void **state)
{
    (void)state;
    struct soc_fixture *f = three_inputs(ADC1);
    const uint32_t lptim[2] = {0x58002400, 0x58002800};
    fixture_write(f, ADC1 + SQR1, 1 << 6);
    fixture_write(f, ADC1 + CFGR, 1u << 31 | 6 << 2 | 19 << 5 | 1 << 10);
    fixture_write(f, ADC1 + JSQR, 2 << 9 | 20 << 2 | 1 << 7);
    set(f, ADC1 + CR, ADSTART | JADSTART);
    for (unsigned n = 0; n < 2; n++) {
        fixture_write(f, lptim[n] + 0x10, 1);
        fixture_write(f, lptim[n] + 0x18, 2000);
        fixture_write(f, lptim[n] + 0x14, 1000);
        assert_int_equal(flags(f) & (n ? JEOS : EOS), 0);
        fixture_write(f, lptim[n] + 0x10, 3);
        fixture_wait(f, SIM_MS);
        assert_int_equal(flags(f) & (n ? JEOS : EOS), n ? JEOS : EOS);
    }
    assert_int_equal(fixture_read(f, ADC1 + DR), code(1));
    assert_int_equal(fixture_read(f, ADC1 + JDR1), code(2));
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_discontinuous_mode_by_software),
        cmocka_unit_test(test_injected_discontinuous_mode),
        cmocka_unit_test(test_injection_interrupts_a_conversion),
        cmocka_unit_test(test_auto_injection_alternates),
        cmocka_unit_test(test_one_shot_by_dma_stops_by_itself),
        cmocka_unit_test(test_one_shot_ignores_later_triggers),
        cmocka_unit_test(test_overrun_stops_the_requests),
        cmocka_unit_test(test_channels_and_trgo2_trigger),
        cmocka_unit_test(test_a_pin_triggers),
        cmocka_unit_test(test_triggers_by_low_power_timers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
