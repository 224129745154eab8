/* What stands before the lens, by its name on the command line. */
#ifndef SIM_HOST_CAMERA_H
#define SIM_HOST_CAMERA_H

#include "sim/board/board.h"
#include "sim/host/failure.h"

struct camera;

/* "scene", /dev/videoN, or a file: PNG, JPEG or anything with moving pictures that ffmpeg reads.
 * NULL: see the failure. */
struct camera *camera_open(const char *source, struct failure *failure);
void camera_close(struct camera *camera);
/* For board_config; valid while the camera is open. */
struct camera_source camera_source(struct camera *camera);
/* What it shows at a time can be had again later at once: a picture, the scene. */
bool camera_is_timeless(const struct camera *camera);
/* False for a webcam: the same run cannot be had again. */
bool camera_is_deterministic(const struct camera *camera);

#endif
