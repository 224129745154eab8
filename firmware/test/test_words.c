/* Lines taken apart into words, numbers and commands. */
#include "cm4/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct words words;

static bool split(const char *line)
{
    static char copy[256];
    strcpy(copy, line);
    return words_split(&words, copy);
}

static void splits_into(const char *line, unsigned count, ...)
{
    va_list expected;
    va_start(expected, count);
    assert_true(split(line));
    assert_int_equal(words.count, count);
    for (unsigned n = 0; n < count; n++)
        assert_string_equal(words.word[n], va_arg(expected, const char *));
    va_end(expected);
}

static void lines_are_split(void **state)
{
    (void)state;
    splits_into("", 0);
    splits_into("   ", 0);
    splits_into("help", 1, "help");
    splits_into("  camera   640x480 30 ", 3, "camera", "640x480", "30");
    splits_into("cat \"my file.txt\"", 2, "cat", "my file.txt");
    splits_into("cat my\" \"file", 2, "cat", "my file");
    splits_into("rm \"\"", 2, "rm", "");
    splits_into("1 2 3 4 5 6 7 8", 8, "1", "2", "3", "4", "5", "6", "7", "8");
    splits_into("1 2 3 4 5 6 7 8  ", 8, "1", "2", "3", "4", "5", "6", "7", "8");
}

static void lines_that_make_no_words(void **state)
{
    (void)state;
    assert_false(split("cat \"my file"));
    assert_false(split("\""));
    assert_false(split("1 2 3 4 5 6 7 8 9"));
}

static void numbers(void **state)
{
    (void)state;
    uint32_t number = 7;
    assert_true(word_to_number("0", &number) && number == 0);
    assert_true(word_to_number("4294967295", &number) && number == UINT32_MAX);
    static const char *const wrong[] = {
        "", "x", "1x", "-1", "+1", " 1", "4294967296", "0x10", "99999999999999999999999"};
    for (unsigned n = 0; n < sizeof wrong / sizeof wrong[0]; n++)
        assert_false(word_to_number(wrong[n], &number));
}

static void sizes(void **state)
{
    (void)state;
    uint32_t width, height;
    assert_true(word_to_size("640x480", &width, &height) && width == 640 && height == 480);
    static const char *const wrong[] = {"640",     "640x",    "x480", "640x480x",
                                        "640X480", "640 480", ""};
    for (unsigned n = 0; n < sizeof wrong / sizeof wrong[0]; n++)
        assert_false(word_to_size(wrong[n], &width, &height));
}

static void switches_and_choices(void **state)
{
    (void)state;
    static const char *const names[] = {"error", "info"};
    bool on;
    unsigned choice;
    assert_true(word_to_switch("on", &on) && on);
    assert_true(word_to_switch("off", &on) && !on);
    assert_false(word_to_switch("On", &on));
    assert_false(word_to_switch("", &on));
    assert_true(word_to_choice("info", names, 2, &choice) && choice == 1);
    assert_false(word_to_choice("inf", names, 2, &choice));
}

static void commands_are_found_by_their_whole_name(void **state)
{
    (void)state;
    static const struct command table[] = {{"ls", "", "", NULL}, {"leds", "", "", NULL}};
    assert_ptr_equal(command_find(table, 2, "leds"), &table[1]);
    assert_null(command_find(table, 2, "l"));
    assert_null(command_find(table, 2, "ledss"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_split),
        cmocka_unit_test(lines_that_make_no_words),
        cmocka_unit_test(numbers),
        cmocka_unit_test(sizes),
        cmocka_unit_test(switches_and_choices),
        cmocka_unit_test(commands_are_found_by_their_whole_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
