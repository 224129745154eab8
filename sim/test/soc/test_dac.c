/* DAC: RM0399 chapter 27. */
#include "sim/test/soc/soc_fixture.h"

#define DAC  0x40007400u
#define TIM7 0x40001400u
#define DMA1 0x40020000u
#define MUX1 0x40020800u
#define ADC1 0x40022000u

enum { CR = 0, SWTRGR = 4, DHR12R1 = 8, DHR12L1 = 12, DHR8R2 = 0x1c, DHR12RD = 0x20, SR = 0x34 };
enum { DOR1 = 0x2c, DOR2 = 0x30, CCR = 0x38 };

static void test_data_registers_are_views_of_two_numbers(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, DAC + CR, 1 | 1 << 16);
    fixture_write(f, DAC + DHR12R1, 0x123);
    assert_int_equal(fixture_read(f, DAC + DOR1), 0x123);
    fixture_write(f, DAC + DHR12L1, 0xabc0);
    assert_int_equal(fixture_read(f, DAC + DOR1), 0xabc);
    fixture_write(f, DAC + DHR8R2, 0x81);
    assert_int_equal(fixture_read(f, DAC + DOR2), 0x810);
    fixture_write(f, DAC + DHR12RD, 0x01230456);
    assert_int_equal(fixture_read(f, DAC + DOR1), 0x456);
    assert_int_equal(fixture_read(f, DAC + DOR2), 0x123);
    fixture_destroy(f);
}

static void test_software_trigger_and_waves(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, DAC + CR, 3);
    fixture_write(f, DAC + DHR12R1, 100);
    assert_int_equal(fixture_read(f, DAC + DOR1), 0);
    fixture_write(f, DAC + SWTRGR, 1);
    assert_int_equal(fixture_read(f, DAC + DOR1), 100);
    fixture_write(f, DAC + CR, 0);
    fixture_write(f, DAC + CR, 3 | 2 << 6 | 1 << 8); /* a triangle of amplitude 3 */
    static const uint8_t steps[] = {1, 2, 3, 2, 1, 0, 1};
    for (unsigned n = 0; n < sizeof steps; n++) {
        fixture_write(f, DAC + SWTRGR, 1);
        assert_int_equal(fixture_read(f, DAC + DOR1), 100 + steps[n]);
    }
    fixture_write(f, DAC + CR, 0);
    fixture_write(f, DAC + CR, 3 | 1 << 6 | 11 << 8);
    unsigned seen = 0;
    for (unsigned n = 0; n < 20; n++) {
        uint32_t before = fixture_read(f, DAC + DOR1);
        fixture_write(f, DAC + SWTRGR, 1);
        seen += fixture_read(f, DAC + DOR1) != before;
    }
    assert_true(seen > 10);
    fixture_destroy(f);
}

/* A timer paces it, the DMA feeds it; where the DMA stops, the next trigger is an underrun. */
static void test_timer_and_dma(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    for (unsigned n = 0; n < 4; n++)
        fixture_write(f, 0x30000000 + 4 * n, 1000 * n + 5);
    fixture_write(f, MUX1, 67);
    fixture_write(f, DMA1 + 0x18, DAC + DHR12R1);
    fixture_write(f, DMA1 + 0x1c, 0x30000000);
    fixture_write(f, DMA1 + 0x14, 4);
    fixture_write(f, DMA1 + 0x10, 2 << 13 | 2 << 11 | 1 << 10 | 1 << 6 | 1);
    fixture_write(f, DAC + CR, 3 | 6 << 2 | 1 << 12 | 1 << 13);
    fixture_write(f, TIM7 + 0x04, 2 << 4);
    fixture_write(f, TIM7 + 0x2c, 64 * 10 - 1);
    fixture_write(f, TIM7, 1);
    fixture_wait(f, 11 * SIM_US); /* the first trigger takes what there was, and asks */
    for (unsigned n = 0; n < 4; n++) {
        fixture_wait(f, 10 * SIM_US);
        assert_int_equal(fixture_read(f, DAC + DOR1), 1000 * n + 5);
    }
    assert_false(f->irq[SOC_CM7][54]);
    fixture_wait(f, 20 * SIM_US);
    assert_int_equal(fixture_read(f, DAC + SR), 1 << 13);
    assert_true(f->irq[SOC_CM7][54]);
    fixture_write(f, DAC + SR, 1 << 13);
    assert_int_equal(fixture_read(f, DAC + SR), 0);
    fixture_destroy(f);
}

static void test_calibration_flag(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, DAC + CR, 1 << 14);
    unsigned trim = 0;
    for (; trim < 32; trim++) {
        fixture_write(f, DAC + CCR, trim);
        if (fixture_read(f, DAC + SR) & 1 << 14)
            break;
    }
    assert_int_equal(trim, 16);
    fixture_destroy(f);
}

/* PA4 is DAC1_OUT1 and ADC1_INP18; 12 bits of the one are the same 12 bits of the other. */
static void test_the_adc_reads_what_it_puts_out(void **state)
{
    (void)state;
    static const uint16_t values[] = {0, 1, 0x123, 2048, 4095};
    struct soc_fixture *f = fixture_create();
    fixture_write(f, DAC + CR, 1);
    fixture_write(f, ADC1 + 0x08, 0);
    fixture_write(f, ADC1 + 0x08, 1 << 28);
    fixture_write(f, ADC1 + 0x308, 3 << 16);
    fixture_write(f, ADC1 + 0x0c, 6 << 2);
    fixture_write(f, ADC1 + 0x1c, 1 << 18);
    fixture_write(f, ADC1 + 0x30, 18 << 6);
    fixture_write(f, ADC1 + 0x08, 1 << 28 | 1);
    fixture_wait(f, 10 * SIM_US);
    for (unsigned n = 0; n < sizeof values / sizeof values[0]; n++) {
        fixture_write(f, DAC + DHR12R1, values[n]);
        fixture_write(f, ADC1 + 0x08, 1 << 28 | 5);
        fixture_wait(f, 10 * SIM_US);
        assert_int_equal(fixture_read(f, ADC1 + 0x40), values[n]);
    }
    fixture_destroy(f);
}

static void test_software_trigger_asks_no_dma(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, DAC + CR, 3 | 1 << 12);
    fixture_write(f, DAC + SWTRGR, 1);
    assert_false(f->soc->dma_request[0][67].level);
    fixture_write(f, DAC + SWTRGR, 1);
    assert_int_equal(fixture_read(f, DAC + SR), 0); /* nor is it an underrun */
    fixture_destroy(f);
}

static void test_a_pin_triggers(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, 0x58020000, 0);      /* port A: inputs */
    fixture_write(f, 0x58000000, 1 << 9); /* EXTI9, which is PA9: rising */
    fixture_write(f, DAC + CR, 3 | 13 << 2 | 1 << 12);
    fixture_write(f, DAC + DHR12R1, 0x123);
    assert_int_equal(fixture_read(f, DAC + DOR1), 0);
    soc_drive_pin(f->soc, 0, 9, true);
    assert_int_equal(fixture_read(f, DAC + DOR1), 0x123);
    assert_true(f->soc->dma_request[0][67].level);
    fixture_destroy(f);
}

static void test_a_channel_that_is_on_holds_its_setting(void **state)
{
    (void)state;
    enum { MCR = 0x3c };
    struct soc_fixture *f = fixture_create();
    fixture_write(f, DAC + MCR, 1 | 1 << 16);
    fixture_write(f, DAC + CR, 3 | 5 << 2 | 2 << 8);
    fixture_write(f, DAC + CR, 3 | 6 << 2 | 3 << 8 | 7u << 18 | 4u << 24);
    assert_int_equal(fixture_read(f, DAC + CR), 3 | 5 << 2 | 2 << 8 | 7u << 18 | 4u << 24);
    fixture_write(f, DAC + MCR, 2 | 2 << 16);
    assert_int_equal(fixture_read(f, DAC + MCR), 1 | 2 << 16);
    fixture_write(f, DAC + 0x48, 5 | 6 << 16);
    assert_int_equal(fixture_read(f, DAC + 0x48), 1 | 6 << 16);
    fixture_destroy(f);
}

/* TSEL 11: LPTIM1's output. */
static void test_trigger_by_a_low_power_timer(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t lptim = 0x40002400;
    fixture_write(f, DAC + CR, 1 | 1 << 1 | 11 << 2);
    fixture_write(f, DAC + DHR12R1, 77);
    fixture_write(f, lptim + 0x10, 1);
    fixture_write(f, lptim + 0x18, 2000);
    fixture_write(f, lptim + 0x14, 1000);
    fixture_write(f, lptim + 0x10, 3);
    assert_int_equal(fixture_read(f, DAC + DOR1), 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, DAC + DOR1), 77);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_registers_are_views_of_two_numbers),
        cmocka_unit_test(test_software_trigger_and_waves),
        cmocka_unit_test(test_timer_and_dma),
        cmocka_unit_test(test_calibration_flag),
        cmocka_unit_test(test_the_adc_reads_what_it_puts_out),
        cmocka_unit_test(test_software_trigger_asks_no_dma),
        cmocka_unit_test(test_a_pin_triggers),
        cmocka_unit_test(test_a_channel_that_is_on_holds_its_setting),
        cmocka_unit_test(test_trigger_by_a_low_power_timer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
