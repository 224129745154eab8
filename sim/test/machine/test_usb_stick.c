/* A stick at the board's connector, driven by a program of each core (guest/usb_stick.c). */
#include "sim/board/board.h"
#include "sim/board/usb_stick.h"
#include "sim/test/machine/machine_fixture.h"

enum { SECTORS = 8192, FIRST = 10, COUNT = 8 };

static uint8_t contents[SECTORS * 512];

static bool read_sector(void *ctx, uint64_t sector, uint8_t *bytes)
{
    (void)ctx;
    memcpy(bytes, contents + sector * 512, 512);
    return true;
}

static bool write_sector(void *ctx, uint64_t sector, const uint8_t *bytes)
{
    (void)ctx;
    memcpy(contents + sector * 512, bytes, 512);
    return true;
}

static void fill(void)
{
    memset(contents, 0, sizeof contents);
    for (unsigned n = 0; n < COUNT * 512; n++)
        contents[FIRST * 512 + n] = (uint8_t)(n * 5 + n / 512);
}

/* `at` holds what FIRST does, each byte changed by the mask. */
static void assert_copied(unsigned at, uint8_t mask)
{
    for (unsigned n = 0; n < COUNT * 512; n++)
        assert_int_equal(contents[at * 512 + n], contents[FIRST * 512 + n] ^ mask);
}

static void test_stick_by_dma_and_by_fifos(void **state)
{
    static struct usb_stick stick;
    const struct usb_stick_config config = {
        .disk = {NULL, 512, SECTORS, false, read_sector, write_sector}};
    (void)state;
    for (unsigned level = 0; level < 2; level++) {
        struct machine *machine = fixture_machine(0);
        fill();
        usb_stick_init(&stick, machine_sim(machine), &config);
        fixture_load(machine, "usb_stick", SOC_CM7, level ? "Os" : "O0");
        fixture_load(machine, "usb_stick", SOC_CM4, level ? "Os" : "O0");
        board_plug(machine_board(machine), &stick.gadget.device);
        machine_power_on(machine);
        machine_run(machine, 3 * SIM_S);
        assert_int_equal(fixture_result(machine, 11), 0);
        assert_int_equal(fixture_result(machine, 10), 0);
        assert_int_equal(fixture_result(machine, 21), 0);
        assert_int_equal(fixture_result(machine, 20), 0);
        fixture_assert_done(machine);
        assert_int_equal(fixture_result(machine, 16), 0xff1f0000); /* 0x1fff, the last sector */
        assert_copied(100, 0x55);
        assert_copied(200, 0xaa);
        assert_true(fixture_result(machine, 12) > 20);
        /* A megabyte takes so many microframes: 24 to 25 MB/s written, 33 to 35 read. */
        assert_in_range(fixture_result(machine, 13), 335, 350);
        assert_in_range(fixture_result(machine, 14), 239, 255);
        machine_destroy(machine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stick_by_dma_and_by_fifos),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
