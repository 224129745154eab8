/* Pictures that come when they come: one thread puts them in, another takes the latest. */
#ifndef SIM_HOST_LIVE_PICTURE_H
#define SIM_HOST_LIVE_PICTURE_H

#include "sim/host/picture.h"

#include <pthread.h>

struct live_picture {
    pthread_mutex_t lock;
    struct picture latest;
    struct picture shown; /* of the taker's thread alone */
    uint64_t number;      /* of the latest; 0: none came yet */
};

void live_picture_init(struct live_picture *live);
void live_picture_free(struct live_picture *live);
/* Takes the picture; what comes back in its place is the putter's to fill again. */
void live_picture_put(struct live_picture *live, struct picture *picture);
/* The latest, good until the next call; *number changes with it. NULL: none came yet. */
const struct picture *live_picture_take(struct live_picture *live, uint64_t *number);

#endif
