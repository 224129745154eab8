/*
 * Moving pictures through the ffmpeg program: a file, whose frame is chosen by board time and which
 * is played in a loop, or a webcam, whose latest frame is taken.
 */
#ifndef SIM_HOST_VIDEO_H
#define SIM_HOST_VIDEO_H

#include "sim/core/event.h"
#include "sim/host/failure.h"
#include "sim/host/picture.h"

struct video;

/* Reads the first frame, so that a file that is no video is refused here. NULL: see the failure. */
struct video *video_open_file(const char *path, struct failure *failure);
/* `path`: /dev/videoN. Waits for the first frame. Not deterministic: it shows what is there now. */
struct video *video_open_webcam(const char *path, struct failure *failure);
/* As a webcam, from any input of ffmpeg ("-f", format, "-i", name). */
struct video *video_open_live(const char *format, const char *name, struct failure *failure);
void video_close(struct video *video);

/* The picture at a board time; valid until the next call. `*number` changes with the picture. After
 * a file broke in the middle, its last good frame stays. */
const struct picture *video_at(struct video *video, sim_time time, uint64_t *number);

#endif
