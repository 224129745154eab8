/*
 * What the camera leaves on the stick: films and pictures, by FatFs. Names count up, over films and
 * pictures together, and never take what is there: DUET0001.AVI, DUET0002.JPG, ...
 *
 * A film is written in order, frames in whole sectors; once in a while the folder and the table of
 * clusters are brought up to date, so that of a film that is cut off what came before stays, and
 * files that were closed are never touched. No kernel and no hardware here. The one thread that owns
 * FatFs.
 */
#ifndef CAMERA_FILM_H
#define CAMERA_FILM_H

#include "cm4/avi.h"

#include <stdbool.h>
#include <stdint.h>

#include "ff.h"

enum { FILM_NAME_BYTES = 16, FILM_SYNC_FRAMES = 30 };

struct film {
    struct avi avi;
    FIL file;
    char name[FILM_NAME_BYTES];
    bool is_open;
};

enum film_status {
    FILM_GOES_ON,
    FILM_IS_FULL,   /* as large as a film may be: end it and begin the next */
    FILM_NO_SPACE,  /* the stick has no room for another frame and the index: end it */
    FILM_NO_NAME,   /* DUET9999 is there */
    FILM_READ_ONLY, /* the stick lets nothing be written */
    FILM_BROKEN,    /* FatFs could not write: `film_abandon` */
};

/* To be called when a stick was mounted: names are looked for anew. */
void film_new_stick(void);

/* `lengths`: memory for `frames_max` words, as avi_begin() wants it. */
enum film_status film_begin(struct film *film, unsigned width, unsigned height,
                            unsigned frames_per_second, uint32_t *lengths, uint32_t frames_max);
/* A JPEG of `bytes` (even) that stands at `chunk` + AVI_CHUNK_HEADER, with room for AVI_SECTOR + 8
 * behind it. FILM_IS_FULL and FILM_NO_SPACE: it was not taken. */
enum film_status film_add(struct film *film, uint8_t *chunk, uint32_t bytes);
/* Index and final header; closed whatever the answer. */
enum film_status film_end(struct film *film);
/* After FILM_BROKEN, or when the stick is gone: what is written of the file is kept where that still can
 * be done. */
void film_abandon(struct film *film);

/* A picture in a file of its own. */
enum film_status film_picture(const uint8_t *jpeg, uint32_t bytes, char name[FILM_NAME_BYTES]);

#endif
