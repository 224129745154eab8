/* Each fault of guest/coherency.c is reported as what it is, its cured twin is not; and nobody's
 * being there to check changes the run. */
#include "sim/test/machine/check_fixture.h"

#define PROGRAM "coherency"
enum { CASES = 22 };

static const struct expected expected[CASES] = {
    {BIT_OF(CHECK_STALE_READ), 0x24001000, MASTER_CM4, MASTER_CM7,
     "invalidate 0x24001000..0x2400101f when the Cortex-M4"},
    {BIT_OF(CHECK_STALE_READ), 0x24001000, MASTER_MDMA, MASTER_CM7,
     "invalidate 0x24001000..0x2400103f when the MDMA channel 0"},
    {BIT_OF(CHECK_HIDDEN_WRITE), 0x24001000, MASTER_CM7, MASTER_CM4,
     "clean 0x24001000..0x2400101f before the Cortex-M4 is told of it"},
    {BIT_OF(CHECK_HIDDEN_WRITE), 0x24001000, MASTER_CM7, MASTER_MDMA,
     "clean 0x24001000..0x2400103f before starting MDMA channel 0"},
    {BIT_OF(CHECK_HIDDEN_WRITE), 0x24001000, MASTER_CM7, MASTER_CM4, "clean 0x24001000"},
    {BIT_OF(CHECK_SHARED_LINE) | BIT_OF(CHECK_LOST_WRITE), 0x24001004, MASTER_CM7, MASTER_CM4,
     "what the Cortex-M4 writes out of the lines 0x24001000..0x2400101f"},
    {BIT_OF(CHECK_LOST_WRITE), 0x24001004, MASTER_CM7, MASTER_CM7,
     "clean 0x24001000..0x2400101f before it is invalidated"},
    {0, 0, 0, 0, NULL},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000404, MASTER_CM7, MASTER_CM4, "a DMB on the Cortex-M7"},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000404, MASTER_CM7, MASTER_CM4, "a DMB on the Cortex-M4"},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000400, MASTER_CM7, MASTER_CM4, "a DMB on the Cortex-M7"},
    {BIT_OF(CHECK_RACING_ACCESS), 0x38000400, 0, 0, "HSEM semaphore"},
    {BIT_OF(CHECK_RACING_ACCESS) | BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000410, 0, 0, ""},
    {0, 0, 0, 0, NULL},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x24001000, MASTER_CM7, MASTER_MDMA,
     "a DSB on the Cortex-M7 before it writes the register that the MDMA channel 0 goes by"},
    {BIT_OF(CHECK_UNORDERED_PUBLISH), 0x38000400, MASTER_CM4, MASTER_MDMA,
     "a DSB on the Cortex-M4"},
    {0, 0, 0, 0, NULL},
    {0, 0, 0, 0, NULL},
    {0, 0, 0, 0, NULL},
    {0, 0, 0, 0, NULL},
    {0, 0, 0, 0, NULL},
    {0, 0, 0, 0, NULL},
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
        check_cured(PROGRAM, number, "O0");
        check_cured(PROGRAM, number, "Os");
    }
}

static void checking_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < CASES; number++)
        check_undisturbed(PROGRAM, number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_reported_as_what_it_is),
        cmocka_unit_test(cured_it_is_not),
        cmocka_unit_test(checking_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
