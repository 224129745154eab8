#include "sim/host/video.h"

#include "sim/host/live_picture.h"
#include "sim/host/process.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { RATE_MAX = 60 };

struct video {
    char *path;
    struct process process;
    struct picture frame; /* the last one read */
    /* a file */
    unsigned rate, rate_divisor; /* frames per second */
    uint64_t next;               /* index of the frame that is read next */
    uint64_t length;             /* frames in the file; 0: the end was not seen yet */
    bool broken;                 /* it could not be started again: the last frame stays */
    /* a webcam: a thread reads */
    bool live;
    pthread_t reader;
    struct live_picture pictures;
    atomic_bool ending;
};

/* One frame as PPM: "P6\n640 480\n255\n" and the bytes. */
static bool read_frame(struct video *video)
{
    unsigned width, height, depth;
    FILE *from = video->process.output;
    if (fscanf(from, "P6 %5u %5u %5u", &width, &height, &depth) != 3 || depth != 255 ||
        width == 0 || height == 0 || width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX ||
        fgetc(from) == EOF)
        return false;
    if (width != video->frame.width || height != video->frame.height) {
        picture_free(&video->frame);
        if (!picture_create(&video->frame, width, height))
            return false;
    }
    size_t size = (size_t)width * height * 3;
    return fread(video->frame.rgb, 1, size, from) == size;
}

/* The conversion to RGB is asked to be exact: ffmpeg's quick ones differ between machines. */
#define EXACT_RGB                                                                                  \
    "-an", "-sn", "-dn", "-map", "0:v:0", "-sws_flags",                                            \
        "bicubic+accurate_rnd+full_chroma_int+bitexact", "-f", "image2pipe", "-c:v", "ppm",        \
        "-pix_fmt", "rgb24", "pipe:1"

static bool start_file(struct video *video, struct failure *failure)
{
    char filter[64];
    snprintf(filter, sizeof filter, "fps=%u/%u", video->rate, video->rate_divisor);
    const char *const argv[] = {"ffmpeg",    "-nostdin", "-v",   "error",   "-bitexact", "-i",
                                video->path, "-vf",      filter, EXACT_RGB, NULL};
    video->next = 0;
    return process_start(&video->process, argv, failure);
}

/* Frames per second from "20/1"; variable and unknown ones count as 30. */
static bool probe_rate(struct video *video, struct failure *failure)
{
    const char *const argv[] = {"ffprobe",
                                "-v",
                                "error",
                                "-select_streams",
                                "v:0",
                                "-show_entries",
                                "stream=avg_frame_rate",
                                "-of",
                                "csv=p=0",
                                video->path,
                                NULL};
    struct process probe;
    char reason[512];
    if (!process_start(&probe, argv, failure))
        return false;
    unsigned rate = 0, divisor = 0;
    int found = fscanf(probe.output, "%9u/%9u", &rate, &divisor);
    if (found != 2) {
        while (fgetc(probe.output) != EOF)
            ;
        process_last_error(&probe, reason, sizeof reason);
        failed(failure, "is no picture and no video (%s); give a PNG, a JPEG or a video file",
               *reason ? reason : "it has no moving pictures");
    }
    process_end(&probe);
    bool usable = found == 2 && rate && divisor;
    video->rate = usable ? rate : 30;
    video->rate_divisor = usable ? divisor : 1;
    if (video->rate > RATE_MAX * (uint64_t)video->rate_divisor) {
        video->rate = RATE_MAX;
        video->rate_divisor = 1;
    }
    return found == 2;
}

static struct video *create(const char *prefix, const char *path)
{
    struct video *video = calloc(1, sizeof *video);
    size_t size = strlen(prefix) + strlen(path) + 1;
    if (video)
        video->path = malloc(size);
    if (!video || !video->path) {
        free(video);
        return NULL;
    }
    snprintf(video->path, size, "%s%s", prefix, path);
    live_picture_init(&video->pictures);
    return video;
}

static bool first_frame(struct video *video, struct failure *failure)
{
    char reason[512];
    if (read_frame(video)) {
        video->next = 1;
        return true;
    }
    process_last_error(&video->process, reason, sizeof reason);
    return failed(failure, "no frame can be read (%s)", *reason ? reason : "it is empty");
}

struct video *video_open_file(const char *path, struct failure *failure)
{
    struct video *video = create("file:", path);
    if (!video) {
        failed(failure, "%s: out of memory", path);
        return NULL;
    }
    if (probe_rate(video, failure) && start_file(video, failure) && first_frame(video, failure))
        return video;
    failed_in(failure, path);
    video_close(video);
    return NULL;
}

static void *read_live(void *argument)
{
    struct video *video = argument;
    while (!atomic_load(&video->ending) && read_frame(video))
        live_picture_put(&video->pictures, &video->frame);
    return NULL;
}

struct video *video_open_live(const char *format, const char *name, struct failure *failure)
{
    struct video *video = create("", name);
    if (!video) {
        failed(failure, "%s: out of memory", name);
        return NULL;
    }
    const char *const argv[] = {"ffmpeg", "-nostdin", "-v", "error",     "-fflags", "nobuffer",
                                "-f",     format,     "-i", video->path, EXACT_RGB, NULL};
    if (process_start(&video->process, argv, failure) && first_frame(video, failure)) {
        live_picture_put(&video->pictures, &video->frame);
        video->live = pthread_create(&video->reader, NULL, read_live, video) == 0;
        if (video->live)
            return video;
        failed(failure, "no thread can be started");
    }
    failed_in(failure, name);
    video_close(video);
    return NULL;
}

struct video *video_open_webcam(const char *path, struct failure *failure)
{
    return video_open_live("v4l2", path, failure);
}

void video_close(struct video *video)
{
    if (!video)
        return;
    if (video->live) {
        atomic_store(&video->ending, true);
        kill(video->process.pid, SIGKILL); /* the thread's read ends */
        pthread_join(video->reader, NULL);
    }
    process_end(&video->process);
    picture_free(&video->frame);
    live_picture_free(&video->pictures);
    free(video->path);
    free(video);
}

static bool restart(struct video *video)
{
    struct failure failure;
    process_end(&video->process);
    video->broken = !start_file(video, &failure);
    return !video->broken;
}

/* Reads on to frame `index`, which is at most the one after the last known. */
static void seek(struct video *video, uint64_t index)
{
    if (index + 1 < video->next && !restart(video))
        return;
    while (video->next <= index) {
        if (!read_frame(video)) {
            if (!video->length)
                video->length = video->next;
            else
                video->broken = true; /* it was longer the last time */
            return;
        }
        video->next++;
    }
}

static const struct picture *file_at(struct video *video, sim_time time, uint64_t *number)
{
    unsigned __int128 position = (unsigned __int128)time * video->rate;
    uint64_t index = (uint64_t)(position / ((unsigned __int128)video->rate_divisor * SIM_S));
    uint64_t wanted = video->length ? index % video->length : index;
    if (!video->broken)
        seek(video, wanted);
    if (!video->broken && video->length && index % video->length != wanted) /* its end was seen */
        seek(video, wanted = index % video->length);
    *number = wanted + 1;
    return &video->frame;
}

const struct picture *video_at(struct video *video, sim_time time, uint64_t *number)
{
    return video->live ? live_picture_take(&video->pictures, number) : file_at(video, time, number);
}
