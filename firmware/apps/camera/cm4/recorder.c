#include "cm4/recorder.h"

#include "cm4/camera.h"
#include "cm4/encoder.h"
#include "cm4/film.h"
#include "shared/log.h"

#include <string.h>

enum { PATIENCE_TICKS = 1000, LAST_TICKS = 50 };

static struct {
    struct film film;
    uint32_t frames;  /* of the film, or the last one */
    uint32_t skipped; /* pictures of the encoder's that no slot was free for, when the film began */
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
        return STORAGE_BROKEN;
    }
}

bool recorder_is_on(void)
{
    return recorder.film.is_open;
}

const char *recorder_name(void)
{
    return recorder.film.name;
}

uint32_t recorder_frames(void)
{
    return recorder_is_on() ? recorder.film.avi.frames : recorder.frames;
}

static enum film_status begin(unsigned width, unsigned height, unsigned frames_per_second)
{
    enum film_status status = film_begin(&recorder.film, width, height, frames_per_second,
                                         (uint32_t *)LINK_FILM, LINK_FILM_BYTES / 4);
    if (status != FILM_GOES_ON && recorder.film.is_open)
        film_abandon(&recorder.film);
    return status;
}

enum storage_status recorder_start(void)
{
    struct camera_state camera;
    if (recorder_is_on())
        return STORAGE_RECORDING;
    camera_get_state(&camera);
    if (!camera.sensor_works)
        return STORAGE_NO_CAMERA;
    enum film_status status = begin(camera.width, camera.height, camera.frames_per_second);
    if (status != FILM_GOES_ON)
        return status_of(status);
    recorder.skipped = encoder_counts().no_slot;
    encoder_want(ENCODER_EVERY_FRAME);
    return STORAGE_OK;
}

/* Ends the film with whatever can still be written of it. */
static enum storage_status end(enum film_status status)
{
    recorder.frames = recorder.film.avi.frames;
    if (status == FILM_BROKEN) {
        film_abandon(&recorder.film);
        return STORAGE_BROKEN;
    }
    return status_of(film_end(&recorder.film));
}

static void stop_by_itself(enum film_status why)
{
    encoder_want(0);
    enum storage_status status = end(why);
    log_format(LOG_WARNING, "recording stopped, %s has %lu frames: %s", recorder.film.name,
               (unsigned long)recorder.frames,
               storage_text(status == STORAGE_OK ? status_of(why) : status));
}

/* A film has one size of pictures, and one length at most; then the next begins. */
static enum film_status next_film(const struct encoder_picture *picture)
{
    struct camera_state camera;
    camera_get_state(&camera);
    enum storage_status status = end(FILM_GOES_ON);
    if (status != STORAGE_OK)
        return FILM_BROKEN;
    log_format(LOG_INFO, "%s has %lu frames, and the next film begins", recorder.film.name,
               (unsigned long)recorder.frames);
    return begin(picture->width, picture->height, camera.frames_per_second);
}

static bool fits_film(const struct encoder_picture *picture)
{
    const struct avi *avi = &recorder.film.avi;
    return picture->width == avi->width && picture->height == avi->height && avi_has_room(avi);
}

static void add(const struct encoder_picture *picture)
{
    enum film_status status = FILM_GOES_ON;
    if (!recorder_is_on())
        return;
    if (!fits_film(picture))
        status = next_film(picture);
    if (status == FILM_GOES_ON)
        status = film_add(&recorder.film, picture->head, picture->length);
    if (status != FILM_GOES_ON && recorder_is_on())
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
    uint32_t skipped = encoder_counts().no_slot - recorder.skipped;
    if (skipped)
        log_format(LOG_WARNING, "the stick was too slow for %lu frames", (unsigned long)skipped);
    return recorder_is_on() ? end(FILM_GOES_ON) : STORAGE_BROKEN;
}

enum storage_status recorder_snapshot(char *name)
{
    struct encoder_picture picture;
    bool films = recorder_is_on();
    if (!films)
        encoder_want(1);
    if (!encoder_next(&picture, PATIENCE_TICKS)) {
        if (!films)
            encoder_want(0);
        return STORAGE_NO_CAMERA;
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
    encoder_want(0);
    end(FILM_BROKEN);
    log_format(LOG_WARNING,
               "the stick was taken out: of %s's %lu frames the last second may be lost",
               recorder.film.name, (unsigned long)recorder.frames);
}
