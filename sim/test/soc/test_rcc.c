/* RCC: RM0399 chapter 9. */
#include "sim/test/soc/soc_fixture.h"

#define RCC 0x58024400u
#define PWR 0x58024800u
enum { CR = 0, CFGR = 0x10, D1CFGR = 0x18, D2CFGR = 0x1c, PLLCKSELR = 0x28, PLLCFGR = 0x2c };
enum { PLL1DIVR = 0x30, PLL1FRACR = 0x34, PLL3DIVR = 0x40, D2CCIP2R = 0x54, CIER = 0x60 };
enum { CIFR = 0x64, CICR = 0x68, BDCR = 0x70, APB4RSTR = 0x9c, AHB4RSTR = 0x88, GCR = 0xa0 };
enum { IRQ_RCC = 5 };

static uint64_t hz(struct soc_fixture *f, enum soc_clock clock)
{
    return soc_clock_hz(f->soc, clock);
}

/* PLL1 at 960 MHz / 2 from the 25 MHz crystal: 480 MHz and 240 MHz as the board can do. */
static void run_at_480(struct soc_fixture *f)
{
    fixture_write(f, RCC + CR, 1u << 16 | 1);
    fixture_wait(f, 2 * SIM_MS);
    fixture_write(f, RCC + PLLCKSELR, 5u << 4 | 2);
    fixture_write(f, RCC + PLL1DIVR, (192 - 1) | 1u << 9 | 3u << 16 | 1u << 24);
    fixture_write(f, RCC + CR, 1u << 24 | 1u << 16 | 1);
    fixture_wait(f, SIM_MS);
    fixture_write(f, RCC + D1CFGR, 8 | 4u << 4);
    fixture_write(f, RCC + D2CFGR, 4u << 4 | 4u << 8);
    fixture_write(f, RCC + 0x20, 4u << 4);
    fixture_write(f, RCC + CFGR, 3);
    fixture_wait(f, SIM_MS);
}

static void test_clock_tree_at_480_mhz(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_int_equal(hz(f, CLOCK_CM7), 64000000);
    run_at_480(f);
    assert_int_equal(fixture_read(f, RCC + CFGR) >> 3 & 7, 3);
    assert_int_equal(hz(f, CLOCK_CM7), 480000000);
    assert_int_equal(hz(f, CLOCK_CM4), 240000000);
    assert_int_equal(hz(f, CLOCK_HCLK), 240000000);
    for (enum soc_clock apb = CLOCK_APB1; apb <= CLOCK_APB4; apb++)
        assert_int_equal(hz(f, apb), 120000000);
    assert_int_equal(hz(f, CLOCK_TIM_APB1), 240000000);
    assert_int_equal(hz(f, CLOCK_USART16), 120000000);
    fixture_write(f, RCC + D2CCIP2R, 3u << 3); /* USART1 from the HSI */
    assert_int_equal(hz(f, CLOCK_USART16), 64000000);
    assert_int_equal(hz(f, CLOCK_RNG), 0); /* HSI48 is off */
    fixture_destroy(f);
}

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

/* 9.7.13: N = 129, FRACN = 4096 is 129.5. */
static void test_fractional_pll(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + PLLCKSELR, 32u << 4 | 32u << 12 | 8u << 20 | 0); /* HSI / 8 = 8 MHz */
    fixture_write(f, RCC + PLL3DIVR, (129 - 1) | 0u << 9 | 0u << 16 | 15u << 24);
    fixture_write(f, RCC + 0x44, 4096u << 3);
    fixture_write(f, RCC + PLLCFGR, 0x01ff0000 | 1u << 8);
    fixture_write(f, RCC + CR, 1u << 28 | 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(hz(f, CLOCK_LTDC), 8000000ull * 1295 / 10 / 16);
    fixture_write(f, RCC + PLLCFGR, 0x01ff0000);
    assert_int_equal(hz(f, CLOCK_LTDC), 8000000ull * 129 / 16);
    fixture_write(f, RCC + PLLCFGR, 0x00ff0000); /* output R is off */
    assert_int_equal(hz(f, CLOCK_LTDC), 0);
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

static void test_reset_bit_resets_the_block(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, 0x58022000, 0);
    fixture_write(f, RCC + AHB4RSTR, 1u << 8);
    assert_int_equal(fixture_read(f, 0x58022000), 0xffffffff);
    fixture_write(f, RCC + AHB4RSTR, 0);
    fixture_destroy(f);
}

static void test_closed_gate_reads_zero_and_is_reported(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + 0xe0, 0);
    assert_int_equal(fixture_read(f, 0x58022000), 0);
    assert_non_null(strstr(f->complaint, "GPIOI is used while its clock is off"));
    fixture_write(f, 0x58022000, 5);
    uint32_t value; /* the M4's own enable is as good */
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM4, RCC + 0xe0, 4, 1u << 8), BUS_OK);
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM4, RCC + 0x1a0, 4, &value), BUS_OK);
    assert_int_equal(value, 1u << 8);
    assert_int_equal(fixture_read(f, 0x58022000), 0xffffffff);
    fixture_destroy(f);
}

/* What only a core in CStop has enabled has no clock (9.5.11), but for what D3AMR keeps. */
static void test_gate_closes_with_the_core_that_opened_it(void **state)
{
    (void)state;
    enum { HSEM_C1IER = 0x58026500, BDMA_CMAR1 = 0x58025414 };
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + 0xe0, 1u << 25 | 1u << 21);
    fixture_write(f, HSEM_C1IER, 1);
    fixture_write(f, BDMA_CMAR1, 4);
    uint32_t value;
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM4, HSEM_C1IER, 4, &value), BUS_OK);
    assert_int_equal(value, 1);
    soc_core_sleep_changed(f->soc, SOC_CM7, true, true);
    assert_int_equal(f->complaint[0], 0);
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM4, HSEM_C1IER, 4, &value), BUS_OK);
    assert_int_equal(value, 0);
    assert_non_null(strstr(f->complaint, "HSEM is used while its clock is off"));
    f->complaint[0] = 0;
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM4, RCC + 0xa8, 4, 1), BUS_OK); /* D3AMR */
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM4, BDMA_CMAR1, 4, &value), BUS_OK);
    assert_int_equal(value, 4);
    assert_int_equal(f->complaint[0], 0);
    fixture_destroy(f);
}

static void test_backup_domain_is_protected(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + BDCR, 1u << 8);
    assert_int_equal(fixture_read(f, RCC + BDCR), 0);
    fixture_write(f, PWR, 1u << 8);
    fixture_write(f, RCC + BDCR, 1u << 8);
    fixture_write(f, RCC + BDCR, 2u << 8); /* chosen once */
    assert_int_equal(fixture_read(f, RCC + BDCR), 1u << 8);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, RCC + BDCR), 1u << 8);
    fixture_write(f, PWR, 1u << 8);
    fixture_write(f, RCC + BDCR, 1u << 16);
    fixture_write(f, RCC + BDCR, 0);
    assert_int_equal(fixture_read(f, RCC + BDCR), 0);
    fixture_destroy(f);
}

static void test_system_reset_returns_to_the_hsi(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    run_at_480(f);
    soc_system_reset(f->soc, RSR_IWDG1RSTF);
    assert_int_equal(hz(f, CLOCK_CM7), 64000000);
    assert_int_equal(f->resets[SOC_CM7], 1);
    assert_int_equal(f->resets[SOC_CM4], 1);
    assert_true(fixture_read(f, RCC + 0xd0) & RSR_IWDG1RSTF);
    fixture_wait(f, 10 * SIM_MS);
    assert_int_equal(fixture_read(f, RCC + CR) & 0x03020000, 0);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock_tree_at_480_mhz),
        cmocka_unit_test(test_clock_security),
        cmocka_unit_test(test_the_hse_fails_unwatched),
        cmocka_unit_test(test_fractional_pll),
        cmocka_unit_test(test_pll_without_reference_never_locks),
        cmocka_unit_test(test_ready_interrupt),
        cmocka_unit_test(test_reset_bit_resets_the_block),
        cmocka_unit_test(test_closed_gate_reads_zero_and_is_reported),
        cmocka_unit_test(test_gate_closes_with_the_core_that_opened_it),
        cmocka_unit_test(test_backup_domain_is_protected),
        cmocka_unit_test(test_system_reset_returns_to_the_hsi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
