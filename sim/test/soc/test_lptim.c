/* LPTIM: RM0399 chapter 45. */
#include "sim/soc/dmamux.h"
#include "sim/soc/lptim.h"
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
    fixture_destroy(f);
}

#define GPIO(n) (0x58020000u + 0x400u * (n))
enum { PORT_A, PORT_B, PORT_D = 3, PORT_E, PORT_G = 6 };
enum { EXTTRIG = 4, UP = 32, DOWN = 64, CKSEL = 1, BOTH = 2 << 1, TIMOUT = 1 << 19 };
enum { RISING = 1 << 17, WAVE = 1 << 20, COUNTMODE = 1 << 23, ENC = 1 << 24 };

static void select_function(struct soc_fixture *f, unsigned port, unsigned pin, uint32_t function)
{
    uint32_t afr = GPIO(port) + 0x20 + pin / 8 * 4, moder = GPIO(port);
    fixture_write(f, afr, (fixture_read(f, afr) & ~(15u << pin % 8 * 4)) | function << pin % 8 * 4);
    fixture_write(f, moder, (fixture_read(f, moder) & ~(3u << 2 * pin)) | 2u << 2 * pin);
}

static void pulse(struct soc_fixture *f, unsigned port, unsigned pin)
{
    soc_drive_pin(f->soc, port, pin, true);
    soc_drive_pin(f->soc, port, pin, false);
}

/* 45.4.7, 45.4.8: every trigger starts one shot; one that comes while it runs is none. */
static void test_external_trigger(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    select_function(f, PORT_E, 0, 3);
    soc_drive_pin(f->soc, PORT_E, 0, false);
    fixture_write(f, LPTIM2 + CFGR, RISING);
    start(f, LPTIM2, 99, 40, SNG);
    ticks(f, 50);
    assert_int_equal(fixture_read(f, LPTIM2 + CNT), 0);
    for (unsigned n = 0; n < 2; n++) {
        pulse(f, PORT_E, 0);
        assert_int_equal(fixture_read(f, LPTIM2 + ISR), EXTTRIG);
        fixture_write(f, LPTIM2 + ICR, EXTTRIG);
        ticks(f, 50);
        pulse(f, PORT_E, 0);
        assert_int_equal(fixture_read(f, LPTIM2 + ISR), CMPM);
        assert_in_range(fixture_read(f, LPTIM2 + CNT), 49, 51);
        ticks(f, 60);
        assert_int_equal(fixture_read(f, LPTIM2 + CNT), 0);
        assert_int_equal(fixture_read(f, LPTIM2 + ISR), CMPM | ARRM);
        fixture_write(f, LPTIM2 + ICR, CMPM | ARRM);
    }
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* WAVE: once only. */
static void test_set_once_by_a_trigger(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    select_function(f, PORT_E, 0, 3);
    fixture_write(f, LPTIM2 + CFGR, RISING | WAVE);
    start(f, LPTIM2, 99, 40, SNG);
    pulse(f, PORT_E, 0);
    ticks(f, 200);
    fixture_write(f, LPTIM2 + ICR, 0x7f);
    pulse(f, PORT_E, 0);
    ticks(f, 200);
    assert_int_equal(fixture_read(f, LPTIM2 + ISR), 0);
    fixture_destroy(f);
}

/* 45.4.9: each trigger begins the time anew; the compare match tells that none came. */
static void test_timeout(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    select_function(f, PORT_G, 14, 1);
    fixture_write(f, LPTIM1 + CFGR, RISING | TIMOUT);
    start(f, LPTIM1, 999, 100, CNTSTRT);
    for (unsigned n = 0; n < 5; n++) {
        pulse(f, PORT_G, 14);
        ticks(f, 90);
        assert_int_equal(fixture_read(f, LPTIM1 + ISR) & CMPM, 0);
    }
    ticks(f, 20);
    assert_int_equal(fixture_read(f, LPTIM1 + ISR) & CMPM, CMPM);
    fixture_destroy(f);
}

/* RTC's alarm A and tamper 1 by TRIGSEL 1 and 3, LPTIM2's output for LPTIM3. */
static void test_other_triggers(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t LPTIM3 = 0x58002800;
    for (uint32_t source = 1; source < 8; source++) {
        fixture_write(f, LPTIM1 + CR, 0);
        fixture_write(f, LPTIM1 + CFGR, RISING | source << 13);
        start(f, LPTIM1, 99, 40, SNG);
        for (unsigned signal = 0; signal < 7; signal++) {
            lptim_signal(f->soc, signal, true);
            lptim_signal(f->soc, signal, false);
            assert_int_equal(fixture_read(f, LPTIM1 + ISR) & EXTTRIG,
                             signal + 1 == source ? EXTTRIG : 0);
            fixture_write(f, LPTIM1 + ICR, 0x7f);
        }
    }
    fixture_write(f, LPTIM3 + CFGR, RISING);
    start(f, LPTIM3, 99, 40, SNG);
    start(f, LPTIM2, 99, 40, CNTSTRT);
    ticks(f, 39);
    assert_int_equal(fixture_read(f, LPTIM3 + ISR) & EXTTRIG, 0);
    ticks(f, 2);
    assert_int_equal(fixture_read(f, LPTIM3 + ISR) & EXTTRIG, EXTTRIG);
    fixture_destroy(f);
}

/* 45.4.12: sampled, each rising edge; as the clock, but for the first five. */
static void test_counts_edges(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    select_function(f, PORT_D, 12, 1);
    soc_drive_pin(f->soc, PORT_D, 12, false);
    fixture_write(f, LPTIM1 + CFGR, COUNTMODE);
    fixture_write(f, LPTIM1 + IER, ARRM);
    start(f, LPTIM1, 10, 4, CNTSTRT);
    for (unsigned n = 1; n < 10; n++) {
        pulse(f, PORT_D, 12);
        ticks(f, 20);
        assert_int_equal(fixture_read(f, LPTIM1 + CNT), n);
        assert_int_equal(fixture_read(f, LPTIM1 + ISR), n < 4 ? 0 : CMPM);
    }
    assert_false(f->irq[SOC_CM7][93]);
    pulse(f, PORT_D, 12);
    assert_true(f->irq[SOC_CM7][93]);
    pulse(f, PORT_D, 12);
    assert_int_equal(fixture_read(f, LPTIM1 + CNT), 0);
    fixture_write(f, LPTIM1 + CR, 0);
    fixture_write(f, LPTIM1 + ICR, 0x7f);
    fixture_write(f, LPTIM1 + CFGR, CKSEL);
    start(f, LPTIM1, 10, 4, CNTSTRT);
    for (unsigned n = 0; n < 8; n++)
        pulse(f, PORT_D, 12);
    assert_int_equal(fixture_read(f, LPTIM1 + CNT), 3);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* 45.4.15: both edges; the flags tell of turns. */
static void test_encoder(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    select_function(f, PORT_D, 12, 1);
    select_function(f, PORT_E, 1, 1);
    soc_drive_pin(f->soc, PORT_D, 12, false);
    soc_drive_pin(f->soc, PORT_E, 1, false);
    fixture_write(f, LPTIM1 + CFGR, ENC | BOTH);
    start(f, LPTIM1, 99, 50, CNTSTRT);
    for (unsigned n = 0; n < 6; n++) {
        soc_drive_pin(f->soc, n % 2 ? PORT_E : PORT_D, n % 2 ? 1 : 12, n % 4 < 2);
        assert_int_equal(fixture_read(f, LPTIM1 + CNT), n + 1);
    }
    assert_int_equal(fixture_read(f, LPTIM1 + ISR), 0);
    for (unsigned n = 6; n > 0; n--)
        soc_drive_pin(f->soc, (n - 1) % 2 ? PORT_E : PORT_D, (n - 1) % 2 ? 1 : 12,
                      (n - 1) % 4 >= 2);
    assert_int_equal(fixture_read(f, LPTIM1 + CNT), 0);
    assert_int_equal(fixture_read(f, LPTIM1 + ISR), DOWN);
    soc_drive_pin(f->soc, PORT_E, 1, true);
    assert_int_equal(fixture_read(f, LPTIM1 + CNT), 99);
    assert_int_equal(fixture_read(f, LPTIM1 + ISR) & ARRM, ARRM);
    soc_drive_pin(f->soc, PORT_E, 1, false);
    assert_int_equal(fixture_read(f, LPTIM1 + ISR) & UP, UP);
    fixture_destroy(f);
}

static void test_output_at_a_pin(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t LPTIM5 = 0x58003000;
    select_function(f, PORT_A, 3, 3);
    start(f, LPTIM5, 99, 40, CNTSTRT);
    assert_true(f->soc->pin_sunk[PORT_A][3].level);
    for (unsigned n = 0; n < 3; n++) {
        ticks(f, 42);
        assert_true(f->soc->pin_out[PORT_A][3].level);
        ticks(f, 58);
        assert_true(f->soc->pin_sunk[PORT_A][3].level);
    }
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
        cmocka_unit_test(test_external_trigger),
        cmocka_unit_test(test_set_once_by_a_trigger),
        cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_other_triggers),
        cmocka_unit_test(test_counts_edges),
        cmocka_unit_test(test_encoder),
        cmocka_unit_test(test_output_at_a_pin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
