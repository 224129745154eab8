/* NVIC and exceptions where QEMU's boards cannot be asked: level inputs, 4 priority bits, lockup. */
#include "sim/test/cpu/core_fixture.h"

#define ISER 0xE000E100u
#define ISPR 0xE000E200u
#define ICPR 0xE000E280u
#define IPR  0xE000E400u

static void enable(unsigned irq)
{
    store(ISER + irq / 32 * 4, 1u << irq % 32);
}

static void take(unsigned number)
{
    service(fixture.cpu);
    assert_int_equal(fixture.cpu->ipsr, number);
}

/* B3.4.7: unimplemented low bits read as zero. */
static void priority_byte_keeps_four_bits(void **state)
{
    (void)state;
    store(IPR, 0xffffffffu);
    assert_int_equal(load(IPR), 0xf0f0f0f0u);
    store(0xE000ED1C, 0xffffffffu);
    assert_int_equal(load(0xE000ED1C), 0xf0000000u);
}

/* B3.4.1, level-sensitive: high at the handler's end pends again. */
static void level_still_high_pends_again(void **state)
{
    (void)state;
    enable(40);
    cpu_set_irq(fixture.cpu, 40, true);
    take(56);
    assert_int_equal(load(ISPR + 4) >> 8 & 1, 0);
    exception_return(fixture.cpu, 0xfffffff9);
    assert_int_equal(fixture.cpu->ipsr, 56); /* chained to itself */
    cpu_set_irq(fixture.cpu, 40, false);
    exception_return(fixture.cpu, 0xfffffff9);
    assert_int_equal(fixture.cpu->ipsr, 0);
}

static void pulse_is_latched_while_disabled_and_while_active(void **state)
{
    (void)state;
    cpu_set_irq(fixture.cpu, 3, true);
    cpu_set_irq(fixture.cpu, 3, false);
    assert_int_equal(load(ISPR), 8);
    enable(3);
    take(19);
    cpu_set_irq(fixture.cpu, 3, true);
    cpu_set_irq(fixture.cpu, 3, false);
    assert_int_equal(load(ISPR), 8);
}

static void clearing_a_high_level_has_no_effect(void **state)
{
    (void)state;
    cpu_set_irq(fixture.cpu, 5, true);
    store(ICPR, 0x20);
    assert_int_equal(load(ISPR), 0x20);
    cpu_set_irq(fixture.cpu, 5, false);
    store(ICPR, 0x20);
    assert_int_equal(load(ISPR), 0);
}

/* B1.5.4: PRIGROUP decides what preempts; the subpriority only orders. */
static void subpriority_orders_but_does_not_preempt(void **state)
{
    (void)state;
    store(0xE000ED0C, 0x05FA0500); /* two bits of group priority */
    store(IPR, 0x00005060);        /* irq 0: 0x60, irq 1: 0x50 */
    enable(0);
    enable(1);
    cpu_set_irq(fixture.cpu, 0, true);
    take(16);
    cpu_set_irq(fixture.cpu, 1, true);
    take(16);
    store(0xE000ED0C, 0x05FA0300); /* four */
    take(17);
}

static void tail_chain_keeps_the_frame(void **state)
{
    (void)state;
    enable(0);
    enable(1);
    cpu_set_irq(fixture.cpu, 0, true);
    take(16);
    uint32_t sp = fixture.cpu->r[13];
    assert_int_equal(sp, FIXTURE_STACK - 0x20);
    cpu_set_irq(fixture.cpu, 0, false);
    store(ISPR, 2);
    exception_return(fixture.cpu, fixture.cpu->r[14]);
    assert_int_equal(fixture.cpu->ipsr, 17);
    assert_int_equal(fixture.cpu->r[13], sp);
    assert_int_equal(fixture.cpu->r[14], 0xfffffff9);
}

/* B1.5.15: a fault at HardFault's priority locks up; only NMI ends it, and it stacks 0xFFFFFFFE. */
static void lockup_ends_by_nmi_only(void **state)
{
    (void)state;
    raise_fault(fixture.cpu, FAULT_UNDEFINED, 0);
    assert_int_equal(fixture.cpu->ipsr, EXCEPTION_HARDFAULT);
    raise_fault(fixture.cpu, FAULT_UNDEFINED, 0);
    assert_true(cpu_locked_up(fixture.cpu));
    assert_int_equal(cpu_run(fixture.cpu, 1000), CPU_STOP_LOCKUP);
    enable(0);
    cpu_set_irq(fixture.cpu, 0, true);
    assert_int_equal(cpu_run(fixture.cpu, 1000), CPU_STOP_LOCKUP);
    cpu_pulse_nmi(fixture.cpu);
    service(fixture.cpu);
    assert_false(cpu_locked_up(fixture.cpu));
    assert_int_equal(fixture.cpu->ipsr, EXCEPTION_NMI);
    assert_int_equal(load(fixture.cpu->r[13] + 24), 0xfffffffe);
}

static void unreadable_reset_vector_locks_up(void **state)
{
    (void)state;
    cpu_reset(fixture.cpu, 0x90000000);
    assert_true(cpu_locked_up(fixture.cpu));
    assert_int_equal(load(0xE000ED2C), 2);
}

/* B1.5.14: an imprecise fault waits for its turn; it is HardFault's only where BusFault is off. */
static void imprecise_fault_waits_for_its_priority(void **state)
{
    (void)state;
    store(0xE000ED24, 1u << 17);
    store(0xE000ED18, 0x00008000); /* BusFault: 0x80 */
    store(IPR, 0x40);
    enable(0);
    cpu_set_irq(fixture.cpu, 0, true);
    take(16);
    store(FIXTURE_LATE, 1);
    assert_int_equal(load(0xE000ED28), 0x400);
    take(16);
    cpu_set_irq(fixture.cpu, 0, false);
    exception_return(fixture.cpu, fixture.cpu->r[14]);
    assert_int_equal(fixture.cpu->ipsr, EXCEPTION_BUSFAULT);
}

static void imprecise_fault_is_a_hard_fault_without_bus_fault(void **state)
{
    (void)state;
    store(FIXTURE_LATE, 1);
    take(EXCEPTION_HARDFAULT);
    assert_int_equal(load(0xE000ED2C), 1u << 30);
}

/* B3.2.8, CCR.BFHFNMIGN: at negative priority a data bus fault leaves only its status. */
static void bus_faults_are_ignored_at_negative_priority(void **state)
{
    (void)state;
    store(0xE000ED14, 0x100);
    assert_int_equal(try_load(0x90000000, 4), FAULT_DATA_BUS);
    fixture.cpu->faultmask = 1;
    assert_int_equal(try_load(0x90000000, 4), FAULT_NONE);
    assert_int_equal(load(0xE000ED28) & 0xff00, 0x8200);
    assert_int_equal(load(0xE000ED38), 0x90000000);
}

/* DEMCR.MON_EN: BKPT is DebugMonitor's (C1.6.1). */
static void breakpoint_goes_to_the_debug_monitor(void **state)
{
    (void)state;
    store(0xE000EDFC, 1u << 16);
    raise_fault(fixture.cpu, FAULT_BREAKPOINT, 0);
    assert_int_equal(fixture.cpu->ipsr, EXCEPTION_DEBUGMONITOR);
    assert_int_equal(load(0xE000ED30), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        M7_TEST(priority_byte_keeps_four_bits),
        M7_TEST(level_still_high_pends_again),
        M7_TEST(pulse_is_latched_while_disabled_and_while_active),
        M7_TEST(clearing_a_high_level_has_no_effect),
        M7_TEST(subpriority_orders_but_does_not_preempt),
        M4_TEST(tail_chain_keeps_the_frame),
        M7_TEST(lockup_ends_by_nmi_only),
        M7_TEST(unreadable_reset_vector_locks_up),
        M7_TEST(imprecise_fault_waits_for_its_priority),
        M4_TEST(imprecise_fault_is_a_hard_fault_without_bus_fault),
        M7_TEST(bus_faults_are_ignored_at_negative_priority),
        M4_TEST(breakpoint_goes_to_the_debug_monitor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
