/* FMC, SDRAM controller: RM0399 23.9; errors of the bus: 23.5. */
#include "sim/soc/fmc.h"
#include "sim/test/soc/soc_fixture.h"

#define FMC   0x52004000u
#define SDRAM 0xd0000000u

enum { BCR1 = FMC, SDCR1 = FMC + 0x140, SDCR2 = FMC + 0x144, SDCMR = FMC + 0x150 };
enum { SDRTR = FMC + 0x154, SDSR = FMC + 0x158 };

struct step {
    uint32_t address, value;
};

/* The reference sequence for the IS42S32800 on bank 2: 23.9.3, steps 1 to 8. */
static const struct step sequence[] = {
    {BCR1, 0x800030db},
    {SDCR1, 2u << 10},
    {SDCR2, 0x1e5},
    {SDCMR, 1 | 1 << 3},
    {SDCMR, 2 | 1 << 3},
    {SDCMR, 3 | 1 << 3 | 7 << 5},
    {SDCMR, 4 | 1 << 3 | 0x230 << 9},
    {SDRTR, 0x603 << 1},
};
enum { STEPS = sizeof sequence / sizeof sequence[0] };

static struct ram chip_ram;

static struct soc_fixture *board_with_sdram(void)
{
    struct soc_fixture *f = fixture_create();
    assert_true(ram_init(&chip_ram, "SDRAM", 32 << 20));
    const struct fmc_sdram chip = {"IS42S32800", &chip_ram, 9, 12, 4, 32};
    assert_true(fmc_attach_sdram(f->soc, 2, &chip));
    assert_false(fmc_attach_sdram(f->soc, 2, &chip));
    return f;
}

static void destroy(struct soc_fixture *f)
{
    fixture_destroy(f);
    ram_free(&chip_ram);
}

static void initialise(struct soc_fixture *f, unsigned without)
{
    for (unsigned n = 0; n < STEPS; n++)
        if (n != without)
            fixture_write(f, sequence[n].address, sequence[n].value);
}

static void test_sdram_works_after_the_whole_sequence(void **state)
{
    (void)state;
    struct soc_fixture *f = board_with_sdram();
    initialise(f, STEPS);
    fixture_write(f, SDRAM + 0x01fffffc, 0x12345678);
    assert_int_equal(fixture_read(f, SDRAM + 0x01fffffc), 0x12345678);
    assert_non_null(bus_memory(&f->sim.bus, MASTER_LTDC, SDRAM, 32 << 20));
    assert_int_equal(f->sim.reporter.distinct[COMPLAINT_GUEST], 0);
    destroy(f);
}

/* Drivers set the bits of the next command in what they read of the last. */
static void test_a_command_does_not_stay_in_its_register(void **state)
{
    (void)state;
    struct soc_fixture *f = board_with_sdram();
    for (unsigned n = 0; n < STEPS; n++) {
        uint32_t before = sequence[n].address == SDCMR ? fixture_read(f, SDCMR) : 0;
        assert_int_equal(before & 0x1f, 0);
        fixture_write(f, sequence[n].address, before | sequence[n].value);
    }
    assert_int_equal(fixture_read(f, SDCMR), 0x230 << 9 | 7 << 5);
    fixture_write(f, SDRAM, 7);
    assert_int_equal(fixture_read(f, SDRAM), 7);
    assert_int_equal(f->sim.reporter.distinct[COMPLAINT_GUEST], 0);
    destroy(f);
}

/* Without these steps the FMC itself does not take the bank for initialised (23.5); the others are
 * between the driver and the chip. */
static bool no_commands(unsigned without)
{
    return without == 0 || without == 1 || without == 3 || without == 4 || without == 6;
}

static void test_each_step_left_out_is_named(void **state)
{
    (void)state;
    static const char *const named[STEPS] = {
        "FMCEN",         "SDCLK",        "rows, columns", "clock configuration",
        "precharge all", "auto-refresh", "mode register", "refresh rate"};
    for (unsigned n = 0; n < STEPS; n++) {
        struct soc_fixture *f = board_with_sdram();
        uint32_t value;
        initialise(f, n);
        enum bus_status status = no_commands(n) ? BUS_ERROR : BUS_OK;
        bool protected = n == 2; /* by SDCR2's reset value */
        assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, SDRAM, 4, 1),
                         protected ? BUS_ERROR : status);
        assert_int_equal(bus_read(&f->sim.bus, MASTER_CM7, SDRAM, 4, &value), status);
        assert_int_equal(value, 0);
        assert_non_null(strstr(f->complaint, named[n]));
        assert_int_equal(f->sim.reporter.distinct[COMPLAINT_GUEST], 1);
        destroy(f);
    }
}

static void test_latency_must_agree_with_the_mode_register(void **state)
{
    (void)state;
    struct soc_fixture *f = board_with_sdram();
    initialise(f, STEPS);
    fixture_write(f, SDCMR, 4 | 1 << 3 | 0x220 << 9);
    fixture_read(f, SDRAM);
    assert_non_null(strstr(f->complaint, "CAS latency"));
    destroy(f);
}

static void test_the_loader_reaches_the_chip_before_the_guest(void **state)
{
    (void)state;
    struct soc_fixture *f = board_with_sdram();
    assert_int_equal(bus_copy_in(&f->sim.bus, MASTER_DEBUG, SDRAM + 5, "duet", 4), BUS_OK);
    assert_memory_equal(chip_ram.bytes + 5, "duet", 4);
    assert_int_equal(f->sim.reporter.distinct[COMPLAINT_GUEST], 0);
    destroy(f);
}

static void test_bmap_swaps_the_banks(void **state)
{
    (void)state; /* 23.6.1, FMC_BCR1.BMAP */
    struct soc_fixture *f = board_with_sdram();
    initialise(f, STEPS);
    fixture_write(f, SDRAM, 0xcafe);
    fixture_write(f, BCR1, 0x820030db);
    assert_int_equal(fixture_read(f, 0x70000000), 0xcafe);
    assert_int_equal(fixture_read(f, SDRAM), 0xcafe);
    fixture_write(f, BCR1, 0x800030db);
    assert_null(bus_memory(&f->sim.bus, MASTER_CM7, 0x70000000, 4));
    destroy(f);
}

static void test_modes_and_busy_are_shown(void **state)
{
    (void)state; /* 23.9.5, FMC_SDSR; the command takes its time */
    struct soc_fixture *f = board_with_sdram();
    initialise(f, STEPS);
    fixture_write(f, SDCMR, 3 | 1 << 3 | 7 << 5);
    assert_int_equal(fixture_read(f, SDSR), 1 << 5);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, SDSR), 0);
    fixture_write(f, SDCMR, 5 | 1 << 3);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, SDSR), 1 << 3);
    destroy(f);
}

static void test_an_access_ends_self_refresh_and_power_down(void **state)
{
    (void)state; /* 23.9.4 */
    struct soc_fixture *f = board_with_sdram();
    initialise(f, STEPS);
    fixture_write(f, SDRAM, 7);
    for (uint32_t mode = 5; mode <= 6; mode++) {
        uint32_t seen;
        fixture_write(f, SDCMR, mode | 1 << 3);
        fixture_wait(f, 100 * SIM_US);
        assert_int_equal(fixture_read(f, SDSR), (mode - 4) << 3);
        bus_read(&f->sim.bus, MASTER_DEBUG, SDRAM, 1, &seen);
        assert_int_equal(fixture_read(f, SDSR), (mode - 4) << 3);
        assert_int_equal(fixture_read(f, SDRAM), 7);
        assert_int_equal(fixture_read(f, SDSR), 0);
        assert_non_null(bus_memory(&f->sim.bus, MASTER_CM7, SDRAM, 4));
    }
    fixture_write(f, SDCMR, 5 | 1 << 3);
    fixture_write(f, SDCMR, 0 | 1 << 3);
    assert_non_null(bus_memory(&f->sim.bus, MASTER_CM7, SDRAM, 4));
    assert_int_equal(f->sim.reporter.distinct[COMPLAINT_GUEST], 0);
    destroy(f);
}

static void test_bits_that_only_the_first_register_has(void **state)
{
    (void)state; /* 23.9.5: clock, burst and pipe are SDCR1's; 23.9.6: FMCEN, BMAP are BCR1's */
    struct soc_fixture *f = board_with_sdram();
    fixture_write(f, SDCR1, 0xffffffff);
    fixture_write(f, SDCR2, 0xffffffff);
    fixture_write(f, BCR1 + 8, 0xffffffff);
    assert_int_equal(fixture_read(f, SDCR1), 0x7fff);
    assert_int_equal(fixture_read(f, SDCR2), 0x3ff);
    assert_int_equal(fixture_read(f, BCR1 + 8), 0xffbff);
    destroy(f);
}

static void test_write_protection_keeps_the_bytes(void **state)
{
    (void)state;
    struct soc_fixture *f = board_with_sdram();
    initialise(f, STEPS);
    fixture_write(f, SDRAM, 7);
    fixture_write(f, SDCR2, 0x1e5 | 1 << 9);
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, SDRAM, 4, 8), BUS_ERROR); /* 23.5 */
    assert_int_equal(fixture_read(f, SDRAM), 7);
    assert_null(bus_memory_for_write(&f->sim.bus, MASTER_DMA2D, SDRAM, 4));
    assert_non_null(strstr(f->complaint, "write-protected"));
    destroy(f);
}

static void test_reset_closes_the_bank_and_keeps_the_bytes(void **state)
{
    (void)state;
    struct soc_fixture *f = board_with_sdram();
    initialise(f, STEPS);
    fixture_write(f, SDRAM, 7);
    soc_reset(f->soc, false);
    assert_null(bus_memory(&f->sim.bus, MASTER_CM7, SDRAM, 4));
    fixture_open_gates(f);
    initialise(f, STEPS);
    assert_int_equal(fixture_read(f, SDRAM), 7);
    destroy(f);
}

/* 23.5: an address above what rows, columns and banks reach is reserved. */
static void test_beyond_the_end_is_an_error(void **state)
{
    (void)state;
    struct soc_fixture *f = board_with_sdram();
    uint32_t value;
    initialise(f, STEPS);
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM7, SDRAM + (32 << 20), 4, &value), BUS_ERROR);
    assert_int_equal(bus_write(&f->sim.bus, MASTER_DMA2D, SDRAM + 0x0ffffffc, 4, 1), BUS_ERROR);
    assert_non_null(strstr(f->complaint, "beyond the 32 MB"));
    assert_int_equal(f->sim.reporter.distinct[COMPLAINT_GUEST], 1);
    destroy(f);
}

/* A program for a board whose SDRAM is at bank 1: the FMC cannot see that it is not there. */
static void test_an_initialised_bank_without_a_chip_is_no_error(void **state)
{
    (void)state;
    struct soc_fixture *f = board_with_sdram();
    uint32_t value = 1;
    fixture_write(f, BCR1, 0x800030db);
    fixture_write(f, SDCR1, 0x9e5);
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM7, 0xc0000000, 4, &value), BUS_ERROR);
    for (unsigned n = 3; n < 7; n++)
        fixture_write(f, SDCMR, (sequence[n].value & ~8u) | 1 << 4);
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, 0xc0000000, 4, 7), BUS_OK);
    assert_int_equal(bus_read(&f->sim.bus, MASTER_LTDC, 0xc0000000, 4, &value), BUS_OK);
    assert_int_equal(value, 0);
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM7, 0xc2000000, 4, &value), BUS_ERROR);
    assert_non_null(strstr(f->complaint, "nothing is wired"));
    destroy(f);
}

/* 23.5, 23.7.6: only a bank that is off, or that must not be written, ends an access with an error. */
static void test_nothing_is_wired_to_the_nor_and_nand_banks(void **state)
{
    (void)state;
    struct soc_fixture *f = board_with_sdram();
    struct bus *bus = &f->sim.bus;
    uint32_t value;
    assert_int_equal(bus_read(bus, MASTER_CM7, 0x60000000, 4, &value), BUS_ERROR);
    assert_non_null(strstr(f->complaint, "nothing is wired"));
    fixture_write(f, BCR1, 0x800030db); /* NOR: enabled from reset on */
    assert_int_equal(bus_read(bus, MASTER_CM7, 0x60000000, 4, &value), BUS_OK);
    assert_int_equal(bus_write(bus, MASTER_CM7, 0x60000000, 4, 1), BUS_OK);
    assert_int_equal(bus_write(bus, MASTER_CM7, 0x64000000, 4, 1), BUS_ERROR);
    fixture_write(f, BCR1 + 8, 0x30d3);
    assert_int_equal(bus_write(bus, MASTER_CM7, 0x64000000, 4, 1), BUS_OK);
    fixture_write(f, BCR1 + 8, 0x20d3); /* WREN */
    assert_int_equal(bus_write(bus, MASTER_CM7, 0x64000000, 4, 1), BUS_ERROR);
    fixture_write(f, BCR1, 0x8000309b); /* FACCEN */
    assert_int_equal(bus_read(bus, MASTER_CM7, 0x60000000, 4, &value), BUS_ERROR);
    assert_int_equal(bus_read(bus, MASTER_CM7, 0x80000000, 4, &value), BUS_ERROR);
    fixture_write(f, FMC + 0x80, 1 << 2); /* PCR.PBKEN */
    assert_int_equal(bus_read(bus, MASTER_CM7, 0x80000000, 4, &value), BUS_OK);
    destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sdram_works_after_the_whole_sequence),
        cmocka_unit_test(test_a_command_does_not_stay_in_its_register),
        cmocka_unit_test(test_each_step_left_out_is_named),
        cmocka_unit_test(test_latency_must_agree_with_the_mode_register),
        cmocka_unit_test(test_the_loader_reaches_the_chip_before_the_guest),
        cmocka_unit_test(test_bmap_swaps_the_banks),
        cmocka_unit_test(test_modes_and_busy_are_shown),
        cmocka_unit_test(test_an_access_ends_self_refresh_and_power_down),
        cmocka_unit_test(test_bits_that_only_the_first_register_has),
        cmocka_unit_test(test_write_protection_keeps_the_bytes),
        cmocka_unit_test(test_reset_closes_the_bank_and_keeps_the_bytes),
        cmocka_unit_test(test_beyond_the_end_is_an_error),
        cmocka_unit_test(test_an_initialised_bank_without_a_chip_is_no_error),
        cmocka_unit_test(test_nothing_is_wired_to_the_nor_and_nand_banks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
