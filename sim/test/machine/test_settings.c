/* machine_set(): what each setting takes, and that it does something. */
#include "sim/test/machine/machine_fixture.h"

static void wrong_values_are_refused_and_say_what_is_right(void **state)
{
    static const struct {
        const char *name, *value, *part;
    } wrong[] = {
        {"slice", "0", "1 to 1000"},      {"slice", "1001", "1 to 1000"},
        {"slice", "long", "1 to 1000"},   {"seed", "", "a number"},
        {"speculation", "x", "the seed"}, {"stores", "early", "or late"},
        {"effects", "early", "or late"},  {"HSE", "3999999", "4000000"},
        {"HSE", "50000001", "50000000"},  {"vdd", "1.6", "1.62"},
        {"LSE", "32768", "may fail"},     {"BCM4", "no", "takes a number"},
    };
    (void)state;
    struct machine *machine = fixture_machine(0);
    for (unsigned n = 0; n < sizeof wrong / sizeof *wrong; n++) {
        const char *said = machine_set(machine, wrong[n].name, wrong[n].value);
        assert_non_null(said);
        assert_non_null(strstr(said, wrong[n].part));
    }
    machine_destroy(machine);
}

/* Two cores that meet in plain memory: how far one runs ahead is part of what happens. */
static uint64_t hash_of(sim_time configured, const char *set)
{
    struct machine *machine = fixture_machine(configured);
    if (set)
        assert_null(machine_set(machine, "slice", set));
    fixture_load(machine, "interleaving", SOC_CM7, "Os");
    fixture_load(machine, "interleaving", SOC_CM4, "Os");
    machine_power_on(machine);
    machine_run(machine, 100 * SIM_MS);
    fixture_assert_done(machine);
    uint64_t hash = machine_hash(machine);
    machine_destroy(machine);
    return hash;
}

static void a_slice_is_as_long_as_set(void **state)
{
    (void)state;
    assert_true(hash_of(0, "50") == hash_of(50 * SIM_NS, NULL));
    assert_true(hash_of(0, "50") != hash_of(0, NULL));
    assert_true(hash_of(0, "1000") == hash_of(1 * SIM_US, NULL));
    assert_true(hash_of(50 * SIM_NS, "200") == hash_of(0, NULL)); /* the default */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_values_are_refused_and_say_what_is_right),
        cmocka_unit_test(a_slice_is_as_long_as_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
