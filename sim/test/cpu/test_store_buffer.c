/*
 * The M7's store buffer (DDI 0489, 5.9.2; ARMv7-M ARM A3.7). The fixture's data are no TCM here, another
 * master uses them, and the data cache is off but where a test says so; fixture_word() is what that
 * master sees.
 */
#include "sim/test/cpu/core_fixture.h"

#include "sim/cpu/dcache.h"

enum { X = FIXTURE_DATA + 0x1000, OTHER_LINE = X + 0x40, OTHER_PAGE = X + 0x800 };
enum { CCR = 0xE000ED14, MPU_CTRL = 0xE000ED94, MPU_RBAR = 0xE000ED9C, MPU_RASR = 0xE000EDA0 };
enum { DCCMVAC = 0xE000EF68, DTCMCR = 0xE000EF94 };
enum { WRITE_THROUGH = 0x020000, WRITE_BACK = 0x030000, STRONGLY_ORDERED = 0 };

static uint32_t fixture_word(uint32_t address)
{
    uint32_t value;
    memcpy(&value, fixture_ram(address), 4);
    return value;
}

static bool is_empty(void)
{
    return fixture.cpu->system->stores.count == 0;
}

static int open_shared(void **state)
{
    fixture_open_m7(state);
    store(DTCMCR, 0);
    fixture.shared = true;
    cpu_refresh_pages(fixture.cpu);
    return 0;
}

/* `size` bytes from `address` on become memory of this type; the default map stays for the rest. */
static void set_type(uint32_t address, unsigned size_bits, uint32_t type)
{
    store(MPU_RBAR, address | 0x10);
    store(MPU_RASR, 3u << 24 | type | (size_bits - 1) << 1 | 1);
    store(MPU_CTRL, 5);
}

static void switch_cache_on(void)
{
    for (uint32_t line = 0; line < 512; line++)
        store(0xE000EF60, line >> 2 << 5 | line << 30); /* DCISW */
    store(CCR, load(CCR) | CCR_DC);
}

/* NOPs for so many cycles. */
static void pass(uint64_t cycles)
{
    branch_to(fixture.cpu, FIXTURE_CODE);
    cpu_run(fixture.cpu, cpu_cycles(fixture.cpu) + cycles);
}

static void execute(uint32_t halfwords)
{
    fixture_put(FIXTURE_CODE, halfwords);
    cpu_forget_pages(fixture.cpu);
    pass(1);
    fixture_put(FIXTURE_CODE, 0xbf00bf00u);
    cpu_forget_pages(fixture.cpu);
}

/* ---- What others see, and when ----------------------------------------------------------------- */

static void a_store_is_seen_by_its_core_at_once_and_by_others_later(void **state)
{
    (void)state;
    store(X, 0x11223344);
    assert_int_equal(load(X), 0x11223344);
    assert_int_equal(fixture_word(X), 0);
    uint64_t start = cpu_cycles(fixture.cpu);
    while (!fixture_word(X))
        pass(1);
    assert_true(cpu_cycles(fixture.cpu) - start <= STORE_CYCLES_MAX + 1);
    assert_int_equal(fixture_word(X), 0x11223344);
    assert_true(is_empty());
    assert_int_equal(load(X), 0x11223344);
}

static void a_store_leaves_while_the_core_runs_translated_code_or_waits_for_its_slice(void **state)
{
    (void)state;
    store(X, 1);
    uint64_t due = fixture.cpu->stores_due;
    pass(due - cpu_cycles(fixture.cpu) - 1);
    assert_int_equal(fixture_word(X), 0);
    pass(1);
    assert_int_equal(fixture_word(X), 1);
}

/* Data in one line, then a flag in another: a bit for each order that another master can see. */
static unsigned orders_seen(uint32_t data, uint32_t flag)
{
    unsigned orders = 0;
    for (uint32_t round = 1; round <= 100; round++) {
        store(data, round);
        store(flag, round);
        while (fixture_word(data) != round && fixture_word(flag) != round)
            pass(1);
        orders |= fixture_word(data) != round ? 1u : fixture_word(flag) != round ? 2 : 4;
        pass(STORE_CYCLES_MAX + 1);
        assert_int_equal(fixture_word(data), round);
        assert_int_equal(fixture_word(flag), round);
    }
    return orders;
}

static void stores_to_two_lines_overtake_each_other_and_those_to_one_do_not(void **state)
{
    (void)state;
    assert_int_equal(orders_seen(X, OTHER_LINE) & 3, 3);
    assert_int_equal(orders_seen(X, X + 24), 4); /* both at once */
    assert_int_equal(orders_seen(X, X + 4), 4);
}

static uint64_t delay_with(uint32_t seed)
{
    cpu_set_seed(fixture.cpu, seed);
    store(X, 1);
    uint64_t delay = fixture.cpu->stores_due - cpu_cycles(fixture.cpu);
    pass(STORE_CYCLES_MAX + 1);
    return delay;
}

static void the_order_comes_from_the_seed(void **state)
{
    (void)state;
    uint64_t one = delay_with(1), two = delay_with(2), three = delay_with(3);
    assert_true(one != two || two != three);
    assert_true(delay_with(1) == one);
}

/* ---- Merging, forwarding, room ------------------------------------------------------------------ */

static void stores_merge_and_loads_see_them_over_what_memory_has(void **state)
{
    (void)state;
    uint32_t value;
    fixture_put(X, 0xaaaaaaaa);
    fixture_put(X + 4, 0xbbbbbbbb);
    memory_write(fixture.cpu, X + 1, 1, false, false, 0x11);
    memory_write(fixture.cpu, X + 2, 2, false, false, 0x2222);
    memory_write(fixture.cpu, X + 3, 1, false, false, 0x33);
    assert_int_equal(fixture.cpu->system->stores.count, 1);
    assert_int_equal(load(X), 0x332211aa);
    assert_int_equal(load(X + 4), 0xbbbbbbbb);
    memory_read(fixture.cpu, X + 3, 4, false, false, &value); /* unaligned */
    assert_int_equal(value, 0xbbbbbb33);
    memory_read(fixture.cpu, X + 1, 1, false, false, &value);
    assert_int_equal(value, 0x11);
    assert_int_equal(fixture_word(X), 0xaaaaaaaa);
    barrier(fixture.cpu, 0);
    assert_int_equal(fixture_word(X), 0x332211aa);
    assert_int_equal(fixture_word(X + 4), 0xbbbbbbbb);
}

static void without_room_the_oldest_line_leaves(void **state)
{
    (void)state;
    store(X, 1);
    store(OTHER_LINE, 2);
    store(X + 8, 3);
    store(OTHER_LINE + 8, 4);
    assert_int_equal(fixture.cpu->system->stores.count, STORE_ENTRIES);
    store(OTHER_PAGE, 5);
    assert_int_equal(fixture_word(X), 1);
    assert_int_equal(fixture_word(X + 8), 3);
    assert_int_equal(fixture_word(OTHER_LINE), 0);
    assert_int_equal(fixture_word(OTHER_PAGE), 0);
    assert_int_equal(load(OTHER_LINE + 8), 4);
}

/* ---- What empties it ----------------------------------------------------------------------------- */

static void dmb_and_dsb_empty_it_and_isb_does_not(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 3; kind++) {
        store(X, kind + 1);
        store(OTHER_PAGE, kind + 1);
        barrier(fixture.cpu, kind);
        assert_int_equal(is_empty(), kind < 2);
    }
}

static void loads_of_devices_wait_for_it_and_stores_to_them_do_not(void **state)
{
    (void)state; /* DDI 0489, 5.9.2: "before performing Strongly-ordered or Device reads" */
    store(X, 1);
    store(FIXTURE_DEVICE, 7);
    assert_int_equal(fixture.device, 7);
    assert_int_equal(fixture_word(X), 0);
    load(FIXTURE_DEVICE);
    assert_int_equal(fixture_word(X), 1);
}

static void strongly_ordered_accesses_wait_for_it(void **state)
{
    (void)state;
    set_type(OTHER_PAGE, 10, STRONGLY_ORDERED);
    store(X, 1);
    store(OTHER_PAGE, 2); /* itself is never buffered */
    assert_int_equal(fixture_word(X), 1);
    assert_int_equal(fixture_word(OTHER_PAGE), 2);
    store(X, 3);
    load(OTHER_PAGE);
    assert_int_equal(fixture_word(X), 3);
}

static void exclusive_accesses_empty_it_and_are_not_buffered(void **state)
{
    (void)state;
    cpu_set(fixture.cpu, CPU_R0 + 1, OTHER_PAGE);
    cpu_set(fixture.cpu, CPU_R0 + 2, 5);
    store(X, 1);
    execute(0x0f00e851); /* ldrex r0, [r1] */
    assert_int_equal(fixture_word(X), 1);
    store(X, 2);
    execute(0x2000e841); /* strex r0, r2, [r1] */
    assert_int_equal(cpu_get(fixture.cpu, CPU_R0), 0);
    assert_int_equal(fixture_word(X), 2);
    assert_int_equal(fixture_word(OTHER_PAGE), 5);
}

static void cache_maintenance_sleep_and_lockup_empty_it(void **state)
{
    (void)state;
    store(X, 1);
    store(DCCMVAC, OTHER_PAGE);
    assert_int_equal(fixture_word(X), 1);
    store(X, 2);
    wait_for_interrupt(fixture.cpu);
    assert_int_equal(fixture_word(X), 2);
    fixture.cpu->asleep = false;
    store(X, 3);
    enter_lockup(fixture.cpu);
    assert_int_equal(fixture_word(X), 3);
}

/* ---- With the data cache ------------------------------------------------------------------------ */

static void a_line_written_through_has_it_at_once_and_memory_later(void **state)
{
    (void)state;
    set_type(FIXTURE_DATA, 16, WRITE_THROUGH);
    switch_cache_on();
    load(X);
    store(X, 1);
    assert_int_equal(load(X), 1);
    assert_int_equal(fixture_word(X), 0);
    pass(STORE_CYCLES_MAX + 1);
    assert_int_equal(fixture_word(X), 1);
}

static void a_line_is_filled_with_what_waits_for_it(void **state)
{
    (void)state;
    set_type(FIXTURE_DATA, 16, WRITE_BACK); /* a miss does not allocate */
    switch_cache_on();
    store(X, 1);
    assert_int_equal(fixture_word(X), 0);
    assert_int_equal(load(X + 4), 0);
    assert_int_equal(load(X), 1);
    assert_int_equal(fixture_word(X), 1);
    store(X, 2); /* a hit: into the line, which is nobody else's to see */
    assert_true(is_empty());
    assert_int_equal(fixture_word(X), 1);
}

/* ---- What does not go this way ------------------------------------------------------------------ */

static void what_nobody_shares_is_in_memory_at_once(void **state)
{
    (void)state;
    fixture.shared = false;
    cpu_refresh_pages(fixture.cpu);
    store(X, 1);
    assert_int_equal(fixture_word(X), 1);
    fixture.shared = true; /* and from the time on when somebody does, not */
    cpu_refresh_pages(fixture.cpu);
    store(X, 2);
    assert_int_equal(fixture_word(X), 1);
}

static void a_tcm_is_written_at_once(void **state)
{
    (void)state;
    store(DTCMCR, 8 << 3 | 1); /* 128 KB */
    cpu_refresh_pages(fixture.cpu);
    store(X, 1);
    assert_int_equal(fixture_word(X), 1);
}

static void the_m4_has_none(void **state)
{
    (void)state;
    fixture.shared = true;
    store(X, 1);
    assert_int_equal(fixture_word(X), 1);
}

static void a_debugger_sees_and_changes_what_waits_and_lets_it_wait(void **state)
{
    (void)state;
    uint8_t byte = 0;
    store(X, 0x01020304);
    assert_true(cpu_peek(fixture.cpu, X + 1, &byte));
    assert_int_equal(byte, 3);
    assert_int_equal(fixture_word(X), 0);
    fixture_put(X, 0x0a0b0c0d);
    cpu_poke_line(fixture.cpu, X, (const uint8_t[]){0x0d, 0x0c, 0x0b, 0x0a}, 4);
    pass(STORE_CYCLES_MAX + 1);
    assert_int_equal(fixture_word(X), 0x0a0b0c0d);
}

#define SHARED_TEST(function) cmocka_unit_test_setup_teardown(function, open_shared, fixture_close)

/* ---- As late as may be --------------------------------------------------------------------------- */

static void late_stores_wait_for_a_barrier(void **state)
{
    (void)state;
    cpu_set_late_stores(fixture.cpu);
    store(X, 1);
    pass(2 * STORE_CYCLES_MAX);
    store(DCCMVAC, OTHER_LINE);
    assert_int_equal(fixture_word(X), 0);
    barrier(fixture.cpu, 0);
    assert_int_equal(fixture_word(X), 1);
    store(X, 2);
    pass(STORE_CYCLES_LATE + 2);
    assert_int_equal(fixture_word(X), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHARED_TEST(a_store_is_seen_by_its_core_at_once_and_by_others_later),
        SHARED_TEST(a_store_leaves_while_the_core_runs_translated_code_or_waits_for_its_slice),
        SHARED_TEST(stores_to_two_lines_overtake_each_other_and_those_to_one_do_not),
        SHARED_TEST(the_order_comes_from_the_seed),
        SHARED_TEST(stores_merge_and_loads_see_them_over_what_memory_has),
        SHARED_TEST(without_room_the_oldest_line_leaves),
        SHARED_TEST(dmb_and_dsb_empty_it_and_isb_does_not),
        SHARED_TEST(loads_of_devices_wait_for_it_and_stores_to_them_do_not),
        SHARED_TEST(strongly_ordered_accesses_wait_for_it),
        SHARED_TEST(exclusive_accesses_empty_it_and_are_not_buffered),
        SHARED_TEST(cache_maintenance_sleep_and_lockup_empty_it),
        SHARED_TEST(a_line_written_through_has_it_at_once_and_memory_later),
        SHARED_TEST(a_line_is_filled_with_what_waits_for_it),
        SHARED_TEST(what_nobody_shares_is_in_memory_at_once),
        SHARED_TEST(a_tcm_is_written_at_once),
        SHARED_TEST(a_debugger_sees_and_changes_what_waits_and_lets_it_wait),
        SHARED_TEST(late_stores_wait_for_a_barrier),
        M4_TEST(the_m4_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
