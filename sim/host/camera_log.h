/* The pictures that the board took and that cannot be had again (camera_is_timeless()), to be taken again
 * when a debugger goes back in time: in memory that a process shares with its children. */
#ifndef SIM_HOST_CAMERA_LOG_H
#define SIM_HOST_CAMERA_LOG_H

#include "sim/host/camera.h"

struct camera_log;

struct camera_log *camera_log_create(struct camera *camera); /* NULL: out of memory */
void camera_log_destroy(struct camera_log *log);
/* For board_config: the camera's pictures, which are kept. */
struct camera_source camera_log_source(struct camera_log *log);
/* From now on this process sees the pictures that were kept, and where none was, what can be had again. */
void camera_log_replay(struct camera_log *log);
/* Since when all pictures are there; 0: since power-on. */
sim_time camera_log_since(const struct camera_log *log);

#endif
