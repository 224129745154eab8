/* The M4's threads. The camera's data flows by itself (drivers/dcmi.h) and is passed on by the
 * MDMA's interrupt, so no thread is in a frame's way. */
#include "shared/threads.h"

void camera_thread(ULONG);
void status_thread(ULONG);
void journal_thread(ULONG);
void shell_thread(ULONG);
void storage_thread(ULONG);
void touch_thread(ULONG);
void asks_thread(ULONG);
void files_thread(ULONG);
void player_thread(ULONG);

/* Name (its file), priority, bytes of stack. The faster what waits is over, the lower the
 * number. */
const struct activity activities[] = {
    ACTIVITY(camera, 8, 2048),   /* the sensor; starts the flow of frames */
    ACTIVITY(touch, 6, 2048),    /* the fingers on the panel */
    ACTIVITY(asks, 11, 3072),    /* what is asked for by touch */
    ACTIVITY(files, 11, 3072),   /* what the M7 calls */
    ACTIVITY(player, 8, 3072),   /* films of the stick on the panel */
    ACTIVITY(storage, 9, 6144),  /* the stick: USB, files, recording */
    ACTIVITY(status, 10, 2048),  /* once a second: figures, faults */
    ACTIVITY(journal, 12, 2048), /* the M7's log on the console */
    ACTIVITY(shell, 14, 4096),   /* commands */
};
const unsigned activity_count = sizeof activities / sizeof activities[0];
