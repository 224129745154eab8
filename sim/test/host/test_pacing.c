/* Board time that is held, goes on by steps, and keeps a person's pace. */
#include "sim/host/pacing.h"
#include "sim/test/host/host_fixture.h"

#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void time_is_held_and_stepped(void **state)
{
    struct pacing pacing;
    (void)state;
    pacing_start(&pacing, false, now());
    assert_false(pacing_holds(&pacing, 0));
    pacing_hold(&pacing);
    assert_true(pacing_holds(&pacing, SIM_MS));
    pacing_step(&pacing, SIM_MS, 33 * SIM_MS);
    assert_false(pacing_holds(&pacing, 33 * SIM_MS));
    assert_true(pacing_holds(&pacing, 34 * SIM_MS));
    assert_true(pacing_holds(&pacing, 34 * SIM_MS));
    pacing_go(&pacing);
    assert_false(pacing_holds(&pacing, SIM_S));
    pacing_step(&pacing, SIM_S, SIM_MS); /* also while it runs */
    assert_true(pacing_holds(&pacing, SIM_S + SIM_MS));
    pacing_step(&pacing, SIM_S, SIM_S);
    pacing_go(&pacing); /* forgets the step */
    assert_false(pacing_holds(&pacing, 5 * SIM_S));
}

/* What was fast, or stood, does not make the board wait or hurry at real pace. */
static void a_pace_begins_where_it_is_chosen(void **state)
{
    struct pacing pacing;
    double start = now();
    (void)state;
    pacing_start(&pacing, false, start);
    pacing_keep(&pacing, 1000 * SIM_S, start);
    pacing.real = true;
    pacing_keep(&pacing, 1000 * SIM_S + SIM_MS, start + 0.001); /* at once */
    pacing_keep(&pacing, 1000 * SIM_S + 30 * SIM_MS, start);
    assert_true(now() >= start + 0.029);
    double late = start + 60;
    pacing_keep(&pacing, 1000 * SIM_S + 31 * SIM_MS, late);
    assert_true(pacing.wall == late && pacing.board == 1000 * SIM_S + 31 * SIM_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_is_held_and_stepped),
        cmocka_unit_test(a_pace_begins_where_it_is_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
