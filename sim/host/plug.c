#include "sim/host/plug.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FRESH_SIZE ((uint64_t)1 << 30)

static const char *options_there_are(const struct plug *plug)
{
    return plug->kind == PLUG_CARD ? "there are ro, slow=, fail=, size=, errors="
                                   : "there are ro, slow=, fail=, pull=, sector=, size=, full, "
                                     "stall=, hang=, errors=, garbage=, empty";
}

/* ---- Numbers ---- */

/* A whole number, at most `most`, at the beginning of a text; the text goes on behind it. */
static bool take_number(const char **text, uint64_t most, uint64_t *number)
{
    char *end;
    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    *number = strtoull(*text, &end, 10);
    *text = end;
    return errno == 0 && *number <= most;
}

static bool whole_number(const char *text, uint64_t least, uint64_t *number)
{
    return take_number(&text, UINT64_MAX / 2, number) && !*text && *number >= least;
}

/* "512M", "4G"; bytes without a letter. */
static bool parse_size(const char *text, uint64_t *bytes)
{
    if (!take_number(&text, 1 << 30, bytes))
        return false;
    unsigned shift = *text == 'G' ? 30 : *text == 'M' ? 20 : *text == 'K' ? 10 : 0;
    if (shift)
        text++;
    *bytes <<= shift;
    return !*text && *bytes >= 1 << 20 && *bytes <= (uint64_t)2 << 40;
}

/* "100" or "100-199" */
static bool parse_range(const char *text, struct disk_range *range)
{
    if (!take_number(&text, UINT64_MAX / 2, &range->first))
        return false;
    range->last = range->first;
    if (*text == '-') {
        text++;
        if (!take_number(&text, UINT64_MAX / 2, &range->last))
            return false;
    }
    return !*text && range->last >= range->first;
}

/* "3": after three WRITE commands; "3+2": and two more sectors. */
static bool parse_pull(const char *text, struct usb_stick_faults *faults)
{
    faults->pull = true;
    if (!take_number(&text, UINT32_MAX, &faults->pull_commands))
        return false;
    if (*text == '+') {
        text++;
        if (!take_number(&text, UINT32_MAX, &faults->pull_sectors))
            return false;
    }
    return !*text && faults->pull_commands + faults->pull_sectors > 0;
}

static bool parse_rate(const char *text, uint64_t *rate)
{
    char *end;
    double megabytes = strtod(text, &end);
    if (end == text || *end || !(megabytes >= 0.001 && megabytes <= 1000))
        return false;
    *rate = (uint64_t)(megabytes * 1e6 + 0.5);
    return true;
}

/* ---- Options. Each takes its value, or says false ---- */

static bool take_slow(struct plug *plug, const char *value)
{
    return parse_rate(value, &plug->rate);
}

static bool take_fail(struct plug *plug, const char *value)
{
    return plug->disk.bad_count < DISK_BAD_RANGES &&
           parse_range(value, &plug->disk.bad[plug->disk.bad_count++]);
}

static bool take_pull(struct plug *plug, const char *value)
{
    return parse_pull(value, &plug->faults);
}

static bool take_sector(struct plug *plug, const char *value)
{
    plug->disk.sector_size = !strcmp(value, "4096") ? 4096 : 512;
    return plug->disk.sector_size == 4096 || !strcmp(value, "512");
}

static bool take_size(struct plug *plug, const char *value)
{
    return parse_size(value, &plug->disk.fresh_size);
}

static bool take_stall(struct plug *plug, const char *value)
{
    return whole_number(value, 1, &plug->faults.stall_every);
}

static bool take_hang(struct plug *plug, const char *value)
{
    return whole_number(value, 1, &plug->faults.hang_after);
}

static bool take_errors(struct plug *plug, const char *value)
{
    return whole_number(value, 2, &plug->bad_cable);
}

static bool take_garbage(struct plug *plug, const char *value)
{
    return whole_number(value, 1, &plug->faults.garbage);
}

static const struct option {
    const char *name, *wanted;
    bool (*take)(struct plug *plug, const char *value);
    bool card; /* has it, too */
} options[] = {
    {"slow", "megabytes a second, as in slow=2.5", take_slow, true},
    {"fail", "a sector or a range, as in fail=100-199, at most 16 times", take_fail, true},
    {"pull", "so many WRITE commands, or and so many sectors: pull=3 or pull=3+2", take_pull,
     false},
    {"sector", "512 or 4096", take_sector, false},
    {"size", "from 1M to 2048G", take_size, true},
    {"stall", "a whole number from 1", take_stall, false},
    {"hang", "a whole number from 1", take_hang, false},
    {"errors", "a whole number from 2", take_errors, true},
    {"garbage", "a whole number from 1", take_garbage, false},
};

static bool set_flag(struct plug *plug, const char *name)
{
    bool *flag = !strcmp(name, "ro")       ? &plug->disk.read_only
                 : plug->kind == PLUG_CARD ? NULL
                 : !strcmp(name, "full")   ? &plug->full_speed
                 : !strcmp(name, "empty")  ? &plug->faults.empty
                                           : NULL;
    if (flag)
        *flag = true;
    return flag;
}

static bool set_option(struct plug *plug, char *words, struct failure *failure)
{
    char *equals = strchr(words, '=');
    if (!equals)
        return set_flag(plug, words) || failed(failure, "no option \"%s\" of a %s; %s", words,
                                               plug->disk.what, options_there_are(plug));
    *equals = 0;
    for (size_t n = 0; n < sizeof options / sizeof options[0]; n++)
        if (!strcmp(words, options[n].name) && (options[n].card || plug->kind != PLUG_CARD))
            return options[n].take(plug, equals + 1) ||
                   failed(failure, "%s=%s of a %s: it takes %s", words, equals + 1, plug->disk.what,
                          options[n].wanted);
    return failed(failure, "no option \"%s=\" of a %s; %s", words, plug->disk.what,
                  options_there_are(plug));
}

/* ---- All words ---- */

static bool set_what(struct plug *plug, const char *word, struct failure *failure)
{
    bool stick = plug->kind == PLUG_STICK;
    if (stick && !strcmp(word, "kind=keyboard"))
        plug->kind = PLUG_KEYBOARD;
    else if (stick && !strcmp(word, "kind=hub"))
        plug->kind = PLUG_HUB;
    else if (stick && !strcmp(word, "kind=host"))
        plug->kind = PLUG_HOST;
    else if (stick && !strncmp(word, "kind=", 5))
        return failed(failure, "%s: there are kind=keyboard, kind=hub and kind=host", word);
    else if (!*word)
        return failed(failure, "name an image, or \"fresh\" for a new %s of no name",
                      plug->disk.what);
    else if (strcmp(word, "fresh") != 0 && !(plug->image = strdup(word)))
        return failed(failure, "out of memory");
    return true;
}

static bool parse(struct plug *plug, char *words, struct failure *failure)
{
    char *next = strchr(words, ',');
    if (next)
        *next++ = 0;
    if (!set_what(plug, words, failure))
        return false;
    while (next) {
        char *option = next;
        next = strchr(option, ',');
        if (next)
            *next++ = 0;
        if (plug->kind != PLUG_STICK && plug->kind != PLUG_CARD)
            return failed(failure, "%s: what is no stick has no options", option);
        if (!set_option(plug, option, failure))
            return false;
    }
    return true;
}

bool plug_parse(struct plug *plug, enum plug_kind kind, const char *words, struct failure *failure)
{
    bool card = kind == PLUG_CARD;
    *plug = (struct plug){.kind = kind,
                          .disk = {.what = card ? "card" : "stick",
                                   .sector_size = 512,
                                   .unit = card ? MICROSD_UNIT : 0,
                                   .fresh_size = FRESH_SIZE}};
    char *copy = strdup(words);
    bool done = copy ? parse(plug, copy, failure) : failed(failure, "out of memory");
    free(copy);
    if (!done)
        plug_free(plug);
    return done;
}

void plug_free(struct plug *plug)
{
    free(plug->image);
    *plug = (struct plug){0};
}

bool plug_check(const struct plug *plug, struct failure *failure)
{
    bool image = plug->kind == PLUG_STICK || plug->kind == PLUG_CARD;
    return !image || disk_image_check(plug->image, &plug->disk, failure);
}
