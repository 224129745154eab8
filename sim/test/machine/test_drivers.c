/* Programs that go about as the vendor's examples and drivers do (guest/drivers.h). */
#include "sim/test/machine/machine_fixture.h"

#define EXPECT(n, value) assert_int_equal(fixture_result(machine, n), value)

static const char *const levels[] = {"O0", "Os"};

static void press_wakeup(struct machine *machine, bool down)
{
    soc_drive_pin(machine_soc(machine), 2, 13, down);
}

static void test_template_of_both_cores(void **state)
{
    (void)state;
    for (unsigned level = 0; level < 2; level++) {
        struct machine *machine = fixture_run("template", levels[level], 0, 450 * SIM_MS);
        fixture_assert_done(machine);
        EXPECT(12, 0); /* no wait timed out */
        EXPECT(22, 0);
        assert_in_range(fixture_result(machine, 13), 404, 406); /* ticks of 1 ms */
        press_wakeup(machine, true);
        machine_run(machine, 451 * SIM_MS);
        press_wakeup(machine, false);
        machine_run(machine, 452 * SIM_MS);
        EXPECT(10, 1); /* the button interrupts both */
        EXPECT(20, 1);
        EXPECT(11, 1u << 4); /* each hears the other's notification */
        EXPECT(21, 1u << 3);
        machine_destroy(machine);
    }
}

static void test_peripherals_by_polls_and_interrupts(void **state)
{
    (void)state;
    for (unsigned level = 0; level < 2; level++) {
        struct machine *machine = fixture_run("peripherals", levels[level], 0, 3 * SIM_S);
        EXPECT(11, 0); /* the first check that failed */
        fixture_assert_done(machine);
        EXPECT(17, 0); /* the HSI after Stop */
        machine_destroy(machine);
    }
}

/* RM0399 9.7.38, table 57: what each reset leaves in RCC_RSR; SBF after Standby. */
static void test_causes_of_resets(void **state)
{
    (void)state;
    struct machine *machine = fixture_run("watchdogs", "Os", 0, 500 * SIM_MS);
    fixture_assert_done(machine);
    EXPECT(20, 0);
    EXPECT(10, 0x00fe0000); /* power-on */
    assert_true(fixture_result(machine, 11) & RSR_IWDG1RSTF);
    assert_true(fixture_result(machine, 12) & RSR_WWDG1RSTF);
    assert_false(fixture_result(machine, 12) & RSR_IWDG1RSTF);
    assert_true(fixture_result(machine, 13) & RSR_SFT1RSTF);
    assert_false(fixture_result(machine, 13) & RSR_WWDG1RSTF);
    assert_true(fixture_result(machine, 14) & 1u << 6); /* SBF */
    assert_false(fixture_result(machine, 14) & RSR_SFT1RSTF);
    machine_destroy(machine);
}

static void test_scheduler_of_each_core(void **state)
{
    (void)state;
    for (unsigned level = 0; level < 2; level++) {
        struct machine *machine = fixture_run("scheduler", levels[level], 0, 60 * SIM_MS);
        fixture_assert_done(machine);
        for (unsigned at = 10; at <= 20; at += 10) {
            assert_true(fixture_result(machine, at) > 1000);
            assert_true(fixture_result(machine, at + 1) > 1000);
            EXPECT(at + 2, 0); /* no FP register was lost */
            EXPECT(at + 4, 0xf0);
            EXPECT(at + 5, 3);
        }
        machine_destroy(machine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_template_of_both_cores),
        cmocka_unit_test(test_peripherals_by_polls_and_interrupts),
        cmocka_unit_test(test_causes_of_resets),
        cmocka_unit_test(test_scheduler_of_each_core),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
