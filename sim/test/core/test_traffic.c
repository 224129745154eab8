/* Who keeps a memory busy, and how long the others wait: sim/core/traffic.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/core/sim.h"

/* A burst of 60 bytes takes 100 ns: 40 before its data, 1 a byte. */
enum { BYTES = 60 };
#define BURST (100 * SIM_NS)

struct memory {
    struct sim sim;
    struct ram ram;
    struct event look;
    unsigned looks;
};

static void looked(void *ctx)
{
    ((struct memory *)ctx)->looks++;
}

static int set_up(void **state)
{
    static struct memory m;
    m.looks = 0;
    sim_init(&m.sim);
    assert_true(ram_init(&m.ram, "RAM", 1024));
    m.ram.traffic->latency = 40 * SIM_NS;
    m.ram.traffic->byte_time = SIM_NS;
    event_init(&m.look, "look", looked, &m);
    m.sim.traffic_look = &m.look;
    *state = &m;
    return 0;
}

static int tear_down(void **state)
{
    struct memory *m = *state;
    ram_free(&m->ram);
    sim_free(&m->sim);
    return 0;
}

/* `count` bursts of `own` each, in the window `window`. */
static sim_time take(struct memory *m, enum bus_master master, unsigned window, unsigned count,
                     sim_time own)
{
    const struct traffic_bursts bursts = {count, BYTES, own};
    return traffic_take(&m->sim, &m->ram, master, window * TRAFFIC_WINDOW, &bursts);
}

static void plan_share(struct memory *m, enum bus_master master, uint32_t share)
{
    const struct traffic_plan plan = {0, SIM_S, share};
    traffic_plan(&m->sim, &m->ram, master, 0, &plan, BURST);
}

static void alone_a_master_has_the_memory_at_its_own_pace(void **state)
{
    struct memory *m = *state;
    assert_int_equal(take(m, MASTER_DMA1, 0, 10, BURST), 0);
    assert_int_equal(take(m, MASTER_DMA1, 1, 10, 2 * BURST), 0);
    /* A memory that is slower than the master makes up the difference. */
    assert_int_equal(take(m, MASTER_DMA1, 2, 10, 30 * SIM_NS), 10 * 70 * SIM_NS);
    m->ram.traffic->latency = m->ram.traffic->byte_time = 0;
    assert_int_equal(take(m, MASTER_DMA1, 3, 10, 0), 0);
}

static void a_burst_waits_for_what_the_others_leave(void **state)
{
    struct memory *m = *state;
    plan_share(m, MASTER_LTDC, TRAFFIC_FULL / 4);
    assert_int_equal(traffic_wait(&m->ram, MASTER_DMA1, SIM_US, 30 * SIM_NS), 10 * SIM_NS);
    /* A quarter of the time it finds a burst of the other's before it, and never more than one. */
    assert_int_equal(traffic_wait(&m->ram, MASTER_DMA1, SIM_US, SIM_US), BURST / 4);
    plan_share(m, MASTER_LTDC, TRAFFIC_FULL);
    assert_int_equal(traffic_wait(&m->ram, MASTER_DMA1, SIM_US, 30 * SIM_NS), BURST);
    plan_share(m, MASTER_MDMA, TRAFFIC_FULL);
    assert_int_equal(traffic_wait(&m->ram, MASTER_DMA1, SIM_US, 30 * SIM_NS), 2 * BURST);
    /* Nobody waits for itself, nor for what is over. */
    assert_int_equal(traffic_wait(&m->ram, MASTER_LTDC, SIM_US, 30 * SIM_NS), BURST);
    assert_int_equal(traffic_wait(&m->ram, MASTER_DMA1, 2 * SIM_S, 30 * SIM_NS), 0);
}

static void use_is_measured_by_windows(void **state)
{
    struct memory *m = *state;
    unsigned half = (unsigned)(TRAFFIC_WINDOW / BURST / 2);
    take(m, MASTER_DMA1, 4, half, BURST);
    assert_int_equal(traffic_share(&m->ram, MASTER_DMA1, 4 * TRAFFIC_WINDOW), 0);
    assert_in_range(traffic_share(&m->ram, MASTER_DMA1, 5 * TRAFFIC_WINDOW), 505, 512);
    assert_int_equal(traffic_share(&m->ram, MASTER_DMA1, 6 * TRAFFIC_WINDOW), 0);
    /* A core that is a slice ahead may have begun the next window already. */
    take(m, MASTER_DMA1, 5, 1, BURST);
    assert_in_range(traffic_share(&m->ram, MASTER_DMA1, 5 * TRAFFIC_WINDOW - 1), 505, 512);
    /* What does not fit in a window fills the next ones. */
    take(m, MASTER_DMA1, 8, 5 * half, BURST);
    assert_in_range(traffic_share(&m->ram, MASTER_DMA1, 9 * TRAFFIC_WINDOW), 1023, 1024);
    assert_in_range(traffic_share(&m->ram, MASTER_DMA1, 10 * TRAFFIC_WINDOW), 1023, 1024);
    take(m, MASTER_DMA1, 10, 0, BURST);
    assert_in_range(traffic_share(&m->ram, MASTER_DMA1, 11 * TRAFFIC_WINDOW), 480, 490);
    assert_int_equal(traffic_share(&m->ram, MASTER_DMA1, 12 * TRAFFIC_WINDOW), 0);
}

static void plans_replace_each_other_and_add_up(void **state)
{
    struct memory *m = *state;
    const struct traffic_plan early = {10, 20, 100}, late = {15, 30, 200}, none = {0, 0, 0};
    traffic_plan(&m->sim, &m->ram, MASTER_LTDC, 0, &early, BURST);
    traffic_plan(&m->sim, &m->ram, MASTER_LTDC, 1, &late, BURST);
    assert_int_equal(traffic_share(&m->ram, MASTER_LTDC, 9), 0);
    assert_int_equal(traffic_share(&m->ram, MASTER_LTDC, 10), 100);
    assert_int_equal(traffic_share(&m->ram, MASTER_LTDC, 15), 300);
    assert_int_equal(traffic_share(&m->ram, MASTER_LTDC, 20), 200);
    assert_int_equal(traffic_next_change(&m->ram, 0), 10);
    assert_int_equal(traffic_next_change(&m->ram, 12), 15);
    assert_int_equal(traffic_next_change(&m->ram, 20), 30);
    assert_true(traffic_next_change(&m->ram, 30) == SIM_NEVER);
    traffic_plan(&m->sim, &m->ram, MASTER_LTDC, 1, &none, 0);
    assert_int_equal(traffic_share(&m->ram, MASTER_LTDC, 15), 100);
}

static void who_adapts_is_called_when_shares_change_and_not_for_ever(void **state)
{
    struct memory *m = *state;
    assert_true(traffic_next_change(&m->ram, 0) == SIM_NEVER);
    take(m, MASTER_DMA1, 0, 1, BURST);
    event_run_until(&m->sim.events, TRAFFIC_WINDOW - 1);
    assert_int_equal(m->looks, 0);
    event_run_until(&m->sim.events, TRAFFIC_WINDOW);
    assert_int_equal(m->looks, 1);
    assert_true(traffic_next_change(&m->ram, TRAFFIC_WINDOW) == 2 * TRAFFIC_WINDOW);
    assert_true(traffic_next_change(&m->ram, 2 * TRAFFIC_WINDOW) == SIM_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(alone_a_master_has_the_memory_at_its_own_pace, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_burst_waits_for_what_the_others_leave, set_up, tear_down),
        cmocka_unit_test_setup_teardown(use_is_measured_by_windows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plans_replace_each_other_and_add_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_adapts_is_called_when_shares_change_and_not_for_ever,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
