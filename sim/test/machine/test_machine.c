/* The machine: faults, monitors, sleep, Stop, resets, both boot orders; and that runs repeat. */
#include "sim/soc/usart.h"
#include "sim/test/machine/machine_fixture.h"

#define EXPECT(n, value) assert_int_equal(fixture_result(machine, n), value)

static struct machine *run(const char *name, sim_time until)
{
    struct machine *machine = fixture_run(name, "Os", 0, until);
    fixture_assert_done(machine);
    return machine;
}

/* ARMv7-M ARM B3.2.15: BFSR's PRECISERR and BFARVALID; IMPRECISERR. */
static void test_a_wrong_address_faults_precisely_or_not(void **state)
{
    (void)state;
    struct machine *machine = run("faults", 10 * SIM_MS);
    EXPECT(10, 0x82);
    EXPECT(11, 0x40030000);
    EXPECT(13, 0x04);
    EXPECT(16, 2);
    EXPECT(20, 0x82);
    EXPECT(21, 0x20000000);
    EXPECT(23, 0x04);
    EXPECT(26, 2);
    machine_destroy(machine);
}

static void test_exclusive_monitors_see_the_other_core(void **state)
{
    (void)state;
    struct machine *machine = run("monitors", 100 * SIM_MS);
    EXPECT(10, 10000);
    assert_true(fixture_result(machine, 11) + fixture_result(machine, 12) > 0);
    EXPECT(20, 5);
    EXPECT(21, 1);
    machine_destroy(machine);
}

/* The M7 alone, up to its last LDREX; then a DMA writes the word, or the one beside its granule. */
static uint32_t store_after_dma(uint32_t dma_address)
{
    struct machine *machine = fixture_machine(0);
    struct bus *bus = &machine_sim(machine)->bus;
    fixture_load(machine, "monitors", SOC_CM7, "Os");
    assert_null(machine_set(machine, "BCM4", "0"));
    machine_power_on(machine);
    machine_run(machine, 10 * SIM_MS);
    EXPECT(2, 1);
    assert_int_equal(bus_write(bus, MASTER_DMA2, dma_address, 4, 5), BUS_OK);
    assert_int_equal(bus_write(bus, MASTER_DMA2, RESULTS + 4 * 3, 4, 1), BUS_OK);
    machine_run(machine, 11 * SIM_MS);
    EXPECT(0, DONE);
    uint32_t failed = fixture_result(machine, 21);
    machine_destroy(machine);
    return failed;
}

static void test_exclusive_monitor_sees_a_dma(void **state)
{
    (void)state;
    assert_int_equal(store_after_dma(RESULTS + 4 * 20), 1);
    assert_int_equal(store_after_dma(RESULTS + 4 * 24), 0);
}

static void test_code_written_by_the_other_core_is_executed(void **state)
{
    (void)state;
    struct machine *machine = run("shared_code", 10 * SIM_MS);
    EXPECT(10, 10);
    EXPECT(11, 20);
    machine_destroy(machine);
}

static void test_systick_wakes_in_time_and_sleep_is_counted(void **state)
{
    (void)state;
    struct machine *machine = run("systick", 21 * SIM_MS);
    struct machine_core_statistics statistics;
    machine_core_statistics(machine, SOC_CM7, &statistics);
    assert_int_equal(statistics.interrupts, 20);
    assert_true(statistics.asleep > 205 * SIM_MS / 10);
    assert_true(statistics.cycles < 10000);
    machine_core_statistics(machine, SOC_CM4, &statistics);
    assert_int_equal(statistics.interrupts, 10);
    assert_int_equal(machine_time(machine), 21 * SIM_MS);
    machine_destroy(machine);
}

/* Also one that comes due while the core executes its WFI, at the end of its turn: whoever asks how far
 * the core is then finds it asleep, with nothing to wait for. */
static void test_a_tick_within_a_wfi_ends_the_sleep(void **state)
{
    (void)state;
    for (sim_time slice = 1 * SIM_NS; slice < 250 * SIM_NS; slice += 7 * SIM_NS) {
        struct machine *machine = fixture_run("tick_at_wfi", "Os", slice, 2 * SIM_MS);
        fixture_assert_done(machine);
        EXPECT(2, 64);
        EXPECT(3, 64);
        machine_destroy(machine);
    }
}

static void test_system_stop_ends_on_the_hsi(void **state)
{
    (void)state;
    struct machine *machine = fixture_run("system_stop", "Os", 0, 5 * SIM_MS);
    EXPECT(10, 2);
    EXPECT(2, 1);
    EXPECT(11, 0);
    assert_true(soc_core_clock_stopped(machine_soc(machine), SOC_CM7));
    soc_drive_pin(machine_soc(machine), 2, 13, true);
    machine_run(machine, 6 * SIM_MS);
    fixture_assert_done(machine);
    EXPECT(11, 0);
    EXPECT(12, 0);
    EXPECT(13, 1u << 5);
    EXPECT(14, 1u << 5);
    machine_destroy(machine);
}

/* A watchdog resets one core, which is in Stop (RM0399 9.7.36). */
static void test_reset_of_one_core_ends_its_stop(void **state)
{
    (void)state;
    struct machine *machine = fixture_run("system_stop", "Os", 0, 5 * SIM_MS);
    uint32_t handler;
    assert_true(soc_core_clock_stopped(machine_soc(machine), SOC_CM4));
    assert_true(machine_peek(machine, SOC_CM4, 0x08100004, &handler, 4));
    assert_true(cpu_set_breakpoint(machine_cpu(machine, SOC_CM4), handler & ~1u, true));
    soc_core_reset(machine_soc(machine), SOC_CM4, RSR_WWDG2RSTF);
    assert_int_equal(machine_run(machine, 6 * SIM_MS), MACHINE_STOP_BREAKPOINT);
    assert_int_equal(machine_stopped_core(machine), SOC_CM4);
    assert_true(soc_core_clock_stopped(machine_soc(machine), SOC_CM7));
    machine_destroy(machine);
}

static void test_software_reset_restarts_both_and_says_so(void **state)
{
    (void)state;
    struct machine *machine = run("resets", 10 * SIM_MS);
    EXPECT(11, 0x00fe0000);
    EXPECT(14, 0);
    EXPECT(12, 1u << 24 | 1u << 22 | 1u << 18 | 1u << 17);
    EXPECT(17, 4); /* the supply configuration outlives it */
    EXPECT(21, 0x00fe0000);
    EXPECT(22, 0x00fe0000 | 1u << 24); /* the M4 had not cleared its own */
    EXPECT(30, 0);                     /* nothing is executed after the request */
    machine_destroy(machine);
}

static void test_gated_m4_starts_where_syscfg_says(void **state)
{
    (void)state;
    struct machine *machine = fixture_machine(0);
    fixture_load(machine, "gated", SOC_CM7, "Os");
    fixture_load(machine, "gated", SOC_CM4, "Os");
    assert_null(machine_set(machine, "BCM4", "0"));
    machine_power_on(machine);
    machine_run(machine, 10 * SIM_MS);
    fixture_assert_done(machine);
    EXPECT(10, 0);
    EXPECT(11, 0);
    machine_destroy(machine);
}

static void test_m4_boots_alone_and_releases_the_m7(void **state)
{
    (void)state;
    struct machine *machine = fixture_machine(0);
    fixture_load(machine, "lockup", SOC_CM4, "Os");
    assert_null(machine_set(machine, "BCM7", "0"));
    machine_power_on(machine);
    machine_run(machine, 50 * SIM_MS);
    EXPECT(1, DONE);
    struct machine_core_statistics statistics;
    machine_core_statistics(machine, SOC_CM7, &statistics);
    assert_false(statistics.started);
    assert_int_equal(statistics.held, 50 * SIM_MS);
    machine_destroy(machine);
}

static void test_lockup_stops_once_and_the_other_goes_on(void **state)
{
    (void)state;
    struct machine *machine = fixture_machine(0);
    fixture_load(machine, "lockup", SOC_CM7, "Os");
    fixture_load(machine, "lockup", SOC_CM4, "Os");
    machine_power_on(machine);
    assert_int_equal(machine_run(machine, 50 * SIM_MS), MACHINE_STOP_LOCKUP);
    assert_int_equal(machine_stopped_core(machine), SOC_CM7);
    EXPECT(1, 0);
    assert_int_equal(machine_run(machine, 50 * SIM_MS), MACHINE_STOP_TIME);
    EXPECT(1, DONE);
    machine_destroy(machine);
}

static void test_both_asleep_for_ever_is_dead(void **state)
{
    (void)state;
    struct machine *machine = run("identity", 10 * SIM_MS);
    assert_int_equal(machine_run(machine, 20 * SIM_MS), MACHINE_STOP_TIME);
    assert_int_equal(machine_time(machine), 20 * SIM_MS);
    assert_int_equal(machine_run(machine, SIM_NEVER), MACHINE_STOP_DEAD);
    machine_destroy(machine);
}

static void test_breakpoint_stops_before_its_instruction(void **state)
{
    (void)state;
    struct machine *machine = fixture_machine(0);
    fixture_load(machine, "systick", SOC_CM7, "Os");
    uint32_t reset;
    assert_true(machine_peek(machine, SOC_CM7, 0x08000004, &reset, 4));
    machine_power_on(machine);
    assert_true(cpu_set_breakpoint(machine_cpu(machine, SOC_CM7), reset & ~1u, true));
    assert_int_equal(machine_run(machine, SIM_S), MACHINE_STOP_BREAKPOINT);
    assert_int_equal(cpu_get(machine_cpu(machine, SOC_CM7), CPU_PC), reset & ~1u);
    machine_destroy(machine);
}

struct text {
    char bytes[128];
    size_t count;
};

static void hear_text(void *ctx, uint16_t data)
{
    struct text *text = ctx;
    if (text->count < sizeof text->bytes - 1)
        text->bytes[text->count++] = (char)data;
}

static void test_console_line_from_each_core(void **state)
{
    (void)state;
    struct machine *machine = fixture_machine(0);
    struct text text = {{0}, 0};
    const struct usart_peer peer = {&text, hear_text};
    assert_true(usart_attach(machine_soc(machine), "USART1", &peer));
    fixture_load(machine, "console", SOC_CM7, "Os");
    fixture_load(machine, "console", SOC_CM4, "Os");
    machine_power_on(machine);
    machine_run(machine, 5 * SIM_MS);
    usart_send(machine_soc(machine), "USART1", (const uint8_t *)"k", 1);
    machine_run(machine, 10 * SIM_MS);
    fixture_assert_done(machine);
    EXPECT(10, 'k');
    assert_non_null(strstr(text.bytes, "hello from the M7\n"));
    assert_non_null(strstr(text.bytes, "hello from the M4\n"));
    assert_int_equal(text.count, 36);
    machine_destroy(machine);
}

/* The same run again is the same to the bit, and a different one is not. */
static void test_runs_repeat(void **state)
{
    (void)state;
    static const char *const names[] = {"monitors", "interleaving", "standby", "console"};
    for (unsigned n = 0; n < 4; n++) {
        uint64_t hash[3];
        for (unsigned k = 0; k < 3; k++) {
            struct machine *machine = fixture_run(names[n], "O0", 0, (20 + k / 2) * SIM_MS);
            hash[k] = machine_hash(machine);
            machine_destroy(machine);
        }
        assert_true(hash[0] == hash[1]);
        assert_true(hash[0] != hash[2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wrong_address_faults_precisely_or_not),
        cmocka_unit_test(test_exclusive_monitors_see_the_other_core),
        cmocka_unit_test(test_exclusive_monitor_sees_a_dma),
        cmocka_unit_test(test_code_written_by_the_other_core_is_executed),
        cmocka_unit_test(test_systick_wakes_in_time_and_sleep_is_counted),
        cmocka_unit_test(test_a_tick_within_a_wfi_ends_the_sleep),
        cmocka_unit_test(test_system_stop_ends_on_the_hsi),
        cmocka_unit_test(test_reset_of_one_core_ends_its_stop),
        cmocka_unit_test(test_software_reset_restarts_both_and_says_so),
        cmocka_unit_test(test_gated_m4_starts_where_syscfg_says),
        cmocka_unit_test(test_m4_boots_alone_and_releases_the_m7),
        cmocka_unit_test(test_lockup_stops_once_and_the_other_goes_on),
        cmocka_unit_test(test_both_asleep_for_ever_is_dead),
        cmocka_unit_test(test_breakpoint_stops_before_its_instruction),
        cmocka_unit_test(test_console_line_from_each_core),
        cmocka_unit_test(test_runs_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
