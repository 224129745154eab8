/* The M7's threads. */
#include "shared/threads.h"

void display_thread(ULONG);
void log_thread(ULONG);
void remote_thread(ULONG);
void status_thread(ULONG);
void ui_thread(ULONG);

/* Name (its file), priority, bytes of stack. The faster what waits is over, the lower the
 * number. */
const struct activity activities[] = {
    ACTIVITY(display, 4, 2048), /* the panel; frames to the LTDC */
    ACTIVITY(ui, 8, 8192),      /* what lies over the picture */
    ACTIVITY(remote, 9, 4096),  /* calls to the M4: files */
    ACTIVITY(log, 10, 1024),    /* what was said, to the M4 */
    ACTIVITY(status, 12, 4096), /* once a second: figures, the column */
};
const unsigned activity_count = sizeof activities / sizeof activities[0];
