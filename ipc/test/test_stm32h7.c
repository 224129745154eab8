// The M4's port against plain memory in place of registers; the order of accesses is the board's test.
#include "pair.h"

#include "../port/stm32h7/duet_stm32h7.c"

static uint32_t hsem[256], exti[64], rcc[64];
static uint32_t now;

static uint32_t microseconds(void)
{
    return now;
}

static const struct duet_stm32h7 chip = {
    .own = 1,
    .peer = 0,
    .microseconds = microseconds,
    .hsem = (uintptr_t)hsem,
    .exti = (uintptr_t)exti,
    .rcc = (uintptr_t)rcc,
};
static const struct duet_port by_hsem = DUET_STM32H7_PORT(hsem, chip);
static const struct duet_port by_exti = DUET_STM32H7_PORT(exti, chip);

static void hsem_is_clocked_enabled_and_wakes_the_core(void **state)
{
    (void)state;
    duet_stm32h7_start_hsem(&chip);
    assert_int_equal(rcc[0xE0 / 4], 1u << 25);
    assert_int_equal(hsem[0x114 / 4], 2);       // HSEM_C2ICR
    assert_int_equal(hsem[0x110 / 4], 2);       // HSEM_C2IER
    assert_int_equal(exti[0xE0 / 4], 1u << 14); // EXTI_C2IMR3, line 78
    hsem[0] = UINT32_MAX;
    by_hsem.notify(&by_hsem);
    assert_int_equal(hsem[0], 0x100); // released as core 1, process 0
    hsem[0x114 / 4] = 0;
    by_hsem.acknowledge(&by_hsem);
    assert_int_equal(hsem[0x114 / 4], 2);
    now = 1234;
    assert_int_equal(by_hsem.clock(&by_hsem), 1234);
    assert_int_equal(by_hsem.core, 1);
    assert_int_equal(by_hsem.line_size, 0);
}

static void an_exti_line_rings_only_the_peer(void **state)
{
    (void)state;
    memset(exti, 0, sizeof(exti));
    duet_stm32h7_start_exti(&chip);
    assert_int_equal(exti[0xC0 / 4], 2); // EXTI_C2IMR1
    by_exti.notify(&by_exti);
    assert_int_equal(exti[0x08 / 4], 1); // EXTI_SWIER1
    exti[0xC8 / 4] = 0;
    by_exti.acknowledge(&by_exti);
    assert_int_equal(exti[0xC8 / 4], 2); // EXTI_C2PR1
}

static void a_sev_is_let_in_as_interrupt_and_as_event(void **state)
{
    (void)state;
    memset(exti, 0, sizeof(exti));
    duet_stm32h7_start_sev(&chip);
    assert_int_equal(exti[0xE0 / 4], 1u << 16); // EXTI_C2IMR3, line 80
    assert_int_equal(exti[0xE4 / 4], 1u << 16); // EXTI_C2EMR3
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hsem_is_clocked_enabled_and_wakes_the_core),
        cmocka_unit_test(an_exti_line_rings_only_the_peer),
        cmocka_unit_test(a_sev_is_let_in_as_interrupt_and_as_event),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
