/* The shell's line editor: what a VT100 shows after each key, and what is entered. */
#include "cm4/line_editor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COLUMNS = 80 };

/* One row of a VT100, by characters; the lines above it have scrolled away into `above`. */
static struct {
    char row[COLUMNS][5];
    unsigned column, partial, bells;
    char sequence[16];
    unsigned sequence_length;
    char above[4096];
} screen;

static struct line_editor editor;
static char entered[EDITOR_LINE_BYTES + 1];
static unsigned lines, cancelled;

static void erase_from(unsigned column)
{
    for (; column < COLUMNS; column++)
        screen.row[column][0] = 0;
}

static const char *row_text(void)
{
    static char text[COLUMNS * 4 + 1];
    text[0] = 0;
    for (unsigned n = 0; n < COLUMNS; n++)
        strcat(text, screen.row[n][0] ? screen.row[n] : " ");
    size_t length = strlen(text);
    while (length && text[length - 1] == ' ')
        text[--length] = 0;
    return text;
}

static void take_sequence_byte(char byte)
{
    screen.sequence[screen.sequence_length++] = byte;
    screen.sequence[screen.sequence_length] = 0;
    assert_true(screen.sequence_length < sizeof screen.sequence - 1);
    if (screen.sequence_length == 2 && byte == '[')
        return;
    if (byte < '@' || screen.sequence_length < 3)
        return;
    unsigned count = (unsigned)atoi(screen.sequence + 2);
    screen.sequence_length = 0;
    if (byte == 'K') {
        erase_from(screen.column);
    } else if (byte == 'D') {
        assert_in_range(count, 1, screen.column);
        screen.column -= count;
    } else if (byte == 'H') {
        screen.column = 0;
    } else if (byte == 'J') {
        erase_from(0);
        screen.above[0] = 0;
    } else {
        fail_msg("a sequence that no VT100 needs here: ESC%s", screen.sequence + 1);
    }
}

static void newline(void)
{
    snprintf(screen.above + strlen(screen.above), sizeof screen.above - strlen(screen.above),
             "%s\n", row_text());
    erase_from(0);
}

static void put(char byte)
{
    if (((unsigned char)byte & 0xc0) == 0x80) { /* more of a UTF-8 character */
        if (screen.partial && screen.partial < 4)
            screen.row[screen.column - 1][screen.partial++] = byte;
        return;
    }
    assert_true(screen.column < COLUMNS - 1); /* or the terminal would wrap */
    screen.row[screen.column][0] = byte;
    memset(&screen.row[screen.column][1], 0, 4);
    screen.column++;
    screen.partial = 1;
}

static void show_byte(char byte)
{
    if (screen.sequence_length || byte == '\x1b')
        take_sequence_byte(byte);
    else if (byte == '\r')
        screen.column = 0;
    else if (byte == '\n')
        newline();
    else if (byte == '\a')
        screen.bells++;
    else
        put(byte);
}

static void to_screen(const char *bytes, size_t count)
{
    for (size_t n = 0; n < count; n++)
        show_byte(bytes[n]);
}

static const char *name_of(unsigned n)
{
    static const char *const names[] = {"cat", "camera", "help", "status", "stop"};
    return n < sizeof names / sizeof names[0] ? names[n] : NULL;
}

static const struct line_editor_host host = {"duet> ", to_screen, name_of};

static int setup(void **state)
{
    (void)state;
    memset(&screen, 0, sizeof screen);
    lines = cancelled = 0;
    editor_init(&editor, &host);
    return 0;
}

static void type_bytes(const char *bytes, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        enum editor_event event = editor_take(&editor, bytes[n]);
        if (event == EDITOR_LINE) {
            lines++;
            strcpy(entered, editor.text);
        }
        cancelled += event == EDITOR_CANCELLED;
    }
}

static void type(const char *keys)
{
    type_bytes(keys, strlen(keys));
}

/* The row, and where the cursor is in it. */
static void shows(const char *row, unsigned column)
{
    assert_string_equal(row_text(), row);
    assert_int_equal(screen.column, column);
}

static void enters(const char *keys, const char *line)
{
    unsigned before = lines;
    type(keys);
    type("\r");
    assert_int_equal(lines, before + 1);
    assert_string_equal(entered, line);
}

#define LEFT  "\x1b[D"
#define RIGHT "\x1b[C"
#define UP    "\x1b[A"
#define DOWN  "\x1b[B"

static void nothing_is_shown_before_the_first_key(void **state)
{
    (void)state;
    editor_show(&editor);
    editor_hide(&editor);
    shows("", 0);
    type("x");
    shows("duet> x", 7);
}

static void typed_characters_are_echoed_and_entered(void **state)
{
    (void)state;
    type("status on");
    shows("duet> status on", 15);
    type("\r");
    assert_string_equal(entered, "status on");
    assert_string_equal(screen.above, "duet> status on\n");
    shows("", 0);
}

static void return_newline_and_both_are_one_key(void **state)
{
    (void)state;
    type("a\rb\nc\r\n");
    assert_int_equal(lines, 3);
    type("\n");
    assert_int_equal(lines, 4);
}

static void rubbing_out(void **state)
{
    (void)state;
    type("abc\x7f");
    shows("duet> ab", 8);
    type("\b\b\b\b");
    shows("duet>", 6);
    enters("abcd" LEFT LEFT "\x7f", "acd");
    enters("abcd" LEFT LEFT "\x1b[3~", "abd");
    enters("abcd" LEFT LEFT "\x04", "abd");
    enters("abcd\x04", "abcd");
    enters("one two" LEFT LEFT LEFT "\x15", "two");
    enters("one two" LEFT LEFT LEFT "\x0b", "one ");
    enters("one two  \x17", "one ");
    enters("one two\x17\x17\x17", "");
    enters("one two" LEFT "\x17", "one o");
}

static void moving(void **state)
{
    (void)state;
    static const char *const homes[] = {"\x01", "\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~"};
    static const char *const ends[] = {"\x05", "\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~"};
    for (unsigned n = 0; n < 5; n++) {
        type("bc");
        type(homes[n]);
        shows("duet> bc", 6);
        type("a");
        shows("duet> abc", 7);
        type(ends[n]);
        shows("duet> abc", 9);
        enters("d", "abcd");
    }
    type("xy" LEFT LEFT LEFT);
    shows("duet> xy", 6);
    type(RIGHT RIGHT RIGHT);
    shows("duet> xy", 8);
    type("\x02\x02\x06");
    shows("duet> xy", 7);
    type("\x1bOD");
    shows("duet> xy", 6);
}

static void sequences_that_mean_nothing_are_swallowed(void **state)
{
    (void)state;
    enters("a\x1b[5~\x1b[15~\x1b[1;5Cb\x1bxc\x1b[Z\x01", "abc");
}

static void history(void **state)
{
    (void)state;
    enters("one", "one");
    enters("two", "two");
    enters("two", "two"); /* twice in a row is kept once */
    type("draft" UP);
    shows("duet> two", 9);
    type(UP);
    shows("duet> one", 9);
    type(UP);
    shows("duet> one", 9);
    type(DOWN DOWN);
    shows("duet> draft", 11);
    type(DOWN);
    enters("", "draft");
    enters(UP UP UP, "one");
    enters("\x10\x10\x0e", "one");
}

static void history_keeps_the_latest(void **state)
{
    (void)state;
    char line[24];
    for (int n = 0; n < 2 * EDITOR_HISTORY; n++) {
        snprintf(line, sizeof line, "line %d", n);
        enters(line, line);
    }
    for (int n = 0; n < 3 * EDITOR_HISTORY; n++)
        type(UP);
    snprintf(line, sizeof line, "line %d", EDITOR_HISTORY);
    enters("", line);
}

static void an_empty_line_is_not_remembered(void **state)
{
    (void)state;
    enters("one", "one");
    enters("", "");
    enters(UP, "one");
}

static void giving_up(void **state)
{
    (void)state;
    type("abc\x03");
    assert_int_equal(cancelled, 1);
    assert_string_equal(screen.above, "duet> abc^C\n");
    enters("d", "d");
    enters(UP UP, "d"); /* what was given up is not remembered */
}

static void completion(void **state)
{
    (void)state;
    type("he\t");
    shows("duet> help", 11);
    enters("", "help ");
    type("c\t");
    shows("duet> ca", 8);
    assert_int_equal(screen.bells, 0);
    type("\t"); /* nothing more in common: they are listed */
    assert_non_null(strstr(screen.above, "duet> ca\ncat  camera\n"));
    shows("duet> ca", 8);
    enters("m\t", "camera ");
    type("x\t");
    assert_int_equal(screen.bells, 1);
    type("\x15help c\t"); /* not in the second word */
    shows("duet> help c", 12);
    type("\x01\t");
    shows("duet> help c", 6);
}

static void utf8_moves_by_characters(void **state)
{
    (void)state;
    type("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80x");
    shows("duet> \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80x", 10);
    type(LEFT LEFT);
    shows("duet> \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80x", 8);
    type("\x7f");
    shows("duet> \xc3\xa4\xf0\x9f\x98\x80x", 7);
    enters("\x04", "\xc3\xa4x");
}

static void a_long_line_scrolls(void **state)
{
    (void)state;
    char line[EDITOR_LINE_BYTES + 1] = "";
    for (unsigned n = 0; n < EDITOR_LINE_BYTES; n++)
        line[n] = (char)('a' + n % 26);
    type(line);
    assert_int_equal(screen.bells, 0);
    assert_true(screen.column <= EDITOR_COLUMNS);
    type("!");
    assert_int_equal(screen.bells, 1);
    type("\x01");
    assert_memory_equal(row_text(), "duet> abc", 9);
    assert_int_equal(screen.column, 6);
    enters("\x05", line);
}

static void output_comes_above_the_line(void **state)
{
    (void)state;
    type("abc" LEFT);
    editor_hide(&editor);
    to_screen("M7: a line\r\n", 12);
    editor_show(&editor);
    assert_string_equal(screen.above, "M7: a line\n");
    shows("duet> abc", 8);
    enters("X", "abXc");
}

static void clearing_the_screen(void **state)
{
    (void)state;
    enters("one", "one");
    type("two\x0c");
    assert_string_equal(screen.above, "");
    shows("duet> two", 9);
}

/* The row and the cursor are what the editor's members say. */
static void agrees(void)
{
    char row[EDITOR_LINE_BYTES + 16];
    unsigned shown = 0, column = 6, length = (unsigned)sprintf(row, "duet> ");
    assert_true(editor.from <= editor.cursor && editor.cursor <= editor.length &&
                editor.length <= EDITOR_LINE_BYTES);
    for (unsigned n = editor.from; n < editor.length && shown < EDITOR_COLUMNS - 6; n++, shown++) {
        column += n < editor.cursor;
        row[length++] = editor.text[n];
    }
    while (length && row[length - 1] == ' ')
        length--;
    row[length] = 0;
    shows(row, column);
}

/* Keys at random, ASCII; the same every time. */
static void random_keys(void **state)
{
    (void)state;
    static const char *const keys[] = {LEFT,   RIGHT,  UP,     DOWN,   "\x01",    "\x05",
                                       "\x0b", "\x15", "\x17", "\x04", "\x7f",    "\t",
                                       "\x0c", "\r",   "\x03", "\x1b", "\x1b[3~", "\x1b[H"};
    uint32_t seed = 1;
    for (unsigned n = 0; n < 200000; n++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t choice = seed >> 24;
        if (choice < 180)
            type((char[]){(char)(' ' + choice % 95), 0});
        else
            type(keys[choice % (sizeof keys / sizeof keys[0])]);
        if (editor.is_shown)
            agrees();
        screen.above[0] = 0;
    }
}

/* Any bytes: no more than the array's ends and the terminal's width are asked for. */
static void random_bytes(void **state)
{
    (void)state;
    uint32_t seed = 2;
    for (unsigned n = 0; n < 200000; n++) {
        seed = seed * 1664525 + 1013904223;
        char byte = (char)(seed >> 24);
        type_bytes(&byte, 1);
        screen.above[0] = 0;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_shown_before_the_first_key),
        TEST(typed_characters_are_echoed_and_entered),
        TEST(return_newline_and_both_are_one_key),
        TEST(rubbing_out),
        TEST(moving),
        TEST(sequences_that_mean_nothing_are_swallowed),
        TEST(history),
        TEST(history_keeps_the_latest),
        TEST(an_empty_line_is_not_remembered),
        TEST(giving_up),
        TEST(completion),
        TEST(utf8_moves_by_characters),
        TEST(a_long_line_scrolls),
        TEST(output_comes_above_the_line),
        TEST(clearing_the_screen),
        TEST(random_keys),
        TEST(random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
