/* The log on the console: what either core says by itself (shared/log.h), from a level on. */
#ifndef CAMERA_JOURNAL_H
#define CAMERA_JOURNAL_H

#include "shared/log.h"

/* Lines above the level are left out; at start that is LOG_INFO. Any thread. */
void journal_set_level(enum log_level level);
enum log_level journal_level(void);

#endif
