/* SysTick (B3.3), sleep and events (B1.5.17 to B1.5.19), DWT_CYCCNT (C1.8.8). */
#include "sim/test/cpu/core_fixture.h"

enum { CSR = 0xE000E010u, RVR = 0xE000E014u, CVR = 0xE000E018u, SCR = 0xE000ED10u };
enum { DEMCR = 0xE000EDFCu, DWT_CTRL = 0xE0001000u, CYCCNT = 0xE0001004u, DWT_LAR = 0xE0001FB0u };

static void start(uint32_t reload, uint32_t csr)
{
    store(RVR, reload);
    store(CVR, 0);
    store(CSR, csr);
}

/* The period is RELOAD + 1; from 0 the first tick reloads. */
static void counts_and_raises_on_the_cycle(void **state)
{
    struct cpu *cpu = fixture.cpu;
    uint64_t begin = cpu_cycles(cpu);
    (void)state;
    start(99, 7);
    assert_int_equal(cpu_next_systick(cpu), begin + 100);
    cpu->cycles = begin + 1;
    assert_int_equal(load(CVR), 99);
    cpu->cycles = begin + 99;
    assert_int_equal(load(CVR), 1);
    assert_int_equal(load(CSR), 7);
    cpu->cycles = begin + 100;
    assert_int_equal(load(CVR), 0);
    assert_int_equal(load(CSR), 0x10007);
    assert_int_equal(load(CSR), 7); /* reading clears COUNTFLAG */
    assert_int_equal(load(0xE000ED04) >> 26 & 1, 1);
    assert_int_equal(cpu_next_systick(cpu), begin + 200);
    cpu->cycles = begin + 350;
    assert_int_equal(load(CVR), 50);
}

static void peek_leaves_countflag(void **state)
{
    uint32_t value;
    (void)state;
    start(9, 5);
    fixture.cpu->cycles += 10;
    assert_true(cpu_scs_peek(fixture.cpu, CSR, &value));
    assert_int_equal(value, 0x10005);
    assert_int_equal(load(CSR), 0x10005);
}

static void external_reference_divides(void **state)
{
    (void)state;
    fixture.cpu->cycles = 800;
    start(9, 3);
    assert_int_equal(cpu_next_systick(fixture.cpu), 880);
    fixture.cpu->cycles = 815;
    assert_int_equal(load(CVR), 9);
    fixture.cpu->cycles = 816;
    assert_int_equal(load(CVR), 8);
}

static void reload_of_zero_stops_it(void **state)
{
    (void)state;
    start(0, 7);
    assert_true(cpu_next_systick(fixture.cpu) == UINT64_MAX);
    fixture.cpu->cycles += 1000;
    assert_int_equal(load(CSR), 7);
}

static void counts_in_sleep_but_not_in_stop(void **state)
{
    struct cpu *cpu = fixture.cpu;
    (void)state;
    start(99, 7);
    wait_for_interrupt(cpu);
    assert_true(cpu_asleep(cpu));
    cpu_skip(cpu, 1000, false);
    assert_true(cpu_asleep(cpu));
    assert_int_equal(load(CVR), 0);
    assert_int_equal(cpu_next_systick(cpu), cpu_cycles(cpu) + 100);
    cpu_skip(cpu, 100, true);
    assert_false(cpu_asleep(cpu));
    service(cpu);
    assert_int_equal(cpu->ipsr, EXCEPTION_SYSTICK);
}

static void cyccnt_counts_awake_cycles_only(void **state)
{
    struct cpu *cpu = fixture.cpu;
    (void)state;
    store(DWT_LAR, 0xC5ACCE55);
    store(DWT_CTRL, 1);
    cpu->cycles += 10;
    assert_int_equal(load(CYCCNT), 0); /* DEMCR.TRCENA is off */
    store(DEMCR, 1u << 24);
    cpu->cycles += 10;
    cpu_skip(cpu, 1000, true);
    assert_int_equal(load(CYCCNT), 10);
    store(CYCCNT, 0xfffffff0);
    cpu->cycles += 0x20;
    assert_int_equal(load(CYCCNT), 0x10);
}

static void dwt_of_the_m7_is_locked(void **state)
{
    (void)state;
    store(DEMCR, 1u << 24);
    store(DWT_CTRL, 1);
    assert_int_equal(load(DWT_CTRL), 0x40000000);
    assert_int_equal(fixture.unpredictables, 1);
    assert_int_equal(load(0xE0001FB4), 3);
}

/* B1.5.19: a masked interrupt wakes WFI under PRIMASK, not one that BASEPRI masks. */
static void wfi_wakes_under_primask_not_under_basepri(void **state)
{
    struct cpu *cpu = fixture.cpu;
    (void)state;
    store(0xE000E400, 0x80);
    store(0xE000E100, 1);
    special_write(cpu, 17, 0, 0x40);
    special_write(cpu, 16, 0, 1);
    wait_for_interrupt(cpu);
    cpu_set_irq(cpu, 0, true);
    assert_true(cpu_asleep(cpu));
    cpu_set_irq(cpu, 0, false);
    store(0xE000E280, 1);
    special_write(cpu, 17, 0, 0);
    cpu_set_irq(cpu, 0, true);
    assert_false(cpu_asleep(cpu));
    service(cpu);
    assert_int_equal(cpu->ipsr, 0);
}

/* B1.5.18: the event register, SEVONPEND of an interrupt that is not enabled, and no wake by PRIMASK. */
static void wfe_and_events(void **state)
{
    struct cpu *cpu = fixture.cpu;
    (void)state;
    send_event(cpu);
    assert_int_equal(fixture.sent_events, 1);
    wait_for_event(cpu);
    assert_false(cpu_asleep(cpu));
    wait_for_event(cpu);
    assert_true(cpu_asleep(cpu));
    cpu_signal_event(cpu);
    assert_false(cpu_asleep(cpu));
    wait_for_event(cpu);
    assert_true(cpu_asleep(cpu)); /* the wake consumed the event */
    cpu_set_irq(cpu, 7, true);
    assert_true(cpu_asleep(cpu));
    store(SCR, 1u << 4);
    cpu_set_irq(cpu, 8, true);
    assert_false(cpu_asleep(cpu));
}

static void wfe_sleeps_under_primask(void **state)
{
    struct cpu *cpu = fixture.cpu;
    (void)state;
    store(0xE000E100, 1);
    special_write(cpu, 16, 0, 1);
    wait_for_event(cpu);
    cpu_set_irq(cpu, 0, true);
    assert_true(cpu_asleep(cpu));
    special_write(cpu, 16, 0, 0);
    assert_false(cpu_asleep(cpu));
}

static void sleep_on_exit_sleeps_at_the_base_level(void **state)
{
    struct cpu *cpu = fixture.cpu;
    (void)state;
    store(SCR, 2 | 4);
    store(0xE000E100, 1);
    cpu_set_irq(cpu, 0, true);
    service(cpu);
    cpu_set_irq(cpu, 0, false);
    exception_return(cpu, cpu->r[14]);
    assert_true(cpu_sleeping_on_exit(cpu));
    assert_true(cpu_sleeps_deeply(cpu));
    cpu_set_irq(cpu, 0, true);
    assert_false(cpu_asleep(cpu));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        M7_TEST(counts_and_raises_on_the_cycle),
        M4_TEST(peek_leaves_countflag),
        M7_TEST(external_reference_divides),
        M7_TEST(reload_of_zero_stops_it),
        M4_TEST(counts_in_sleep_but_not_in_stop),
        M7_TEST(cyccnt_counts_awake_cycles_only),
        M7_TEST(dwt_of_the_m7_is_locked),
        M7_TEST(wfi_wakes_under_primask_not_under_basepri),
        M4_TEST(wfe_and_events),
        M4_TEST(wfe_sleeps_under_primask),
        M7_TEST(sleep_on_exit_sleeps_at_the_base_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
