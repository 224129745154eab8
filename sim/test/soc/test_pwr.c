/* PWR: RM0399 chapter 7. */
#include "sim/soc/flash.h"
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

enum { CR2 = 8, CR3 = 0xc, CPUCR = 0x10, CPU2CR = 0x14, D3CR = 0x18, WKUPCR = 0x20, WKUPFR = 0x24 };
enum {
    WKUPEPR = 0x28,
    READY = 1 << 13,
    HOLDF = 1 << 4,
    STOPF = 1 << 5,
    CSSF = 1 << 9,
    HOLD = 1 << 10
};
enum { IRQ_HOLD = 148 };

/* Table 33: bits BYPASS, LDOEN, SDEN, SDEXTHP and SDLEVEL's two. */
static bool table_33_has(uint32_t bits)
{
    static const struct {
        uint8_t mask, value;
    } rows[] = {{0x07, 0x02}, {0x0f, 0x04}, {0x3f, 0x16}, {0x3f, 0x26}, {0x3f, 0x36}, {0x3f, 0x1e},
                {0x3f, 0x2e}, {0x3f, 0x3e}, {0x3f, 0x1d}, {0x3f, 0x2d}, {0x3f, 0x3d}, {0x07, 0x01}};
    for (unsigned n = 0; n < sizeof rows / sizeof rows[0]; n++)
        if ((bits & rows[n].mask) == rows[n].value)
            return true;
    return false;
}

static void test_supplies(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    for (uint32_t bits = 0; bits < 64; bits++) {
        f->complaint[0] = 0;
        soc_reset(f->soc, true);
        assert_int_equal(fixture_read(f, PWR + D3CR), 0x4000 | READY);
        assert_int_equal(fixture_read(f, PWR + CSR1), 0x4000);
        fixture_write(f, PWR + CR3, bits);
        fixture_wait(f, SIM_MS);
        bool valid = table_33_has(bits);
        assert_int_equal(!!(fixture_read(f, PWR + CSR1) & READY), valid);
        assert_int_equal(fixture_read(f, PWR + CR3) & 0x3f, valid ? bits : 6);
        assert_int_equal(fixture_read(f, PWR + CR3) >> 16 & 1, valid && bits & 8);
        assert_int_equal(!f->complaint[0], bits > 0); /* said once: 0 is no supply */
        fixture_write(f, PWR + CR3, 4 | 1 << 24);     /* too late, but for the upper bytes */
        fixture_wait(f, SIM_MS);
        assert_int_equal(fixture_read(f, PWR + CR3) & 0x3f, valid ? bits : 6);
        assert_true(fixture_read(f, PWR + CR3) & 1 << 26);
        assert_int_equal(!!(fixture_read(f, PWR + CSR1) & READY), valid);
    }
    fixture_destroy(f);
}

static void test_scaling(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, PWR + CR3, 4);
    fixture_wait(f, SIM_MS);
    fixture_write(f, PWR + D3CR, 3 << 14);
    assert_int_equal(fixture_read(f, PWR + D3CR), 3 << 14);
    assert_int_equal(fixture_read(f, PWR + CSR1), 1 << 14); /* not what is wanted */
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, PWR + D3CR), 3 << 14 | READY);
    assert_int_equal(fixture_read(f, PWR + CSR1), 3 << 14 | READY);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, PWR + D3CR), 1 << 14 | READY);
    assert_int_equal(fixture_read(f, PWR + CSR1), 1 << 14 | READY); /* the supply is known */
    fixture_destroy(f);
}

/* 7.8.3 */
static void test_the_backup_regulator_is_protected(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, PWR + CR2, 0x11);
    assert_int_equal(fixture_read(f, PWR + CR2), 0);
    assert_non_null(strstr(f->complaint, "PWR_CR2 is written while PWR_CR1.DBP is 0"));
    fixture_write(f, PWR + CR1, 1 << 8);
    fixture_write(f, PWR + CR2, 0x11);
    assert_int_equal(fixture_read(f, PWR + CR2), 0x10011);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, PWR + CR2), 0x10011);
    fixture_write(f, PWR + CR1, 1 << 8);
    fixture_write(f, RCC + 0x70, 1 << 16); /* RCC_BDCR.BDRST */
    assert_int_equal(fixture_read(f, PWR + CR2), 0);
    fixture_destroy(f);
}

/* 13.3.6 */
static void test_the_pvd_is_locked(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, PWR + CR1, PVDE | 3 << 5);
    fixture_write(f, 0x58000418, 1 << 2); /* SYSCFG_CFGR.PVDL */
    fixture_write(f, PWR + CR1, 1 << 8);
    assert_int_equal(fixture_read(f, PWR + CR1) & 0x1f0, 1 << 8 | PVDE | 3 << 5);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    fixture_write(f, PWR + CR1, 0);
    assert_int_equal(fixture_read(f, PWR + CR1) & 0x1f0, 0);
    fixture_destroy(f);
}

/* 7.8.8 to 7.8.10: PC13 is pin 4. */
static void test_wakeup_pins(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    soc_drive_pin(f->soc, 2, 13, true);
    fixture_write(f, PWR + WKUPEPR, 1 << 3 | 1 << 11); /* at the low level */
    assert_int_equal(fixture_read(f, PWR + WKUPFR), 0);
    soc_drive_pin(f->soc, 2, 13, false);
    assert_int_equal(fixture_read(f, PWR + WKUPFR), 1 << 3);
    assert_true(f->soc->exti_line[58].level);
    fixture_write(f, PWR + WKUPCR, 1 << 3);
    assert_int_equal(fixture_read(f, PWR + WKUPFR), 0);
    assert_false(f->soc->exti_line[58].level);
    fixture_write(f, PWR + WKUPEPR, 0);
    fixture_write(f, PWR + WKUPEPR, 1 << 3 | 1 << 11); /* it is low already */
    assert_int_equal(fixture_read(f, PWR + WKUPFR), 1 << 3);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, PWR + WKUPFR), 0);
    assert_int_equal(fixture_read(f, PWR + WKUPEPR), 0);
    assert_false(f->soc->exti_line[58].level);
    fixture_destroy(f);
}

static void stop_both(struct soc_fixture *f)
{
    soc_core_sleep_changed(f->soc, SOC_CM7, true, true);
    soc_core_sleep_changed(f->soc, SOC_CM4, true, true);
}

/* 7.8.5: the flag of a held core interrupts the other, and stands until CSSF. */
static void test_a_held_core(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, EXTI + 0xc0, 1); /* C2IMR1, line 0 */
    fixture_write(f, EXTI + RTSR1, 1);
    fixture_write(f, PWR + CPUCR, HOLD);
    stop_both(f);
    soc_core_sleep_changed(f->soc, SOC_CM7, false, true);
    fixture_write(f, EXTI + 8, 1); /* SWIER1 */
    assert_int_equal(fixture_read(f, PWR + CPUCR), HOLD | HOLDF | STOPF);
    assert_true(f->irq[SOC_CM7][IRQ_HOLD]);
    assert_false(f->irq[SOC_CM4][IRQ_HOLD]);
    assert_true(soc_core_clock_stopped(f->soc, SOC_CM4));
    fixture_write(f, PWR + CPUCR, 0);
    assert_false(soc_core_clock_stopped(f->soc, SOC_CM4));
    assert_int_equal(fixture_read(f, PWR + CPUCR), HOLDF | STOPF);
    fixture_write(f, PWR + CPUCR, CSSF);
    assert_int_equal(fixture_read(f, PWR + CPUCR), 0);
    assert_false(f->irq[SOC_CM7][IRQ_HOLD]);
    assert_int_equal(fixture_read(f, PWR + CPU2CR), STOPF); /* each core has its own */
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, PWR + CPU2CR), 0);
    fixture_destroy(f);
}

/* 9.4.5 */
static void test_low_power_that_resets(void **state)
{
    (void)state;
    static const struct {
        const char *option;
        enum soc_core core;
        uint32_t standby, flag;
    } rows[] = {{"NRST_STOP_D1", SOC_CM7, 0, RSR_LPWR1RSTF},
                {"NRST_STBY_D1", SOC_CM7, 1, RSR_LPWR1RSTF},
                {"NRST_STOP_D2", SOC_CM4, 0, RSR_LPWR2RSTF},
                {"NRST_STBY_D2", SOC_CM4, 2, RSR_LPWR2RSTF}};
    for (unsigned n = 0; n < 8; n++) {
        struct soc_fixture *f = fixture_create();
        bool forbidden = n < 4;
        if (forbidden)
            assert_null(flash_set_option(f->soc, rows[n].option, 0));
        soc_reset(f->soc, true);
        fixture_write(f, PWR + CPUCR, rows[n % 4].standby);
        fixture_write(f, PWR + CPU2CR, rows[n % 4].standby);
        fixture_write(f, RCC + 0x130, 1 << 16);
        soc_core_sleep_changed(f->soc, rows[n % 4].core, true, true);
        fixture_wait(f, SIM_US);
        assert_int_equal(f->resets[SOC_CM7], forbidden);
        uint32_t flags = fixture_read(f, RCC + 0x130) & ~(uint32_t)(RSR_C1RSTF | RSR_C2RSTF);
        assert_int_equal(flags, forbidden ? rows[n % 4].flag | RSR_PINRSTF : 0);
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
        cmocka_unit_test(test_supplies),
        cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_the_backup_regulator_is_protected),
        cmocka_unit_test(test_the_pvd_is_locked),
        cmocka_unit_test(test_wakeup_pins),
        cmocka_unit_test(test_a_held_core),
        cmocka_unit_test(test_low_power_that_resets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
