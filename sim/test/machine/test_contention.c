/* Masters at one memory hinder each other, at two they do not: RM0399 2.1, the bus matrices. */
#include "sim/test/machine/machine_fixture.h"

enum { NOBODY, AT_THE_SAME, AT_ANOTHER, CASES };
enum { WALK = 10, WALK_DTCM = 13, LEFT = 16, WALK_LINES = 19 };

static struct machine *run(const char *optimisation)
{
    struct machine *machine = fixture_run("contention", optimisation, 0, 200 * SIM_MS);
    fixture_assert_done(machine);
    return machine;
}

static void a_core_waits_for_a_dma_at_the_same_memory_only(void **state)
{
    (void)state;
    struct machine *machine = run("Os");
    uint32_t cycles[CASES], lines[CASES], tcm[CASES];
    for (unsigned n = 0; n < CASES; n++) {
        cycles[n] = fixture_result(machine, WALK + n);
        tcm[n] = fixture_result(machine, WALK_DTCM + n);
        lines[n] = fixture_result(machine, WALK_LINES + n);
    }
    print_message("4096 words: %u cycles, %u beside a DMA; lines: %u, %u\n", cycles[NOBODY],
                  cycles[AT_THE_SAME], lines[NOBODY], lines[AT_THE_SAME]);
    assert_true(cycles[AT_THE_SAME] >= cycles[NOBODY] + 4096);
    assert_int_equal(cycles[AT_ANOTHER], cycles[NOBODY]);
    assert_int_equal(tcm[AT_THE_SAME], tcm[NOBODY]);
    assert_true(lines[AT_THE_SAME] > lines[NOBODY] * 11 / 10);
    assert_int_equal(lines[AT_ANOTHER], lines[NOBODY]);
    assert_true(fixture_result(machine, LEFT + AT_THE_SAME) > 0); /* it copied all the time */
    assert_true(fixture_result(machine, LEFT + AT_ANOTHER) > 0);
    machine_destroy(machine);
}

static void waiting_repeats_to_the_bit(void **state)
{
    (void)state;
    struct machine *one = run("O0"), *other = run("O0");
    assert_true(machine_hash(one) == machine_hash(other));
    machine_destroy(one);
    machine_destroy(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_core_waits_for_a_dma_at_the_same_memory_only),
        cmocka_unit_test(waiting_repeats_to_the_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
