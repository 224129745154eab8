/*
 * The M7's instruction cache (DDI 0489, 5.8; ARMv7-M ARM B2.2.7): code that was fetched stays until
 * ICIALLU, ICIMVAU or an eviction; fetches do not see what the data cache holds.
 */
#include "sim/test/cpu/core_fixture.h"

enum {
    CCR = 0xE000ED14u,
    ICIALLU = 0xE000EF50u,
    ICIMVAU = 0xE000EF58u,
    DCISW = 0xE000EF60u,
    DCCMVAU = 0xE000EF64u,
    ITCMCR = 0xE000EF90u,
    DTCMCR = 0xE000EF94u,
};
enum { IN_DATA = FIXTURE_DATA + 0x2000 };

static void switch_caches(uint32_t bits)
{
    store(CCR, bits);
    fixture.unpredictables = 0;
}

/* Neither memory is a TCM; only the instruction cache is on. */
static int open_cached(void **state)
{
    fixture_open_m7(state);
    store(ITCMCR, 0);
    store(DTCMCR, 0);
    store(ICIALLU, 0);
    for (uint32_t line = 0; line < 512; line++)
        store(DCISW, line >> 2 << 5 | line << 30);
    switch_caches(CCR_IC);
    return 0;
}

/* MOVS r1, #number; B . */
static uint32_t code_of(unsigned number)
{
    return 0xe7fe2100u | number;
}

static void another_master_writes(uint32_t address, uint32_t value)
{
    cpu_code_written(fixture.cpu, address);
    fixture_put(address, value);
}

/* What the code at `address` says. */
static uint32_t run(uint32_t address)
{
    cpu_set(fixture.cpu, CPU_PC, address);
    cpu_run(fixture.cpu, cpu_cycles(fixture.cpu) + 10);
    return cpu_get(fixture.cpu, CPU_R0 + 1);
}

static void changed_code_runs_as_it_was_and_is_reported(void **state)
{
    (void)state;
    fixture_put(FIXTURE_CODE, code_of(1));
    assert_int_equal(run(FIXTURE_CODE), 1);
    another_master_writes(FIXTURE_CODE, code_of(2));
    assert_int_equal(fixture.unpredictables, 0);
    assert_int_equal(run(FIXTURE_CODE), 1);
    assert_int_equal(run(FIXTURE_CODE), 1);
    assert_int_equal(fixture.unpredictables, 1);
}

static void iciallu_makes_new_code_seen(void **state)
{
    (void)state;
    fixture_put(FIXTURE_CODE, code_of(1));
    run(FIXTURE_CODE);
    another_master_writes(FIXTURE_CODE, code_of(2));
    store(ICIALLU, 0);
    assert_int_equal(run(FIXTURE_CODE), 2);
    assert_int_equal(fixture.unpredictables, 0);
}

static void icimvau_makes_one_line_seen(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 2; n++) {
        fixture_put(FIXTURE_CODE + 32 * n, code_of(1));
        run(FIXTURE_CODE + 32 * n);
    }
    for (uint32_t n = 0; n < 2; n++)
        another_master_writes(FIXTURE_CODE + 32 * n, code_of(2));
    store(ICIMVAU, FIXTURE_CODE + 20);
    assert_int_equal(run(FIXTURE_CODE), 2);
    assert_int_equal(fixture.unpredictables, 0);
    assert_int_equal(run(FIXTURE_CODE + 32), 1);
}

static void code_that_was_not_fetched_is_not_stale(void **state)
{
    (void)state;
    fixture_put(FIXTURE_CODE, code_of(1));
    run(FIXTURE_CODE);
    another_master_writes(FIXTURE_CODE + 64, code_of(2));
    assert_int_equal(run(FIXTURE_CODE + 64), 2);
    assert_int_equal(run(FIXTURE_CODE), 1);
    assert_int_equal(fixture.unpredictables, 0);
}

static void without_the_cache_and_in_tcm_new_code_runs_at_once(void **state)
{
    (void)state;
    switch_caches(0);
    fixture_put(FIXTURE_CODE, code_of(1));
    run(FIXTURE_CODE);
    another_master_writes(FIXTURE_CODE, code_of(2));
    assert_int_equal(run(FIXTURE_CODE), 2);
    switch_caches(CCR_IC);
    store(ITCMCR, 1);
    run(FIXTURE_CODE);
    another_master_writes(FIXTURE_CODE, code_of(3));
    assert_int_equal(run(FIXTURE_CODE), 3);
    assert_int_equal(fixture.unpredictables, 0);
}

static void stale_code_is_evicted_some_time(void **state)
{
    (void)state;
    fixture_put(FIXTURE_CODE, code_of(1));
    run(FIXTURE_CODE);
    another_master_writes(FIXTURE_CODE, code_of(2));
    assert_int_equal(run(FIXTURE_CODE), 1);
    cpu_run(fixture.cpu, cpu_cycles(fixture.cpu) + (1 << 21));
    assert_int_equal(run(FIXTURE_CODE), 2);
}

/* A wide instruction, MOVW r1, #0x123, across two pages. */
static void an_instruction_across_two_pages_is_held_too(void **state)
{
    (void)state;
    uint32_t address = FIXTURE_CODE + CPU_PAGE_SIZE - 2;
    fixture_put(address - 2, 0xf240bf00);
    fixture_put(address + 2, 0xe7fe1123);
    assert_int_equal(run(address), 0x123);
    another_master_writes(address + 2, 0xe7fe1145);
    assert_int_equal(run(address), 0x123);
    store(ICIMVAU, address + 2);
    assert_int_equal(run(address), 0x145);
}

/* Code written by the core itself lies in the data cache. */
static void dirty_code_is_not_fetched_and_is_reported(void **state)
{
    (void)state;
    switch_caches(CCR_IC | CCR_DC);
    fixture_put(IN_DATA, code_of(1));
    store(IN_DATA, code_of(2));
    assert_int_equal(run(IN_DATA), 1);
    assert_int_equal(fixture.unpredictables, 1);
    store(DCCMVAU, IN_DATA);
    assert_int_equal(run(IN_DATA), 1);
    store(ICIALLU, 0);
    assert_int_equal(run(IN_DATA), 2);
}

static void code_that_ran_and_is_dirty_now_is_reported_too(void **state)
{
    (void)state;
    switch_caches(CCR_IC | CCR_DC);
    fixture_put(IN_DATA, code_of(1));
    assert_int_equal(run(IN_DATA), 1);
    assert_int_equal(fixture.unpredictables, 0);
    store(IN_DATA, code_of(2));
    assert_int_equal(run(IN_DATA), 1);
    assert_int_equal(fixture.unpredictables, 1);
}

static void switching_on_without_invalidating_is_reported(void **state)
{
    (void)state;
    cpu_reset(fixture.cpu, 0);
    store(CCR, CCR_IC);
    assert_int_equal(fixture.unpredictables, 1);
}

int main(void)
{
#define CACHED(function) cmocka_unit_test_setup_teardown(function, open_cached, fixture_close)
    const struct CMUnitTest tests[] = {
        CACHED(changed_code_runs_as_it_was_and_is_reported),
        CACHED(iciallu_makes_new_code_seen),
        CACHED(icimvau_makes_one_line_seen),
        CACHED(code_that_was_not_fetched_is_not_stale),
        CACHED(without_the_cache_and_in_tcm_new_code_runs_at_once),
        CACHED(stale_code_is_evicted_some_time),
        CACHED(an_instruction_across_two_pages_is_held_too),
        CACHED(dirty_code_is_not_fetched_and_is_reported),
        CACHED(code_that_ran_and_is_dirty_now_is_reported_too),
        CACHED(switching_on_without_invalidating_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
