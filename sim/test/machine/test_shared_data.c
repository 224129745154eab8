/* One program on three settings of the M7's data cache: what two masters see of shared memory, and what
 * it costs, differ as the architecture says (ARMv7-M ARM A3.5, B2.2; DDI 0489, 5.8). */
#include "sim/test/machine/machine_fixture.h"

enum { OFF, WRITE_THROUGH, WRITE_BACK, SETTINGS };

static struct machine *run(unsigned setting, const char *optimisation)
{
    struct machine *machine = fixture_machine(0);
    fixture_load(machine, "shared_data", SOC_CM7, optimisation);
    fixture_load(machine, "shared_data", SOC_CM4, optimisation);
    assert_true(machine_load(machine, RESULTS + 4 * 30, &setting, 4));
    machine_power_on(machine);
    machine_run(machine, 20 * SIM_MS);
    fixture_assert_done(machine);
    return machine;
}

static void check_what_is_seen(const char *optimisation)
{
    for (unsigned setting = OFF; setting < SETTINGS; setting++) {
        struct machine *machine = run(setting, optimisation);
        uint32_t last = 0, in_memory = 0, word = 4 * 2047;
        /* The M7 reads what the M4 wrote: stale in any cache, until invalidated. */
        assert_int_equal(fixture_result(machine, 10), setting == OFF ? 0x1111 : 0);
        assert_int_equal(fixture_result(machine, 11), 0x1111);
        /* The M4 reads what the M7 wrote: hidden while dirty, until cleaned. */
        assert_int_equal(fixture_result(machine, 12), setting == WRITE_BACK ? 0 : 0x2222);
        assert_int_equal(fixture_result(machine, 13), 0x2222);
        /* The clean of the M7's word took the M4's in the same line with it. */
        assert_int_equal(fixture_result(machine, 14), setting == WRITE_BACK ? 0 : 0x4444);
        assert_true(machine_peek(machine, SOC_CM7, 0x24002000 + word, &last, 4));
        assert_true(machine_peek_memory(machine, SOC_CM7, 0x24002000 + word, &in_memory, 4));
        assert_int_equal(last, 4 * 2047);
        assert_int_equal(in_memory, fixture_result(machine, 16));
        assert_int_equal(in_memory, setting == WRITE_BACK ? 0 : 4 * 2047);
        machine_destroy(machine);
    }
}

/* The walk misses in no cache after the first round: off it waits for each load; write-through for each
 * store; write-back for neither. */
static void the_walk_is_fastest_written_back(void **state)
{
    (void)state;
    uint32_t cycles[SETTINGS];
    for (unsigned setting = OFF; setting < SETTINGS; setting++) {
        struct machine *machine = run(setting, "Os");
        cycles[setting] = fixture_result(machine, 15);
        machine_destroy(machine);
    }
    print_message("cycles: off %u, write-through %u, write-back %u\n", cycles[OFF],
                  cycles[WRITE_THROUGH], cycles[WRITE_BACK]);
    assert_true(cycles[OFF] > cycles[WRITE_THROUGH] * 11 / 10);
    assert_true(cycles[WRITE_THROUGH] > cycles[WRITE_BACK]);
}

static void two_masters_see_shared_data_by_the_setting(void **state)
{
    (void)state;
    check_what_is_seen("O0");
    check_what_is_seen("Os");
}

static uint64_t hash_of(const char *seed)
{
    struct machine *machine = fixture_machine(0);
    uint32_t setting = WRITE_BACK;
    fixture_load(machine, "shared_data", SOC_CM7, "Os");
    fixture_load(machine, "shared_data", SOC_CM4, "Os");
    machine_load(machine, RESULTS + 4 * 30, &setting, 4);
    assert_null(machine_set(machine, "seed", seed));
    machine_power_on(machine);
    machine_run(machine, 20 * SIM_MS);
    uint64_t hash = machine_hash(machine);
    machine_destroy(machine);
    return hash;
}

static void a_run_repeats_with_its_seed(void **state)
{
    (void)state;
    assert_true(hash_of("5") == hash_of("5"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_masters_see_shared_data_by_the_setting),
        cmocka_unit_test(the_walk_is_fastest_written_back),
        cmocka_unit_test(a_run_repeats_with_its_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
