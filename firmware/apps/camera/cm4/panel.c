#include "cm4/panel.h"

#include "cm4/problems.h"
#include "shared/link.h"
#include "tx_api.h"

#include <string.h>

static TX_MUTEX lock; /* the ring has one producer at a time */

void panel_open(void)
{
    tx_mutex_create(&lock, (CHAR *)"panel", TX_INHERIT);
}

void panel_tell(const void *message, uint32_t bytes)
{
    tx_mutex_get(&lock, TX_WAIT_FOREVER);
    while (duet_ring_send(&own_link.panel, message, bytes) == DUET_RESTARTED)
        continue; /* said once: the M7 has opened it */
    tx_mutex_put(&lock);
}

void panel_note(enum log_level level, const char *text)
{
    struct panel_note note = {.kind = PANEL_NOTE, .level = (uint8_t)level};
    if (!tx_thread_identify())
        return;
    strncpy(note.text, text, sizeof note.text - 1);
    panel_tell(&note, sizeof note);
}

void panel_problem(enum storage_status status)
{
    struct panel_dialog dialog = problem_dialog(status);
    panel_tell(&dialog, sizeof dialog);
}
