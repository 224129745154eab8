/* EXTI and SYSCFG: RM0399 chapters 21 and 13; PWR's part in waking, chapter 7. */
#include "sim/test/soc/soc_fixture.h"

#define EXTI   0x58000000u
#define SYSCFG 0x58000400u
#define GPIOC  0x58020800u
#define HSEM   0x58026400u
#define PWR    0x58024800u
#define WWDG2  0x40002c00u
enum { RTSR1 = 0, FTSR1 = 4, SWIER1 = 8, C1IMR1 = 0x80, C1PR1 = 0x88, C1IMR3 = 0xa0 };
enum { C1EMR3 = 0xa4, C2IMR1 = 0xc0, C2EMR1 = 0xc4, C2PR1 = 0xc8, C2IMR3 = 0xe0, C2EMR3 = 0xe4 };
enum { C1IMR2 = 0x90, C1EMR1 = 0x84, C2IMR2 = 0xd0 };
enum { IRQ_EXTI15_10 = 40, IRQ_CPU1_SEV = 64, IRQ_HSEM2 = 126, IRQ_WWDG_RST = 143, IRQ_WKUP = 149 };

static void test_pin_edge_reaches_the_core_that_opened_it(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, GPIOC, 0);
    fixture_write(f, SYSCFG + 0x14, 2u << 4); /* line 13 is PC13 */
    fixture_write(f, EXTI + RTSR1, 1u << 13);
    fixture_write(f, EXTI + C1IMR1, 1u << 13);
    soc_drive_pin(f->soc, 2, 13, true);
    assert_true(f->irq[SOC_CM7][IRQ_EXTI15_10]);
    assert_false(f->irq[SOC_CM4][IRQ_EXTI15_10]);
    fixture_write(f, EXTI + C1PR1, 1u << 13);
    assert_false(f->irq[SOC_CM7][IRQ_EXTI15_10]);
    soc_drive_pin(f->soc, 2, 13, false); /* no falling edge asked for */
    assert_false(f->irq[SOC_CM7][IRQ_EXTI15_10]);
    soc_drive_pin(f->soc, 1, 13, true); /* another port's pin 13 */
    assert_int_equal(fixture_read(f, EXTI + C1PR1), 0);
    fixture_destroy(f);
}

static void test_software_trigger(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, EXTI + C2IMR1, 1u << 10);
    fixture_write(f, EXTI + SWIER1, 1u << 10);
    assert_true(f->irq[SOC_CM4][IRQ_EXTI15_10]);
    assert_int_equal(fixture_read(f, EXTI + SWIER1), 0); /* 21.6.3: always */
    fixture_write(f, EXTI + C2PR1, 1u << 10);
    assert_false(f->irq[SOC_CM4][IRQ_EXTI15_10]);
    fixture_write(f, EXTI + SWIER1, 1u << 10);
    assert_true(f->irq[SOC_CM4][IRQ_EXTI15_10]);
    fixture_destroy(f);
}

static void test_event_mask_raises_the_event_without_interrupt(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, EXTI + C2EMR1, 1u << 10);
    fixture_write(f, EXTI + SWIER1, 1u << 10);
    assert_int_equal(f->events[SOC_CM4], 1);
    assert_int_equal(f->events[SOC_CM7], 0);
    assert_false(f->irq[SOC_CM4][IRQ_EXTI15_10]);
    fixture_destroy(f);
}

/* Table 153: what comes while the interrupt is closed is not pending when it is opened. */
static void test_only_open_lines_are_pending(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, EXTI + C1EMR1, 1u << 10);
    fixture_write(f, EXTI + C2IMR1, 1u << 10);
    fixture_write(f, EXTI + SWIER1, 1u << 10);
    assert_int_equal(f->events[SOC_CM7], 1);
    assert_int_equal(fixture_read(f, EXTI + C1PR1), 0);
    assert_int_equal(fixture_read(f, EXTI + C2PR1), 1u << 10);
    fixture_write(f, EXTI + C1IMR1, 1u << 10);
    assert_false(f->irq[SOC_CM7][IRQ_EXTI15_10]);
    fixture_destroy(f);
}

/* Table 152, lines 55 to 60: a wake-up pin's flag is an interrupt of both cores. */
static void test_wakeup_pin_interrupts(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, GPIOC, 0);
    fixture_write(f, PWR + 0x28, 1u << 3); /* WKUP4 is PC13 */
    fixture_write(f, EXTI + C1IMR2, 1u << (58 - 32));
    fixture_write(f, EXTI + C2IMR2, ~(1u << (58 - 32)));
    soc_drive_pin(f->soc, 2, 13, true);
    assert_true(f->irq[SOC_CM7][IRQ_WKUP]);
    assert_false(f->irq[SOC_CM4][IRQ_WKUP]);
    fixture_write(f, PWR + 0x20, 1u << 3); /* WKUPCR */
    assert_false(f->irq[SOC_CM7][IRQ_WKUP]);
    fixture_destroy(f);
}

/* Table 152, lines 66 to 73: with the other core stopped too, the BDMA wakes the one that listens. */
static void test_bdma_wakes_a_stopped_core(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, EXTI + C2IMR3, 1u << (73 - 64));
    soc_core_sleep_changed(f->soc, SOC_CM4, true, true);
    block_irq(soc_block(f->soc, "BDMA"), 6, true);
    assert_true(soc_core_clock_stopped(f->soc, SOC_CM4));
    block_irq(soc_block(f->soc, "BDMA"), 7, true);
    assert_false(soc_core_clock_stopped(f->soc, SOC_CM4));
    fixture_destroy(f);
}

/* Table 152, lines 82 and 84: a core that its window watchdog has reset is told to the other. */
static void test_watchdog_reset_of_the_other_core(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, EXTI + 0x40, 1u << 18 | 1u << 20); /* RTSR3 */
    fixture_write(f, EXTI + C1IMR3, 1u << 18 | 1u << 20);
    fixture_write(f, EXTI + C2IMR3, 1u << 18 | 1u << 20);
    fixture_write(f, WWDG2, 0x80); /* WDGA with T6 0: at once */
    assert_int_equal(f->resets[SOC_CM4], 1);
    assert_int_equal(f->resets[SOC_CM7], 0);
    assert_true(f->irq[SOC_CM7][IRQ_WWDG_RST]);
    assert_false(f->irq[SOC_CM4][IRQ_WWDG_RST]);
    fixture_write(f, EXTI + C1PR1 + 0x20, 1u << 20);
    assert_false(f->irq[SOC_CM7][IRQ_WWDG_RST]);
    fixture_destroy(f);
}

/* Table 152: the M7's SEV is line 80 and interrupt 64 of the M4. */
static void test_sev_crosses(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, EXTI + C2EMR3, 1u << 16);
    soc_core_sent_event(f->soc, SOC_CM7);
    assert_int_equal(f->events[SOC_CM4], 1);
    assert_int_equal(f->events[SOC_CM7], 0);
    soc_core_sent_event(f->soc, SOC_CM4); /* line 79: closed as an event for the M7 */
    assert_int_equal(f->events[SOC_CM7], 0);
    fixture_destroy(f);
}

static uint32_t lock_and_free(struct soc_fixture *f, unsigned n)
{
    uint32_t value = fixture_read(f, HSEM + 0x80 + 4 * n);
    fixture_write(f, HSEM + 4 * n, 0x300);
    return value;
}

static void test_hsem_wakes_a_stopped_core_by_its_line(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, HSEM + 0x110, 1u << 2); /* C2IER */
    soc_core_sleep_changed(f->soc, SOC_CM4, true, true);
    assert_true(soc_core_clock_stopped(f->soc, SOC_CM4));
    fixture_write(f, EXTI + C2IMR3, 0);
    assert_int_equal(lock_and_free(f, 2), 0x80000300);
    assert_true(f->irq[SOC_CM4][IRQ_HSEM2]);
    assert_true(soc_core_clock_stopped(f->soc, SOC_CM4)); /* the NVIC alone does not wake it */
    fixture_write(f, EXTI + C2IMR3, 1u << 14);            /* line 78 */
    assert_false(soc_core_clock_stopped(f->soc, SOC_CM4));
    fixture_destroy(f);
}

static void test_core_stays_awake_while_a_line_stands(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, HSEM + 0x110, 1u << 2);
    lock_and_free(f, 2);
    soc_core_sleep_changed(f->soc, SOC_CM4, true, true);
    assert_false(soc_core_clock_stopped(f->soc, SOC_CM4));
    fixture_destroy(f);
}

static void test_system_standby_ends_by_wakeup_pin_with_a_reset(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, GPIOC, 0);
    fixture_write(f, PWR + 0x28, 1u << 3); /* WKUP4 is PC13 */
    fixture_write(f, PWR + 0x10, 7);
    fixture_write(f, PWR + 0x14, 7);
    f->soc->memory.sram4.bytes[0] = 0x55;
    soc_core_sleep_changed(f->soc, SOC_CM4, true, true);
    soc_core_sleep_changed(f->soc, SOC_CM7, true, true);
    fixture_write(f, EXTI + SWIER1, 1); /* EXTI is not supplied */
    assert_int_equal(f->resets[SOC_CM7], 0);
    soc_drive_pin(f->soc, 2, 13, true);
    assert_int_equal(f->resets[SOC_CM7], 1);
    assert_int_equal(f->resets[SOC_CM4], 1);
    assert_true(fixture_read(f, PWR + 0x10) & 1u << 6);
    assert_int_equal(fixture_read(f, PWR + 0x24), 1u << 3);
    assert_int_equal(f->soc->memory.sram4.bytes[0], 0);
    fixture_destroy(f);
}

static void test_hold_keeps_the_other_core_stopped(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, EXTI + C1IMR1, 1u << 3);
    fixture_write(f, EXTI + C2IMR1, 1u << 3);
    fixture_write(f, PWR + 0x10, 1u << 10); /* HOLD2 */
    soc_core_sleep_changed(f->soc, SOC_CM7, true, true);
    soc_core_sleep_changed(f->soc, SOC_CM4, true, true);
    fixture_write(f, EXTI + SWIER1, 1u << 3);
    assert_false(soc_core_clock_stopped(f->soc, SOC_CM7));
    assert_true(soc_core_clock_stopped(f->soc, SOC_CM4));
    assert_true(fixture_read(f, PWR + 0x10) & 1u << 4); /* HOLD2F */
    fixture_write(f, PWR + 0x10, 0);
    assert_false(soc_core_clock_stopped(f->soc, SOC_CM4));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pin_edge_reaches_the_core_that_opened_it),
        cmocka_unit_test(test_software_trigger),
        cmocka_unit_test(test_event_mask_raises_the_event_without_interrupt),
        cmocka_unit_test(test_only_open_lines_are_pending),
        cmocka_unit_test(test_wakeup_pin_interrupts),
        cmocka_unit_test(test_bdma_wakes_a_stopped_core),
        cmocka_unit_test(test_watchdog_reset_of_the_other_core),
        cmocka_unit_test(test_sev_crosses),
        cmocka_unit_test(test_hsem_wakes_a_stopped_core_by_its_line),
        cmocka_unit_test(test_core_stays_awake_while_a_line_stands),
        cmocka_unit_test(test_system_standby_ends_by_wakeup_pin_with_a_reset),
        cmocka_unit_test(test_hold_keeps_the_other_core_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
