#include "sim/host/camera.h"

#include "sim/host/picture.h"
#include "sim/host/resample.h"
#include "sim/host/scene.h"
#include "sim/host/video.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <turbojpeg.h>

enum { CACHE_SIZE = 4 };

/* A picture at a size asked for before. */
struct scaled {
    unsigned width, height;
    uint64_t number; /* of the source's picture; 0: the entry is free */
    uint64_t used;   /* by camera.uses */
    uint8_t *rgb;
};

struct camera {
    struct picture still;
    struct video *video; /* or NULL */
    bool is_scene, is_webcam;
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

static bool open_picture(struct camera *camera, const char *path, struct failure *failure)
{
    struct file file;
    if (!file_read(&file, path, failure))
        return false;
    bool done = picture_decode(&camera->still, &file, failure) || failed_in(failure, path);
    file_free(&file);
    return done;
}

static bool open_file(struct camera *camera, const char *path, struct failure *failure)
{
    bool picture = false;
    if (!is_picture(path, &picture, failure))
        return false;
    if (picture)
        return open_picture(camera, path, failure);
    camera->video = video_open_file(path, failure);
    return camera->video;
}

struct camera *camera_open(const char *source, struct failure *failure)
{
    struct camera *camera = calloc(1, sizeof *camera);
    if (!camera) {
        failed(failure, "out of memory");
        return NULL;
    }
    bool done = true;
    if (strcmp(source, "scene") == 0) {
        camera->is_scene = true;
    } else if (strncmp(source, "/dev/video", 10) == 0) {
        camera->is_webcam = true;
        camera->video = video_open_webcam(source, failure);
        done = camera->video;
    } else {
        done = open_file(camera, source, failure);
    }
    if (done)
        return camera;
    camera_close(camera);
    failed_in(failure, "--camera");
    return NULL;
}

void camera_close(struct camera *camera)
{
    if (!camera)
        return;
    for (unsigned n = 0; n < CACHE_SIZE; n++)
        free(camera->cache[n].rgb);
    picture_free(&camera->still);
    scene_free(&camera->scene);
    video_close(camera->video);
    free(camera);
}

bool camera_is_timeless(const struct camera *camera)
{
    return !camera->video;
}

bool camera_is_deterministic(const struct camera *camera)
{
    return !camera->is_webcam;
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

static void capture(void *ctx, sim_time time, unsigned width, unsigned height, uint8_t *rgb)
{
    struct camera *camera = ctx;
    uint64_t number = 1;
    if (width == 0 || height == 0)
        return;
    if (camera->is_scene) {
        if (!scene_draw(&camera->scene, time, width, height, rgb))
            memset(rgb, 0, (size_t)width * height * 3);
        return;
    }
    const struct picture *picture =
        camera->video ? video_at(camera->video, time, &number) : &camera->still;
    struct scaled *entry = entry_for(camera, width, height);
    entry->used = ++camera->uses;
    if (entry->number != number) {
        entry->number = number;
        if (!entry->rgb || !resample_to_fill(picture, width, height, entry->rgb))
            abort(); /* out of host memory */
    }
    memcpy(rgb, entry->rgb, (size_t)width * height * 3);
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
