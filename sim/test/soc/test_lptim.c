/* LPTIM: RM0399 chapter 45. */
#include "sim/soc/dmamux.h"
#include "sim/test/soc/soc_fixture.h"

#define LPTIM2  0x58002400u
#define LPTIM1  0x40002400u
#define DMAMUX1 0x40020800u
#define DMA1    0x40020000u

enum { ISR = 0, ICR = 4, IER = 8, CFGR = 0xc, CR = 0x10, CMP = 0x14, ARR = 0x18, CNT = 0x1c };
enum { CMPM = 1, ARRM = 2, CMPOK = 8, ARROK = 16, ENABLE = 1, SNG = 2, CNTSTRT = 4 };

static void ticks(struct soc_fixture *f, uint64_t count)
{
    fixture_wait(f, sim_cycles_to_time(count, soc_clock_hz(f->soc, CLOCK_LPTIM2)));
}

static void start(struct soc_fixture *f, uint32_t base, uint32_t arr, uint32_t cmp, uint32_t how)
{
    fixture_write(f, base + CR, ENABLE);
    fixture_write(f, base + ARR, arr);
    fixture_write(f, base + CMP, cmp);
    assert_int_equal(fixture_read(f, base + ISR), ARROK | CMPOK);
    fixture_write(f, base + ICR, ARROK | CMPOK);
    fixture_write(f, base + CR, ENABLE | how);
}

static void test_counts_continuously_with_its_interrupts(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, LPTIM2 + CFGR, 2 << 9); /* by 4 */
    fixture_write(f, LPTIM2 + IER, CMPM | ARRM);
    start(f, LPTIM2, 99, 40, CNTSTRT);
    ticks(f, 4 * 39);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 39);
    assert_false(f->irq[SOC_CM7][138]);
    ticks(f, 4);
    assert_true(f->irq[SOC_CM7][138]);
    assert_int_equal(fixture_read(f, LPTIM2 + ISR), CMPM);
    fixture_write(f, LPTIM2 + ICR, CMPM);
    assert_false(f->irq[SOC_CM7][138]);
    ticks(f, 4 * 59);
    assert_int_equal(fixture_read(f, LPTIM2 + ISR), ARRM);
    ticks(f, 4 * 11);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 10);
    fixture_destroy(f);
}

static void test_single_shot_stops_and_disabled_registers_are_locked(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, LPTIM2 + ARR, 50);
    assert_int_equal(fixture_read(f, LPTIM2 + ARR), 1);
    start(f, LPTIM2, 50, 10, SNG);
    ticks(f, 30);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 30);
    ticks(f, 300);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 0);
    assert_int_equal(fixture_read(f, LPTIM2 + ISR), CMPM | ARRM);
    fixture_write(f, LPTIM2 + IER, 3); /* only while disabled */
    assert_int_equal(fixture_read(f, LPTIM2 + IER), 0);
    fixture_destroy(f);
}

static void test_output_triggers_the_request_generator(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, DMA1 + 0x14, 100);
    fixture_write(f, DMA1 + 0x18, 0x30000000);
    fixture_write(f, DMA1 + 0x1c, 0x30000100);
    fixture_write(f, DMA1 + 0x10, 1);
    fixture_write(f, DMAMUX1, 1);
    fixture_write(f, DMAMUX1 + 0x100, 1 << 16 | 1 << 17 | DMAMUX1_LPTIM1_OUT);
    start(f, LPTIM1, 999, 500, CNTSTRT);
    ticks(f, 4700);
    assert_int_equal(fixture_read(f, DMA1 + 0x14), 95);
    fixture_destroy(f);
}

/* From endless to once and back while it runs (45.4.8). */
static void test_modes_change_while_counting(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start(f, LPTIM2, 99, 50, CNTSTRT);
    ticks(f, 250);
    fixture_write(f, LPTIM2 + CR, ENABLE | SNG);
    ticks(f, 40);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 90);
    ticks(f, 40);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 0);
    fixture_destroy(f);
}

static void test_counter_is_reset_by_reading(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start(f, LPTIM2, 0xffff, 50, CNTSTRT);
    fixture_write(f, LPTIM2 + CR, ENABLE | CNTSTRT | 1 << 4);
    assert_int_equal(fixture_read(f, LPTIM2 + CR) & 1 << 4, 0);
    ticks(f, 100);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 100);
    ticks(f, 30);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 30);
    fixture_destroy(f);
}

static void test_a_counter_that_waits_for_a_trigger_stands_still(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, LPTIM2 + CFGR, 1 << 17);
    start(f, LPTIM2, 0xffff, 50, CNTSTRT);
    ticks(f, 100);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 0);
    assert_non_null(strstr(f->complaint, "none ever comes"));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_continuously_with_its_interrupts),
        cmocka_unit_test(test_single_shot_stops_and_disabled_registers_are_locked),
        cmocka_unit_test(test_output_triggers_the_request_generator),
        cmocka_unit_test(test_modes_change_while_counting),
        cmocka_unit_test(test_counter_is_reset_by_reading),
        cmocka_unit_test(test_a_counter_that_waits_for_a_trigger_stands_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
