#include "sim/host/options.h"

#include "sim/host/number.h"

#include <string.h>

static const char help[] =
    "duet: a virtual STM32H747I-DISCO\n"
    "\n"
    "  duet run [OPTION…]   run firmware on both cores of the virtual board\n"
    "  duet info ELF…       where a file loads, for which core, entry, stack, symbols\n"
    "  duet report TRACE    interrupts, notifications and load of a run with --trace\n"
    "  duet --help          this text; duet run --help: its options\n"
    "  duet --version\n";

static const char run_help[] =
    "duet run [--cm7 ELF] [--cm4 ELF]     default: the bundled camera system\n"
    "  --load FILE[@ADDR]   further images for the flash: ELF, Intel HEX, or raw bytes with an "
    "address\n"
    "  --camera SOURCE      file (PNG, JPEG, video), /dev/videoN or scene (default scene)\n"
    "  --stick IMAGE[,OPTION…]  a USB stick, plugged in from the start; an image that is not there "
    "is "
    "made (1 GB,\n"
    "                       FAT32), \"fresh\" is one of no name. Options: ro, slow=MB/s, "
    "fail=SECTOR,\n"
    "                       pull=WRITES, sector=4096, and more (docs/command-line.md)\n"
    "  --card IMAGE[,OPTION…]   a microSD card, likewise. Options: ro, slow=MB/s, fail=SECTOR, "
    "errors=N, size=512M\n"
    "  --for TIME           board time after which to stop (3s, 500ms, 20us); default: until "
    "interrupted\n"
    "  --pace real|max      default: max with --for, real otherwise\n"
    "  --screenshot FILE    PNG of the panel at the end, as the eye sees it\n"
    "  --console FILE       what USART1 sent; default standard output\n"
    "  --audio FILE         what is sent to the audio codec, as a WAV file\n"
    "  --web ADDR:PORT|off  the live page (default off; port 0: any free one)\n"
    "  --events FILE        what a person at the board would notice, as JSON lines\n"
    "  --input FILE         what a person does, as JSON lines\n"
    "  --hash               print the run's hash\n"
    "  --stats              board time, wall time, instructions and cycles of each core, share "
    "asleep,\n"
    "                       interrupts, DMA bytes, frames captured and shown, messages that the\n"
    "                       firmware counts in shared memory\n"
    "  --check              watch memory that several masters use, and say who breaks coherency\n"
    "  --check-json FILE    likewise; what was found as JSON lines at the end\n"
    "  --strict             stop at the first complaint about the guest or report of the checker,\n"
    "                       with exit status 3\n"
    "  --set NAME=VALUE[@TIME]  option bytes and board options (BCM4=0, BOOT_CM4_ADD0=0x0810, "
    "panel=nt35510,\n"
    "                       HSE=fail@10ms, vdd=2.5@20ms)\n"
    "  --log BLOCK[,BLOCK…] every access to these blocks' registers on standard error "
    "(USART1,HSEM; CM7 or\n"
    "                       CM4: exceptions and faults of a core)\n"
    "  --gdb PORT[,PORT]    wait for gdb on 127.0.0.1:PORT (0: any free one) before the first "
    "instruction;\n"
    "                       two ports: one for the M7, one for the M4\n"
    "  --trace FILE         what happened on both cores as a timeline in the Perfetto format\n"
    "  --help\n"
    "Exit status 0: ended as asked. 2: the command line or a file is wrong. 3: the guest failed.\n";

static const char info_help[] = "duet info ELF…\n"
                                "  Where each file loads, for which core, entry, stack, symbols.\n";

const char *options_help(enum command command)
{
    return command == COMMAND_RUN_HELP ? run_help : command == COMMAND_INFO_HELP ? info_help : help;
}

static bool set_text(const char **place, const char *name, const char *value,
                     struct failure *failure)
{
    if (*place)
        return failed(failure, "%s is given twice; give it once", name);
    *place = value;
    return true;
}

static bool add_to_list(struct string_list *list, const char *name, const char *value,
                        struct failure *failure)
{
    if (list->count == OPTION_LIST_MAX)
        return failed(failure, "%s is given more than %d times", name, OPTION_LIST_MAX);
    list->items[list->count++] = value;
    return true;
}

static bool set_flag(struct options *options, const char *name)
{
    bool *flag = strcmp(name, "--hash") == 0     ? &options->hash
                 : strcmp(name, "--stats") == 0  ? &options->stats
                 : strcmp(name, "--strict") == 0 ? &options->strict
                 : strcmp(name, "--check") == 0  ? &options->check
                                                 : NULL;
    if (flag)
        *flag = true;
    return flag;
}

struct given { /* what needs more than to be stored */
    const char *duration, *pace;
};

/* The place of an option's value; NULL: no such option. */
static const char **text_option(struct options *options, struct given *given, const char *name)
{
    const struct {
        const char *name;
        const char **place;
    } table[] = {
        {"--cm7", &options->cm7},         {"--cm4", &options->cm4},
        {"--camera", &options->camera},   {"--screenshot", &options->screenshot},
        {"--console", &options->console}, {"--web", &options->web},
        {"--events", &options->events},   {"--input", &options->input},
        {"--log", &options->log},         {"--for", &given->duration},
        {"--pace", &given->pace},         {"--gdb", &options->gdb},
        {"--trace", &options->trace},     {"--check-json", &options->check_json},
        {"--stick", &options->stick},     {"--card", &options->card},
        {"--audio", &options->audio},
    };
    for (size_t n = 0; n < sizeof table / sizeof *table; n++)
        if (strcmp(name, table[n].name) == 0)
            return table[n].place;
    return NULL;
}

static struct string_list *list_option(struct options *options, const char *name)
{
    return strcmp(name, "--load") == 0  ? &options->loads
           : strcmp(name, "--set") == 0 ? &options->settings
                                        : NULL;
}

static bool check_setting(const char *setting, struct failure *failure)
{
    const char *equals = strchr(setting, '=');
    if (!equals || equals == setting || !equals[1])
        return failed(failure, "--set %s: write NAME=VALUE, as in BCM4=0", setting);
    return true;
}

static bool finish_run(struct options *options, const struct given *given, struct failure *failure)
{
    options->timed = given->duration;
    options->check |= options->check_json != NULL;
    if (given->duration && !parse_time(given->duration, &options->duration))
        return failed(failure, "--for %s: not a time; write a number and a unit: 3s, 500ms, 20us",
                      given->duration);
    options->pace = options->timed ? PACE_MAX : PACE_REAL;
    if (given->pace && strcmp(given->pace, "real") == 0)
        options->pace = PACE_REAL;
    else if (given->pace && strcmp(given->pace, "max") == 0)
        options->pace = PACE_MAX;
    else if (given->pace)
        return failed(failure, "--pace %s: say real or max", given->pace);
    for (size_t n = 0; n < options->settings.count; n++)
        if (!check_setting(options->settings.items[n], failure))
            return false;
    return true;
}

/* One option with its value, which may be part of it (--for=3s). Advances *index past both. */
static bool take_value(struct options *options, struct given *given, int argc, char **argv,
                       int *index, struct failure *failure)
{
    char name[32] = "";
    const char *argument = argv[*index], *equals = strchr(argument, '=');
    size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
    if (length < sizeof name)
        memcpy(name, argument, length);
    const char **text = text_option(options, given, name);
    struct string_list *list = list_option(options, name);
    if (!text && !list)
        return failed(failure, "unknown option %s; see duet run --help", argument);
    if (!equals && *index + 1 >= argc)
        return failed(failure, "%s needs a value; see duet run --help", name);
    const char *value = equals ? equals + 1 : argv[++*index];
    if (!*value)
        return failed(failure, "%s needs a value, and this one is empty", name);
    return text ? set_text(text, name, value, failure) : add_to_list(list, name, value, failure);
}

static bool parse_run(struct options *options, int argc, char **argv, struct failure *failure)
{
    struct given given = {NULL, NULL};
    for (int n = 2; n < argc; n++) {
        if (strcmp(argv[n], "--help") == 0 || strcmp(argv[n], "-h") == 0) {
            options->command = COMMAND_RUN_HELP;
            return true;
        }
        if (set_flag(options, argv[n]))
            continue;
        if (argv[n][0] != '-')
            return failed(failure,
                          "'%s' is no option; firmware is given with --cm7, --cm4 or --load",
                          argv[n]);
        if (!take_value(options, &given, argc, argv, &n, failure))
            return false;
    }
    return finish_run(options, &given, failure);
}

static bool parse_report(struct options *options, int argc, char **argv, struct failure *failure)
{
    options->files.items[options->files.count++] = argv[2];
    return (argc == 3 && argv[2][0] != '-') || failed(failure, "write duet report TRACE");
}

static bool parse_info(struct options *options, int argc, char **argv, struct failure *failure)
{
    for (int n = 2; n < argc; n++) {
        if (strcmp(argv[n], "--help") == 0 || strcmp(argv[n], "-h") == 0) {
            options->command = COMMAND_INFO_HELP;
            return true;
        }
        if (argv[n][0] == '-')
            return failed(failure, "unknown option %s; write duet info ELF…", argv[n]);
        if (!add_to_list(&options->files, "a file", argv[n], failure))
            return false;
    }
    return options->files.count || failed(failure, "no file given; write duet info ELF…");
}

bool options_parse(struct options *options, int argc, char **argv, struct failure *failure)
{
    *options = (struct options){0};
    if (argc < 2)
        return failed(failure,
                      "no command given; write duet run or duet info ELF…, or see duet --help");
    const char *command = argv[1];
    options->command = strcmp(command, "run") == 0         ? COMMAND_RUN
                       : strcmp(command, "info") == 0      ? COMMAND_INFO
                       : strcmp(command, "report") == 0    ? COMMAND_REPORT
                       : strcmp(command, "--version") == 0 ? COMMAND_VERSION
                                                           : COMMAND_HELP;
    if (options->command == COMMAND_RUN)
        return parse_run(options, argc, argv, failure);
    if (options->command == COMMAND_INFO)
        return parse_info(options, argc, argv, failure);
    if (options->command == COMMAND_REPORT)
        return parse_report(options, argc, argv, failure);
    bool known = options->command == COMMAND_VERSION || strcmp(command, "--help") == 0 ||
                 strcmp(command, "-h") == 0 || strcmp(command, "help") == 0;
    return known ||
           failed(failure,
                  "unknown command %s; write duet run, duet info ELF… or duet report TRACE",
                  command);
}
