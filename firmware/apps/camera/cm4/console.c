#include "cm4/console.h"

#include "cm4/capture.h"
#include "drivers/usart.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 120 };

static struct {
    struct link *link;
    char typed[LINE_BYTES];
    uint32_t typed_count;
    char logged[LINE_BYTES];
    uint32_t logged_count;
    uint32_t dropped;
} console;

void console_print(const char *text)
{
    size_t count = strlen(text);
    if (count > usart_room())
        console.dropped++;
    else
        usart_write(text, count);
}

__attribute__((format(printf, 1, 2))) static void print(const char *format, ...)
{
    char text[LINE_BYTES + 16];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    console_print(text);
}

void console_start(struct link *link)
{
    console.link = link;
    console_print("\nDuet camera system: M4 is up. Type help.\n");
}

/* Tenths, as "30.0". */
#define TENTHS(value) (unsigned long)((value) / 10), (unsigned long)((value) % 10)

void console_status(const struct link_figures *own, const volatile struct link_figures *peer)
{
    print("frames %lu  fps %lu.%lu  drops %lu  load M7 %lu.%lu %%  M4 %lu.%lu %%\n",
          (unsigned long)own->frames, TENTHS(own->frames_per_second_x10),
          (unsigned long)(own->drops + peer->drops), TENTHS(peer->load_permille),
          TENTHS(own->load_permille));
}

struct command {
    const char *name;
    const char *usage;
    bool (*run)(const char *arguments);
};

static bool run_camera(const char *arguments)
{
    unsigned width, height, rate;
    return sscanf(arguments, "%ux%u %u", &width, &height, &rate) == 3 &&
           capture_set_mode(width, height, rate);
}

static bool on_or_off(const char *arguments, bool (*set)(bool))
{
    if (strcmp(arguments, "on") == 0)
        return set(true);
    return strcmp(arguments, "off") == 0 && set(false);
}

static bool run_mirror(const char *arguments)
{
    return on_or_off(arguments, capture_set_mirror);
}

static bool run_flip(const char *arguments)
{
    return on_or_off(arguments, capture_set_flip);
}

static bool run_pattern(const char *arguments)
{
    return on_or_off(arguments, capture_set_test_pattern);
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
        print("  %s\n", commands[n].usage);
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
        print("%s: no such command; type help\n", line);
    else if (command->run(arguments))
        console_print("ok\n");
    else
        print("usage: %s\n", command->usage);
}

static void take_typed(char byte)
{
    if (byte == '\r' || byte == '\n') {
        console_print("\n");
        console.typed[console.typed_count] = 0;
        console.typed_count = 0;
        run_line(console.typed);
    } else if (byte == '\b' || byte == 0x7f) {
        if (console.typed_count) {
            console.typed_count--;
            console_print("\b \b");
        }
    } else if (byte >= ' ' && console.typed_count < LINE_BYTES - 1) {
        console.typed[console.typed_count++] = byte;
        usart_write(&byte, 1);
    }
}

/* Whole lines of the M7, marked as its own. */
static void take_logged(char byte)
{
    if (byte != '\n' && console.logged_count < LINE_BYTES - 1) {
        console.logged[console.logged_count++] = byte;
        return;
    }
    console.logged[console.logged_count] = 0;
    console.logged_count = 0;
    print("M7: %s\n", console.logged);
}

void console_service(void)
{
    for (int byte; (byte = usart_read()) >= 0;)
        take_typed((char)byte);
    char bytes[64];
    for (int count; (count = duet_ring_read(&console.link->log, bytes, sizeof bytes)) > 0;)
        for (int n = 0; n < count; n++)
            take_logged(bytes[n]);
}
