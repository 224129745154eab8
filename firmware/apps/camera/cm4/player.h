/*
 * Films and pictures of the stick, on the panel in place of the camera's: read, decoded by the codec, and
 * sent to the M7 as the camera's frames are. Nothing can be recorded meanwhile. player_thread
 * (cm4/threads.c) keeps a film's time; the M7 is told how it stands (struct panel_player). Threads.
 */
#ifndef CAMERA_PLAYER_H
#define CAMERA_PLAYER_H

#include "cm4/storage.h"
#include "shared/picture_shape.h"

/* From tx_application_define. */
void player_open(void);
/* The first picture is on its way to the panel when it comes back; a film goes on. Otherwise what was
 * shown is closed. */
enum storage_status player_show(const char *path);
void player_pause(bool on);
/* The film goes on from that frame. */
void player_seek(uint32_t frame);
/* The camera's frames come again. */
void player_close(void);
/* A picture, or the first of a film, in units of the codec, `room` bytes at `units`. */
enum storage_status player_still(const char *path, uint8_t *units, uint32_t room,
                                 struct picture_shape *shape);

#endif
