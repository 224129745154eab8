/* HSEM: RM0399 chapter 11; what is counted of it. */
#include "sim/test/soc/soc_fixture.h"

#define HSEM 0x58026400u
enum { C1IER = 0x100, C2IER = 0x110, CM7_ID = 0x300, CM4_ID = 0x100 };

/* Takes a semaphore by a read and frees it, as one of the cores. */
static void ring(struct soc_fixture *f, enum bus_master master, unsigned n)
{
    uint32_t value, id = master == MASTER_CM7 ? CM7_ID : CM4_ID;
    assert_int_equal(bus_read(&f->sim.bus, master, HSEM + 0x80 + 4 * n, 4, &value), BUS_OK);
    assert_int_equal(value, 0x80000000u | id);
    assert_int_equal(bus_write(&f->sim.bus, master, HSEM + 4 * n, 4, id), BUS_OK);
}

/* One of the other core that listens counts, and nothing else does. */
static void test_notifications_are_counted_by_who_rings(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint64_t *count = f->sim.notified;
    fixture_write(f, HSEM + C2IER, 1u << 2);
    fixture_write(f, HSEM + C1IER, 1u << 3 | 1u << 4);
    ring(f, MASTER_CM7, 1); /* nobody listens */
    ring(f, MASTER_CM7, 3); /* only the ringer does */
    assert_true(count[MASTER_CM7] == 0 && count[MASTER_CM4] == 0);
    ring(f, MASTER_CM7, 2);
    ring(f, MASTER_CM7, 2);
    ring(f, MASTER_CM4, 3);
    assert_true(count[MASTER_CM7] == 2 && count[MASTER_CM4] == 1);
    ring(f, MASTER_CM4, 2);
    assert_true(count[MASTER_CM7] == 2 && count[MASTER_CM4] == 1);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notifications_are_counted_by_who_rings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
