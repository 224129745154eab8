/* --audio: what a program plays (guest/vendor_audio.c) is in a WAV file. */
#include "sim/test/host/program_fixture.h"

#include <unistd.h>

enum { HEADER = 44 };

static char program[512];
static uint8_t bytes[1 << 16];
static size_t length;

static void needs_the_program(void)
{
    char here[400];
    assert_non_null(getcwd(here, sizeof here));
    snprintf(program, sizeof program, "%s/build/guest/vendor_audio.cm7.Os.elf", here);
    if (access(program, R_OK) != 0)
        skip();
}

static struct outcome *play(const char *time, const char *options)
{
    char arguments[1024];
    snprintf(arguments, sizeof arguments, "run --cm7 %s --set BCM4=0 --for %s --strict %s", program,
             time, options);
    return duet(arguments);
}

static void read_wav(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/a.wav", folder());
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
}

static uint32_t word(size_t at)
{
    uint32_t value;
    memcpy(&value, &bytes[at], 4);
    return value;
}

static int16_t sample(size_t frame, unsigned side)
{
    int16_t value;
    memcpy(&value, &bytes[HEADER + 4 * frame + 2 * side], 2);
    return value;
}

static void what_is_played_is_in_the_file(void **state)
{
    (void)state;
    needs_the_program();
    expect(play("60ms", "--audio a.wav"), 0, NULL);
    read_wav();
    assert_memory_equal(bytes, "RIFF", 4);
    assert_int_equal(word(4), length - 8);
    assert_int_equal(word(24), 47991); /* 49.142857 MHz / 4 / 256 */
    assert_int_equal(word(40), length - HEADER);
    assert_true((length - HEADER) / 4 >=
                8 * 64); /* of at least eight halves, but the last one's end */
    for (size_t n = 0; n < 8 * 64; n++) {
        assert_int_equal(sample(n, 0), (int16_t)(n * 16));
        assert_int_equal(sample(n, 1), (int16_t)(0 - n * 16));
    }
}

static void a_file_that_cannot_be(void **state)
{
    (void)state;
    needs_the_program();
    expect(play("60ms", "--audio /none/a.wav"), 2, "--audio /none/a.wav: cannot be written");
}

static void nothing_played_is_an_empty_file(void **state)
{
    (void)state;
    needs_the_program();
    expect(play("1us", "--audio a.wav"), 0, NULL);
    read_wav();
    assert_int_equal(length, HEADER);
    assert_int_equal(word(40), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_played_is_in_the_file),
        cmocka_unit_test(a_file_that_cannot_be),
        cmocka_unit_test(nothing_played_is_an_empty_file),
    };
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder();
    return failures;
}
