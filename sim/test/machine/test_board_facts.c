/* What firmware relies on and is easy to get wrong: one test a point, each with real ARM code. */
#include "sim/test/machine/machine_fixture.h"

static void test_board_facts_01_fine_interleaving(void **state)
{
    static const sim_time slices[] = {0, 50 * SIM_NS, 1 * SIM_US, 100 * SIM_US};
    static const char *const levels[] = {"O0", "Os"};
    (void)state;
    for (unsigned level = 0; level < 2; level++)
        for (unsigned n = 0; n < sizeof slices / sizeof slices[0]; n++) {
            struct machine *machine =
                fixture_run("interleaving", levels[level], slices[n], 50 * SIM_MS);
            fixture_assert_done(machine);
            machine_destroy(machine);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_board_facts_01_fine_interleaving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
