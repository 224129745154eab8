/* A microSD card in the board's socket, driven as the maker's driver does it (guest/vendor_card.c). */
#include "sim/board/microsd.h"
#include "sim/test/machine/machine_fixture.h"

enum { SECTORS = 2048 };

static uint8_t contents[SECTORS * 512];
static unsigned complaints;

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

static void hear(void *ctx, const struct complaint *complaint, enum bus_master master, uint32_t pc)
{
    (void)ctx, (void)master;
    fprintf(stderr, "%s: %s (pc 0x%08x)\n", complaint->block, complaint->text, pc);
    complaints++;
}

static struct machine *start(const char *optimisation, struct microsd *card)
{
    const struct machine_config config = {.hear = hear};
    const struct microsd_config microsd = {
        .disk = {NULL, 512, SECTORS, false, read_sector, write_sector}};
    struct machine *machine = machine_create(&config);
    assert_non_null(machine);
    complaints = 0;
    if (card) {
        microsd_init(card, machine_sim(machine), &microsd);
        board_insert(machine_board(machine), &card->device);
    }
    fixture_load(machine, "vendor_card", SOC_CM7, optimisation);
    fixture_load(machine, "vendor_card", SOC_CM4, optimisation);
    machine_power_on(machine);
    machine_run(machine, SIM_S);
    if (fixture_result(machine, 2))
        print_message("vendor_sd.h or vendor_card.c: line %u failed\n", fixture_result(machine, 2));
    assert_int_equal(fixture_result(machine, 2), 0);
    fixture_assert_done(machine);
    assert_int_equal(complaints, 0);
    return machine;
}

static uint32_t word_at(uint32_t sector, uint32_t n)
{
    uint32_t word;
    memcpy(&word, &contents[sector * 512 + 4 * n], 4);
    return word;
}

/* What the program's fill() makes of a sector number, `at` sectors behind it. */
static void assert_filled(uint32_t seed, uint32_t at)
{
    for (uint32_t n = 0; n < 128; n++)
        assert_int_equal(word_at(seed + at, n),
                         seed * 0x01000193u + (128 * (at % 8) + n) * 0x9e3779b1u);
}

static void test_card_by_every_way(void **state)
{
    (void)state;
    static struct microsd card;
    for (unsigned level = 0; level < 2; level++) {
        memset(contents, 0x5a, sizeof contents);
        struct machine *machine = start(level ? "Os" : "O0", &card);
        assert_int_equal(fixture_result(machine, 4), SECTORS);
        assert_int_equal(fixture_result(machine, 5), 2); /* two sectors twice */
        for (uint32_t way = 0; way < 3; way++)
            for (uint32_t n = 0; n < 9; n++)
                assert_filled(SECTORS - 128 + 16 * way, n);
        for (uint32_t n = 17; n <= 20; n++)
            assert_int_equal(word_at(SECTORS - 64 + n, 5), 0);
        assert_int_equal(contents[0], 0x5a);
        assert_int_equal(contents[(SECTORS - 129) * 512 + 511], 0x5a);
        assert_true(card.high_speed);
        assert_int_equal(card.width, 4);
        machine_destroy(machine);
    }
}

static void test_no_card(void **state)
{
    (void)state;
    struct machine *machine = start("Os", NULL);
    assert_int_equal(fixture_result(machine, 4), 0);
    machine_destroy(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_card_by_every_way),
        cmocka_unit_test(test_no_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
