/* The command line of duet: read strictly, every mistake named in one line. */
#ifndef SIM_HOST_OPTIONS_H
#define SIM_HOST_OPTIONS_H

#include "sim/core/event.h"
#include "sim/host/failure.h"

#include <stddef.h>

enum command {
    COMMAND_RUN,
    COMMAND_INFO,
    COMMAND_REPORT,
    COMMAND_HELP,
    COMMAND_RUN_HELP,
    COMMAND_INFO_HELP,
    COMMAND_VERSION
};
enum pace { PACE_REAL, PACE_MAX };

enum { OPTION_LIST_MAX = 64 };

struct string_list {
    const char *items[OPTION_LIST_MAX];
    size_t count;
};

struct options {
    enum command command;
    /* duet run; all strings are those of argv, NULL: not given */
    const char *cm7, *cm4, *camera, *screenshot, *console, *web, *events, *input, *log, *gdb;
    const char *trace, *check_json, *stick, *card, *audio;
    struct string_list loads, settings;
    bool timed;        /* --for was given */
    sim_time duration; /* then: board time after which to stop */
    enum pace pace;
    bool hash, stats, strict, check;
    struct string_list files; /* duet info, duet report */
};

/* False: the failure says what is wrong. Nothing is opened or checked on disk here. */
bool options_parse(struct options *options, int argc, char **argv, struct failure *failure);
/* What --help prints. */
const char *options_help(enum command command);

#endif
