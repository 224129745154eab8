/*
 * cpu_set_late_effects(): interrupts are let in and shut out as late as ARMv7-M ARM B3.1.1 and B5.2 permit,
 * and no later.
 */
#include "sim/cpu/late.h"
#include "sim/test/cpu/core_fixture.h"

#define ISER 0xE000E100u
#define ICER 0xE000E180u
#define ISPR 0xE000E200u
#define ICSR 0xE000ED04u
#define STIR 0xE000EF00u

enum { IRQ = 7, NUMBER = EXCEPTION_IRQ0 + IRQ };

static int open_late(void **state)
{
    fixture_open_m4(state);
    cpu_set_late_effects(fixture.cpu);
    return 0;
}

static void mask(bool on)
{
    change_state(fixture.cpu, on, true, false);
}

static unsigned taken(void)
{
    service(fixture.cpu);
    return fixture.cpu->ipsr;
}

/* So many NOPs later. */
static unsigned taken_after(unsigned cycles)
{
    cpu_run(fixture.cpu, cpu_cycles(fixture.cpu) + cycles);
    return fixture.cpu->ipsr;
}

/* Enabled and pending, masked; nothing waits any more. */
static void pend_masked(void)
{
    mask(true);
    store(ISER, 1u << IRQ);
    cpu_set_irq(fixture.cpu, IRQ, true);
    cpu_set_irq(fixture.cpu, IRQ, false);
    barrier(fixture.cpu, BARRIER_DSB);
    barrier(fixture.cpu, BARRIER_ISB);
    assert_int_equal(taken(), 0);
}

static void without_the_option_all_is_at_once(void **state)
{
    (void)state;
    pend_masked();
    mask(false);
    assert_int_equal(taken(), NUMBER);
}

static void what_a_mask_lets_in_comes_behind_an_isb(void **state)
{
    (void)state;
    pend_masked();
    mask(false);
    barrier(fixture.cpu, BARRIER_DSB);
    assert_int_equal(taken(), 0);
    barrier(fixture.cpu, BARRIER_ISB);
    assert_int_equal(taken(), NUMBER);
}

static void a_window_without_isb_may_pass_it_by(void **state)
{
    (void)state;
    pend_masked();
    mask(false);
    mask(true);
    assert_int_equal(taken_after(1000), 0);
    assert_int_equal(load(ISPR), 1u << IRQ);
    mask(false);
    barrier(fixture.cpu, BARRIER_ISB);
    assert_int_equal(taken(), NUMBER);
}

static void basepri_is_a_mask(void **state)
{
    (void)state;
    enum { SYSM_BASEPRI = 17 };
    store(0xE000E404, 0xc0000000u); /* the interrupt's priority */
    special_write(fixture.cpu, SYSM_BASEPRI, 2, 0x80);
    pend_masked();
    mask(false);
    barrier(fixture.cpu, BARRIER_ISB);
    special_write(fixture.cpu, SYSM_BASEPRI, 2, 0);
    assert_int_equal(taken(), 0);
    barrier(fixture.cpu, BARRIER_ISB);
    assert_int_equal(taken(), NUMBER);
}

static void what_is_pended_comes_behind_dsb_and_isb(void **state)
{
    static const struct {
        uint32_t address, value;
        unsigned number;
    } ways[] = {{ISPR, 1u << IRQ, NUMBER}, {STIR, IRQ, NUMBER}, {ICSR, 1u << 28, EXCEPTION_PENDSV}};
    (void)state;
    for (unsigned n = 0; n < 3; n++) {
        cpu_reset(fixture.cpu, 0);
        store(ISER, 1u << IRQ);
        barrier(fixture.cpu, BARRIER_DSB);
        barrier(fixture.cpu, BARRIER_ISB);
        store(ways[n].address, ways[n].value);
        barrier(fixture.cpu, BARRIER_ISB);
        assert_int_equal(taken(), 0);
        barrier(fixture.cpu, BARRIER_DSB);
        assert_int_equal(taken(), 0);
        barrier(fixture.cpu, BARRIER_ISB);
        assert_int_equal(taken(), ways[n].number);
    }
}

static void without_barriers_it_comes_soon(void **state)
{
    (void)state;
    pend_masked();
    mask(false);
    assert_int_equal(taken_after(8), 0);
    assert_int_equal(taken_after(64), NUMBER);
}

/* What is let in, and disabled right behind that, with these barriers. */
static unsigned taken_when_disabled_with(bool dsb, bool isb)
{
    cpu_reset(fixture.cpu, 0);
    pend_masked();
    mask(false);
    store(ICER, 1u << IRQ);
    assert_int_equal(load(ISER), 0);
    if (dsb)
        barrier(fixture.cpu, BARRIER_DSB);
    if (isb)
        barrier(fixture.cpu, BARRIER_ISB);
    return taken_after(1000);
}

static void what_is_disabled_may_come_until_dsb_and_isb(void **state)
{
    (void)state;
    assert_int_equal(taken_when_disabled_with(true, true), 0);
    assert_int_equal(taken_when_disabled_with(false, true), NUMBER);
    assert_int_equal(taken_when_disabled_with(true, false), NUMBER);
    assert_int_equal(taken_when_disabled_with(false, false), NUMBER);
}

static void faults_and_supervisor_calls_do_not_wait(void **state)
{
    (void)state;
    mask(true);
    mask(false);
    raise_svc(fixture.cpu);
    assert_int_equal(fixture.cpu->ipsr, EXCEPTION_SVCALL);
}

static void sleep_ends_when_it_must(void **state)
{
    (void)state;
    pend_masked();
    mask(false);
    wait_for_interrupt(fixture.cpu);
    assert_false(cpu_asleep(fixture.cpu));
}

#define LATE_TEST(function) cmocka_unit_test_setup_teardown(function, open_late, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        M4_TEST(without_the_option_all_is_at_once),
        LATE_TEST(what_a_mask_lets_in_comes_behind_an_isb),
        LATE_TEST(a_window_without_isb_may_pass_it_by),
        LATE_TEST(basepri_is_a_mask),
        LATE_TEST(what_is_pended_comes_behind_dsb_and_isb),
        LATE_TEST(without_barriers_it_comes_soon),
        LATE_TEST(what_is_disabled_may_come_until_dsb_and_isb),
        LATE_TEST(faults_and_supervisor_calls_do_not_wait),
        LATE_TEST(sleep_ends_when_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
