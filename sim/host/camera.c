#include "sim/host/camera.h"

#include "sim/host/picture.h"
#include "sim/host/resample.h"
#include "sim/host/scene.h"
#include "sim/host/scratch.h"
#include "sim/host/video.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <turbojpeg.h>

enum { CACHE_SIZE = 4 };

/* A picture at a size asked for before. */
struct scaled {
    unsigned width, height;
    uint64_t number; /* of the source's picture; 0: the entry is free */
    uint64_t used;   /* by camera.uses */
    uint8_t *rgb;
};

/* What stands before the lens. */
struct sight {
    enum { SIGHT_SCENE, SIGHT_STILL, SIGHT_FILM, SIGHT_WEBCAM, SIGHT_BROWSER } kind;
    struct picture still;
    struct video *video; /* SIGHT_FILM and SIGHT_WEBCAM */
    char *source;
    bool scratch; /* the file goes with it */
};

struct camera {
    struct sight sight;
    char *first; /* the source that it was opened with */
    bool changed, past;
    struct live_picture *browser;
    struct scene scene;
    struct scaled cache[CACHE_SIZE];
    uint64_t uses;
};

/* Reads only the beginning: a video may be large. */
static bool is_picture(const char *path, bool *answer, struct failure *failure)
{
    uint8_t bytes[16];
    FILE *file = fopen(path, "rb");
    if (!file)
        return failed(failure, "%s: cannot be opened: %s", path, strerror(errno));
    size_t count = fread(bytes, 1, sizeof bytes, file);
    int error = ferror(file) ? errno : 0;
    fclose(file);
    *answer = picture_format(bytes, count) != PICTURE_UNKNOWN;
    if (error)
        return failed(failure, "%s: cannot be read: %s", path, strerror(error));
    return count || failed(failure, "%s: is empty; give a PNG, a JPEG or a video file", path);
}

static bool open_picture(struct sight *sight, const char *path, struct failure *failure)
{
    struct file file;
    if (!file_read(&file, path, failure))
        return false;
    bool done = picture_decode(&sight->still, &file, failure) || failed_in(failure, path);
    file_free(&file);
    sight->kind = SIGHT_STILL;
    return done;
}

static bool open_file(struct sight *sight, const char *path, struct failure *failure)
{
    bool picture = false;
    if (!is_picture(path, &picture, failure))
        return false;
    if (picture)
        return open_picture(sight, path, failure);
    sight->video = video_open_file(path, failure);
    sight->kind = SIGHT_FILM;
    return sight->video;
}

static void close_sight(struct sight *sight)
{
    picture_free(&sight->still);
    video_close(sight->video);
    if (sight->scratch)
        unlink(sight->source);
    free(sight->source);
}

static bool open_sight(struct sight *sight, const char *source, bool browser,
                       struct failure *failure)
{
    *sight = (struct sight){.source = strdup(source)};
    if (!sight->source)
        return failed(failure, "out of memory");
    if (strcmp(source, "scene") == 0)
        return true; /* SIGHT_SCENE */
    if (browser && strcmp(source, "browser") == 0) {
        sight->kind = SIGHT_BROWSER;
        return true;
    }
    if (strncmp(source, "/dev/video", 10) != 0)
        return open_file(sight, source, failure);
    sight->kind = SIGHT_WEBCAM;
    sight->video = video_open_webcam(source, failure);
    return sight->video;
}

struct camera *camera_open(const char *source, struct failure *failure)
{
    struct camera *camera = calloc(1, sizeof *camera);
    if (!camera) {
        failed(failure, "out of memory");
        return NULL;
    }
    bool done =
        open_sight(&camera->sight, source, false, failure) || failed_in(failure, "--camera");
    camera->first = done ? strdup(source) : NULL;
    if (camera->first)
        return camera;
    camera_close(camera);
    return NULL;
}

void camera_close(struct camera *camera)
{
    if (!camera)
        return;
    for (unsigned n = 0; n < CACHE_SIZE; n++)
        free(camera->cache[n].rgb);
    close_sight(&camera->sight);
    scene_free(&camera->scene);
    free(camera->first);
    free(camera);
}

void camera_offer(struct camera *camera, struct live_picture *browser)
{
    camera->browser = browser;
}

/* Pictures scaled before are of what was there before. */
bool camera_change(struct camera *camera, const char *source, bool scratch, struct failure *failure)
{
    struct sight sight;
    if (camera->past)
        return true;
    if (!open_sight(&sight, source ? source : camera->first, camera->browser, failure)) {
        sight.scratch = scratch;
        close_sight(&sight);
        return failed_in(failure, "camera");
    }
    sight.scratch = scratch;
    close_sight(&camera->sight);
    camera->sight = sight;
    camera->changed = true;
    for (unsigned n = 0; n < CACHE_SIZE; n++)
        camera->cache[n].number = 0;
    return true;
}

const char *camera_name(const struct camera *camera)
{
    return scratch_name(camera->sight.source);
}

bool camera_is_timeless(const struct camera *camera)
{
    return !camera->sight.video && !camera->changed;
}

void camera_depart(struct camera *camera)
{
    camera->past = true;
}

bool camera_is_deterministic(const struct camera *camera)
{
    return camera->sight.kind != SIGHT_WEBCAM;
}

/* The entry of this size, else the one that was not used for longest. */
static struct scaled *entry_for(struct camera *camera, unsigned width, unsigned height)
{
    struct scaled *oldest = camera->cache;
    for (struct scaled *entry = camera->cache; entry < camera->cache + CACHE_SIZE; entry++) {
        if (entry->number && entry->width == width && entry->height == height)
            return entry;
        if (entry->used < oldest->used)
            oldest = entry;
    }
    free(oldest->rgb);
    *oldest = (struct scaled){width, height, 0, 0, malloc((size_t)width * height * 3)};
    return oldest;
}

/* The source's picture, and its number, which is never 0. NULL: none came yet. */
static const struct picture *look(struct camera *camera, sim_time time, uint64_t *number)
{
    *number = 1;
    if (camera->sight.kind == SIGHT_BROWSER)
        return live_picture_take(camera->browser, number);
    if (camera->sight.video)
        return video_at(camera->sight.video, time, number);
    return &camera->sight.still;
}

static void scale(struct camera *camera, const struct picture *picture, uint64_t number,
                  unsigned width, unsigned height, uint8_t *rgb)
{
    struct scaled *entry = entry_for(camera, width, height);
    entry->used = ++camera->uses;
    if (entry->number != number) {
        entry->number = number;
        if (!entry->rgb || !resample_to_fill(picture, width, height, entry->rgb))
            abort(); /* out of host memory */
    }
    memcpy(rgb, entry->rgb, (size_t)width * height * 3);
}

static void capture(void *ctx, sim_time time, unsigned width, unsigned height, uint8_t *rgb)
{
    struct camera *camera = ctx;
    const struct picture *picture = NULL;
    uint64_t number = 0;
    if (width == 0 || height == 0)
        return;
    if (camera->sight.kind == SIGHT_SCENE) {
        if (scene_draw(&camera->scene, time, width, height, rgb))
            return;
    } else {
        picture = look(camera, time, &number);
    }
    if (picture)
        scale(camera, picture, number, width, height, rgb);
    else
        memset(rgb, 0, (size_t)width * height * 3);
}

/* The accurate transform gives the same bytes with and without vector units. */
static size_t compress(void *ctx, const uint8_t *rgb, unsigned width, unsigned height,
                       unsigned quality, uint8_t *bytes, size_t room)
{
    (void)ctx;
    uint8_t *compressed = NULL; /* the encoder wants more room than its result ever takes */
    unsigned long length = 0;
    tjhandle encoder = tjInitCompress();
    if (!encoder || tjCompress2(encoder, rgb, (int)width, 0, (int)height, TJPF_RGB, &compressed,
                                &length, TJSAMP_422, (int)quality, TJFLAG_ACCURATEDCT) != 0)
        length = 0;
    if (length > room)
        length = 0;
    if (length)
        memcpy(bytes, compressed, length);
    tjFree(compressed);
    if (encoder)
        tjDestroy(encoder);
    return length;
}

struct camera_source camera_source(struct camera *camera)
{
    return (struct camera_source){.ctx = camera, .capture = capture, .jpeg = compress};
}
