#include "cm4/words.h"

#include <stddef.h>
#include <string.h>

/* A word from *at on, put together in place; *at goes behind it. NULL: a quote is open. */
static char *take_word(char **at)
{
    char *word = *at, *to = word, *from = word;
    bool quoted = false;
    for (; *from && (quoted || *from != ' '); from++) {
        if (*from == '"')
            quoted = !quoted;
        else
            *to++ = *from;
    }
    *at = *from ? from + 1 : from;
    *to = 0;
    return quoted ? NULL : word;
}

bool words_split(struct words *words, char *line)
{
    words->count = 0;
    for (;;) {
        line += strspn(line, " ");
        if (!*line)
            return true;
        char *word = take_word(&line);
        if (!word || words->count == WORDS_MAX)
            return false;
        words->word[words->count++] = word;
    }
}

/* Decimal digits up to `end`; at least one, and nothing that overflows. */
static const char *take_number(const char *at, uint32_t *number)
{
    uint64_t value = 0;
    const char *digit = at;
    for (; *digit >= '0' && *digit <= '9'; digit++) {
        value = value * 10 + (uint64_t)(*digit - '0');
        if (value > UINT32_MAX)
            return NULL;
    }
    *number = (uint32_t)value;
    return digit == at ? NULL : digit;
}

bool word_to_number(const char *word, uint32_t *number)
{
    const char *end = take_number(word, number);
    return end && !*end;
}

bool word_to_size(const char *word, uint32_t *width, uint32_t *height)
{
    const char *cross = take_number(word, width);
    return cross && *cross == 'x' && word_to_number(cross + 1, height);
}

bool word_to_switch(const char *word, bool *on)
{
    *on = strcmp(word, "on") == 0;
    return *on || strcmp(word, "off") == 0;
}

bool word_to_choice(const char *word, const char *const *names, unsigned count, unsigned *choice)
{
    for (unsigned n = 0; n < count; n++) {
        if (strcmp(word, names[n]) != 0)
            continue;
        *choice = n;
        return true;
    }
    return false;
}

const struct command *command_find(const struct command *commands, unsigned count, const char *name)
{
    for (unsigned n = 0; n < count; n++)
        if (strcmp(commands[n].name, name) == 0)
            return &commands[n];
    return NULL;
}
