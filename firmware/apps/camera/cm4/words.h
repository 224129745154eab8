/* What was typed, taken apart: words, numbers, and the commands that they name. Knows no
 * hardware. */
#ifndef CAMERA_WORDS_H
#define CAMERA_WORDS_H

#include <stdbool.h>
#include <stdint.h>

enum { WORDS_MAX = 8 };

/* Words of a line; the line is cut up where it stands. "Two words" are one, quotes taken off. */
struct words {
    unsigned count;
    char *word[WORDS_MAX];
};

/* False: a quote is open, or there are more than WORDS_MAX words. */
bool words_split(struct words *words, char *line);

/* Decimal, the whole word. */
bool word_to_number(const char *word, uint32_t *number);
/* "640x480". */
bool word_to_size(const char *word, uint32_t *width, uint32_t *height);
/* "on" or "off". */
bool word_to_switch(const char *word, bool *on);
/* One of `count` names: its place. */
bool word_to_choice(const char *word, const char *const *names, unsigned count, unsigned *choice);

struct command {
    const char *name;
    const char *arguments; /* for help and wrong use, "" for none */
    const char *what;      /* for help */
    /* False: the use was wrong, nothing was done. words->word[0] is the name. */
    bool (*run)(const struct words *words);
};

/* NULL: there is none of that name. */
const struct command *command_find(const struct command *commands, unsigned count,
                                   const char *name);

#endif
