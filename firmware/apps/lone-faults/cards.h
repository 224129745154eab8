/* The camera system's cards of faults (apps/camera/shared/fault.h), whose names the examples' start-up
 * does not meet. */
#ifndef LONE_FAULTS_CARDS_H
#define LONE_FAULTS_CARDS_H

#include <stdbool.h>

/* Both are empty. The M7, while the M4 waits. */
void cards_clear(void);

/* What the core's card newly tells, or NULL. Threads, one. */
const char *card_news(bool of_cm7);

/* By common.c: what a core says of a fault in a handler, which no core of this story has. */
void story_last_words(const char *text);

#endif
