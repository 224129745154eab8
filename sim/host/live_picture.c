#include "sim/host/live_picture.h"

#include <stdlib.h>
#include <string.h>

void live_picture_init(struct live_picture *live)
{
    *live = (struct live_picture){0};
    pthread_mutex_init(&live->lock, NULL);
}

void live_picture_free(struct live_picture *live)
{
    picture_free(&live->latest);
    picture_free(&live->shown);
    pthread_mutex_destroy(&live->lock);
}

void live_picture_put(struct live_picture *live, struct picture *picture)
{
    pthread_mutex_lock(&live->lock);
    struct picture last = live->latest;
    live->latest = *picture;
    live->number++;
    *picture = last;
    pthread_mutex_unlock(&live->lock);
}

const struct picture *live_picture_take(struct live_picture *live, uint64_t *number)
{
    struct picture *shown = &live->shown;
    pthread_mutex_lock(&live->lock);
    const struct picture *latest = &live->latest;
    *number = live->number;
    if (live->number == 0) {
        pthread_mutex_unlock(&live->lock);
        return NULL;
    }
    if (shown->width != latest->width || shown->height != latest->height) {
        picture_free(shown);
        if (!picture_create(shown, latest->width, latest->height))
            abort(); /* out of host memory */
    }
    memcpy(shown->rgb, latest->rgb, (size_t)shown->width * shown->height * 3);
    pthread_mutex_unlock(&live->lock);
    return shown;
}
