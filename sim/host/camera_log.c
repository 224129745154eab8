#include "sim/host/camera_log.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The last pictures stay: 290 of 640x480, 9.7 seconds of them at 30 a second. */
enum { SHOTS = 1024, ROOM = 256 << 20 };

struct shot {
    sim_time time;
    unsigned width, height;
    size_t at; /* in the ring of bytes */
};

struct shots {
    uint64_t first, end; /* those kept, counted from power-on */
    sim_time since;
    size_t at; /* where the next one goes */
    struct shot shot[SHOTS];
    uint8_t bytes[ROOM];
};

struct camera_log {
    const struct camera *camera;
    struct camera_source source;
    struct shots *shots; /* shared */
    bool replay;
};

struct camera_log *camera_log_create(struct camera *camera)
{
    struct camera_log *log = calloc(1, sizeof *log);
    if (!log)
        return NULL;
    log->camera = camera;
    log->source = camera_source(camera);
    void *memory = mmap(NULL, sizeof *log->shots, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory != MAP_FAILED) {
        log->shots = memory;
        return log;
    }
    free(log);
    return NULL;
}

void camera_log_destroy(struct camera_log *log)
{
    if (log)
        munmap(log->shots, sizeof *log->shots);
    free(log);
}

void camera_log_replay(struct camera_log *log)
{
    log->replay = true;
}

sim_time camera_log_since(const struct camera_log *log)
{
    return log->shots->since;
}

static struct shot *shot_number(struct shots *shots, uint64_t number)
{
    return &shots->shot[number % SHOTS];
}

static size_t size_of(const struct shot *shot)
{
    return (size_t)shot->width * shot->height * 3;
}

/* The oldest ones make room for a picture that goes to [at, at + size). */
static void make_room(struct shots *shots, size_t at, size_t size)
{
    while (shots->first < shots->end) {
        const struct shot *oldest = shot_number(shots, shots->first);
        bool apart = oldest->at >= at + size || oldest->at + size_of(oldest) <= at;
        if (apart && shots->end - shots->first < SHOTS)
            return;
        shots->since = oldest->time + 1;
        shots->first++;
    }
}

static void keep(struct shots *shots, sim_time time, unsigned width, unsigned height,
                 const uint8_t *rgb)
{
    struct shot shot = {time, width, height, 0};
    size_t size = size_of(&shot);
    if (size > ROOM) {
        shots->since = time + 1;
        return;
    }
    bool wraps = shots->at + size > ROOM;
    if (wraps)
        make_room(shots, shots->at, ROOM - shots->at); /* the oldest lie there */
    shot.at = wraps ? 0 : shots->at;
    make_room(shots, shot.at, size);
    memcpy(&shots->bytes[shot.at], rgb, size);
    shots->at = shot.at + size;
    *shot_number(shots, shots->end++) = shot;
}

/* The last one up to that time. */
static const struct shot *find(struct shots *shots, sim_time time, unsigned width, unsigned height)
{
    for (uint64_t n = shots->end; n-- > shots->first;) {
        const struct shot *shot = shot_number(shots, n);
        if (shot->time <= time && shot->width == width && shot->height == height)
            return shot;
    }
    return NULL;
}

/* The one of that time. Where nobody took one the camera still has it, or the run never went there: on
 * such a way the one before it will do. */
static void recall(struct camera_log *log, sim_time time, unsigned width, unsigned height,
                   uint8_t *rgb)
{
    const struct shot *shot = find(log->shots, time, width, height);
    if ((!shot || shot->time != time) && camera_is_timeless(log->camera))
        log->source.capture(log->source.ctx, time, width, height, rgb);
    else if (shot)
        memcpy(rgb, &log->shots->bytes[shot->at], size_of(shot));
    else
        memset(rgb, 0, (size_t)width * height * 3);
}

static void capture(void *ctx, sim_time time, unsigned width, unsigned height, uint8_t *rgb)
{
    struct camera_log *log = ctx;
    if (log->replay) {
        recall(log, time, width, height, rgb);
        return;
    }
    log->source.capture(log->source.ctx, time, width, height, rgb);
    if (!camera_is_timeless(log->camera))
        keep(log->shots, time, width, height, rgb);
}

static size_t compress(void *ctx, const uint8_t *rgb, unsigned width, unsigned height,
                       unsigned quality, uint8_t *bytes, size_t room)
{
    const struct camera_log *log = ctx;
    return log->source.jpeg(log->source.ctx, rgb, width, height, quality, bytes, room);
}

struct camera_source camera_log_source(struct camera_log *log)
{
    return (struct camera_source){log, capture, log->source.jpeg ? compress : NULL};
}
