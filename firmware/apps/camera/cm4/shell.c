/* The shell: lines from the console to commands (cm4/commands.h). */
#include "cm4/commands.h"
#include "cm4/console.h"
#include "cm4/line_editor.h"
#include "tx_api.h"

#include <stddef.h>

void shell_thread(ULONG unused);

static struct line_editor editor;

static const char *command_name(unsigned n)
{
    return n < command_count ? commands[n].name : NULL;
}

static void hide(void)
{
    editor_hide(&editor);
}

static void show(void)
{
    editor_show(&editor);
}

static void run(char *line)
{
    struct words words;
    if (!words_split(&words, line)) {
        console_format("a line has at most %d words, and an even number of quotes\n", WORDS_MAX);
        return;
    }
    if (!words.count)
        return;
    const struct command *command = command_find(commands, command_count, words.word[0]);
    if (!command)
        console_format("%.60s: no such command; type help\n", words.word[0]);
    else if (!command->run(&words))
        console_format("usage: %s %s\n", command->name, command->arguments);
}

/* The prompt comes with the first key, so that a console that nobody types at is a plain log. */
void shell_thread(ULONG unused)
{
    static const struct line_editor_host host = {"duet> ", console_write, command_name};
    (void)unused;
    editor_init(&editor, &host);
    console_keep_line(hide, show);
    for (;;) {
        char byte = console_read();
        console_lock();
        enum editor_event event = editor_take(&editor, byte);
        console_unlock();
        if (event == EDITOR_NOTHING)
            continue;
        if (event == EDITOR_LINE)
            run(editor.text);
        console_lock();
        editor_begin(&editor);
        console_unlock();
    }
}
