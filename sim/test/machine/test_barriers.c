/* Each barrier that is missing in guest/barriers.c is named, and no other; what the chip's maker and
 * others leave out, and may, is not. */
#include "sim/test/machine/check_fixture.h"

#define PROGRAM "barriers"
#define MISSING BIT_OF(CHECK_MISSING_BARRIER)
#define ON_CM7(address, cure)                                                                      \
    {                                                                                              \
        MISSING, address, 0, 0, cure " on the Cortex-M7", false                                    \
    }
#define ON_CM4(address, cure)                                                                      \
    {                                                                                              \
        MISSING, address, 0, 0, cure " on the Cortex-M4", false                                    \
    }
#define RIGHT                                                                                      \
    {                                                                                              \
        0, 0, 0, 0, NULL, false                                                                    \
    }

static const struct expected expected[] = {
    ON_CM4(0xe000ed88, "a DSB and an ISB"),
    ON_CM4(0xe000ed88, "an ISB behind the DSB"),
    ON_CM4(0xe000ed08, "a DSB"),
    ON_CM7(0x24010000, "a DSB and an ISB"),
    ON_CM7(0x24010000, "an ISB behind the DSB"),
    ON_CM7(0, "a DSB and an ISB"),
    ON_CM7(0xe000ef50, "a DSB"),
    ON_CM7(0xe000ef60, "a DSB"),
    ON_CM7(0xe000ed84, "a DSB"),
    ON_CM4(0xe000ed10, "a DSB"),
    ON_CM7(0x24001000, "a DSB"),
    ON_CM7(0x24001000, "a DSB"),
    ON_CM4(0x38000400, "a DSB"),
    ON_CM4(0x38000400, "a DSB"),
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x24001000, MASTER_CM7, MASTER_CM4,
     "a DSB on the Cortex-M7 between the clean and the flag's store", false},
    RIGHT,
    RIGHT,
    RIGHT,
    RIGHT,
    RIGHT,
};
enum { CASES = sizeof expected / sizeof *expected };

static void each_fault_is_reported_as_what_it_is(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < CASES; number++) {
        check_faulty(PROGRAM, number, &expected[number], "O0");
        check_faulty(PROGRAM, number, &expected[number], "Os");
    }
}

static void cured_it_is_not(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < CASES; number++) {
        check_cured(PROGRAM, number, &expected[number], "O0");
        check_cured(PROGRAM, number, &expected[number], "Os");
    }
}

/* Right with the maker, and not by the architecture (B3.1.1). */
static void deep_sleep_wants_its_barrier_where_effects_are_late(void **state)
{
    (void)state;
    struct found found = {0};
    machine_destroy(check_start_set(PROGRAM, &found, CASES - 1, 0, "effects", "late", "Os"));
    assert_int_equal(found.kinds, MISSING);
    assert_int_equal(found.first.address, 0xe000ed10);
}

static void checking_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < CASES; number++)
        check_undisturbed(PROGRAM, number, &expected[number]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_reported_as_what_it_is),
        cmocka_unit_test(cured_it_is_not),
        cmocka_unit_test(deep_sleep_wants_its_barrier_where_effects_are_late),
        cmocka_unit_test(checking_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
