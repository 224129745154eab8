/* RCC: the clock tree, resets, and who is clocked. RM0399 chapter 9. */
#include "sim/test/soc/rcc_fixture.h"

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

/* Table 57 */
static void test_reset_flags(void **state)
{
    (void)state;
    static const uint32_t causes[] = {RSR_SFT1RSTF, RSR_SFT2RSTF, RSR_IWDG1RSTF, RSR_IWDG2RSTF,
                                      RSR_WWDG1RSTF};
    struct soc_fixture *f = fixture_create();
    assert_int_equal(fixture_read(f, RCC + 0xd0), 0x00fe0000);
    for (unsigned n = 0; n < 5; n++) {
        fixture_write(f, RCC + 0x130, 1u << 16);
        assert_int_equal(fixture_read(f, RCC + 0x130), 0);
        assert_true(fixture_read(f, RCC + 0x190) & RSR_PORRSTF); /* the M4 has its own */
        soc_system_reset(f->soc, causes[n]);
        assert_int_equal(fixture_read(f, RCC + 0xd0),
                         causes[n] | RSR_PINRSTF | RSR_C1RSTF | RSR_C2RSTF);
    }
    fixture_write(f, RCC + GCR, 0xf);
    fixture_write(f, RCC + GCR, 0); /* 9.7.36: set only */
    assert_int_equal(fixture_read(f, RCC + GCR), 0xf);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, RCC + GCR), 0);
    fixture_destroy(f);
}

/* What is no bit of a core's copy (9.7.39, 9.7.41), and what can only be set (9.7.43, 9.7.44). */
static void test_enables(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    for (uint32_t bank = 0x130; bank <= 0x190; bank += 0x60)
        for (uint32_t offset = 4; offset <= 0x24; offset += 4)
            fixture_write(f, RCC + bank + offset, 0xffffffff);
    assert_int_equal(fixture_read(f, RCC + 0x134), 0x00015031);
    assert_int_equal(fixture_read(f, RCC + 0x194), 0xf0015131);
    assert_int_equal(fixture_read(f, RCC + 0x13c), 0xe0000271);
    assert_int_equal(fixture_read(f, RCC + 0x19c), 0x00000271);
    assert_int_equal(fixture_read(f, RCC + 0x138), 0x1e03c023);
    fixture_write(f, RCC + 0x144, 0);
    fixture_write(f, RCC + 0x148, 0);
    assert_int_equal(fixture_read(f, RCC + 0x144), 1 << 6);
    assert_int_equal(fixture_read(f, RCC + 0x148), 1 << 11);
    fixture_write(f, RCC + 0xa8, 0xffffffff); /* D3AMR */
    assert_int_equal(fixture_read(f, RCC + 0xa8), 0x3129dea9);
    fixture_destroy(f);
}

/* 9.5.11, table 64: in CSleep the clocks go on whose low-power enable is set. */
static void test_clocks_in_csleep(void **state)
{
    (void)state;
    enum { TIM3 = 0x40000400, TIM4 = 0x40000800, CNT = 0x24, APB1LLPENR = 0x110 };
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3, 1);
    fixture_write(f, TIM4, 1);
    uint32_t enables = fixture_read(f, RCC + APB1LLPENR);
    fixture_write(f, RCC + APB1LLPENR, enables & ~2u);
    fixture_wait(f, SIM_US);
    soc_core_sleep_changed(f->soc, SOC_CM7, true, false);
    fixture_wait(f, SIM_US);
    uint32_t value = 1;
    assert_int_equal(bus_read(&f->sim.bus, MASTER_DMA1, TIM3 + CNT, 4, &value), BUS_OK);
    assert_int_equal(value, 0);
    assert_non_null(strstr(f->complaint, "TIM3 is used while its clock is off"));
    soc_core_sleep_changed(f->soc, SOC_CM7, false, false);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 64);
    assert_int_equal(fixture_read(f, TIM4 + CNT), 128);
    /* The other core asks for the same clock, and does not sleep. */
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM4, RCC + 0xe8, 4, 2), BUS_OK);
    soc_core_sleep_changed(f->soc, SOC_CM7, true, false);
    fixture_wait(f, SIM_US);
    soc_core_sleep_changed(f->soc, SOC_CM7, false, false);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 128);
    fixture_destroy(f);
}

/* AHB4LPENR has no bit for the semaphores: whom the sleeping M7 waits for may ring. */
static void test_semaphores_in_csleep(void **state)
{
    (void)state;
    enum { HSEM_R0 = 0x58026400, TAKEN_BY_CM4 = (int)0x80000100 };
    struct soc_fixture *f = fixture_create();
    soc_core_sleep_changed(f->soc, SOC_CM7, true, false);
    uint32_t value = 0;
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM4, HSEM_R0, 4, (uint32_t)TAKEN_BY_CM4),
                     BUS_OK);
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM4, HSEM_R0, 4, &value), BUS_OK);
    assert_int_equal(value, (uint32_t)TAKEN_BY_CM4);
    fixture_destroy(f);
}

enum { GPIOA = 0x58020000, GPIOC = 0x58020800, IDR = 0x10 };

static void show(struct soc_fixture *f, uint32_t gpio, unsigned pin)
{
    uint32_t moder = fixture_read(f, gpio);
    fixture_write(f, gpio, (moder & ~(3u << 2 * pin)) | 2u << 2 * pin);
}

static void count_edges(void *ctx, unsigned index, bool level)
{
    (void)index;
    *(unsigned *)ctx += level;
}

/* 9.5.4: HSE / 25 would be more than the field holds, so HSE / 15; and a listener at the pin. */
static void test_clock_outputs(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    unsigned edges = 0;
    wire_connect(&f->soc->pin_level[0][8], count_edges, &edges, 0);
    run_at_480(f);
    fixture_write(f, RCC + CFGR, 3 | 2u << 22 | 15u << 18); /* MCO1: HSE / 15 */
    fixture_wait(f, SIM_MS);
    assert_int_equal(edges, 0); /* not at the pin */
    show(f, GPIOA, 8);
    fixture_wait(f, 3 * SIM_MS);
    assert_in_range(edges, 4999, 5001);
    fixture_write(f, RCC + CFGR, 3);
    fixture_wait(f, SIM_MS);
    assert_in_range(edges, 4999, 5001);
    assert_false(fixture_read(f, GPIOA + IDR) >> 8 & 1);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* Every clock that can be had, its frequency counted by reading the port at odd moments. */
static void test_what_goes_out(void **state)
{
    (void)state;
    static const struct {
        uint8_t output, select;
        uint32_t hz;
    } rows[] = {{1, 0, 64000000},  {1, 2, 25000000}, {1, 3, 240000000}, {1, 4, 48000000},
                {2, 0, 480000000}, {2, 2, 25000000}, {2, 3, 480000000}, {2, 4, 4000000}};
    for (unsigned n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        struct soc_fixture *f = fixture_create();
        run_at_480(f);
        fixture_write(f, RCC + CR, fixture_read(f, RCC + CR) | 1u << 12 | 1u << 7);
        fixture_wait(f, SIM_MS);
        bool first = rows[n].output == 1;
        uint32_t gpio = first ? GPIOA : GPIOC, pin = first ? 8 : 9, divider = 10, rises = 0;
        fixture_write(f, RCC + CFGR,
                      3 | (first ? divider << 18 | (uint32_t)rows[n].select << 22
                                 : divider << 25 | (uint32_t)rows[n].select << 29));
        show(f, gpio, pin);
        bool before = fixture_read(f, gpio + IDR) >> pin & 1;
        for (unsigned sample = 0; sample < 20000; sample++) {
            fixture_wait(f, 1003); /* picoseconds */
            bool level = fixture_read(f, gpio + IDR) >> pin & 1;
            rises += level && !before;
            before = level;
        }
        uint32_t expected = (uint32_t)(rows[n].hz / divider * 1003ull / 50000000);
        assert_in_range(rises, expected - 1, expected + 1);
        fixture_destroy(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock_tree_at_480_mhz),
        cmocka_unit_test(test_reset_bit_resets_the_block),
        cmocka_unit_test(test_closed_gate_reads_zero_and_is_reported),
        cmocka_unit_test(test_gate_closes_with_the_core_that_opened_it),
        cmocka_unit_test(test_backup_domain_is_protected),
        cmocka_unit_test(test_system_reset_returns_to_the_hsi),
        cmocka_unit_test(test_reset_flags),
        cmocka_unit_test(test_enables),
        cmocka_unit_test(test_clocks_in_csleep),
        cmocka_unit_test(test_semaphores_in_csleep),
        cmocka_unit_test(test_clock_outputs),
        cmocka_unit_test(test_what_goes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
