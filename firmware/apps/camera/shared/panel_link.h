/*
 * What crosses between the M4 and the user interface on the M7, each in a ring of messages of
 * shared/link.h: touches, how things stand with stick and camera, and what a person should read; and what
 * was asked for by touch. Every message begins with its kind, and is as long as that kind says, or is
 * not believed. Texts end with a 0 and are UTF-8.
 */
#ifndef CAMERA_PANEL_LINK_H
#define CAMERA_PANEL_LINK_H

#include <stdint.h>

enum panel_kind {
    PANEL_TOUCH = 1,
    PANEL_STICK,
    PANEL_CAMERA,
    PANEL_NOTE,
    PANEL_DIALOG,
    PANEL_PLAYER
};

enum touch_event { TOUCH_DOWN, TOUCH_MOVED, TOUCH_UP };
/* What a finger drew, from where it came down to where it is lifted: so many pixels at least, and twice
 * as far along as across. */
enum touch_stroke { STROKE_NONE, STROKE_LEFT, STROKE_RIGHT, STROKE_UP, STROKE_DOWN };
enum { TOUCH_STROKE_PIXELS = 80 };
enum touch_stroke touch_stroke_of(int to_right, int to_bottom);

struct panel_touch {
    uint8_t kind;
    uint8_t event; /* enum touch_event */
    uint8_t finger;
    uint8_t stroke; /* enum touch_stroke, of TOUCH_UP */
    uint16_t x, y;
};

struct panel_stick {
    uint8_t kind;
    uint8_t is_mounted, is_recording, is_read_only;
    uint32_t frames; /* of the film */
    uint32_t seconds;
    uint32_t free_mb;
    char name[24]; /* the label; without a stick, what there is instead */
};

/* What the camera sends; modes are counted as in panel_modes. */
struct panel_camera {
    uint8_t kind;
    uint8_t works, mode, mirror, flip, pattern;
};

/* A line of the log. */
struct panel_note {
    uint8_t kind;
    uint8_t level; /* enum log_level */
    char text[78];
};

/* What a person has to read before going on. */
enum panel_sign { SIGN_DONE, SIGN_NO_STICK, SIGN_FULL, SIGN_LOCKED, SIGN_WARNING };
struct panel_dialog {
    uint8_t kind;
    uint8_t sign; /* enum panel_sign */
    char title[38];
    char text[120];
};

/* What of the stick is on the panel in place of the camera's picture. */
enum player_state { PLAYER_CLOSED, PLAYER_PICTURE, PLAYER_PLAYS, PLAYER_PAUSED, PLAYER_ENDED };
struct panel_player {
    uint8_t kind;
    uint8_t state; /* enum player_state */
    uint16_t width, height, reserved;
    uint32_t frame, frames; /* of a film: the one that is shown, and how many; 0: not known */
    uint32_t frame_us;      /* from one to the next */
    uint32_t bytes;         /* of the file */
};

union panel_message {
    uint8_t kind;
    struct panel_touch touch;
    struct panel_stick stick;
    struct panel_camera camera;
    struct panel_note note;
    struct panel_dialog dialog;
    struct panel_player player;
};

/* From the M7: one byte. ASK_MODE and what follows it: one for each of panel_modes. */
enum panel_ask {
    ASK_RECORD = 1,
    ASK_STOP,
    ASK_SNAPSHOT,
    ASK_EJECT,
    ASK_MIRROR, /* the other way round */
    ASK_FLIP,
    ASK_PATTERN,
    ASK_MODE,
};

/* Sizes and rates that can be chosen on the panel. */
enum { PANEL_MODES = 3 };
struct panel_mode {
    uint16_t width, height, frames_per_second;
};
extern const struct panel_mode panel_modes[PANEL_MODES];

#endif
