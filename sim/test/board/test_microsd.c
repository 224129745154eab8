/* The microSD card alone: which command it answers in which state, what it says of itself, errors. */
#include "sim/board/microsd.h"
#include "sim/test/soc/soc_fixture.h"

#include <stdio.h>

enum { SECTORS = 4096 };
enum { ILLEGAL = 1 << 22, ECC_FAILED = 1 << 21, WRITE_PROTECTED = 1 << 26, READY = 1 << 8 };
#define OUT_OF_RANGE 0x80000000u

static uint8_t contents[SECTORS * 512];
static struct sim sim;
static char complaint[256];
static struct microsd card;
static struct sd_line line;

static bool read_sector(void *ctx, uint64_t sector, uint8_t *bytes)
{
    (void)ctx;
    memcpy(bytes, contents + sector * 512, 512);
    return sector != 77;
}

static bool write_sector(void *ctx, uint64_t sector, const uint8_t *bytes)
{
    (void)ctx;
    memcpy(contents + sector * 512, bytes, 512);
    return sector != 77;
}

static void hear(void *ctx, const struct complaint *heard)
{
    (void)ctx;
    snprintf(complaint, sizeof complaint, "%s", heard->text);
}

static void power_up(bool read_only, uint64_t errors)
{
    const struct microsd_config config = {
        .disk = {NULL, 512, SECTORS, read_only, read_sector, write_sector}, .errors = errors};
    sim_free(&sim); /* of the test before */
    sim_init(&sim);
    sim.reporter.hear = hear;
    complaint[0] = 0;
    memset(contents, 0, sizeof contents);
    line = (struct sd_line){1, 400000};
    microsd_init(&card, &sim, &config);
}

static struct sd_answer say(unsigned index, uint32_t argument)
{
    struct sd_answer answer = {.kind = SD_SILENCE};
    card.device.command(&card, &line, index, argument, &answer);
    sim.events.now += 10 * SIM_MS;
    return answer;
}

/* The first word of a short answer. */
static uint32_t word(unsigned index, uint32_t argument)
{
    const struct sd_answer answer = say(index, argument);
    assert_int_equal(answer.kind, SD_SHORT);
    return answer.words[0];
}

static uint32_t rca;

static void identify(void)
{
    assert_int_equal(say(0, 0).kind, SD_SILENCE);
    assert_int_equal(word(8, 0x1aa), 0x1aa);
    do
        word(55, 0);
    while (!(word(41, 0x40ff8000) >> 31));
    assert_int_equal(say(2, 0).kind, SD_LONG);
    rca = word(3, 0) & 0xffff0000;
    line.hz = 25000000;
}

static void select_it(void)
{
    identify();
    assert_int_equal(word(7, rca) >> 9 & 15, CARD_STANDBY);
    word(55, rca);
    word(6, 2);
    line.width = 4;
}

static unsigned take_block(uint8_t *bytes)
{
    bool good = false;
    assert_true(card.device.sends_at(&card) < SIM_NEVER);
    unsigned length = card.device.send(&card, &line, bytes, &good);
    return good ? length : 0;
}

static void test_identification(void **state)
{
    (void)state;
    power_up(false, 0);
    assert_int_equal(say(2, 0).kind, SD_SILENCE);     /* not yet */
    assert_int_equal(say(8, 0x2aa).kind, SD_SILENCE); /* a voltage that it does not stand */
    identify();
    assert_true(rca);
    const struct sd_answer csd = say(9, rca);
    assert_int_equal(csd.kind, SD_LONG);
    assert_int_equal(csd.words[0] >> 30, 1);
    assert_int_equal((csd.words[1] & 0x3f) << 16 | csd.words[2] >> 16, SECTORS / 1024 - 1);
    assert_int_equal(say(9, rca + 0x10000).kind, SD_SILENCE);
    assert_int_equal(say(10, rca).words[0], 0x00444475);
    assert_int_equal(word(7, rca) >> 9 & 15, CARD_STANDBY);
    assert_int_equal(word(13, rca), CARD_TRANSFER << 9 | READY);
    assert_int_equal(say(7, 0).kind, SD_SILENCE);
    assert_int_equal(word(13, rca) >> 9 & 15, CARD_STANDBY);
    assert_string_equal(complaint, "");
}

/* It takes its time, and a host that does not know of high capacity never gets it. */
static void test_initialisation(void **state)
{
    (void)state;
    power_up(false, 0);
    word(55, 0);
    assert_int_equal(word(41, 0), 0xff8000); /* only a question */
    for (unsigned n = 0; n < 20; n++) {
        word(55, 0);
        assert_int_equal(word(41, 0x00ff8000), 0xff8000);
    }
    word(55, 0);
    const struct sd_answer answer = say(41, 0x40ff8000);
    assert_true(answer.without_crc);
    assert_int_equal(answer.words[0], 0xc0ff8000);
}

static void test_illegal_commands(void **state)
{
    (void)state;
    power_up(false, 0);
    select_it();
    static const uint8_t not_now[] = {2, 8, 9, 12, 11, 1, 63};
    for (unsigned n = 0; n < sizeof not_now; n++) {
        assert_int_equal(say(not_now[n], 0).kind, SD_SILENCE);
        assert_true(word(13, rca) & ILLEGAL);
        assert_false(word(13, rca) & ILLEGAL); /* told once */
    }
    assert_int_equal(say(41, 0).kind, SD_SILENCE); /* without CMD55 */
}

static void test_registers_as_data(void **state)
{
    (void)state;
    uint8_t bytes[SD_BLOCK_MAX];
    power_up(false, 0);
    select_it();
    word(55, rca);
    word(51, 0);
    assert_int_equal(take_block(bytes), 8);
    assert_int_equal(bytes[1] & 5, 5);
    word(55, rca);
    word(13, 0);
    assert_int_equal(take_block(bytes), 64);
    assert_int_equal(bytes[0], 0x80);
    word(6, 0x00ffffff); /* what is there now? */
    assert_int_equal(take_block(bytes), 64);
    assert_int_equal(bytes[13], 3);
    assert_int_equal(bytes[16] & 15, 0);
    word(6, 0x80fffff2); /* a function that there is not */
    assert_int_equal(take_block(bytes), 64);
    assert_int_equal(bytes[16] & 15, 15);
    assert_false(card.high_speed);
    word(6, 0x00fffff1); /* could it? */
    take_block(bytes);
    assert_false(card.high_speed);
    word(6, 0x80fffff1);
    take_block(bytes);
    assert_int_equal(bytes[16] & 15, 1);
    assert_true(card.high_speed);
    assert_int_equal(say(0, 0).kind, SD_SILENCE);
    assert_false(card.high_speed);
}

static void test_sectors(void **state)
{
    (void)state;
    uint8_t bytes[512];
    power_up(false, 0);
    select_it();
    word(25, 100);
    memset(bytes, 0xa1, sizeof bytes);
    assert_int_equal(card.device.take(&card, &line, bytes, 512), SD_TAKEN);
    assert_true(card.device.busy_until(&card) > sim.events.now);
    memset(bytes, 0xa2, sizeof bytes);
    assert_int_equal(card.device.take(&card, &line, bytes, 512), SD_TAKEN);
    struct sd_answer answer;
    card.device.command(&card, &line, 12, 0, &answer);
    card.device.command(&card, &line, 13, rca, &answer);
    assert_int_equal(answer.words[0] & (15 << 9 | READY), CARD_PROGRAM << 9);
    sim.events.now += 10 * SIM_MS;
    assert_int_equal(word(13, rca), CARD_TRANSFER << 9 | READY);
    assert_int_equal(contents[100 * 512], 0xa1);
    assert_int_equal(contents[101 * 512 + 511], 0xa2);
    word(55, rca);
    word(22, 0);
    assert_int_equal(take_block(bytes), 4);
    assert_int_equal(bytes[3], 2);
    word(23, 2);
    word(18, 100);
    assert_int_equal(take_block(bytes), 512);
    assert_int_equal(bytes[0], 0xa1);
    assert_int_equal(take_block(bytes), 512);
    assert_int_equal(bytes[0], 0xa2);
    assert_true(card.device.sends_at(&card) == SIM_NEVER); /* two were wanted */
    assert_int_equal(word(13, rca) >> 9 & 15, CARD_TRANSFER);
}

static void test_the_end_of_the_card(void **state)
{
    (void)state;
    uint8_t bytes[512] = {0};
    power_up(false, 0);
    select_it();
    assert_true(word(17, SECTORS) & OUT_OF_RANGE);
    assert_true(card.device.sends_at(&card) == SIM_NEVER);
    word(18, SECTORS - 1);
    assert_int_equal(take_block(bytes), 512);
    assert_true(card.device.sends_at(&card) == SIM_NEVER);
    assert_true(word(12, 0) & OUT_OF_RANGE);
    word(25, SECTORS - 1);
    assert_int_equal(card.device.take(&card, &line, bytes, 512), SD_TAKEN);
    assert_int_equal(card.device.take(&card, &line, bytes, 512), SD_REFUSED);
    assert_true(word(12, 0) & OUT_OF_RANGE);
}

static void test_bad_sectors_and_bad_wires(void **state)
{
    (void)state;
    uint8_t bytes[512] = {0};
    power_up(false, 3);
    select_it();
    word(17, 77);
    assert_int_equal(take_block(bytes), 0);
    assert_true(card.device.sends_at(&card) == SIM_NEVER);
    assert_true(word(12, 0) & ECC_FAILED);
    word(18, 1);
    assert_int_equal(take_block(bytes), 512);
    assert_int_equal(take_block(bytes), 0); /* the third one */
    word(12, 0);
    line.width = 1;
    word(17, 1);
    assert_int_equal(take_block(bytes), 0);
}

static void test_write_protection(void **state)
{
    (void)state;
    uint8_t bytes[512] = {1};
    power_up(true, 0);
    identify();
    assert_true(say(9, rca).words[3] & 1 << 13);
    word(7, rca);
    assert_true(word(24, 5) & WRITE_PROTECTED);
    assert_int_equal(card.device.take(&card, &line, bytes, 512), SD_NO_TOKEN);
    word(32, 5);
    word(33, 6);
    assert_true(word(38, 0) & WRITE_PROTECTED);
    assert_int_equal(contents[5 * 512], 0);
}

static void test_erasing(void **state)
{
    (void)state;
    power_up(false, 0);
    select_it();
    memset(contents, 9, sizeof contents);
    assert_true(word(38, 0) & 1 << 28); /* of what? */
    word(32, 10);
    word(33, 12);
    word(38, 0);
    assert_int_equal(contents[10 * 512 - 1], 9);
    assert_int_equal(contents[10 * 512], 0);
    assert_int_equal(contents[13 * 512 - 1], 0);
    assert_int_equal(contents[13 * 512], 9);
    word(32, 12);
    word(33, 10);
    assert_true(word(38, 0) & 1 << 27);
}

static void test_clocks_that_are_too_fast(void **state)
{
    (void)state;
    power_up(false, 0);
    line.hz = 1000000;
    say(0, 0);
    assert_non_null(strstr(complaint, "1000 kHz, and at most 400 kHz"));
    power_up(false, 0);
    select_it();
    assert_string_equal(complaint, "");
    line.hz = 50000000;
    say(13, rca);
    assert_non_null(strstr(complaint, "50000 kHz, and at most 25000 kHz"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identification),
        cmocka_unit_test(test_initialisation),
        cmocka_unit_test(test_illegal_commands),
        cmocka_unit_test(test_registers_as_data),
        cmocka_unit_test(test_sectors),
        cmocka_unit_test(test_the_end_of_the_card),
        cmocka_unit_test(test_bad_sectors_and_bad_wires),
        cmocka_unit_test(test_write_protection),
        cmocka_unit_test(test_erasing),
        cmocka_unit_test(test_clocks_that_are_too_fast),
    };
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    sim_free(&sim);
    return failures;
}
