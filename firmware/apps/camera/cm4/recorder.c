#include "cm4/recorder.h"

#include "cm4/camera.h"
#include "cm4/encoder.h"
#include "cm4/film.h"
#include "cm4/panel.h"
#include "cm4/volume.h"
#include "shared/log.h"

#include <string.h>

enum { PATIENCE_TICKS = 1000, LAST_TICKS = 50 };

static struct {
    struct film film;
    char name[FILM_NAME_BYTES];   /* of the film, or the last one */
    uint32_t frames;              /* likewise */
    struct encoder_counts before; /* when the film began */
    enum storage_status stopped;  /* why the last one stopped by itself */
} recorder;

static enum storage_status status_of(enum film_status status)
{
    switch (status) {
    case FILM_GOES_ON:
        return STORAGE_OK;
    case FILM_IS_FULL:
    case FILM_NO_SPACE:
        return STORAGE_FULL;
    case FILM_NO_NAME:
        return STORAGE_NO_NAME;
    case FILM_READ_ONLY:
        return STORAGE_READ_ONLY;
    default:
        return volume_trouble();
    }
}

bool recorder_is_on(void)
{
    return recorder.film.is_open;
}

const char *recorder_name(void)
{
    return recorder.name;
}

uint32_t recorder_frames(void)
{
    return recorder_is_on() ? recorder.film.avi.frames : recorder.frames;
}

static enum film_status begin(unsigned width, unsigned height, unsigned frames_per_second)
{
    enum film_status status = film_begin(&recorder.film, width, height, frames_per_second,
                                         (uint32_t *)LINK_FILM, LINK_FILM_BYTES / 4);
    if (status == FILM_GOES_ON) {
        strcpy(recorder.name, recorder.film.name);
        recorder.before = encoder_counts();
    } else if (recorder.film.is_open) {
        film_abandon(&recorder.film);
    }
    return status;
}

enum storage_status recorder_start(void)
{
    struct camera_state camera;
    if (recorder_is_on())
        return STORAGE_RECORDING;
    if (encoder_is_lent())
        return STORAGE_PLAYING;
    camera_get_state(&camera);
    if (!camera.sensor_works)
        return STORAGE_NO_CAMERA;
    enum film_status status = begin(camera.width, camera.height, camera.frames_per_second);
    if (status == FILM_GOES_ON)
        encoder_want(ENCODER_EVERY_FRAME);
    return status_of(status);
}

/* Of the frames that came during the film, those that are not in it. */
static void tell_left_out(void)
{
    struct encoder_counts now = encoder_counts();
    uint32_t slow = now.no_slot - recorder.before.no_slot,
             large = now.too_large - recorder.before.too_large,
             busy = now.busy - recorder.before.busy;
    if (slow)
        log_format(LOG_WARNING, "the stick was too slow for %lu frames of %s", (unsigned long)slow,
                   recorder.name);
    if (large)
        log_format(LOG_WARNING, "%lu frames of %s had too much detail for their room",
                   (unsigned long)large, recorder.name);
    if (busy)
        log_format(LOG_WARNING, "the JPEG codec was too slow for %lu frames of %s",
                   (unsigned long)busy, recorder.name);
}

/* Ends the film with whatever can still be written of it. */
static enum storage_status end(enum film_status status)
{
    recorder.frames = recorder.film.avi.frames;
    tell_left_out();
    if (status == FILM_BROKEN)
        film_abandon(&recorder.film);
    else
        status = film_end(&recorder.film);
    if (status != FILM_GOES_ON)
        log_format(LOG_WARNING, "%s was cut off: of its %lu frames the last second may be lost",
                   recorder.name, (unsigned long)recorder.frames);
    return status_of(status);
}

static void give_up(enum storage_status why)
{
    encoder_want(0);
    recorder.stopped = why;
    panel_problem(why);
}

static void tell_stopped(enum storage_status why)
{
    log_format(LOG_WARNING, "recording stopped, %s has %lu frames: %s", recorder.name,
               (unsigned long)recorder.frames, storage_text(why));
}

/* That a stick was taken out is said by who notices that it is gone (cm4/stick.c). */
static void stop_by_itself(enum film_status why)
{
    enum storage_status status = end(why);
    status = status == STORAGE_OK ? status_of(why) : status;
    give_up(status);
    if (status != STORAGE_GONE)
        tell_stopped(status);
}

/* A film has one size of pictures, and one length at most; then the next begins. False: it cannot. */
static bool next_film(const struct encoder_picture *picture)
{
    struct camera_state camera;
    char ended[FILM_NAME_BYTES];
    camera_get_state(&camera);
    strcpy(ended, recorder.name);
    enum storage_status status = end(FILM_GOES_ON);
    if (status == STORAGE_OK)
        status = status_of(begin(picture->width, picture->height, camera.frames_per_second));
    if (status == STORAGE_OK) {
        log_format(LOG_INFO, "%s has %lu frames; the recording goes on in %s", ended,
                   (unsigned long)recorder.frames, recorder.name);
        return true;
    }
    give_up(status);
    tell_stopped(status);
    return false;
}

static bool fits_film(const struct encoder_picture *picture)
{
    const struct avi *avi = &recorder.film.avi;
    return picture->width == avi->width && picture->height == avi->height && avi_has_room(avi);
}

static void add(const struct encoder_picture *picture)
{
    if (!recorder_is_on() || (!fits_film(picture) && !next_film(picture)))
        return;
    enum film_status status = film_add(&recorder.film, picture->head, picture->length);
    if (status != FILM_GOES_ON)
        stop_by_itself(status);
}

bool recorder_work(void)
{
    struct encoder_picture picture;
    if (!encoder_next(&picture, TX_NO_WAIT))
        return false;
    add(&picture);
    encoder_give_back(&picture);
    return true;
}

enum storage_status recorder_stop(void)
{
    struct encoder_picture picture;
    if (!recorder_is_on())
        return STORAGE_NOT_RECORDING;
    encoder_want(0);
    while (recorder_is_on() && encoder_next(&picture, LAST_TICKS)) {
        add(&picture);
        encoder_give_back(&picture);
    }
    return recorder_is_on() ? end(FILM_GOES_ON) : recorder.stopped;
}

/* Why no picture has come. */
static enum storage_status why_none(const struct encoder_counts *before)
{
    return encoder_counts().too_large != before->too_large ? STORAGE_TOO_LARGE : STORAGE_NO_CAMERA;
}

enum storage_status recorder_snapshot(char *name)
{
    struct encoder_picture picture;
    struct encoder_counts before = encoder_counts();
    bool films = recorder_is_on();
    if (encoder_is_lent())
        return STORAGE_PLAYING;
    if (!films)
        encoder_want(1);
    if (!encoder_next(&picture, PATIENCE_TICKS)) {
        if (!films)
            encoder_want(0);
        return why_none(&before);
    }
    char written[FILM_NAME_BYTES] = "";
    enum film_status status = film_picture(picture.head + ENCODER_HEAD, picture.length, written);
    strcpy(name, written);
    add(&picture);
    encoder_give_back(&picture);
    return status_of(status);
}

void recorder_abandon(void)
{
    if (!recorder_is_on())
        return;
    give_up(end(FILM_BROKEN));
}
