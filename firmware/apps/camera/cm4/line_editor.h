/*
 * A line that a person types at a VT100: editing keys, history, completion. It knows no hardware:
 * bytes come in by editor_take(), what the terminal is to show goes out by `write`.
 *
 *   left, right, ^B, ^F   home, ^A   end, ^E      move
 *   backspace, delete, ^D   ^U   ^K   ^W          rub out: one, to the start, to the end, a word
 *   up, down, ^P, ^N                              lines that were typed before
 *   tab                                           the rest of a command's name
 *   ^C                                            gives the line up
 *   ^L                                            clears the screen
 *
 * A line is UTF-8 of up to EDITOR_LINE_BYTES; what does not fit the terminal's width scrolls
 * sideways. One thread at a time.
 */
#ifndef CAMERA_LINE_EDITOR_H
#define CAMERA_LINE_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

enum { EDITOR_LINE_BYTES = 159, EDITOR_HISTORY = 8, EDITOR_COLUMNS = 77 }; /* 77: and ^C */

struct line_editor_host {
    const char *prompt; /* ASCII */
    void (*write)(const char *bytes, size_t count);
    /* The n-th name that a first word may be; NULL: there are no more. */
    const char *(*name)(unsigned n);
};

struct line_editor {
    const struct line_editor_host *host;
    char text[EDITOR_LINE_BYTES + 1]; /* the line; after EDITOR_LINE what was entered */
    unsigned length, cursor, from;    /* bytes; from: the first that the terminal shows */
    char history[EDITOR_HISTORY][EDITOR_LINE_BYTES + 1]; /* [0] is the latest */
    unsigned history_count, recalled;                    /* recalled: 0 is the line itself */
    char draft[EDITOR_LINE_BYTES + 1];                   /* the line while others are recalled */
    enum { PLAIN, ESCAPED, SEQUENCE } state;
    unsigned parameter; /* of an escape sequence */
    bool after_return;  /* a newline that follows is the same key */
    bool is_shown;
};

enum editor_event {
    EDITOR_NOTHING,
    EDITOR_LINE,      /* text holds a line, which is no longer shown as one that is edited */
    EDITOR_CANCELLED, /* ^C */
};

void editor_init(struct line_editor *editor, const struct line_editor_host *host);
/* Begins with an empty line: shows the prompt. */
void editor_begin(struct line_editor *editor);
enum editor_event editor_take(struct line_editor *editor, char byte);
/* For output in between: takes prompt and line off the terminal, and puts them there again. Nothing
 * happens while no line is edited. */
void editor_hide(struct line_editor *editor);
void editor_show(struct line_editor *editor);

#endif
