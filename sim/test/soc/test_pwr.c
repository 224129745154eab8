/* PWR's voltage detectors, and D2's SRAMs while D2 is in DStop: RM0399 chapter 7. */
#include "sim/test/soc/soc_fixture.h"

#define RCC  0x58024400u
#define PWR  0x58024800u
#define EXTI 0x58000000u
enum { CR1 = 0, CSR1 = 4, PVDE = 1 << 4, PVDO = 1 << 4, AVDEN = 1 << 16, AVDO = 1 << 16 };
enum { RTSR1 = 0, FTSR1 = 4, C1IMR1 = 0x80, C1PR1 = 0x88, LINE = 1 << 16, IRQ_PVD = 1 };

static bool too_low(struct soc_fixture *f, uint32_t flag)
{
    return fixture_read(f, PWR + CSR1) & flag;
}

static void test_levels_of_the_pvd(void **state)
{
    (void)state; /* 7.5.3: with a hysteresis of 100 mV */
    static const uint16_t levels[7] = {1950, 2100, 2250, 2400, 2550, 2700, 2850};
    struct soc_fixture *f = fixture_create();
    for (uint32_t n = 0; n < 7; n++) {
        fixture_write(f, PWR + CR1, PVDE | n << 5);
        soc_set_vdd(f->soc, 3300);
        soc_set_vdd(f->soc, levels[n] - 100);
        assert_false(too_low(f, PVDO));
        soc_set_vdd(f->soc, levels[n] - 101);
        assert_true(too_low(f, PVDO));
        soc_set_vdd(f->soc, levels[n] - 1);
        assert_true(too_low(f, PVDO));
        soc_set_vdd(f->soc, levels[n]);
        assert_false(too_low(f, PVDO));
    }
    fixture_write(f, PWR + CR1, PVDE | 7 << 5); /* a pin that is not connected */
    soc_set_vdd(f->soc, 1700);
    assert_false(too_low(f, PVDO));
    fixture_write(f, PWR + CR1, 0); /* off */
    assert_false(too_low(f, PVDO));
    fixture_destroy(f);
}

static void test_the_avd_is_another_one(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, PWR + CR1, PVDE | AVDEN | 3 << 17); /* 1.95 and 2.8 V */
    soc_set_vdd(f->soc, 2600);
    assert_true(too_low(f, AVDO));
    assert_false(too_low(f, PVDO));
    fixture_destroy(f);
}

static void test_both_edges_interrupt(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, EXTI + RTSR1, LINE);
    fixture_write(f, EXTI + FTSR1, LINE);
    fixture_write(f, EXTI + C1IMR1, LINE);
    fixture_write(f, PWR + CR1, PVDE | 6 << 5);
    assert_false(f->irq[SOC_CM7][IRQ_PVD]);
    soc_set_vdd(f->soc, 2500);
    assert_true(f->irq[SOC_CM7][IRQ_PVD]);
    assert_false(f->irq[SOC_CM4][IRQ_PVD]);
    fixture_write(f, EXTI + C1PR1, LINE);
    assert_false(f->irq[SOC_CM7][IRQ_PVD]);
    soc_set_vdd(f->soc, 3300);
    assert_true(f->irq[SOC_CM7][IRQ_PVD]);
    fixture_destroy(f);
}

/* 7.7.7: D2 stops with the Cortex-M4, and goes on for what the Cortex-M7 has enabled in it. */
static void test_srams_of_a_domain_that_stops(void **state)
{
    (void)state;
    static const uint32_t places[] = {0x30000000, 0x30047ffc, 0x10000000, 0x10040000};
    for (unsigned n = 0; n < 4; n++) {
        struct soc_fixture *f = fixture_create();
        soc_system_reset(f->soc, RSR_SFT1RSTF); /* nothing is enabled any more */
        fixture_write(f, places[n], 0x1234);
        soc_core_sleep_changed(f->soc, SOC_CM4, true, false);
        assert_int_equal(fixture_read(f, places[n]), 0x1234); /* CSleep is not CStop */
        soc_core_sleep_changed(f->soc, SOC_CM4, false, false);
        soc_core_sleep_changed(f->soc, SOC_CM4, true, true);
        assert_string_equal(f->complaint, "");
        assert_int_equal(fixture_read(f, places[n]), 0);
        assert_non_null(strstr(f->complaint, "while D2 is in DStop"));
        fixture_write(f, places[n], 0x5678);
        fixture_write(f, RCC + 0xdc, 1u << 29); /* SRAM1EN */
        assert_int_equal(fixture_read(f, places[n]), 0x1234);
        fixture_write(f, RCC + 0xdc, 0);
        assert_int_equal(fixture_read(f, places[n]), 0);
        soc_core_sleep_changed(f->soc, SOC_CM4, false, true);
        assert_int_equal(fixture_read(f, places[n]), 0x1234);
        fixture_destroy(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels_of_the_pvd),
        cmocka_unit_test(test_the_avd_is_another_one),
        cmocka_unit_test(test_both_edges_interrupt),
        cmocka_unit_test(test_srams_of_a_domain_that_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
