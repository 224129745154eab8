/*
 * The M7's L1 data cache (DDI 0489, 5.8; PM0253 4.5; ARMv7-M ARM A3.5, B2.2). The data of the fixture
 * are no TCM here, so that the default map makes them write-back with write-allocate; other policies
 * come from the MPU. fixture_put() and fixture_word() are another master: they see memory alone.
 */
#include "sim/test/cpu/core_fixture.h"

#include "sim/cpu/dcache.h"

enum {
    CCR = 0xE000ED14u,
    CLIDR = 0xE000ED78u,
    CTR = 0xE000ED7Cu,
    CCSIDR = 0xE000ED80u,
    CSSELR = 0xE000ED84u,
    MPU_CTRL = 0xE000ED94u,
    MPU_RBAR = 0xE000ED9Cu,
    MPU_RASR = 0xE000EDA0u,
    DCIMVAC = 0xE000EF5Cu,
    DCISW = 0xE000EF60u,
    DCCMVAU = 0xE000EF64u,
    DCCMVAC = 0xE000EF68u,
    DCCSW = 0xE000EF6Cu,
    DCCIMVAC = 0xE000EF70u,
    DCCISW = 0xE000EF74u,
    DTCMCR = 0xE000EF94u,
    CACR = 0xE000EF9Cu,
};
enum { X = FIXTURE_DATA + 0x1000, WAY = 0x1000 }; /* addresses a WAY apart share a set */

/* TEX, S, C, B of MPU_RASR (table B3-13). */
enum {
    WRITE_THROUGH = 0x020000,
    WRITE_BACK = 0x030000,
    WRITE_ALLOCATE = 0x0b0000,
    NON_CACHEABLE = 0x080000,
    SHAREABLE = 0x040000,
    INNER_WRITE_BACK_OUTER_NON_CACHEABLE = 0x230000,
};

static uint32_t fixture_word(uint32_t address)
{
    uint32_t value;
    memcpy(&value, fixture_ram(address), 4);
    return value;
}

static void for_all_lines(uint32_t operation)
{
    for (uint32_t set = 0; set < DCACHE_SETS; set++)
        for (uint32_t way = 0; way < DCACHE_WAYS; way++)
            store(operation, set << 5 | way << 30);
}

static void switch_cache(bool on)
{
    store(CCR, (load(CCR) & ~(uint32_t)CCR_DC) | (on ? (uint32_t)CCR_DC : 0));
}

/* All of the fixture's data become memory of this type; the default map stays for the rest. */
static void set_type(uint32_t type)
{
    store(MPU_RBAR, FIXTURE_DATA | 0x10);
    store(MPU_RASR, 3u << 24 | type | 15 << 1 | 1);
    store(MPU_CTRL, 5);
}

static int open_cached(void **state)
{
    fixture_open_m7(state);
    store(DTCMCR, 0);
    for_all_lines(DCISW);
    switch_cache(true);
    assert_int_equal(fixture.unpredictables, 0);
    return 0;
}

/* Lines of the set of `address` until its own is replaced. */
static void push_out(uint32_t address)
{
    struct cpu_cache_line line;
    uint32_t at = FIXTURE_DATA + address % WAY;
    for (unsigned n = 0; n < 1000 && cpu_cache_find(fixture.cpu, address, &line); n++)
        if (at + n % 16 * WAY != (address & ~31u))
            load(at + n % 16 * WAY);
    assert_false(cpu_cache_find(fixture.cpu, address, &line));
}

/* ---- Speculation ------------------------------------------------------------------------------ */

/* What was invalidated for another master's write is fetched again before it, and is stale then. */
static void an_invalidated_line_comes_back_by_speculation(void **state)
{
    (void)state;
    fixture_put(X, 1);
    load(X);
    store(DCIMVAC, X);
    cpu_speculate(fixture.cpu); /* nothing is remembered before it is switched on */
    fixture_put(X, 2);
    assert_int_equal(load(X), 2);
    cpu_set_speculation(fixture.cpu, 0);
    store(DCIMVAC, X);
    uint64_t cycles = cpu_cycles(fixture.cpu);
    cpu_speculate(fixture.cpu);
    assert_int_equal(cpu_cycles(fixture.cpu), cycles);
    fixture_put(X, 3);
    assert_int_equal(load(X), 2);
    store(DCIMVAC, X);
    assert_int_equal(load(X), 3);
}

/* A dirty line is not fetched over, and uncached memory is left alone. */
static void speculation_only_reads_what_may_be_cached(void **state)
{
    (void)state;
    struct cpu_cache_line line;
    cpu_set_speculation(fixture.cpu, 0);
    store(DCIMVAC, X);
    store(X, 4);
    cpu_speculate(fixture.cpu);
    assert_int_equal(load(X), 4);
    store(DCIMVAC, X);
    set_type(NON_CACHEABLE);
    cpu_speculate(fixture.cpu);
    assert_false(cpu_cache_find(fixture.cpu, X, &line));
}

/* ---- One fault of coherency each --------------------------------------------------------------- */

static void a_cached_byte_is_stale_until_invalidated(void **state)
{
    (void)state;
    fixture_put(X, 1);
    assert_int_equal(load(X), 1);
    fixture_put(X, 2);
    fixture_put(X + 28, 3);
    assert_int_equal(load(X), 1);
    assert_int_equal(load(X + 28), 0);
    store(DCIMVAC, X + 4);
    assert_int_equal(load(X), 2);
    assert_int_equal(load(X + 28), 3);
}

static void a_dirty_byte_is_hidden_until_cleaned(void **state)
{
    (void)state;
    static const uint32_t operations[] = {DCCMVAC, DCCMVAU, DCCIMVAC};
    for (uint32_t n = 1; n <= 3; n++) {
        store(X, n);
        assert_int_equal(fixture_word(X), n - 1);
        store(operations[n - 1], X + 31);
        assert_int_equal(fixture_word(X), n);
    }
}

static void clean_leaves_the_line_and_clean_and_invalidate_does_not(void **state)
{
    (void)state;
    struct cpu_cache_line line;
    store(X, 1);
    store(DCCMVAC, X);
    assert_true(cpu_cache_find(fixture.cpu, X, &line));
    assert_false(line.dirty);
    store(X, 2);
    assert_true(cpu_cache_find(fixture.cpu, X, &line));
    assert_true(line.dirty);
    store(DCCIMVAC, X);
    assert_false(cpu_cache_find(fixture.cpu, X, &line));
    assert_int_equal(fixture_word(X), 2);
}

/* A clean writes whole lines: what another master wrote beside is gone. */
static void an_eviction_destroys_the_neighbours_bytes(void **state)
{
    (void)state;
    store(X, 1);
    fixture_put(X + 16, 0x5555);
    push_out(X);
    assert_int_equal(fixture_word(X), 1);
    assert_int_equal(fixture_word(X + 16), 0);
}

static void an_eviction_of_a_clean_line_writes_nothing(void **state)
{
    (void)state;
    load(X);
    fixture_put(X, 0x5555);
    push_out(X);
    assert_int_equal(fixture_word(X), 0x5555);
}

static void invalidate_loses_dirty_data(void **state)
{
    (void)state;
    fixture_put(X, 7);
    store(X, 8);
    store(X + 4, 9);
    store(DCIMVAC, X);
    assert_int_equal(load(X), 7);
    assert_int_equal(load(X + 4), 0);
}

static void set_and_way_name_one_line(void **state)
{
    (void)state;
    struct cpu_cache_line line;
    for (uint32_t n = 0; n < 4; n++)
        store(X + n * WAY, n + 1);
    assert_true(cpu_cache_find(fixture.cpu, X + 2 * WAY, &line));
    assert_int_equal(line.set, X / 32 % 128);
    store(DCCSW, line.set << 5 | line.way << 30);
    for (uint32_t n = 0; n < 4; n++)
        assert_int_equal(fixture_word(X + n * WAY), n == 2 ? 3 : 0);
    store(X + 2 * WAY, 30);
    store(DCISW, line.set << 5 | line.way << 30);
    assert_int_equal(load(X + 2 * WAY), 3);
    for_all_lines(DCCISW);
    for (uint32_t n = 0; n < 4; n++)
        assert_int_equal(fixture_word(X + n * WAY), n + 1);
    assert_false(cpu_cache_find(fixture.cpu, X, &line));
}

/* ---- Policies ----------------------------------------------------------------------------------- */

static void write_through_is_in_memory_at_once_and_stale_all_the_same(void **state)
{
    (void)state;
    struct cpu_cache_line line;
    set_type(WRITE_THROUGH);
    store(X, 1);
    assert_int_equal(fixture_word(X), 1);
    assert_false(cpu_cache_find(fixture.cpu, X, &line)); /* no write-allocate */
    load(X);
    store(X, 2);
    assert_int_equal(fixture_word(X), 2);
    fixture_put(X, 3);
    assert_int_equal(load(X), 2);
    assert_true(cpu_cache_find(fixture.cpu, X, &line));
    assert_false(line.dirty);
}

static void write_back_without_allocate_fills_on_loads_alone(void **state)
{
    (void)state;
    struct cpu_cache_line line;
    static const uint32_t types[] = {WRITE_BACK, INNER_WRITE_BACK_OUTER_NON_CACHEABLE};
    for (unsigned n = 0; n < 2; n++) {
        set_type(types[n]);
        store(X, n + 10);
        assert_int_equal(fixture_word(X), n + 10);
        assert_false(cpu_cache_find(fixture.cpu, X, &line));
        load(X);
        store(X, n + 20);
        assert_int_equal(fixture_word(X), n + 10);
        store(DCCIMVAC, X);
    }
}

static void shareable_memory_is_cached_only_with_cacr_siwt(void **state)
{
    (void)state;
    set_type(WRITE_ALLOCATE | SHAREABLE);
    store(X, 1);
    assert_int_equal(fixture_word(X), 1);
    load(X);
    fixture_put(X, 2);
    assert_int_equal(load(X), 2);
    store(CACR, 1);
    load(X);
    fixture_put(X, 3);
    assert_int_equal(load(X), 2);
    store(X, 4);
    assert_int_equal(fixture_word(X), 4);
}

static void non_cacheable_memory_is_not_cached(void **state)
{
    (void)state;
    set_type(NON_CACHEABLE);
    store(X, 1);
    assert_int_equal(fixture_word(X), 1);
    load(X);
    fixture_put(X, 2);
    assert_int_equal(load(X), 2);
}

static void cacr_forcewt_makes_everything_write_through(void **state)
{
    (void)state;
    store(X, 1);
    store(CACR, 4);
    store(X + 4, 2);
    assert_int_equal(fixture_word(X), 0);
    assert_int_equal(fixture_word(X + 4), 2);
}

static void tcm_is_not_cached(void **state)
{
    (void)state;
    struct cpu_cache_line line;
    store(DTCMCR, 1);
    store(X, 1);
    load(X);
    assert_int_equal(fixture_word(X), 1);
    assert_false(cpu_cache_find(fixture.cpu, X, &line));
    load(0x100);
    assert_false(cpu_cache_find(fixture.cpu, 0x100, &line));
}

/* CCR.DC 0: no line is looked up or filled, all of them stay, and maintenance works on them. */
static void a_cache_that_is_off_keeps_its_lines(void **state)
{
    (void)state;
    fixture_put(X, 1);
    store(X, 2);
    store(X + WAY, 3);
    switch_cache(false);
    assert_int_equal(load(X), 1);
    store(X, 4);
    assert_int_equal(fixture_word(X), 4);
    store(DCCMVAC, X + WAY);
    assert_int_equal(fixture_word(X + WAY), 3);
    switch_cache(true);
    assert_int_equal(load(X), 2);
    store(DCCMVAC, X);
    assert_int_equal(fixture_word(X), 2);
}

static void switching_on_without_invalidating_is_reported(void **state)
{
    (void)state;
    cpu_reset(fixture.cpu, 0);
    switch_cache(true);
    assert_int_equal(fixture.unpredictables, 1);
}

/* ---- Accesses of every kind --------------------------------------------------------------------- */

static void an_unaligned_access_across_lines_uses_both(void **state)
{
    (void)state;
    uint32_t value;
    fixture_put(X + 28, 0x44332211);
    fixture_put(X + 32, 0x88776655);
    memory_read(fixture.cpu, X + 30, 4, false, false, &value);
    assert_int_equal(value, 0x66554433);
    fixture_put(X + 32, 0);
    memory_write(fixture.cpu, X + 30, 4, false, false, 0xddccbbaa);
    assert_int_equal(fixture_word(X + 28), 0x44332211);
    assert_int_equal(load(X + 28), 0xbbaa2211);
    assert_int_equal(load(X + 32), 0x8877ddcc);
}

static void an_exception_stacks_into_the_cache(void **state)
{
    (void)state;
    uint32_t frame = FIXTURE_STACK - 0x20;
    cpu_set(fixture.cpu, CPU_R0, 0x1234);
    memset(fixture_ram(frame), 0, 0x20);
    cpu_pulse_nmi(fixture.cpu);
    service(fixture.cpu);
    assert_int_equal(cpu_get(fixture.cpu, CPU_SP), frame);
    assert_int_equal(load(frame), 0x1234);
    assert_int_equal(fixture_word(frame), 0);
    store(DCCMVAC, frame);
    assert_int_equal(fixture_word(frame), 0x1234);
}

/* LDREX r1,[r0]; STREX r2,r3,[r0] */
static void exclusives_work_on_cached_memory(void **state)
{
    (void)state;
    fixture_put(FIXTURE_CODE, 0x1f00e850);
    fixture_put(FIXTURE_CODE + 4, 0x3200e840);
    fixture_put(FIXTURE_CODE + 8, 0xe7fee7fe);
    fixture_put(X, 5);
    cpu_set(fixture.cpu, CPU_R0, X);
    cpu_set(fixture.cpu, CPU_R0 + 2, 9);
    cpu_set(fixture.cpu, CPU_R0 + 3, 6);
    cpu_set(fixture.cpu, CPU_PC, FIXTURE_CODE);
    cpu_run(fixture.cpu, cpu_cycles(fixture.cpu) + 40);
    assert_int_equal(cpu_get(fixture.cpu, CPU_R0 + 1), 5);
    assert_int_equal(cpu_get(fixture.cpu, CPU_R0 + 2), 0);
    assert_int_equal(fixture_word(X), 5);
    assert_int_equal(load(X), 6);
}

/* Nothing answers at 0x60000000, which the default map caches. */
static void a_failing_fill_is_precise_for_loads_and_not_for_stores(void **state)
{
    (void)state;
    assert_int_equal(try_load(0x60000000, 4), FAULT_DATA_BUS);
    assert_int_equal(try_store(0x60000000, 4), FAULT_NONE);
    assert_true(fixture.cpu->system->cfsr & CFSR_IMPRECISERR);
}

static void a_debugger_sees_what_the_core_sees(void **state)
{
    (void)state;
    uint8_t byte;
    store(X, 0x55);
    assert_true(cpu_peek(fixture.cpu, X, &byte));
    assert_int_equal(byte, 0x55);
    switch_cache(false);
    assert_true(cpu_peek(fixture.cpu, X, &byte));
    assert_int_equal(byte, 0);
    assert_false(cpu_peek(fixture.cpu, 0x60000000, &byte));
}

static void registers_describe_the_caches(void **state)
{
    (void)state;
    assert_int_equal(load(CLIDR), 0x09000003);
    assert_int_equal(load(CTR), 0x8303c003);
    store(CSSELR, 0);
    assert_int_equal(load(CCSIDR) & 7, 1); /* 8 words a line */
    assert_int_equal((load(CCSIDR) >> 3 & 0x3ff) + 1, DCACHE_WAYS);
    assert_int_equal((load(CCSIDR) >> 13 & 0x7fff) + 1, DCACHE_SETS);
    store(CSSELR, 1);
    assert_int_equal((load(CCSIDR) >> 3 & 0x3ff) + 1, 2);
    assert_int_equal((load(CCSIDR) >> 13 & 0x7fff) + 1, 256);
}

/* The way that is replaced in each of 40 misses of one set. */
static uint64_t replacement(uint32_t seed)
{
    uint64_t ways = 0;
    void *state = NULL;
    open_cached(&state);
    cpu_set_seed(fixture.cpu, seed);
    for (unsigned n = 0; n < 40; n++) {
        struct cpu_cache_line line;
        load(X + n % 12 * WAY);
        assert_true(cpu_cache_find(fixture.cpu, X + n % 12 * WAY, &line));
        ways = ways * 5 + line.way;
    }
    fixture_close(&state);
    return ways;
}

static void replacement_follows_from_the_seed(void **state)
{
    (void)state;
    assert_true(replacement(1) == replacement(1));
    assert_true(replacement(1) != replacement(2));
    assert_true(replacement(0) != replacement(2));
}

/* ---- What a checker hears ------------------------------------------------------------------------ */

static struct {
    unsigned count[5], accesses;
    enum cpu_cache_reason reason;
    struct cpu_cache_line line;
    uint32_t origin, address;
} heard;

static void hear_event(void *ctx, enum cpu_cache_event event, enum cpu_cache_reason reason,
                       const struct cpu_cache_line *line)
{
    (void)ctx;
    heard.count[event]++;
    heard.reason = reason;
    heard.line = *line;
    memcpy(&heard.origin, line->origin, 4);
}

static void hear_access(void *ctx, const struct cpu_cache_line *line, uint32_t address,
                        unsigned size, bool write)
{
    (void)ctx, (void)line, (void)size, (void)write;
    heard.accesses++;
    heard.address = address;
}

static void a_checker_hears_of_every_line(void **state)
{
    (void)state;
    static const struct cpu_cache_ops ops = {NULL, hear_event, hear_access};
    memset(&heard, 0, sizeof heard);
    fixture.cpu->config.cache = &ops;
    fixture_put(X, 7);
    store(X, 8);
    store(X + 4, 8);
    assert_int_equal(heard.count[CPU_CACHE_FILLED], 1);
    assert_int_equal(heard.count[CPU_CACHE_DIRTIED], 1);
    assert_int_equal(heard.origin, 7);
    push_out(X);
    assert_int_equal(heard.count[CPU_CACHE_CLEANED], 1);
    assert_true(heard.count[CPU_CACHE_EVICTED] >= 1);
    load(X);
    assert_int_equal(heard.reason, CPU_CACHE_READ);
    assert_true(cpu_cache_watch(fixture.cpu, X, true));
    load(X + 8);
    load(X + 8);
    assert_int_equal(heard.accesses, 2);
    assert_int_equal(heard.address, X + 8);
    cpu_cache_watch(fixture.cpu, X, false);
    load(X + 8);
    assert_int_equal(heard.accesses, 2);
    store(DCIMVAC, X);
    assert_int_equal(heard.count[CPU_CACHE_INVALIDATED], 1);
    assert_int_equal(heard.reason, CPU_CACHE_BY_ADDRESS);
    assert_int_equal(heard.line.address, X);
}

int main(void)
{
#define CACHED(function) cmocka_unit_test_setup_teardown(function, open_cached, fixture_close)
    const struct CMUnitTest tests[] = {
        CACHED(a_cached_byte_is_stale_until_invalidated),
        CACHED(an_invalidated_line_comes_back_by_speculation),
        CACHED(speculation_only_reads_what_may_be_cached),
        CACHED(a_dirty_byte_is_hidden_until_cleaned),
        CACHED(clean_leaves_the_line_and_clean_and_invalidate_does_not),
        CACHED(an_eviction_destroys_the_neighbours_bytes),
        CACHED(an_eviction_of_a_clean_line_writes_nothing),
        CACHED(invalidate_loses_dirty_data),
        CACHED(set_and_way_name_one_line),
        CACHED(write_through_is_in_memory_at_once_and_stale_all_the_same),
        CACHED(write_back_without_allocate_fills_on_loads_alone),
        CACHED(shareable_memory_is_cached_only_with_cacr_siwt),
        CACHED(non_cacheable_memory_is_not_cached),
        CACHED(cacr_forcewt_makes_everything_write_through),
        CACHED(tcm_is_not_cached),
        CACHED(a_cache_that_is_off_keeps_its_lines),
        CACHED(switching_on_without_invalidating_is_reported),
        CACHED(an_unaligned_access_across_lines_uses_both),
        CACHED(an_exception_stacks_into_the_cache),
        CACHED(exclusives_work_on_cached_memory),
        CACHED(a_failing_fill_is_precise_for_loads_and_not_for_stores),
        CACHED(a_debugger_sees_what_the_core_sees),
        CACHED(registers_describe_the_caches),
        cmocka_unit_test(replacement_follows_from_the_seed),
        CACHED(a_checker_hears_of_every_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
