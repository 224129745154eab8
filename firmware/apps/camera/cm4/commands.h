/* The shell's commands: one table, and functions in commands_*.c. All run in the shell's thread. */
#ifndef CAMERA_COMMANDS_H
#define CAMERA_COMMANDS_H

#include "cm4/words.h"

extern const struct command commands[];
extern const unsigned command_count;

/* commands_storage.c */
bool run_ls(const struct words *words);
bool run_cat(const struct words *words);
bool run_rm(const struct words *words);
bool run_record(const struct words *words);
bool run_stop(const struct words *words);
bool run_snapshot(const struct words *words);
bool run_eject(const struct words *words);

/* commands_system.c */
bool run_status(const struct words *words);
bool run_camera(const struct words *words);
bool run_leds(const struct words *words);
bool run_log(const struct words *words);
bool run_reboot(const struct words *words);

/* commands_inside.c */
bool run_threads(const struct words *words);
bool run_ipc(const struct words *words);

#endif
