/* What `cat` lets through to a terminal: text as it is, wherever it is cut, and of anything else nothing. */
#include "cm4/printable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *all_of(const char *text)
{
    static char bytes[64];
    size_t count = strlen(text);
    memcpy(bytes, text, count + 1);
    assert_int_equal(printable(bytes, count, true), count);
    return bytes;
}

static void test_text_stays(void **state)
{
    (void)state;
    static const char *const texts[] = {"",       "plain ~\n\tline", "Grüße",
                                        "東京 €", "😀 and on",        "\u00a0\uffff"};
    for (unsigned n = 0; n < sizeof texts / sizeof texts[0]; n++)
        assert_string_equal(all_of(texts[n]), texts[n]);
}

static void test_anything_else_does_not(void **state)
{
    (void)state;
    static const struct {
        const char *is, *shown;
    } texts[] = {{"a\r\nb", "a \nb"},
                 {"\x1b[2J\x7f\b", ".[2J.."},
                 {"\x80\xbf\xff\xc0\x80\xc1\xbf", "......."}, /* no beginning; shorter forms */
                 {"\xc2\x9b"
                  "31m",
                  "..31m"}, /* CSI in one character */
                 {"\xe0\x9f\xbf\xf0\x8f\xbf\xbf\xf4\x90\x80\x80\xed\xa0\x80", ".............."},
                 {"\xc3x\xe2\x82x\xe2\x82", ".x..x.."}};
    for (unsigned n = 0; n < sizeof texts / sizeof texts[0]; n++)
        assert_string_equal(all_of(texts[n].is), texts[n].shown);
}

/* As `cat` does it: what waits comes before the next piece. */
static void test_wherever_it_is_cut(void **state)
{
    (void)state;
    static const char text[] = "aé東😀\xc3\xf0\x9f";
    size_t length = strlen(text);
    for (size_t piece = 1; piece <= length; piece++) {
        char bytes[32], shown[32] = "";
        size_t held = 0;
        for (size_t at = 0; at <= length; at += piece) {
            size_t count = length - at < piece ? length - at : piece;
            memcpy(bytes + held, text + at, count);
            size_t ready = printable(bytes, held + count, at + piece > length);
            strncat(shown, bytes, ready);
            held += count - ready;
            memmove(bytes, bytes + ready, held);
        }
        assert_string_equal(shown, "aé東😀...");
    }
}

/* Any four bytes become what this says is text. */
static void test_all_beginnings(void **state)
{
    (void)state;
    static const uint8_t ends[] = {0, ' ', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xff};
    enum { ENDS = sizeof ends };
    for (unsigned n = 0; n < 65536 * ENDS * ENDS; n++) {
        char bytes[4] = {(char)(n & 255), (char)(n >> 8 & 255), (char)ends[n / 65536 % ENDS],
                         (char)ends[n / 65536 / ENDS]};
        char again[4];
        assert_int_equal(printable(bytes, 4, true), 4);
        memcpy(again, bytes, 4);
        printable(again, 4, true);
        assert_memory_equal(again, bytes, 4);
        for (unsigned m = 0; m < 4; m++)
            assert_true((uint8_t)bytes[m] >= ' ' || bytes[m] == '\n' || bytes[m] == '\t');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_stays),
        cmocka_unit_test(test_anything_else_does_not),
        cmocka_unit_test(test_wherever_it_is_cut),
        cmocka_unit_test(test_all_beginnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
