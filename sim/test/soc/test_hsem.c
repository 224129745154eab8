/* HSEM: RM0399 chapter 11. What two cores see of it: sim/test/machine/guest/hsem.c. */
#include "sim/test/soc/soc_fixture.h"

#define HSEM 0x58026400u
enum { R0 = 0x00, RLR0 = 0x80, C1IER = 0x100, C1ICR = 0x104, C1ISR = 0x108, C1MISR = 0x10c };
enum { C2IER = 0x110, C2ISR = 0x118, CR = 0x140, KEYR = 0x144, IRQ_HSEM1 = 125 };
enum { CM7 = 3 << 8, CM4 = 1 << 8 };
#define LOCK 0x80000000u

static uint32_t read_as(struct soc_fixture *f, enum bus_master master, uint32_t offset)
{
    uint32_t value;
    assert_int_equal(bus_read(&f->sim.bus, master, HSEM + offset, 4, &value), BUS_OK);
    return value;
}

static void write_as(struct soc_fixture *f, enum bus_master master, uint32_t offset, uint32_t value)
{
    assert_int_equal(bus_write(&f->sim.bus, master, HSEM + offset, 4, value), BUS_OK);
}

/* 11.4: bytes and half-words get a bus error and have no effect, on every register. */
static void test_words_only(void **state)
{
    (void)state;
    static const uint32_t offsets[] = {R0, RLR0, C1IER, C1ICR, C1ISR, C1MISR, CR, KEYR};
    struct soc_fixture *f = fixture_create();
    uint32_t value;
    for (size_t n = 0; n < sizeof offsets / sizeof offsets[0]; n++)
        for (unsigned size = 1; size <= 2; size++) {
            uint32_t address = HSEM + offsets[n];
            assert_int_equal(bus_read(&f->sim.bus, MASTER_CM7, address, size, &value), BUS_ERROR);
            assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, address, size, 1), BUS_ERROR);
        }
    assert_non_null(strstr(f->complaint, "words only"));
    assert_int_equal(read_as(f, MASTER_CM7, R0), 0);
    assert_int_equal(read_as(f, MASTER_CM7, C1IER), 0);
    fixture_destroy(f);
}

/* 11.3.3, 11.3.5: the owner must be named exactly, by the core that it is. */
static void test_who_locks_and_frees(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    write_as(f, MASTER_CM7, R0, LOCK | CM4 | 5); /* not its own id */
    assert_int_equal(read_as(f, MASTER_CM7, R0), 0);
    write_as(f, MASTER_CM7, R0, LOCK | CM7 | 5);
    write_as(f, MASTER_CM4, R0, LOCK | CM4 | 6); /* late */
    assert_int_equal(read_as(f, MASTER_CM4, R0), LOCK | CM7 | 5);
    assert_int_equal(read_as(f, MASTER_CM4, RLR0), LOCK | CM7 | 5);
    write_as(f, MASTER_CM7, R0, CM7 | 6); /* another process */
    write_as(f, MASTER_CM4, R0, CM7 | 5); /* another core */
    write_as(f, MASTER_CM4, R0, CM4 | 5);
    assert_int_equal(read_as(f, MASTER_CM7, R0), LOCK | CM7 | 5);
    assert_int_equal(read_as(f, MASTER_CM7, C1ISR), 0);
    write_as(f, MASTER_CM7, R0, CM7 | 5);
    assert_int_equal(read_as(f, MASTER_CM7, R0), 0);
    assert_int_equal(read_as(f, MASTER_CM7, C1ISR), 1); /* 11.3.7: before the enable */
    assert_int_equal(read_as(f, MASTER_CM7, C1MISR), 0);
    assert_int_equal(read_as(f, MASTER_CM7, C2ISR), 1);
    write_as(f, MASTER_CM7, C1IER, 1);
    assert_true(f->irq[SOC_CM7][IRQ_HSEM1]);
    write_as(f, MASTER_CM7, C1ICR, 1);
    assert_false(f->irq[SOC_CM7][IRQ_HSEM1]);
    write_as(f, MASTER_CM7, R0, CM7 | 5); /* it is free: nothing happens */
    assert_int_equal(read_as(f, MASTER_CM7, C1ISR), 0);
    fixture_destroy(f);
}

/* 11.3.6: all of one core, by the key, from either core. */
static void test_clear_by_key(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    write_as(f, MASTER_CM7, KEYR, 0x5a5affff);
    assert_int_equal(read_as(f, MASTER_CM7, KEYR), 0x5a5a0000);
    read_as(f, MASTER_CM7, RLR0);
    read_as(f, MASTER_CM4, RLR0 + 4);
    write_as(f, MASTER_CM7, RLR0 + 8, LOCK | CM7); /* read-only there */
    write_as(f, MASTER_CM7, CR, 0x5a5b0000 | CM4);
    assert_int_equal(read_as(f, MASTER_CM7, R0 + 4), LOCK | CM4);
    write_as(f, MASTER_CM7, CR, 0x5a5a0000 | CM4);
    assert_int_equal(read_as(f, MASTER_CM7, CR), 0);
    assert_int_equal(read_as(f, MASTER_CM7, R0), LOCK | CM7);
    assert_int_equal(read_as(f, MASTER_CM7, R0 + 4), 0);
    assert_int_equal(read_as(f, MASTER_CM7, R0 + 8), 0);
    assert_int_equal(read_as(f, MASTER_CM7, C1ISR), 2);
    fixture_destroy(f);
}

/* 11.3.8, table 95: a DMA is nobody; the other registers are open to it. */
static void test_masters_that_are_no_core(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_int_equal(read_as(f, MASTER_DMA1, RLR0), 0);
    write_as(f, MASTER_DMA1, R0, LOCK | CM7);
    assert_int_equal(read_as(f, MASTER_CM7, R0), 0);
    read_as(f, MASTER_CM7, RLR0);
    assert_int_equal(read_as(f, MASTER_DMA1, RLR0), 0);
    write_as(f, MASTER_DMA1, R0, CM7);
    write_as(f, MASTER_DMA1, CR, CM7); /* the key is 0 */
    assert_int_equal(read_as(f, MASTER_CM7, R0), LOCK | CM7);
    write_as(f, MASTER_DMA1, C1IER, 1);
    assert_int_equal(read_as(f, MASTER_CM7, C1IER), 1);
    fixture_destroy(f);
}

/* Takes a semaphore by a read and frees it, as one of the cores. */
static void ring(struct soc_fixture *f, enum bus_master master, unsigned n)
{
    uint32_t value, id = master == MASTER_CM7 ? CM7 : CM4;
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
        cmocka_unit_test(test_words_only),
        cmocka_unit_test(test_who_locks_and_frees),
        cmocka_unit_test(test_clear_by_key),
        cmocka_unit_test(test_masters_that_are_no_core),
        cmocka_unit_test(test_notifications_are_counted_by_who_rings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
