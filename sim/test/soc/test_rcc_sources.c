/* RCC: oscillators, PLLs and their failures. RM0399 9.5.1 to 9.5.7. */
#include "sim/test/soc/rcc_fixture.h"

/* 9.5.3 */
static void test_clock_security(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    run_at_480(f);
    fixture_write(f, RCC + CR, fixture_read(f, RCC + CR) | 1u << 19);
    soc_fail_hse(f->soc);
    assert_int_equal(f->nmis[SOC_CM7], 1);
    assert_int_equal(f->nmis[SOC_CM4], 1);
    assert_int_equal(fixture_read(f, RCC + CIFR), 1u << 10);
    fixture_write(f, RCC + CICR, 1u << 10);
    assert_int_equal(fixture_read(f, RCC + CIFR), 0);
    assert_int_equal(fixture_read(f, RCC + CFGR) & 0x3f, 0);
    fixture_wait(f, SIM_US);
    assert_int_equal(fixture_read(f, RCC + CR) & 0x03030000, 0); /* PLL1 and HSE are off */
    assert_int_equal(hz(f, CLOCK_CM7), 64000000);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

static void test_the_hse_fails_unwatched(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    soc_fail_hse(f->soc); /* nothing runs from it */
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
    f = fixture_create();
    run_at_480(f);
    soc_fail_hse(f->soc);
    assert_int_equal(f->nmis[SOC_CM7], 0);
    assert_int_equal(hz(f, CLOCK_CM7), 0);
    assert_non_null(strstr(f->complaint, "HSECSSON"));
    fixture_destroy(f);
}

/* 9.7.13: N = 129, FRACN = 4096 is 129.5; the modulator takes it when FRACEN rises, and keeps it. */
static void test_fractional_pll(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + PLLCKSELR, 32u << 4 | 32u << 12 | 8u << 20 | 0); /* HSI / 8 = 8 MHz */
    fixture_write(f, RCC + PLL3DIVR, (129 - 1) | 0u << 9 | 0u << 16 | 15u << 24);
    fixture_write(f, RCC + PLL3FRACR, 4096u << 3);
    fixture_write(f, RCC + PLLCFGR, 0x01ff0000 | 1u << 8);
    fixture_write(f, RCC + CR, 1u << 28 | 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(hz(f, CLOCK_LTDC), 8000000ull * 1295 / 10 / 16);
    fixture_write(f, RCC + PLLCFGR, 0x01ff0000);
    fixture_write(f, RCC + PLL3FRACR, 0);
    assert_int_equal(hz(f, CLOCK_LTDC), 8000000ull * 1295 / 10 / 16);
    fixture_write(f, RCC + PLLCFGR, 0x01ff0000 | 1u << 8);
    assert_int_equal(hz(f, CLOCK_LTDC), 8000000ull * 129 / 16);
    fixture_write(f, RCC + PLL3FRACR, 4096u << 3);
    assert_int_equal(hz(f, CLOCK_LTDC), 8000000ull * 129 / 16);
    fixture_write(f, RCC + CR, 1);
    fixture_wait(f, SIM_MS);
    fixture_write(f, RCC + PLLCFGR, 0x00ff0000); /* output R is off */
    fixture_write(f, RCC + CR, 1u << 28 | 1);
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, RCC + CR) & 1u << 29);
    assert_int_equal(hz(f, CLOCK_LTDC), 0);
    fixture_destroy(f);
}

/* 9.5.5: switched on with FRACEN at 0 a PLL is in integer mode, whatever it did before. */
static void test_integer_mode_forgets_the_fraction(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + PLLCKSELR, 8u << 20);
    fixture_write(f, RCC + PLL3FRACR, 4096u << 3);
    fixture_write(f, RCC + PLLCFGR, 0x01ff0000 | 1u << 8);
    fixture_write(f, RCC + PLLCFGR, 0x01ff0000);
    fixture_write(f, RCC + CR, 1u << 28 | 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(hz(f, CLOCK_LTDC), 8000000ull * 129 / 2);
    fixture_destroy(f);
}

/* 9.5.5, 9.7.10 to 9.7.12: what cannot be changed while a PLL runs, of it and of the two others. */
static void test_what_a_running_pll_fixes(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + PLLCKSELR, 5u << 4 | 6u << 12 | 8u << 20);
    fixture_write(f, RCC + CR, 1u << 26 | 1); /* PLL2 */
    fixture_wait(f, SIM_MS);
    fixture_write(f, RCC + PLLCKSELR, 9u << 4 | 9u << 12 | 9u << 20 | 2);
    assert_int_equal(fixture_read(f, RCC + PLLCKSELR), 9u << 4 | 6u << 12 | 9u << 20);
    fixture_write(f, RCC + PLLCFGR, 0xfff);
    assert_int_equal(fixture_read(f, RCC + PLLCFGR), 7u << 19 | 0xf1f);
    for (uint32_t divr = PLL1DIVR; divr <= PLL3DIVR; divr += 8)
        fixture_write(f, RCC + divr, 7);
    assert_int_equal(fixture_read(f, RCC + PLL1DIVR), 7);
    assert_int_equal(fixture_read(f, RCC + PLL1DIVR + 8), 0x01010280);
    assert_int_equal(fixture_read(f, RCC + PLL3DIVR), 7);
    fixture_write(f, RCC + CR, 1 | 3u << 3); /* off, but not yet down; HSIDIV is free */
    assert_int_equal(fixture_read(f, RCC + CR) & 0x18, 0);
    fixture_write(f, RCC + PLL1DIVR + 8, 7);
    assert_int_equal(fixture_read(f, RCC + PLL1DIVR + 8), 0x01010280);
    fixture_wait(f, SIM_US);
    fixture_write(f, RCC + PLL1DIVR + 8, 7);
    assert_int_equal(fixture_read(f, RCC + PLL1DIVR + 8), 7);
    fixture_destroy(f);
}

/* 9.7.2: the flag falls at once, and stands when the new frequency does. */
static void test_dividing_the_hsi(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_true(fixture_read(f, RCC + CR) & 1u << 5);
    fixture_write(f, RCC + CR, 1 | 2u << 3);
    assert_false(fixture_read(f, RCC + CR) & 1u << 5);
    fixture_wait(f, SIM_US);
    assert_true(fixture_read(f, RCC + CR) & 1u << 5);
    assert_int_equal(hz(f, CLOCK_CM7), 16000000);
    fixture_destroy(f);
}

/* 9.7.3, 9.7.5: what the calibration reads follows the trimming. */
static void test_trimming(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint32_t hsi = fixture_read(f, RCC + 4), csi = fixture_read(f, RCC + 0xc);
    assert_int_equal(hsi >> 24, 0x40);
    assert_int_equal(csi >> 24, 0x20);
    fixture_write(f, RCC + 4, 0x43u << 24);
    fixture_write(f, RCC + 0xc, 0x1eu << 24);
    assert_int_equal((fixture_read(f, RCC + 4) & 0xfff) - (hsi & 0xfff), 3);
    assert_int_equal((csi & 0x3ff) - (fixture_read(f, RCC + 0xc) & 0x3ff), 2);
    assert_int_equal(fixture_read(f, RCC + 8) & ~0x3ffu, 0); /* CRRCR: HSI48CAL alone */
    fixture_destroy(f);
}

static void test_pll_without_reference_never_locks(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + PLLCKSELR, 5u << 4 | 2); /* HSE, which is off */
    fixture_write(f, RCC + CR, 1u << 24 | 1);
    fixture_wait(f, 10 * SIM_MS);
    assert_false(fixture_read(f, RCC + CR) & 1u << 25);
    fixture_write(f, RCC + CR, 1u << 24 | 1u << 16 | 1);
    fixture_wait(f, 10 * SIM_MS);
    assert_true(fixture_read(f, RCC + CR) & 1u << 25);
    fixture_destroy(f);
}

static void test_ready_interrupt(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + CIER, 1u << 3);
    fixture_write(f, RCC + CR, 1u << 16 | 1);
    fixture_wait(f, 100 * SIM_US);
    assert_false(f->irq[SOC_CM7][IRQ_RCC]);
    fixture_wait(f, SIM_MS);
    assert_true(f->irq[SOC_CM7][IRQ_RCC]);
    assert_int_equal(fixture_read(f, RCC + CIFR), 1u << 3);
    fixture_write(f, RCC + CICR, 1u << 3);
    assert_false(f->irq[SOC_CM7][IRQ_RCC]);
    fixture_destroy(f);
}

/* 9.7.6: the emergency clock is the one of the wake-up; every PLL that took the HSE stops. */
static void test_clock_security_with_the_csi(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    run_at_480(f);
    fixture_write(f, RCC + CR, fixture_read(f, RCC + CR) | 1u << 19 | 1u << 28);
    fixture_write(f, RCC + CFGR, 3 | 1u << 6);
    fixture_wait(f, SIM_MS);
    soc_fail_hse(f->soc);
    assert_int_equal(fixture_read(f, RCC + CFGR) & 0x3f, 1 | 1 << 3);
    assert_int_equal(hz(f, CLOCK_CM7), 4000000);
    fixture_wait(f, SIM_US);
    assert_int_equal(fixture_read(f, RCC + CR) & 0x3f030000, 0);
    fixture_destroy(f);
}

static void start_lse(struct soc_fixture *f)
{
    fixture_write(f, PWR, 1u << 8);
    fixture_write(f, RCC + BDCR, 1 | 1u << 8 | 1u << 15);
    fixture_wait(f, SIM_S);
    assert_true(fixture_read(f, RCC + BDCR) & 2);
}

/* 9.7.25: nothing of the oscillator's kind changes while it runs. */
static void test_the_lse_is_fixed_while_it_runs(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_lse(f);
    fixture_write(f, RCC + BDCR, 1 | 1u << 8 | 1u << 15 | 7u << 2);
    assert_int_equal(fixture_read(f, RCC + BDCR) & 0x1c, 0);
    fixture_write(f, RCC + BDCR, 1u << 8 | 1u << 15);
    fixture_write(f, RCC + BDCR, 1u << 8 | 1u << 15 | 7u << 2); /* off, but not yet down */
    assert_int_equal(fixture_read(f, RCC + BDCR) & 0x1c, 6u << 2);
    fixture_destroy(f);
}

enum { LSECSSON = 1u << 5, LSECSSD = 1u << 6, LSECSSF = 1u << 9, IRQ_TAMP_STAMP = 2 };

/* 9.5.3: the RTC has no clock any more, and takes another one. */
static void test_the_lse_fails_watched(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_lse(f);
    fixture_write(f, RCC + BDCR, fixture_read(f, RCC + BDCR) | LSECSSON);
    fixture_write(f, RCC + BDCR, 1 | 1u << 8 | 1u << 15);
    assert_true(fixture_read(f, RCC + BDCR) & LSECSSON); /* once on it stays */
    assert_int_equal(hz(f, CLOCK_RTC), 32768);
    fixture_write(f, RCC + CIER, LSECSSF);
    fixture_write(f, 0x58000000, 1u << 18); /* EXTI_RTSR1, C1IMR1 */
    fixture_write(f, 0x58000080, 1u << 18);
    soc_fail_lse(f->soc);
    assert_int_equal(hz(f, CLOCK_RTC), 0);
    assert_int_equal(fixture_read(f, RCC + BDCR) & 0x861, LSECSSD | LSECSSON | 1);
    assert_int_equal(fixture_read(f, RCC + CIFR), LSECSSF);
    assert_true(f->irq[SOC_CM7][IRQ_TAMP_STAMP]);
    assert_false(f->irq[SOC_CM7][IRQ_RCC]);
    fixture_write(f, RCC + CICR, LSECSSF);
    assert_int_equal(fixture_read(f, RCC + CIFR), 0);
    fixture_write(f, RCC + BDCR, 2u << 8 | 1u << 15);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, RCC + BDCR) & (LSECSSON | 3u << 8), 2u << 8);
    assert_int_equal(hz(f, CLOCK_RTC), 32000);
    fixture_destroy(f);
}

static void test_the_lse_fails_unwatched(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_lse(f);
    soc_fail_lse(f->soc);
    assert_int_equal(hz(f, CLOCK_RTC), 0);
    assert_int_equal(fixture_read(f, RCC + BDCR) & LSECSSD, 0);
    fixture_write(f, RCC + BDCR, 2u << 8 | 1u << 15);
    assert_int_equal(fixture_read(f, RCC + BDCR) & 3u << 8, 1u << 8); /* chosen once */
    fixture_destroy(f);
}

/* 9.7.26: CSR is reset with the system, and the LSI runs on for whoever needs it. */
static void test_who_keeps_the_lsi(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + CSR, 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, RCC + CSR), 3);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, RCC + CSR), 0);
    fixture_write(f, 0x58004800, 0xcccc); /* IWDG1 starts */
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, RCC + CSR), 2);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, RCC + CSR), 0);
    fixture_write(f, PWR, 1u << 8);
    fixture_write(f, RCC + BDCR, 2u << 8 | 1u << 15);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, RCC + CSR), 2);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, RCC + CSR), 2);
    fixture_destroy(f);
}

/* 9.5.7: only what is named falls; table 60: what runs at the wake-up. */
static void test_oscillators_after_stop(void **state)
{
    (void)state;
    static const struct {
        uint32_t cfgr, cr, sws;
    } rows[] = {{0, 0x81, 0}, {1u << 7, 0x81, 0}, {1u << 6, 0x81, 1}, {3u << 6, 0x81, 1}};
    for (unsigned n = 0; n < 4; n++) {
        struct soc_fixture *f = fixture_create();
        run_at_480(f);
        fixture_write(f, RCC + CR, fixture_read(f, RCC + CR) | 1u << 12 | (n < 3 ? 1u << 7 : 0));
        fixture_write(f, RCC + CFGR, 3 | rows[n].cfgr);
        fixture_wait(f, SIM_MS);
        soc_core_sleep_changed(f->soc, SOC_CM7, true, true);
        soc_core_sleep_changed(f->soc, SOC_CM4, true, true);
        soc_core_sleep_changed(f->soc, SOC_CM7, false, true);
        fixture_wait(f, SIM_MS);
        assert_int_equal(fixture_read(f, RCC + CR) & 0x15011081, rows[n].cr);
        assert_int_equal(fixture_read(f, RCC + CFGR) & 0x3f, rows[n].sws | rows[n].sws << 3);
        fixture_destroy(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock_security),
        cmocka_unit_test(test_the_hse_fails_unwatched),
        cmocka_unit_test(test_fractional_pll),
        cmocka_unit_test(test_integer_mode_forgets_the_fraction),
        cmocka_unit_test(test_what_a_running_pll_fixes),
        cmocka_unit_test(test_dividing_the_hsi),
        cmocka_unit_test(test_trimming),
        cmocka_unit_test(test_pll_without_reference_never_locks),
        cmocka_unit_test(test_ready_interrupt),
        cmocka_unit_test(test_clock_security_with_the_csi),
        cmocka_unit_test(test_the_lse_is_fixed_while_it_runs),
        cmocka_unit_test(test_the_lse_fails_watched),
        cmocka_unit_test(test_the_lse_fails_unwatched),
        cmocka_unit_test(test_who_keeps_the_lsi),
        cmocka_unit_test(test_oscillators_after_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
