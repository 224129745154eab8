/* Each fault of guest/coherency.c is reported as what it is, its cured twin is not; and nobody's
 * being there to check changes the run. */
#include "sim/test/machine/machine_fixture.h"

enum { CASES = 22 };
#define BIT_OF(kind) (1u << (kind))

struct found {
    unsigned kinds, count;
    struct check_report first;
};

static void hear_report(void *ctx, const struct check_report *report)
{
    struct found *found = ctx;
    if (getenv("DUET_TEST_VERBOSE")) {
        char cure[256];
        check_cure_text(report, cure, sizeof cure);
        fprintf(stderr, "%s at 0x%08x, %u bytes: %s\n", check_kind_name(report->kind),
                report->address, report->length, cure);
    }
    if (!found->count++)
        found->first = *report;
    found->kinds |= BIT_OF(report->kind);
}

static struct machine *start(struct found *found, uint32_t number, uint32_t cured,
                             const char *optimisation)
{
    struct machine_config config = {
        .hear = fixture_hear, .incoherent = found ? hear_report : NULL, .ctx = found};
    struct machine *machine = machine_create(&config);
    const uint32_t settings[] = {number, cured};
    assert_non_null(machine);
    fixture_load(machine, "coherency", SOC_CM7, optimisation);
    fixture_load(machine, "coherency", SOC_CM4, optimisation);
    assert_true(machine_load(machine, RESULTS + 4 * 30, settings, sizeof settings));
    machine_power_on(machine);
    machine_run(machine, 50 * SIM_MS);
    fixture_assert_done(machine);
    return machine;
}

static const struct expected {
    unsigned kinds;
    uint32_t address; /* of the first report */
    enum bus_master first, last;
    const char *cure; /* part of it */
} expected[CASES] = {
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

static void check_faulty(uint32_t number, const char *optimisation)
{
    const struct expected *wanted = &expected[number];
    struct found found = {0};
    char cure[256];
    struct machine *machine = start(&found, number, 0, optimisation);
    print_message("case %u at -%s: %u places\n", number, optimisation, found.count);
    assert_int_equal(found.kinds, wanted->kinds);
    if (wanted->kinds) {
        const struct check_report *report = &found.first;
        check_cure_text(report, cure, sizeof cure);
        assert_non_null(strstr(cure, wanted->cure));
        assert_true(report->parties[report->party_count - 1].time > 0);
    }
    if (wanted->address)
        assert_int_equal(found.first.address & ~63u, wanted->address & ~63u);
    if (wanted->first != wanted->last) {
        assert_int_equal(found.first.parties[0].master, wanted->first);
        assert_int_equal(found.first.parties[found.first.party_count - 1].master, wanted->last);
    }
    machine_destroy(machine);
}

static void each_fault_is_reported_as_what_it_is(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < CASES; number++) {
        check_faulty(number, "O0");
        check_faulty(number, "Os");
    }
}

static void cured_it_is_not(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < CASES; number++)
        for (unsigned n = 0; n < 2; n++) {
            struct found found = {0};
            struct machine *machine = start(&found, number, 1, n ? "Os" : "O0");
            print_message("case %u\n", number);
            assert_int_equal(found.count, 0);
            machine_destroy(machine);
        }
}

static void checking_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < CASES; number++) {
        struct found found = {0};
        struct machine *checked = start(&found, number, 0, "Os");
        struct machine *alone = start(NULL, number, 0, "Os");
        assert_true(machine_hash(checked) == machine_hash(alone));
        assert_true(machine_time(checked) == machine_time(alone));
        machine_destroy(checked);
        machine_destroy(alone);
    }
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
