/* What stands before the lens, by its name on the command line. */
#ifndef SIM_HOST_CAMERA_H
#define SIM_HOST_CAMERA_H

#include "sim/board/board.h"
#include "sim/host/failure.h"
#include "sim/host/live_picture.h"

struct camera;

/* "scene", /dev/videoN, or a file: PNG, JPEG or anything with moving pictures that ffmpeg reads.
 * NULL: see the failure. */
struct camera *camera_open(const char *source, struct failure *failure);
void camera_close(struct camera *camera);
/* Where the pictures of the source "browser" come from; outlives the camera. */
void camera_offer(struct camera *camera, struct live_picture *browser);
/* Something else from now on; NULL: what it was opened with. `scratch`: the file is the camera's own and
 * goes when it is needed no more. False: see the failure; then all stays as it was. */
bool camera_change(struct camera *camera, const char *source, bool scratch,
                   struct failure *failure);
/* As a person calls what it shows: "scene", "browser", the name of a file. */
const char *camera_name(const struct camera *camera);
/* For board_config; valid while the camera is open. */
struct camera_source camera_source(struct camera *camera);
/* What it shows at a time can be had again later at once: a picture, the scene, never changed. */
bool camera_is_timeless(const struct camera *camera);
/* This process is a copy that looks at the past (history.h): changes are not made again there, for the
 * pictures that were taken are kept (camera_log.h). */
void camera_depart(struct camera *camera);
/* False for a webcam: the same run cannot be had again. */
bool camera_is_deterministic(const struct camera *camera);

#endif
