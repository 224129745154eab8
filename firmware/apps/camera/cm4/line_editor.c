#include "cm4/line_editor.h"

#include <stdio.h>
#include <string.h>

enum { CONTROL = 0x1f, RUBOUT = 0x7f };
#define KEY(letter) ((letter)&CONTROL)

static void say(const struct line_editor *editor, const char *text)
{
    editor->host->write(text, strlen(text));
}

/* --- Characters: a UTF-8 character is a first byte and those of the form 10xxxxxx -------- */

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static unsigned next_place(const struct line_editor *editor, unsigned place)
{
    if (place < editor->length)
        place++;
    while (place < editor->length && continues(editor->text[place]))
        place++;
    return place;
}

static unsigned place_before(const struct line_editor *editor, unsigned place)
{
    if (place > 0)
        place--;
    while (place > 0 && continues(editor->text[place]))
        place--;
    return place;
}

static unsigned columns(const struct line_editor *editor, unsigned from, unsigned to)
{
    unsigned count = 0;
    for (unsigned place = from; place < to; place++)
        count += !continues(editor->text[place]);
    return count;
}

/* --- What the terminal shows ------------------------------------------------------------- */

static unsigned width(const struct line_editor *editor)
{
    return EDITOR_COLUMNS - (unsigned)strlen(editor->host->prompt);
}

/* Moves the window so that the cursor is in it. */
static void scroll(struct line_editor *editor)
{
    if (editor->cursor < editor->from)
        editor->from = editor->cursor;
    while (columns(editor, editor->from, editor->cursor) >= width(editor))
        editor->from = next_place(editor, editor->from);
}

static void redraw(struct line_editor *editor)
{
    scroll(editor);
    unsigned end = editor->from;
    while (end < editor->length && columns(editor, editor->from, end) < width(editor))
        end = next_place(editor, end);
    say(editor, "\r");
    say(editor, editor->host->prompt);
    editor->host->write(&editor->text[editor->from], end - editor->from);
    say(editor, "\x1b[K");
    unsigned back = columns(editor, editor->cursor, end);
    if (back) {
        char move[16];
        snprintf(move, sizeof move, "\x1b[%uD", back);
        say(editor, move);
    }
}

void editor_hide(struct line_editor *editor)
{
    if (editor->is_shown)
        say(editor, "\r\x1b[K");
}

void editor_show(struct line_editor *editor)
{
    if (editor->is_shown)
        redraw(editor);
}

static void set_text(struct line_editor *editor, const char *text)
{
    editor->length = (unsigned)strlen(text);
    memmove(editor->text, text, editor->length + 1);
    editor->cursor = editor->length;
    editor->from = 0;
}

void editor_init(struct line_editor *editor, const struct line_editor_host *host)
{
    memset(editor, 0, sizeof *editor);
    editor->host = host;
}

void editor_begin(struct line_editor *editor)
{
    set_text(editor, "");
    editor->recalled = 0;
    editor->is_shown = true;
    redraw(editor);
}

/* --- Keys -------------------------------------------------------------------------------- */

/* The cheap case, a character at the end of a line that fits, is what a fast typist needs. */
static void insert(struct line_editor *editor, const char *bytes, unsigned count)
{
    if (editor->length + count > EDITOR_LINE_BYTES) {
        say(editor, "\a");
        return;
    }
    char *at = &editor->text[editor->cursor];
    memmove(at + count, at, editor->length - editor->cursor + 1);
    memcpy(at, bytes, count);
    editor->length += count;
    editor->cursor += count;
    if (editor->cursor == editor->length &&
        columns(editor, editor->from, editor->length) < width(editor))
        editor->host->write(bytes, count);
    else
        redraw(editor);
}

static void erase(struct line_editor *editor, unsigned from, unsigned to)
{
    memmove(&editor->text[from], &editor->text[to], editor->length - to + 1);
    editor->length -= to - from;
    editor->cursor = from;
    redraw(editor);
}

static void erase_word(struct line_editor *editor)
{
    unsigned from = editor->cursor;
    while (from > 0 && editor->text[from - 1] == ' ')
        from--;
    while (from > 0 && editor->text[from - 1] != ' ')
        from--;
    erase(editor, from, editor->cursor);
}

static void move(struct line_editor *editor, unsigned place)
{
    editor->cursor = place;
    redraw(editor);
}

static void recall(struct line_editor *editor, int step)
{
    unsigned which = editor->recalled + (unsigned)step;
    if (which > editor->history_count) /* also below 0 */
        return;
    if (editor->recalled == 0)
        strcpy(editor->draft, editor->text);
    editor->recalled = which;
    set_text(editor, which ? editor->history[which - 1] : editor->draft);
    redraw(editor);
}

static void remember(struct line_editor *editor)
{
    if (!editor->length || (editor->history_count && strcmp(editor->history[0], editor->text) == 0))
        return;
    memmove(editor->history[1], editor->history[0],
            sizeof editor->history[0] * (EDITOR_HISTORY - 1));
    strcpy(editor->history[0], editor->text);
    if (editor->history_count < EDITOR_HISTORY)
        editor->history_count++;
}

/* Names that begin as the line does: how many, the first, and how much they have in common. */
static unsigned candidates(const struct line_editor *editor, const char **first, unsigned *common)
{
    unsigned count = 0;
    for (unsigned n = 0;; n++) {
        const char *name = editor->host->name(n);
        if (!name)
            return count;
        if (strncmp(name, editor->text, editor->cursor) != 0)
            continue;
        if (count++ == 0) {
            *first = name;
            *common = (unsigned)strlen(name);
        }
        unsigned same = 0;
        while (same < *common && name[same] == (*first)[same])
            same++;
        *common = same;
    }
}

static void list_candidates(struct line_editor *editor)
{
    say(editor, "\r\n");
    for (unsigned n = 0;; n++) {
        const char *name = editor->host->name(n);
        if (!name)
            break;
        if (strncmp(name, editor->text, editor->cursor) != 0)
            continue;
        say(editor, name);
        say(editor, "  ");
    }
    say(editor, "\r\n");
    redraw(editor);
}

/* Only in the first word, with the cursor at its end. */
static void complete(struct line_editor *editor)
{
    const char *first;
    unsigned common;
    if (editor->cursor != editor->length || memchr(editor->text, ' ', editor->length))
        return;
    unsigned count = candidates(editor, &first, &common);
    if (count == 0)
        say(editor, "\a");
    else if (common > editor->cursor)
        insert(editor, first + editor->cursor, common - editor->cursor);
    else if (count > 1)
        list_candidates(editor);
    if (count == 1)
        insert(editor, " ", 1);
}

static enum editor_event leave(struct line_editor *editor, enum editor_event event)
{
    if (editor->cursor != editor->length)
        move(editor, editor->length);
    say(editor, event == EDITOR_CANCELLED ? "^C\r\n" : "\r\n");
    editor->is_shown = false;
    if (event == EDITOR_LINE)
        remember(editor);
    return event;
}

static void clear_screen(struct line_editor *editor)
{
    say(editor, "\x1b[H\x1b[2J");
    redraw(editor);
}

static void go_home(struct line_editor *editor)
{
    move(editor, 0);
}

static void go_to_end(struct line_editor *editor)
{
    move(editor, editor->length);
}

static void go_left(struct line_editor *editor)
{
    move(editor, place_before(editor, editor->cursor));
}

static void go_right(struct line_editor *editor)
{
    move(editor, next_place(editor, editor->cursor));
}

static void erase_left(struct line_editor *editor)
{
    erase(editor, place_before(editor, editor->cursor), editor->cursor);
}

static void erase_right(struct line_editor *editor)
{
    erase(editor, editor->cursor, next_place(editor, editor->cursor));
}

static void erase_to_start(struct line_editor *editor)
{
    erase(editor, 0, editor->cursor);
}

static void erase_to_end(struct line_editor *editor)
{
    erase(editor, editor->cursor, editor->length);
}

static void recall_earlier(struct line_editor *editor)
{
    recall(editor, 1);
}

static void recall_later(struct line_editor *editor)
{
    recall(editor, -1);
}

static void (*const actions[' '])(struct line_editor *editor) = {
    [KEY('A')] = go_home,      [KEY('B')] = go_left,        [KEY('D')] = erase_right,
    [KEY('E')] = go_to_end,    [KEY('F')] = go_right,       [KEY('H')] = erase_left,
    [KEY('I')] = complete,     [KEY('K')] = erase_to_end,   [KEY('L')] = clear_screen,
    [KEY('N')] = recall_later, [KEY('P')] = recall_earlier, [KEY('U')] = erase_to_start,
    [KEY('W')] = erase_word,
};

static enum editor_event take_control(struct line_editor *editor, char byte)
{
    if (byte == '\r' || byte == '\n') {
        editor->after_return = byte == '\r';
        return leave(editor, EDITOR_LINE);
    }
    if (byte == KEY('C'))
        return leave(editor, EDITOR_CANCELLED);
    unsigned key = byte == RUBOUT ? KEY('H') : (unsigned char)byte;
    if (actions[key])
        actions[key](editor);
    return EDITOR_NOTHING;
}

/* The keys that terminals send as sequences are control keys by another name. */
static char control_of(char final, unsigned parameter)
{
    static const struct {
        char final, control;
    } letters[] = {{'A', KEY('P')}, {'B', KEY('N')}, {'C', KEY('F')},
                   {'D', KEY('B')}, {'H', KEY('A')}, {'F', KEY('E')}};
    static const char numbers[] = {0, KEY('A'), 0, KEY('D'), KEY('E'), 0, 0, KEY('A'), KEY('E')};
    if (final == '~')
        return parameter < sizeof numbers ? numbers[parameter] : 0;
    for (unsigned n = 0; n < sizeof letters / sizeof letters[0]; n++)
        if (letters[n].final == final)
            return letters[n].control;
    return 0;
}

/* ESC [ 3 ~ and ESC O H: parameters, then one byte from '@' on. */
static void take_sequence(struct line_editor *editor, char byte)
{
    if (editor->state == ESCAPED) {
        editor->state = byte == '[' || byte == 'O' ? SEQUENCE : PLAIN;
        editor->parameter = 0;
    } else if (byte >= '0' && byte <= '9') {
        editor->parameter = (editor->parameter * 10 + (unsigned)(byte - '0')) % 1000;
    } else if (byte >= '@') {
        editor->state = PLAIN;
        char control = control_of(byte, editor->parameter);
        if (control)
            take_control(editor, control);
    } else if (byte < ' ') {
        editor->state = PLAIN;
    }
}

enum editor_event editor_take(struct line_editor *editor, char byte)
{
    bool same_key = editor->after_return && byte == '\n';
    editor->after_return = false;
    if (same_key)
        return EDITOR_NOTHING;
    if (!editor->is_shown)
        editor_begin(editor);
    if (byte == '\x1b') {
        editor->state = ESCAPED;
    } else if (editor->state != PLAIN) {
        take_sequence(editor, byte);
    } else if ((unsigned char)byte < ' ' || byte == RUBOUT) {
        return take_control(editor, byte);
    } else {
        insert(editor, &byte, 1);
    }
    return EDITOR_NOTHING;
}
