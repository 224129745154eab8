/* Programs with faults for the coherency checker: each case faulty, and cured. */
#ifndef SIM_TEST_MACHINE_CHECK_FIXTURE_H
#define SIM_TEST_MACHINE_CHECK_FIXTURE_H

#include "sim/test/machine/machine_fixture.h"

#define BIT_OF(kind) (1u << (kind))

struct found {
    unsigned kinds, count;
    struct check_report first;
};

/* What the faulty program of a case is to be told. No kinds: it is right, in both. */
struct expected {
    unsigned kinds;
    uint32_t address;            /* of the first report; 0: wherever */
    enum bus_master first, last; /* its parties; the same: whoever */
    const char *cure;            /* part of it */
    bool held;                   /* the M4 does not start by itself */
};

static inline void hear_report(void *ctx, const struct check_report *report)
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

/* RESULT(30) and RESULT(31) tell the program what is wanted. `found` NULL: nobody checks. The machine is set
 * so; name NULL: as it is. */
static inline struct machine *check_start_set(const char *program, struct found *found,
                                              uint32_t number, uint32_t cured, const char *name,
                                              const char *value, const char *optimisation)
{
    struct machine_config config = {
        .hear = fixture_hear, .incoherent = found ? hear_report : NULL, .ctx = found};
    struct machine *machine = machine_create(&config);
    const uint32_t settings[] = {number, cured};
    assert_non_null(machine);
    fixture_load(machine, program, SOC_CM7, optimisation);
    fixture_load(machine, program, SOC_CM4, optimisation);
    assert_true(machine_load(machine, RESULTS + 4 * 30, settings, sizeof settings));
    if (name)
        assert_null(machine_set(machine, name, value));
    machine_power_on(machine);
    machine_run(machine, 50 * SIM_MS);
    fixture_assert_done(machine);
    return machine;
}

static inline struct machine *check_start(const char *program, struct found *found, uint32_t number,
                                          uint32_t cured, bool held, const char *optimisation)
{
    return check_start_set(program, found, number, cured, held ? "BCM4" : NULL, "0", optimisation);
}

static inline void check_faulty(const char *program, uint32_t number, const struct expected *wanted,
                                const char *optimisation)
{
    struct found found = {0};
    char cure[256];
    struct machine *machine = check_start(program, &found, number, 0, wanted->held, optimisation);
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

static inline void check_cured(const char *program, uint32_t number, const struct expected *wanted,
                               const char *optimisation)
{
    struct found found = {0};
    struct machine *machine = check_start(program, &found, number, 1, wanted->held, optimisation);
    print_message("case %u at -%s, cured\n", number, optimisation);
    assert_int_equal(found.count, 0);
    machine_destroy(machine);
}

/* A run with the checker is the same run. */
static inline void check_undisturbed(const char *program, uint32_t number,
                                     const struct expected *wanted)
{
    struct found found = {0};
    struct machine *checked = check_start(program, &found, number, 0, wanted->held, "Os");
    struct machine *alone = check_start(program, NULL, number, 0, wanted->held, "Os");
    assert_true(machine_hash(checked) == machine_hash(alone));
    assert_true(machine_time(checked) == machine_time(alone));
    machine_destroy(checked);
    machine_destroy(alone);
}

#endif
