#include "cm4/commands.h"

#include "cm4/console.h"

static bool run_help(const struct words *words);

const struct command commands[] = {
    {"help", "", "this list", run_help},
    {"status", "[on|off]", "figures and the stick; on: a line a second", run_status},
    {"ls", "[FOLDER]", "files on the stick", run_ls},
    {"cat", "FILE", "a file's text; ^C ends it", run_cat},
    {"rm", "FILE", "removes a file", run_rm},
    {"record", "", "starts a video on the stick", run_record},
    {"stop", "", "ends the video", run_stop},
    {"snapshot", "", "a picture to the stick", run_snapshot},
    {"eject", "", "until the stick may be taken out", run_eject},
    {"camera", "640x480 30 | 320x240 60 | 800x480 30 | pattern|flip|mirror on|off",
     "or how it stands", run_camera},
    {"threads", "", "of both cores", run_threads},
    {"ipc", "", "what has crossed between the cores", run_ipc},
    {"leds", "[1..4 on|off|blink]", "the four LEDs", run_leds},
    {"log", "[error|warning|info|debug]", "what the console tells by itself", run_log},
    {"reboot", "", "both cores", run_reboot},
};
const unsigned command_count = sizeof commands / sizeof commands[0];

static bool run_help(const struct words *words)
{
    if (words->count != 1)
        return false;
    for (unsigned n = 0; n < command_count; n++) {
        const struct command *command = &commands[n];
        console_format("  %-8s %-28s %s\n", command->name, command->arguments, command->what);
    }
    return true;
}
