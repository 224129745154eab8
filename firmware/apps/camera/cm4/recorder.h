/*
 * From pictures of the encoder to files on the stick. storage_thread's alone.
 */
#ifndef CAMERA_RECORDER_H
#define CAMERA_RECORDER_H

#include "cm4/storage.h"

bool recorder_is_on(void);
/* The film that is being recorded, or was recorded last. */
const char *recorder_name(void);
uint32_t recorder_frames(void);

enum storage_status recorder_start(void);
/* What has come since is written first. */
enum storage_status recorder_stop(void);
/* Writes one picture if there is one: false, there was none. A film that ends by itself says why in the
 * log. */
bool recorder_work(void);
/* `name` has STORAGE_NAME_BYTES. While a film is recorded, of its next frame. */
enum storage_status recorder_snapshot(char *name);
/* The stick is gone. */
void recorder_abandon(void);

#endif
