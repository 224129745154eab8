#include "cm4/journal.h"

#include "cm4/console.h"
#include "cm4/panel.h"
#include "shared/link.h"
#include "threads/ipc_wait.h"

enum { LINE_BYTES = LOG_TEXT_BYTES + 36 }; /* level and what was lost */

void journal_thread(ULONG unused);

static volatile enum log_level most = LOG_INFO;
static char line[LINE_BYTES]; /* of the M7, so far */
static uint32_t length;

void journal_set_level(enum log_level level)
{
    most = level;
}

enum log_level journal_level(void)
{
    return most;
}

void log_line(enum log_level level, const char *text)
{
    if (level <= most)
        console_format("M4: %s\n", text);
    if (level <= LOG_INFO)
        panel_note(level, text);
}

/* A line of the M7 begins with its level's digit. */
static void take(char byte)
{
    if (byte != '\n' && length < LINE_BYTES - 1) {
        line[length++] = byte;
        return;
    }
    line[length] = 0;
    if (length && line[0] <= '0' + (char)most)
        console_format("M7: %s\n", line + 1);
    length = 0;
}

void journal_thread(ULONG unused)
{
    (void)unused;
    for (;;) {
        char bytes[64];
        int count = duet_ring_read(&own_link.log, bytes, sizeof bytes);
        for (int n = 0; n < count; n++)
            take(bytes[n]);
        if (count <= 0)
            duet_notify_wait(&own_link.notify, 1u << LINE_LOG,
                             ipc_ticks(TX_TIMER_TICKS_PER_SECOND));
    }
}
