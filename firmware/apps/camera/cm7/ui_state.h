/*
 * What the user interface knows: what the M4 told, which screen is shown, and what a person asked for
 * by touch and was not sent yet. No kernel, no hardware. One thread.
 */
#ifndef CAMERA_UI_STATE_H
#define CAMERA_UI_STATE_H

#include "cm7/album.h"
#include "cm7/gui.h"
#include "shared/panel_link.h"

enum ui_screen { SCREEN_MAIN, SCREEN_SETTINGS, SCREEN_GALLERY, SCREEN_VIEWER };

enum { UI_NOTES = 8, UI_WISHES = 4 };

struct ui_note {
    uint32_t milliseconds; /* since start, when it came */
    uint8_t level;
    char text[sizeof((struct panel_note *)0)->text];
};

struct ui_figures {
    uint32_t frames_per_second_x10, drops, load_m7_permille, load_m4_permille;
};

/* Each but the first is a job of cm7/remote.h. */
enum ui_wish_kind {
    WISH_ASK, /* `value`: enum panel_ask */
    WISH_LIST,
    WISH_SHOW, /* what was chosen */
    WISH_REMOVE,
    WISH_PAUSE,
    WISH_SEEK,
    WISH_LEAVE,
    WISH_KEEP,   /* the settings, on the stick */
    WISH_RECALL, /* the settings that the stick keeps */
};
struct ui_wish {
    enum ui_wish_kind kind;
    uint32_t value; /* WISH_LIST: the page */
};

struct ui_state {
    uint32_t milliseconds; /* since start */
    enum ui_screen screen;
    struct panel_stick stick;
    struct panel_camera camera;
    struct ui_figures figures;
    struct ui_note notes[UI_NOTES]; /* the latest is [(note_count - 1) % UI_NOTES] */
    uint32_t note_count;
    bool log_is_open;
    struct panel_dialog dialog;
    bool dialog_is_open;
    struct album album;
    uint32_t gallery_wishes; /* so many pages were asked for */
    struct panel_player player;
    char chosen[FILES_NAME_BYTES]; /* the file that is shown, or is about to be */
    bool is_opening, asks_removal;
    bool is_alone;  /* the picture, without the column beside or over it */
    bool is_sought; /* the finger holds the slider, at frame `sought` */
    uint32_t sought;
    uint8_t finger; /* the one that is followed while it is down */
    bool is_down;
    enum touch_stroke stroke; /* that it drew, for the pass in which it is lifted */
    struct ui_wish wishes[UI_WISHES];
    uint32_t wish_count;
};

/* A message of `bytes`, but a touch; what does not make sense changes nothing. */
void ui_take(struct ui_state *state, const union panel_message *message, uint32_t bytes);
/* What is on the page of the gallery now, if that is the page that was asked for last. */
void ui_take_album(struct ui_state *state, const struct album *album);
/* Opens a page of the gallery. */
void ui_open_gallery(struct ui_state *state, uint32_t page);
/* What a touch is to the screen: one finger counts, from down to up. */
enum gui_finger ui_touch(struct ui_state *state, const struct panel_touch *touch);
/* One that finds no room is dropped. */
void ui_wish(struct ui_state *state, enum ui_wish_kind kind, uint32_t value);

#endif
