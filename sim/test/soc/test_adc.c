/* ADC: RM0399 chapter 26, in the order of the vendor's drivers. */
#include "sim/test/soc/adc_fixture.h"

static void test_calibration_ends_by_itself(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_int_equal(fixture_read(f, ADC1 + CR), 1 << 29);
    power_up(f, ADC1);
    set(f, ADC1 + CR, ADCAL | 1 << 16);
    assert_true(fixture_read(f, ADC1 + CR) & ADCAL);
    set(f, ADC1 + CR, ADEN);
    assert_false(fixture_read(f, ADC1 + CR) & ADEN);
    fixture_wait(f, 40 * SIM_MS);
    assert_int_equal(fixture_read(f, ADC1 + CR), ADVREGEN | 1 << 16 | 0x3f << 22);
    enable(f, ADC1);
    set(f, ADC1 + CR, ADDIS);
    assert_int_equal(fixture_read(f, ADC1 + CR) & (ADEN | ADDIS), 0);
    fixture_destroy(f);
}

/* Rank by rank from SQR1 on, the sixth stands in SQR2. */
static void test_a_sequence_of_inputs(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC1);
    for (unsigned n = 0; n < 7; n++)
        adc_drive(f->soc, 1, n, 400 * n);
    fixture_write(f, ADC1 + PCSEL, 0x7f);
    fixture_write(f, ADC1 + SQR1, 5 | 6 << 6 | 5 << 12 | 4 << 18 | 3 << 24);
    fixture_write(f, ADC1 + SQR2, 2 | 1 << 6);
    set(f, ADC1 + CR, ADSTART);
    for (unsigned n = 6; n >= 1; n--) {
        assert_false(fixture_read(f, ADC1 + ISR) & EOC);
        /* 1.5 and 6.5 cycles of 64 MHz / 8 */
        fixture_wait(f, SIM_US + SIM_NS);
        assert_true(fixture_read(f, ADC1 + ISR) & EOC);
        assert_int_equal(!!(fixture_read(f, ADC1 + ISR) & EOS), n == 1);
        assert_int_equal(fixture_read(f, ADC1 + CR) & ADSTART, n == 1 ? 0 : ADSTART);
        assert_int_equal(fixture_read(f, ADC1 + DR), (400 * n * 65535 / 3300) >> 4);
        assert_false(fixture_read(f, ADC1 + ISR) & EOC);
    }
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

static void test_an_input_that_is_not_connected_is_reported(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC1);
    fixture_write(f, ADC1 + SQR1, 9 << 6);
    set(f, ADC1 + CR, ADSTART);
    fixture_wait(f, 2 * SIM_US);
    assert_non_null(strstr(f->complaint, "PCSEL"));
    fixture_destroy(f);
}

/* As application notes work it out: 3.3 V and 25 degrees. */
static void test_sensor_and_reference_by_their_calibration(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC3);
    fixture_write(f, ADC3 + CFGR, 0);
    int reference = (int)convert(f, ADC3, 19), sensor = (int)convert(f, ADC3, 18);
    int cal1 = (int)(fixture_read(f, 0x1ff1e820) & 0xffff);
    int cal2 = (int)(fixture_read(f, 0x1ff1e840) & 0xffff);
    assert_int_equal(3300 * (int)(fixture_read(f, 0x1ff1e860) & 0xffff) / reference, 3300);
    assert_int_equal((80 * (sensor - cal1) - (cal2 - cal1) / 2) / (cal2 - cal1) + 30, 25);
    assert_int_equal(convert(f, ADC3, 17), 65535 / 4);
    fixture_write(f, ADC3 + CCR, 3 << 16);
    assert_int_equal(convert(f, ADC3, 19), 0);
    fixture_destroy(f);
}

static void test_overrun_replaces_what_nobody_took(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC1);
    adc_drive(f->soc, 1, 3, 1000);
    fixture_write(f, ADC1 + PCSEL, 8);
    fixture_write(f, ADC1 + CFGR, 6 << 2 | 1 << 13 | 1 << 12);
    fixture_write(f, ADC1 + IER, OVR);
    fixture_write(f, ADC1 + SQR1, 3 << 6);
    set(f, ADC1 + CR, ADSTART);
    fixture_wait(f, SIM_US + SIM_NS);
    adc_drive(f->soc, 1, 3, 2000);
    assert_false(f->irq[SOC_CM7][18]);
    fixture_wait(f, 2 * SIM_US);
    assert_true(f->irq[SOC_CM7][18]);
    assert_true(fixture_read(f, ADC1 + ISR) & OVR);
    assert_int_equal(fixture_read(f, ADC1 + DR), (2000u * 65535 / 3300) >> 4);
    set(f, ADC1 + CR, ADSTP);
    assert_false(fixture_read(f, ADC1 + CR) & (ADSTART | ADSTP));
    fixture_write(f, ADC1 + ISR, OVR);
    assert_false(f->irq[SOC_CM7][18]);
    fixture_destroy(f);
}

/* Without OVRMOD a FIFO keeps the first eight (26.4.27). */
static void test_overrun_keeps_eight(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC1);
    fixture_write(f, ADC1 + PCSEL, 8);
    fixture_write(f, ADC1 + CFGR, 6 << 2 | 1 << 13);
    fixture_write(f, ADC1 + SQR1, 3 << 6);
    set(f, ADC1 + CR, ADSTART);
    for (unsigned n = 0; n < 10; n++) {
        adc_drive(f->soc, 1, 3, 100 * (n + 1));
        assert_int_equal(fixture_read(f, ADC1 + ISR) & OVR, n == 9 ? OVR : 0);
        fixture_write(f, ADC1 + ISR, EOS);
        while (!(fixture_read(f, ADC1 + ISR) & EOS))
            fixture_wait(f, 100 * SIM_NS);
    }
    set(f, ADC1 + CR, ADSTP);
    for (unsigned n = 0; n < 8; n++) {
        assert_true(fixture_read(f, ADC1 + ISR) & EOC);
        assert_int_equal(fixture_read(f, ADC1 + DR), (100 * (n + 1) * 65535 / 3300) >> 4);
    }
    assert_false(fixture_read(f, ADC1 + ISR) & EOC);
    fixture_destroy(f);
}

static void test_delayed_conversions_wait_for_the_reader(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC1);
    fixture_write(f, ADC1 + PCSEL, 8);
    fixture_write(f, ADC1 + CFGR, 1 << 13 | 1 << 14);
    fixture_write(f, ADC1 + SQR1, 3 << 6);
    set(f, ADC1 + CR, ADSTART);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, ADC1 + ISR) & (EOC | OVR), EOC);
    fixture_read(f, ADC1 + DR);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, ADC1 + ISR) & (EOC | OVR), EOC);
    fixture_destroy(f);
}

/* 12 bits: 2047 is 0x7ff0 in the thresholds and offsets, which are left-aligned. */
static void test_watchdog_and_offset_are_left_aligned(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC1);
    adc_drive(f->soc, 1, 2, 1650);
    fixture_write(f, ADC1 + PCSEL, 4);
    set(f, ADC1 + CFGR, 1 << 23 | 1 << 22 | 2 << 26);
    fixture_write(f, ADC1 + LTR1, 0x7ff0);
    fixture_write(f, ADC1 + HTR1, 0x7ff0);
    assert_int_equal(convert(f, ADC1, 2), 0x7ff);
    assert_false(fixture_read(f, ADC1 + ISR) & AWD1);
    fixture_write(f, ADC1 + OFR1, 2u << 26 | 0x8000);
    assert_int_equal((int32_t)convert(f, ADC1, 2), -1);
    assert_false(fixture_read(f, ADC1 + ISR) & AWD1);
    fixture_write(f, ADC1 + HTR1, 0x7fe0);
    convert(f, ADC1, 2);
    assert_true(fixture_read(f, ADC1 + ISR) & AWD1);
    fixture_destroy(f);
}

/* Table 219. */
static void test_formats_of_signed_16_bits(void **state)
{
    (void)state;
    static const struct {
        uint32_t millivolts, offset, plain, shifted, saturated;
    } cases[] = {
        {3300, 0x8000, 0x7fff, 0x3fff, 0x7fff}, {0, 0x8000, 0xffff8000, 0xffffc000, 0xffff8000},
        {3300, 0x8020, 0x7fdf, 0x3fef, 0x7fdf}, {0, 0x8020, 0xffff7fe0, 0xffffbff0, 0xffff8000},
        {3300, 0x7ff0, 0x800f, 0x4007, 0x7fff}, {0, 0x7ff0, 0xffff8010, 0xffffc008, 0xffff8010},
    };
    struct soc_fixture *f = start(ADC1);
    fixture_write(f, ADC1 + PCSEL, 4);
    fixture_write(f, ADC1 + CFGR, 0);
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        adc_drive(f->soc, 1, 2, cases[n].millivolts);
        fixture_write(f, ADC1 + OFR1 + 4, 2u << 26 | cases[n].offset);
        assert_int_equal(convert(f, ADC1, 2), cases[n].plain);
        fixture_write(f, ADC1 + CFGR2, 1 << 12); /* RSHIFT2 */
        assert_int_equal(convert(f, ADC1, 2), cases[n].shifted);
        fixture_write(f, ADC1 + CFGR2, 0);
        fixture_write(f, ADC1 + OFR1 + 4, 1u << 31 | 2u << 26 | cases[n].offset);
        assert_int_equal(convert(f, ADC1, 2), cases[n].saturated);
    }
    fixture_destroy(f);
}

/* 16 samples of 2047 are 32752: the watchdog sees them all, the offset comes off before the shift, and the shift
 * rounds. */
static void test_oversampling(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC1);
    adc_drive(f->soc, 1, 2, 1650);
    fixture_write(f, ADC1 + PCSEL, 4);
    fixture_write(f, ADC1 + CFGR2, 1 | 15 << 16 | 2 << 5);
    fixture_write(f, ADC1 + LTR1, 32752);
    fixture_write(f, ADC1 + HTR1, 32752);
    set(f, ADC1 + CFGR, 1 << 23 | 1 << 22 | 2 << 26);
    fixture_write(f, ADC1 + OFR1, 2u << 26 | 32001);
    assert_int_equal(convert(f, ADC1, 2), 188); /* 751 / 4 */
    assert_false(fixture_read(f, ADC1 + ISR) & AWD1);
    fixture_write(f, ADC1 + HTR1, 32751);
    convert(f, ADC1, 2);
    assert_true(fixture_read(f, ADC1 + ISR) & AWD1);
    fixture_destroy(f);
}

static void test_linearity_words_are_read_and_written(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC1);
    for (unsigned n = 0; n < 6; n++) {
        fixture_write(f, ADC1 + CALFACT2, 0x111 * (n + 1));
        set(f, ADC1 + CR, 1u << (22 + n));
        assert_true(fixture_read(f, ADC1 + CR) >> (22 + n) & 1);
    }
    for (unsigned n = 0; n < 6; n++) {
        fixture_write(f, ADC1 + CR, fixture_read(f, ADC1 + CR) & ~(1u << (22 + n)));
        assert_int_equal(fixture_read(f, ADC1 + CALFACT2), 0x111 * (n + 1));
    }
    fixture_destroy(f);
}

static void test_injected_group(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC1);
    adc_drive(f->soc, 1, 2, 3300);
    fixture_write(f, ADC1 + PCSEL, 6);
    fixture_write(f, ADC1 + JSQR, 1 | 1 << 9 | 2 << 15);
    set(f, ADC1 + CR, JADSTART);
    fixture_wait(f, 3 * SIM_US);
    assert_int_equal(fixture_read(f, ADC1 + ISR) & (JEOC | JEOS | EOC), JEOC | JEOS);
    assert_int_equal(fixture_read(f, ADC1 + JDR1), 0);
    assert_int_equal(fixture_read(f, ADC1 + JDR1 + 4), 4095);
    assert_false(fixture_read(f, ADC1 + CR) & JADSTART);
    fixture_destroy(f);
}

/* TIM6's update is its TRGO, and that starts a conversion of ADC3 each time. */
static void test_a_timer_triggers(void **state)
{
    (void)state;
    struct soc_fixture *f = start(ADC3);
    fixture_write(f, ADC3 + PCSEL, 2);
    fixture_write(f, ADC3 + SQR1, 1 << 6);
    set(f, ADC3 + CFGR, 1 << 10 | 13 << 5);
    set(f, ADC3 + CR, ADSTART);
    fixture_wait(f, 5 * SIM_US);
    assert_false(fixture_read(f, ADC3 + ISR) & EOC);
    fixture_write(f, TIM6 + 0x04, 2 << 4);
    fixture_write(f, TIM6 + 0x2c, 64 * 100 - 1);
    fixture_write(f, TIM6, 1);
    for (unsigned n = 0; n < 3; n++) {
        fixture_wait(f, 98 * SIM_US);
        assert_false(fixture_read(f, ADC3 + ISR) & EOC);
        fixture_wait(f, 4 * SIM_US);
        assert_true(fixture_read(f, ADC3 + ISR) & EOC);
        fixture_read(f, ADC3 + DR);
        assert_true(fixture_read(f, ADC3 + CR) & ADSTART);
        fixture_write(f, TIM6 + 0x24, 0); /* its count, for the next round */
    }
    fixture_destroy(f);
}

static void start_dma(struct soc_fixture *f, uint32_t from, uint32_t count)
{
    fixture_write(f, MUX1, 9);
    fixture_write(f, DMA1 + 0x18, from);
    fixture_write(f, DMA1 + 0x1c, 0x30000000);
    fixture_write(f, DMA1 + 0x14, count);
    fixture_write(f, DMA1 + 0x10, 2 << 13 | 2 << 11 | 1 << 10 | 1);
}

static void test_dual_mode_by_dma(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    power_up(f, ADC1);
    power_up(f, ADC2);
    fixture_write(f, ADC1 + CCR, 7 | 2 << 14 | 3 << 16);
    enable(f, ADC1);
    enable(f, ADC2);
    adc_drive(f->soc, 1, 3, 1000);
    adc_drive(f->soc, 2, 3, 2000);
    for (uint32_t base = ADC1; base <= ADC2; base += 0x100) {
        fixture_write(f, base + PCSEL, 8);
        fixture_write(f, base + SQR1, 3 << 6);
        fixture_write(f, base + CFGR, 6 << 2 | 1 << 13 | 3);
    }
    start_dma(f, ADC1 + CDR, 8);
    set(f, ADC1 + CR, ADSTART);
    assert_true(fixture_read(f, ADC2 + CR) & ADSTART);
    fixture_wait(f, 20 * SIM_US);
    for (unsigned n = 0; n < 8; n++)
        assert_int_equal(fixture_read(f, 0x30000000 + 4 * n),
                         (2000 * 65535 / 3300) >> 4 << 16 | (1000 * 65535 / 3300) >> 4);
    set(f, ADC1 + CR, ADSTP);
    assert_false(fixture_read(f, ADC2 + CR) & ADSTART);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calibration_ends_by_itself),
        cmocka_unit_test(test_a_sequence_of_inputs),
        cmocka_unit_test(test_an_input_that_is_not_connected_is_reported),
        cmocka_unit_test(test_sensor_and_reference_by_their_calibration),
        cmocka_unit_test(test_overrun_replaces_what_nobody_took),
        cmocka_unit_test(test_overrun_keeps_eight),
        cmocka_unit_test(test_delayed_conversions_wait_for_the_reader),
        cmocka_unit_test(test_watchdog_and_offset_are_left_aligned),
        cmocka_unit_test(test_formats_of_signed_16_bits),
        cmocka_unit_test(test_oversampling),
        cmocka_unit_test(test_linearity_words_are_read_and_written),
        cmocka_unit_test(test_injected_group),
        cmocka_unit_test(test_a_timer_triggers),
        cmocka_unit_test(test_dual_mode_by_dma),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
