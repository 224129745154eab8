/* Commands on the console. */
#include "cm4/camera.h"
#include "cm4/console.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 120 };

void shell_thread(ULONG unused);
struct command {
    const char *name;
    const char *usage;
    bool (*run)(const char *arguments);
};

static bool run_camera(const char *arguments)
{
    unsigned width, height, rate;
    return sscanf(arguments, "%ux%u %u", &width, &height, &rate) == 3 &&
           camera_set_mode(width, height, rate);
}

static bool on_or_off(const char *arguments, bool (*set)(bool))
{
    if (strcmp(arguments, "on") == 0)
        return set(true);
    return strcmp(arguments, "off") == 0 && set(false);
}

static bool run_mirror(const char *arguments)
{
    return on_or_off(arguments, camera_set_mirror);
}

static bool run_flip(const char *arguments)
{
    return on_or_off(arguments, camera_set_flip);
}

static bool run_pattern(const char *arguments)
{
    return on_or_off(arguments, camera_set_test_pattern);
}

static bool run_help(const char *arguments);

static const struct command commands[] = {
    {"help", "help", run_help},
    {"camera", "camera 640x480 30 | 320x240 60 | 800x480 30", run_camera},
    {"mirror", "mirror on | off", run_mirror},
    {"flip", "flip on | off", run_flip},
    {"pattern", "pattern on | off", run_pattern},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static bool run_help(const char *arguments)
{
    (void)arguments;
    for (unsigned n = 0; n < COMMANDS; n++)
        console_format("  %s\n", commands[n].usage);
    return true;
}

static const struct command *find_command(const char *line, size_t length)
{
    for (unsigned n = 0; n < COMMANDS; n++)
        if (strlen(commands[n].name) == length && memcmp(commands[n].name, line, length) == 0)
            return &commands[n];
    return NULL;
}

static void run_line(const char *line)
{
    size_t length = strcspn(line, " ");
    if (length == 0)
        return;
    const struct command *command = find_command(line, length);
    const char *arguments = line + length + strspn(line + length, " ");
    if (!command)
        console_format("%s: no such command; type help\n", line);
    else if (command->run(arguments))
        console_print("ok\n");
    else
        console_format("usage: %s\n", command->usage);
}

static char typed[LINE_BYTES];
static uint32_t typed_count;

static void take_typed(char byte)
{
    if (byte == '\r' || byte == '\n') {
        console_print("\n");
        typed[typed_count] = 0;
        typed_count = 0;
        run_line(typed);
    } else if (byte == '\b' || byte == 0x7f) {
        if (typed_count) {
            typed_count--;
            console_print("\b \b");
        }
    } else if (byte >= ' ' && typed_count < LINE_BYTES - 1) {
        typed[typed_count++] = byte;
        console_print((char[]){byte, 0});
    }
}

void shell_thread(ULONG unused)
{
    (void)unused;
    for (;;)
        take_typed(console_read());
}
