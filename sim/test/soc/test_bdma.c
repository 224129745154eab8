/* BDMA: RM0399 chapter 17. */
#include "sim/test/soc/soc_fixture.h"

#define BDMA    0x58025400u
#define DMAMUX2 0x58025800u
#define SRAM4   0x38000000u

enum { EN = 1, TCIE = 2, HTIE = 4, TEIE = 8, DIR = 16, CIRC = 32, PINC = 64, MINC = 128 };
enum { M2M = 1 << 14, DBM = 1 << 15, CT = 1 << 16, TC = 2, HT = 4, TE = 8, REQUEST = 31 };

static uint32_t reg(unsigned channel, uint32_t offset)
{
    return BDMA + 8 + channel * 0x14 + offset;
}

static void set_up(struct soc_fixture *f, unsigned n, uint32_t par, uint32_t mar, uint32_t count)
{
    fixture_write(f, DMAMUX2 + 4 * n, REQUEST);
    fixture_write(f, reg(n, 4), count);
    fixture_write(f, reg(n, 8), par);
    fixture_write(f, reg(n, 12), mar);
}

static unsigned flags(struct soc_fixture *f, unsigned n)
{
    return fixture_read(f, BDMA) >> (4 * n) & 15;
}

static uint32_t seed = 3;

static uint32_t chance(uint32_t range)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % range;
}

static void test_random_transfers_pad_and_cut_like_the_table(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint8_t *ram = bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, SRAM4, 8192);
    static uint8_t expected[4096];
    for (unsigned round = 0; round < 200; round++) {
        unsigned n = chance(8), p = chance(3), m = chance(3), count = 1 + chance(200);
        unsigned pinc = chance(2), minc = chance(2), out = chance(2);
        for (unsigned k = 0; k < 4096; k++)
            ram[k] = (uint8_t)chance(256);
        memset(ram + 4096, 0x5a, 4096);
        memset(expected, 0x5a, 4096);
        unsigned from = 1u << (out ? m : p), to = 1u << (out ? p : m);
        for (unsigned k = 0; k < count; k++)
            for (unsigned b = 0; b < to; b++)
                expected[k * to * (out ? pinc : minc) + b] =
                    b < from ? ram[k * from * (out ? minc : pinc) + b] : 0;
        set_up(f, n, out ? SRAM4 + 4096 : SRAM4, out ? SRAM4 : SRAM4 + 4096, count);
        fixture_write(f, reg(n, 0),
                      EN | (out ? DIR : 0u) | pinc * PINC | minc * MINC | p << 8 | m << 10);
        wire_set(&f->soc->dma_request[1][REQUEST], true);
        fixture_wait(f, SIM_MS);
        wire_set(&f->soc->dma_request[1][REQUEST], false);
        assert_memory_equal(ram + 4096, expected, 4096);
        assert_int_equal(flags(f, n), 1 | TC | HT);
        fixture_write(f, BDMA + 4, ~0u);
        fixture_write(f, reg(n, 0), 0);
        fixture_write(f, DMAMUX2 + 4 * n, 0);
    }
    fixture_destroy(f);
}

static void test_flags_interrupts_and_errors(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 2, SRAM4, SRAM4 + 64, 4);
    fixture_write(f, reg(2, 0), M2M | PINC | MINC | TCIE | EN);
    fixture_wait(f, SIM_US * 10);
    assert_true(f->irq[SOC_CM7][131] && f->irq[SOC_CM4][131]);
    fixture_write(f, BDMA + 4, TC << 8);
    assert_false(f->irq[SOC_CM7][131]);
    assert_int_equal(flags(f, 2), 1 | HT);
    set_up(f, 3, SRAM4, 0x24000000, 4); /* the D1 domain is out of reach */
    fixture_write(f, reg(3, 0), M2M | PINC | MINC | TEIE | EN);
    fixture_wait(f, SIM_US * 10);
    assert_int_equal(flags(f, 3), 1 | TE);
    assert_int_equal(fixture_read(f, reg(3, 0)) & EN, 0);
    assert_true(f->irq[SOC_CM4][132]);
    fixture_destroy(f);
}

static void test_double_buffer_alternates(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, SRAM4, SRAM4 + 0x100, 16);
    fixture_write(f, reg(0, 16), SRAM4 + 0x200);
    fixture_write(f, SRAM4, 0x77);
    fixture_write(f, reg(0, 0), DBM | MINC | EN);
    wire_set(&f->soc->dma_request[1][REQUEST], true);
    while (!(flags(f, 0) & TC))
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    wire_set(&f->soc->dma_request[1][REQUEST], false);
    assert_int_equal(fixture_read(f, reg(0, 0)) & CT, CT);
    assert_int_equal(fixture_read(f, SRAM4 + 0x10c), 0x77777777);
    assert_int_equal(fixture_read(f, SRAM4 + 0x200), 0);
    fixture_write(f, BDMA + 4, 15);
    wire_set(&f->soc->dma_request[1][REQUEST], true);
    while (!(flags(f, 0) & TC))
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    assert_int_equal(fixture_read(f, reg(0, 0)) & CT, 0);
    assert_int_equal(fixture_read(f, SRAM4 + 0x20c), 0x77777777);
    fixture_destroy(f);
}

/* 17.4.7 */
static void test_failed_channel_stays_off_until_its_flag_is_cleared(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 3, SRAM4, 0x24000000, 4);
    fixture_write(f, reg(3, 0), M2M | EN);
    fixture_wait(f, SIM_US * 10);
    assert_int_equal(flags(f, 3), 1 | TE);
    fixture_write(f, reg(3, 12), SRAM4 + 64);
    fixture_write(f, reg(3, 0), M2M | EN);
    assert_int_equal(fixture_read(f, reg(3, 0)), M2M);
    fixture_write(f, BDMA + 4, TE << 12);
    fixture_write(f, reg(3, 0), M2M | EN);
    assert_int_equal(fixture_read(f, reg(3, 0)), M2M | EN);
    fixture_destroy(f);
}

/* 17.4.5: CT chooses the memory whatever DBM is. 17.6.5: an address' lower bits are ignored. */
static void test_second_memory_without_double_buffer_and_alignment(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, SRAM4 + 4, 0x12345678);
    set_up(f, 0, SRAM4 + 6, SRAM4 + 0x100, 1);
    fixture_write(f, reg(0, 16), SRAM4 + 0x203);
    fixture_write(f, reg(0, 0), M2M | CT | 2 << 8 | 2 << 10 | EN);
    fixture_wait(f, SIM_US * 10);
    assert_int_equal(flags(f, 0) & (TC | TE), TC);
    assert_int_equal(fixture_read(f, SRAM4 + 0x100), 0);
    assert_int_equal(fixture_read(f, SRAM4 + 0x200), 0x12345678);
    fixture_destroy(f);
}

/* 17.6.3 to 17.6.7: what is read-only while EN is set, and what is not. */
static void test_some_of_it_is_locked_while_enabled(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 1, SRAM4, SRAM4 + 0x100, 8);
    fixture_write(f, reg(1, 0), MINC | EN);
    fixture_write(f, reg(1, 0), 0x1ffff & ~(uint32_t)(M2M | MINC));
    assert_int_equal(fixture_read(f, reg(1, 0)), MINC | EN | TCIE | HTIE | TEIE | CIRC | DBM);
    fixture_write(f, reg(1, 4), 9);
    fixture_write(f, reg(1, 8), SRAM4 + 8);
    assert_int_equal(fixture_read(f, reg(1, 4)), 8);
    assert_int_equal(fixture_read(f, reg(1, 8)), SRAM4 + 8);
    fixture_destroy(f);
}

static void test_a_narrow_access_is_told(void **state)
{
    (void)state; /* 17.6: "have to be accessed by words" */
    struct soc_fixture *f = fixture_create();
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, 0x58025410, 2, 5), BUS_OK);
    assert_int_equal(fixture_read(f, 0x58025410), 5);
    assert_non_null(strstr(f->complaint, "accessed by words"));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_narrow_access_is_told),
        cmocka_unit_test(test_random_transfers_pad_and_cut_like_the_table),
        cmocka_unit_test(test_flags_interrupts_and_errors),
        cmocka_unit_test(test_double_buffer_alternates),
        cmocka_unit_test(test_failed_channel_stays_off_until_its_flag_is_cleared),
        cmocka_unit_test(test_second_memory_without_double_buffer_and_alignment),
        cmocka_unit_test(test_some_of_it_is_locked_while_enabled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
