#include "pair.h"

#include "duet/region.h"

struct map {
    struct duet_region_shared cards;
    uint8_t log[96] SHARED;
    uint8_t frames[256] SHARED;
};

DUET_ASSERT_LINES(struct map, log);
DUET_ASSERT_LINES(struct map, frames);

static const struct duet_region_part parts[] = {
    DUET_REGION_PART(struct map, log, 1, DUET_NON_CACHEABLE),
    DUET_REGION_PART(struct map, frames, 2, DUET_MAINTAINED),
};

static struct duet_host host;
static struct map map;
static struct duet_region_config config[2];
static struct duet_region region[2];

static int setup(void **state)
{
    (void)state;
    memset(&map, 0xC3, sizeof(map));
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++)
        config[core] = (struct duet_region_config){.memory = memory_of(&host, core),
                                                   .base = &map,
                                                   .size = sizeof(map),
                                                   .parts = parts,
                                                   .part_count = 2};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    duet_host_close(&host);
    return 0;
}

static void both_boot_orders_agree_and_old_memory_is_no_peer(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        memset(&map, 0xC3, sizeof(map));
        assert_int_equal(duet_region_open(&region[first], &config[first]), DUET_OK);
        assert_int_equal(duet_region_peer(&region[first]), DUET_DOWN);
        assert_int_equal(duet_region_open(&region[!first], &config[!first]), DUET_OK);
        assert_int_equal(duet_region_peer(&region[first]), DUET_DOWN); // not answered yet
        assert_int_equal(duet_region_peer(&region[!first]), DUET_OK);
        assert_int_equal(duet_region_peer(&region[first]), DUET_OK);
    }
}

static void a_restart_is_told_once_and_the_survivor_goes_on(void **state)
{
    (void)state;
    duet_region_open(&region[0], &config[0]);
    duet_region_open(&region[1], &config[1]);
    duet_region_peer(&region[0]);
    duet_region_peer(&region[1]);
    assert_int_equal(duet_region_peer(&region[0]), DUET_OK);
    for (int i = 0; i < 5; i++) { // a warm reset: the old card is still there
        assert_int_equal(duet_region_open(&region[1], &config[1]), DUET_OK);
        assert_int_equal(duet_region_peer(&region[0]), DUET_RESTARTED);
        assert_int_equal(duet_region_peer(&region[0]), DUET_DOWN);
        assert_int_equal(duet_region_peer(&region[1]), DUET_OK);
        assert_int_equal(duet_region_peer(&region[0]), DUET_OK);
    }
    duet_region_close(&region[1]);
    assert_int_equal(duet_region_peer(&region[0]), DUET_DOWN);
}

static void another_layout_is_refused(void **state)
{
    static const struct duet_region_part other[] = {
        DUET_REGION_PART(struct map, log, 1, DUET_NON_CACHEABLE),
        DUET_REGION_PART(struct map, frames, 3, DUET_MAINTAINED),
    };

    (void)state;
    config[1].parts = other;
    duet_region_open(&region[0], &config[0]);
    duet_region_open(&region[1], &config[1]);
    assert_int_equal(duet_region_wait_peer(&region[0], 1000), DUET_MISMATCH);
    assert_int_equal(duet_region_wait_peer(&region[1], 1000), DUET_MISMATCH);
}

static void a_bad_layout_is_refused_at_open(void **state)
{
    struct duet_region_part bad[2] = {parts[0], parts[1]};

    (void)state;
    config[0].parts = bad;
    bad[1].offset = bad[0].offset + 32; // overlaps
    assert_int_equal(duet_region_open(&region[0], &config[0]), DUET_INVALID);
    bad[1] = parts[1];
    bad[1].size += 32; // outside
    assert_int_equal(duet_region_open(&region[0], &config[0]), DUET_INVALID);
    bad[1].size = 0xFFFFFFE0; // outside, by wrapping
    assert_int_equal(duet_region_open(&region[0], &config[0]), DUET_INVALID);
    bad[1].size = 33; // shares a line
    assert_int_equal(duet_region_open(&region[0], &config[0]), DUET_INVALID);
}

static void waiting_for_nobody_ends_in_time_and_beats_are_seen(void **state)
{
    (void)state;
    duet_region_open(&region[0], &config[0]);
    assert_int_equal(duet_region_wait_peer(&region[0], 3000), DUET_TIMEOUT);
    duet_region_open(&region[1], &config[1]);
    duet_region_peer(&region[1]);
    assert_int_equal(duet_region_wait_peer(&region[0], 3000), DUET_OK);
    duet_region_beat(&region[1]);
    assert_int_equal(duet_region_silence(&region[0]), 0);
    while (duet_region_silence(&region[0]) < 2000)
        continue;
    duet_region_beat(&region[1]);
    assert_int_equal(duet_region_silence(&region[0]), 0);
    assert_ptr_equal(duet_region_part(&region[0], 1), map.frames);
    assert_null(duet_region_part(&region[0], 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_boot_orders_agree_and_old_memory_is_no_peer, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_restart_is_told_once_and_the_survivor_goes_on, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(another_layout_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bad_layout_is_refused_at_open, setup, teardown),
        cmocka_unit_test_setup_teardown(waiting_for_nobody_ends_in_time_and_beats_are_seen, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
