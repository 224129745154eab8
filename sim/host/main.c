/* duet: the person's side of the virtual board. */
#include "sim/host/info.h"
#include "sim/host/options.h"
#include "sim/host/report.h"
#include "sim/host/run.h"

#include <stdio.h>

#ifndef DUET_VERSION
#define DUET_VERSION "0"
#endif

enum { STATUS_DONE = 0, STATUS_WRONG = 2 };

static int wrong(const struct failure *failure)
{
    fflush(stdout);
    fprintf(stderr, "duet: %s\n", failure->text);
    return STATUS_WRONG;
}

static int info(const struct options *options)
{
    struct failure failure;
    for (size_t n = 0; n < options->files.count; n++)
        if (!info_print(stdout, options->files.items[n], &failure))
            return wrong(&failure);
    return STATUS_DONE;
}

static int report(const struct options *options)
{
    struct failure failure;
    return report_print(stdout, options->files.items[0], &failure) ? STATUS_DONE : wrong(&failure);
}

int main(int argc, char **argv)
{
    struct options options;
    struct failure failure;
    if (!options_parse(&options, argc, argv, &failure))
        return wrong(&failure);
    switch (options.command) {
    case COMMAND_RUN:
        return run(&options);
    case COMMAND_INFO:
        return info(&options);
    case COMMAND_REPORT:
        return report(&options);
    case COMMAND_VERSION:
        printf("duet %s\n", DUET_VERSION);
        break;
    case COMMAND_HELP:
    case COMMAND_RUN_HELP:
    case COMMAND_INFO_HELP:
        fputs(options_help(options.command), stdout);
        break;
    }
    return STATUS_DONE;
}
