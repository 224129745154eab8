/* Which masters use a page of memory, and that who looks does not count. */
#include "sim/machine/internal.h"
#include "sim/test/machine/machine_fixture.h"

enum { OFF = 0, MAILBOXES = 0x24001000, ARRAY = 0x24002000 };

static struct cpu_page page_of(struct machine *machine, enum soc_core core, uint32_t address)
{
    struct cpu_page page;
    machine_cpu_bus.page(&machine->core[core], address, CPU_ACCESS_DATA, &page);
    return page;
}

static bool shared(struct machine *machine, uint32_t address)
{
    struct bus_region *region = bus_find(&machine->sim.bus, MASTER_CM7, address);
    return ram_page_is_shared(region->ram,
                              (region->ram_offset + (address - region->base)) >> BUS_PAGE_SHIFT);
}

/* The guest of test_shared_data.c: the M4 reads the mailboxes and the array's last word. */
static void what_both_cores_touch_is_shared(void **state)
{
    (void)state;
    uint32_t setting = OFF, word;
    struct machine *machine = fixture_machine(0);
    fixture_load(machine, "shared_data", SOC_CM7, "Os");
    fixture_load(machine, "shared_data", SOC_CM4, "Os");
    assert_true(machine_load(machine, RESULTS + 4 * 30, &setting, 4));
    machine_power_on(machine);
    machine_run(machine, 20 * SIM_MS);
    fixture_assert_done(machine);
    assert_true(machine_peek(machine, SOC_CM4, ARRAY, &word, 4));
    assert_true(machine_poke(machine, SOC_CM4, ARRAY + 0x404, &word, 4));
    assert_true(shared(machine, MAILBOXES));
    assert_true(shared(machine, ARRAY + 0x1c00));
    assert_false(shared(machine, ARRAY));
    assert_false(shared(machine, ARRAY + 0x400));
    assert_true(page_of(machine, SOC_CM7, MAILBOXES).shared);
    assert_false(page_of(machine, SOC_CM7, ARRAY).shared);
    assert_true(page_of(machine, SOC_CM4, ARRAY).shared);
    assert_true(page_of(machine, SOC_CM7, ARRAY).shared);
    assert_false(page_of(machine, SOC_CM7, 0x08000000).shared);
    machine_destroy(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_both_cores_touch_is_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
