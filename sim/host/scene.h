/* What the camera sees when there is nothing else: a generated landscape with a balloon, clouds and
 * a clock that shows board time. A function of time and size alone, the same on every machine. */
#ifndef SIM_HOST_SCENE_H
#define SIM_HOST_SCENE_H

#include "sim/core/event.h"
#include "sim/host/picture.h"

struct scene {
    struct picture still; /* what does not move, at the size asked for last */
};

/* Fills width * height * 3 bytes. False: out of memory. */
bool scene_draw(struct scene *scene, sim_time time, unsigned width, unsigned height, uint8_t *rgb);
void scene_free(struct scene *scene);

#endif
