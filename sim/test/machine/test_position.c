/* Places in a run: wherever one run was stopped, another one can be brought to. */
#include "sim/test/machine/machine_fixture.h"

enum { PLACES = 200 };

static const sim_time tick = 100 * SIM_US;

struct seen {
    struct machine_position at;
    sim_time until; /* of the call of machine_run() that came there */
    uint32_t registers[SOC_CORES][CPU_CONTROL + 1];
    uint64_t cycles[SOC_CORES], hash;
};

static struct machine *fresh(void)
{
    return fixture_run("interleaving", "Os", 0, 0);
}

static struct seen look(struct machine *machine, sim_time until)
{
    struct seen seen = {machine_position(machine), until, {{0}}, {0}, machine_hash(machine)};
    for (unsigned n = 0; n < SOC_CORES; n++) {
        const struct cpu *cpu = machine_cpu(machine, (enum soc_core)n);
        for (unsigned reg = 0; reg <= CPU_CONTROL; reg++)
            seen.registers[n][reg] = cpu_get(cpu, (enum cpu_reg)reg);
        seen.cycles[n] = cpu_cycles(cpu);
    }
    return seen;
}

static uint64_t retired(struct machine *machine, enum soc_core core)
{
    struct cpu_statistics statistics;
    cpu_statistics(machine_cpu(machine, core), &statistics);
    return statistics.instructions;
}

/* Stops after some instructions, now of one core, now of the other, and at the ends of ticks. */
static void wander(struct seen *places)
{
    struct machine *machine = fresh();
    uint32_t random = 1;
    for (unsigned n = 0; n < PLACES; n++) {
        random = random * 1664525 + 1013904223;
        enum soc_core core = random >> 31 ? SOC_CM4 : SOC_CM7;
        sim_time until = machine_time(machine) / tick * tick + tick;
        machine_pause_at(machine, core, retired(machine, core) + (random >> 20) % 200 + 1);
        machine_run(machine, until);
        machine_pause_at(machine, core, UINT64_MAX);
        places[n] = look(machine, until);
    }
    machine_destroy(machine);
}

static void assert_seen(const struct seen *now, const struct seen *then)
{
    assert_int_equal(machine_position_compare(&now->at, &then->at), 0);
    assert_memory_equal(now->registers, then->registers, sizeof now->registers);
    assert_memory_equal(now->cycles, then->cycles, sizeof now->cycles);
    assert_int_equal(now->hash, then->hash);
}

/* Runs as the first run did, but stops only there. */
static void go_to(struct machine *machine, const struct seen *place)
{
    struct machine_position here = machine_position(machine);
    while (machine_position_compare(&here, &place->at) < 0) {
        machine_run_to(machine, machine_time(machine) / tick * tick + tick, &place->at);
        here = machine_position(machine);
    }
}

static void test_each_place_on_the_way(void **state)
{
    (void)state;
    static struct seen places[PLACES];
    wander(places);
    struct machine *machine = fresh();
    for (unsigned n = 0; n < PLACES; n++) {
        go_to(machine, &places[n]);
        struct seen now = look(machine, places[n].until);
        assert_seen(&now, &places[n]);
    }
    machine_destroy(machine);
}

static void test_one_place_at_once(void **state)
{
    (void)state;
    static struct seen places[PLACES];
    wander(places);
    for (unsigned n = 7; n < PLACES; n += 24) {
        struct machine *machine = fresh();
        go_to(machine, &places[n]);
        struct seen now = look(machine, places[n].until);
        assert_seen(&now, &places[n]);
        machine_destroy(machine);
    }
}

static void test_places_are_in_order(void **state)
{
    (void)state;
    static struct seen places[PLACES];
    wander(places);
    unsigned amid = 0;
    for (unsigned n = 1; n < PLACES; n++) {
        struct machine_position before = machine_position_before(&places[n].at);
        assert_true(machine_position_compare(&places[n - 1].at, &places[n].at) < 0);
        assert_true(machine_position_compare(&before, &places[n].at) < 0);
        amid += places[n].at.amid;
    }
    assert_in_range(amid, PLACES / 4, PLACES - 1); /* both kinds were there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_place_on_the_way),
        cmocka_unit_test(test_one_place_at_once),
        cmocka_unit_test(test_places_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
