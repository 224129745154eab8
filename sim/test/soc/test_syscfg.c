/* SYSCFG: RM0399 chapter 13. */
#include "sim/soc/flash.h"
#include "sim/test/soc/soc_fixture.h"

#define SYSCFG 0x58000400u
#define RCC    0x58024400u
enum { PMCR = 4, CFGR = 0x18, CCCSR = 0x20, CCVR = 0x24, UR0 = 0x300, UR1 = 0x304, UR2 = 0x308 };
enum { EXTICR1 = 8, PWRCR = 0x2c, APB4ENR = 0xf4 };
enum { UR3 = 0x30c, UR4 = 0x310, UR11 = 0x32c, UR12 = 0x330, UR13 = 0x334, UR14 = 0x338 };
enum { EN = 1, CELL_READY = 1 << 8 };

/* 13.3.7: no ready cell without the CSI. */
static void test_the_compensation_cell_takes_the_csi(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, SYSCFG + CCCSR, EN);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, SYSCFG + CCCSR), EN | CELL_READY); /* it is on from reset */
    assert_int_not_equal(fixture_read(f, SYSCFG + CCVR), 0);
    fixture_write(f, RCC, fixture_read(f, RCC) & ~(1u << 7));
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, SYSCFG + CCCSR), EN);
    assert_int_equal(fixture_read(f, SYSCFG + CCVR), 0);
    fixture_destroy(f);
}

/* 13.3.6: each bit is set once; 13.3.1: all four double pads of the board's package are open. */
static void test_locks_and_switches(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_int_equal(fixture_read(f, SYSCFG + PMCR), 0x0f000000);
    fixture_write(f, SYSCFG + CFGR, 0xffff);
    fixture_write(f, SYSCFG + CFGR, 0);
    assert_int_equal(fixture_read(f, SYSCFG + CFGR), 0xfecd);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    fixture_open_gates(f);
    assert_int_equal(fixture_read(f, SYSCFG + CFGR), 0);
    fixture_destroy(f);
}

/* 13.3.14: a core that the option bytes hold may be let go here, too. */
static void test_booting_a_core(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_null(flash_set_option(f->soc, "BCM4", 0));
    soc_reset(f->soc, true);
    fixture_open_gates(f);
    assert_true(soc_core_held(f->soc, SOC_CM4));
    assert_int_equal(fixture_read(f, SYSCFG + UR1), 1 << 16);
    f->held[SOC_CM4] = true;
    fixture_write(f, SYSCFG + UR1, 1 << 16 | 1);
    assert_false(f->held[SOC_CM4]);
    assert_false(soc_core_held(f->soc, SOC_CM4));
    fixture_destroy(f);
}

/* 13.3.13 and on: what the option bytes say, as shipped and changed. */
static void test_option_bytes_as_loaded(void **state)
{
    (void)state;
    static const struct {
        const char *option;
        uint32_t value;
        uint16_t offset;
        uint32_t mask, shipped, changed;
    } rows[] = {
        {"SWAP_BANK", 1, UR0, 1, 1, 0},
        {"RDP", 0x55, UR0, 0xff0000, 0xaa0000, 0x550000},
        {"BOOT_CM7_ADD0", 0x2400, UR2, 0xffff0000, 0x08000000, 0x24000000},
        {"BOOT_CM7_ADD1", 0x2000, UR3, 0xffff, 0x1ff0, 0x2000},
        {"BOOT_CM4_ADD0", 0x1000, UR3, 0xffff0000, 0x08100000, 0x10000000},
        {"BOOT_CM4_ADD1", 0x3800, UR4, 0xffff, 0x1000, 0x3800},
        {"IWDG1_SW", 0, UR11, 1 << 16, 1 << 16, 0},
        {"IWDG2_SW", 0, UR12, 1, 1, 0},
        {"NRST_STBY_D1", 0, UR13, 1 << 16, 1 << 16, 0},
        {"NRST_STOP_D1", 0, UR14, 1, 1, 0},
    };
    for (unsigned n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        struct soc_fixture *f = fixture_create();
        uint32_t address = SYSCFG + rows[n].offset;
        assert_int_equal(fixture_read(f, address) & rows[n].mask, rows[n].shipped);
        assert_null(flash_set_option(f->soc, rows[n].option, rows[n].value));
        soc_reset(f->soc, true);
        fixture_open_gates(f);
        assert_int_equal(fixture_read(f, address) & rows[n].mask, rows[n].changed);
        fixture_destroy(f);
    }
}

/* 13.2: registers want SYSCFGEN, but vendors' code uses some of them without it, in programs that are
 * known to run. */
static void test_habits_without_a_clock(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + APB4ENR, 0);
    fixture_write(f, SYSCFG + PWRCR, fixture_read(f, SYSCFG + PWRCR) & ~1u);
    for (uint32_t n = 0; n < 4; n++)
        assert_int_equal(fixture_read(f, SYSCFG + EXTICR1 + 4 * n), 0);
    fixture_write(f, SYSCFG + UR3, (fixture_read(f, SYSCFG + UR3) & 0xffff) | 0x10000000);
    assert_string_equal(f->complaint, "");
    assert_int_equal(soc_boot_address(f->soc, SOC_CM4), 0x10000000);
    fixture_write(f, SYSCFG + PWRCR, 1);
    assert_non_null(strstr(f->complaint, "SYSCFG is used while its clock is off"));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_compensation_cell_takes_the_csi),
        cmocka_unit_test(test_locks_and_switches),
        cmocka_unit_test(test_booting_a_core),
        cmocka_unit_test(test_option_bytes_as_loaded),
        cmocka_unit_test(test_habits_without_a_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
