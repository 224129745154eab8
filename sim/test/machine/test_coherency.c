/* Each fault of guest/coherency.c is reported as what it is, its cured twin is not; and nobody's
 * being there to check changes the run. */
#include "sim/test/machine/check_fixture.h"

#define PROGRAM "coherency"
enum { START_BY_CM4 = 15, CASES = 24 };

static const struct expected expected[CASES] = {
    {BIT_OF(CHECK_STALE_READ), 0x24001000, MASTER_CM4, MASTER_CM7,
     "invalidate 0x24001000..0x2400101f when the Cortex-M4", false},
    {BIT_OF(CHECK_STALE_READ), 0x24001000, MASTER_MDMA, MASTER_CM7,
     "invalidate 0x24001000..0x2400103f when the MDMA channel 0", false},
    {BIT_OF(CHECK_HIDDEN_WRITE), 0x24001000, MASTER_CM7, MASTER_CM4,
     "clean 0x24001000..0x2400101f before the Cortex-M4 is told of it", false},
    {BIT_OF(CHECK_HIDDEN_WRITE), 0x24001000, MASTER_CM7, MASTER_MDMA,
     "clean 0x24001000..0x2400103f before starting MDMA channel 0", false},
    {BIT_OF(CHECK_HIDDEN_WRITE), 0x24001000, MASTER_CM7, MASTER_CM4, "clean 0x24001000", false},
    {BIT_OF(CHECK_SHARED_LINE) | BIT_OF(CHECK_LOST_WRITE), 0x24001004, MASTER_CM7, MASTER_CM4,
     "what the Cortex-M4 writes out of the lines 0x24001000..0x2400101f", false},
    {BIT_OF(CHECK_LOST_WRITE), 0x24001004, MASTER_CM7, MASTER_CM7,
     "clean 0x24001000..0x2400101f before it is invalidated", false},
    {0, 0, 0, 0, NULL, false},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000404, MASTER_CM7, MASTER_CM4, "a DMB on the Cortex-M7",
     false},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000404, MASTER_CM7, MASTER_CM4, "a DMB on the Cortex-M4",
     false},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000400, MASTER_CM7, MASTER_CM4, "a DMB on the Cortex-M7",
     false},
    {BIT_OF(CHECK_RACING_ACCESS), 0x38000400, 0, 0, "HSEM semaphore", false},
    {BIT_OF(CHECK_RACING_ACCESS) | BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000410, 0, 0, "", false},
    {0, 0, 0, 0, NULL, false},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x24001000, MASTER_CM7, MASTER_MDMA,
     "a DSB on the Cortex-M7 before it writes the register that the MDMA channel 0 goes by", false},
    {0, 0, 0, 0, NULL, false},
    {0, 0, 0, 0, NULL, false},
    {0, 0, 0, 0, NULL, false},
    {0, 0, 0, 0, NULL, false},
    {0, 0, 0, 0, NULL, false},
    {0, 0, 0, 0, NULL, false},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000400, MASTER_CM7, MASTER_CM4,
     "a DSB on the Cortex-M7 between the data's store and SEV", false},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000400, MASTER_CM7, MASTER_CM4, "on the Cortex-M7", true},
    {BIT_OF(CHECK_SHARED_LINE) | BIT_OF(CHECK_RACING_ACCESS), 0x24001000, 0, 0, "", false},
};

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

/* The M4 starts a DMA on what it has just stored: in order on the chip, and not by the architecture. */
static void a_start_by_the_m4_wants_its_barrier_where_effects_are_late(void **state)
{
    (void)state;
    struct found found = {0};
    machine_destroy(check_start_set(PROGRAM, &found, START_BY_CM4, 0, "effects", "late", "Os"));
    assert_int_equal(found.kinds, BIT_OF(CHECK_UNORDERED_PUBLISH));
    assert_int_equal(found.first.address, 0x38000400);
    assert_int_equal(found.first.parties[0].master, MASTER_CM4);
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
        cmocka_unit_test(a_start_by_the_m4_wants_its_barrier_where_effects_are_late),
        cmocka_unit_test(checking_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
