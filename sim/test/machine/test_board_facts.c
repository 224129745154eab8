/* What firmware relies on and is easy to get wrong: one test a point, each with real ARM code. */
#include "sim/test/machine/machine_fixture.h"

static struct machine *run(const char *name, const char *optimisation, sim_time until)
{
    struct machine *machine = fixture_run(name, optimisation, 0, until);
    fixture_assert_done(machine);
    return machine;
}

#define EXPECT(n, value) assert_int_equal(fixture_result(machine, n), value)

static void test_board_facts_01_fine_interleaving(void **state)
{
    static const sim_time slices[] = {0, 50 * SIM_NS, 1 * SIM_US, 100 * SIM_US};
    static const char *const levels[] = {"O0", "Os"};
    (void)state;
    for (unsigned level = 0; level < 2; level++)
        for (unsigned n = 0; n < sizeof slices / sizeof slices[0]; n++) {
            struct machine *machine =
                fixture_run("interleaving", levels[level], slices[n], 100 * SIM_MS);
            fixture_assert_done(machine);
            machine_destroy(machine);
        }
}

static void test_board_facts_02_bounded_spins_at_boot(void **state)
{
    static const char *const levels[] = {"O0", "Os"};
    (void)state;
    for (unsigned level = 0; level < 2; level++) {
        struct machine *machine = run("boot", levels[level], 100 * SIM_MS);
        EXPECT(5, 0x1234); /* the M4 waited for the M7's set-up */
        EXPECT(6, 0);
        machine_destroy(machine);
    }
}

static void test_board_facts_03_event_register(void **state)
{
    (void)state;
    struct machine *machine = run("event_register", "Os", 100 * SIM_MS);
    EXPECT(4, 0);
    EXPECT(5, 1);
    machine_destroy(machine);
}

static void test_board_facts_04_hsem(void **state)
{
    (void)state;
    struct machine *machine = run("hsem", "Os", 10 * SIM_MS);
    EXPECT(10, 0x80000300);
    EXPECT(11, 0x80000300);
    EXPECT(12, 0x80000300);
    EXPECT(13, 0);
    EXPECT(14, 0x80000342);
    EXPECT(15, 0);
    EXPECT(16, 1u << 3 | 1u << 4);
    EXPECT(17, 1u << 4);
    EXPECT(18, 1u << 3 | 1u << 4);
    EXPECT(19, 0);
    EXPECT(20, 0);
    EXPECT(21, 1u << 3 | 1u << 4);
    EXPECT(22, 0x80000300); /* the M4 finds the M7's, and cannot free it */
    EXPECT(23, 0x80000100);
    EXPECT(24, 0x80000300);
    EXPECT(25, 0);
    EXPECT(26, 0x80000100);
    machine_destroy(machine);
}

static void test_board_facts_05_cpuid(void **state)
{
    (void)state;
    struct machine *machine = run("identity", "Os", 10 * SIM_MS);
    EXPECT(10, 0x411fc271);
    EXPECT(20, 0x410fc241);
    machine_destroy(machine);
}

static void test_board_facts_06_nvic_priority_bits(void **state)
{
    (void)state;
    struct machine *machine = run("identity", "Os", 10 * SIM_MS);
    EXPECT(11, 0xf0);
    EXPECT(21, 0xf0);
    machine_destroy(machine);
}

static void test_board_facts_07_exti_across_cores(void **state)
{
    (void)state;
    struct machine *machine = run("exti_across", "Os", 10 * SIM_MS);
    EXPECT(12, 1);
    EXPECT(13, 0);
    EXPECT(14, 0);
    EXPECT(15, 0);
    machine_destroy(machine);
}

static void test_board_facts_08_ready_flags(void **state)
{
    (void)state;
    struct machine *machine = run("ready_flags", "Os", 2 * SIM_S);
    EXPECT(8, 4); /* the supply is written once */
    EXPECT(9, 3);
    EXPECT(7, 0x303); /* the system's source cannot be switched off */
    EXPECT(6, 24);
    for (unsigned n = 10; n < 24; n++)
        EXPECT(n, 1);
    machine_destroy(machine);
}

static void test_board_facts_09_i2c_v2(void **state)
{
    (void)state;
    struct machine *machine = run("i2c", "Os", 2 * SIM_S);
    for (unsigned n = 10; n <= 23; n++)
        switch (n) {
        case 12: /* START has fallen */
        case 16: /* nothing is left standing */
            EXPECT(n, 0);
            break;
        case 14: /* the touch controller's chip id */
            EXPECT(n, 0x11);
            break;
        case 19: /* the OV5640's */
            EXPECT(n, 0x56);
            break;
        case 20:
            EXPECT(n, 0x40);
            break;
        default: /* the wait ended */
            EXPECT(n, 1);
        }
    EXPECT(24, 0);
    machine_destroy(machine);
}

static void test_board_facts_10_cache_by_set_and_way(void **state)
{
    (void)state;
    struct machine *machine = run("identity", "Os", 10 * SIM_MS);
    EXPECT(12, 128 * 4); /* 16 KB, 4 ways, lines of 32 bytes */
    machine_destroy(machine);
}

static void test_board_facts_11_start_up_writes(void **state)
{
    (void)state;
    struct machine *machine = run("identity", "Os", 10 * SIM_MS);
    EXPECT(13, 1);
    EXPECT(14, 0x20036450);
    EXPECT(15, 5);
    EXPECT(16, 2048);
    EXPECT(23, 1);
    machine_destroy(machine);
}

static void test_board_facts_12_per_core_aliases(void **state)
{
    (void)state;
    struct machine *machine = run("aliases", "Os", 10 * SIM_MS);
    EXPECT(10, 1);
    EXPECT(11, 0);
    EXPECT(12, 1);
    EXPECT(13, 4);
    EXPECT(14, 0xffffffff);
    EXPECT(15, 1);
    EXPECT(16, 1);
    EXPECT(17, 1);
    EXPECT(18, 0);
    EXPECT(19, 5);
    EXPECT(20, 0x1000);
    EXPECT(21, 0x1007);
    machine_destroy(machine);
}

static void test_board_facts_13_domain_standby(void **state)
{
    (void)state;
    struct machine *machine = run("standby", "Os", 100 * SIM_MS);
    EXPECT(11, 0);
    EXPECT(12, 1u << 8);
    EXPECT(13, 0);
    EXPECT(14, 5);
    EXPECT(15, 2);
    EXPECT(16, 1);
    EXPECT(17, 1u << 8);
    EXPECT(18, 5);
    EXPECT(19, 0xffff);
    EXPECT(20, 0);
    EXPECT(21, 0x1234);
    machine_destroy(machine);
}

static void test_board_facts_14_polls(void **state)
{
    (void)state;
    struct machine *machine = run("polls", "Os", 2 * SIM_S);
    EXPECT(3, 28);
    EXPECT(2, 0x11223344);
    for (unsigned n = 10; n < 28; n++)
        EXPECT(n, 1);
    machine_destroy(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_board_facts_01_fine_interleaving),
        cmocka_unit_test(test_board_facts_02_bounded_spins_at_boot),
        cmocka_unit_test(test_board_facts_03_event_register),
        cmocka_unit_test(test_board_facts_04_hsem),
        cmocka_unit_test(test_board_facts_05_cpuid),
        cmocka_unit_test(test_board_facts_06_nvic_priority_bits),
        cmocka_unit_test(test_board_facts_07_exti_across_cores),
        cmocka_unit_test(test_board_facts_08_ready_flags),
        cmocka_unit_test(test_board_facts_09_i2c_v2),
        cmocka_unit_test(test_board_facts_10_cache_by_set_and_way),
        cmocka_unit_test(test_board_facts_11_start_up_writes),
        cmocka_unit_test(test_board_facts_12_per_core_aliases),
        cmocka_unit_test(test_board_facts_13_domain_standby),
        cmocka_unit_test(test_board_facts_14_polls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
