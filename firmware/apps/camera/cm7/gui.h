/*
 * Nuklear with what it needs here: memory, fonts, and a finger for its mouse. All that a person sees is built
 * anew in each pass, between gui_begin() and gui_end(), in one window as large as the panel; places
 * are the panel's. No kernel, no hardware. One thread.
 */
#ifndef CAMERA_GUI_H
#define CAMERA_GUI_H

#include "cm7/box.h"
#include "cm7/letters.h"
#include "cm7/nuklear_config.h"

enum gui_finger { GUI_NO_FINGER, GUI_DOWN, GUI_MOVED, GUI_UP };
enum { GUI_WIDTH = 800, GUI_HEIGHT = 480, GUI_MEMORY = 32 * 1024 };

struct gui {
    struct nk_context nk;
    struct nk_user_font fonts[FONTS];
    bool is_covered;        /* by what asks for an answer: buttons below do nothing */
    enum gui_finger finger; /* what it did for this pass */
    bool is_down;
    int down_x, down_y; /* where it went down last */
    uint8_t memory[GUI_MEMORY] __attribute__((aligned(8)));
};

void gui_open(struct gui *gui);
/* What the finger did since the last pass; one thing a pass. */
void gui_begin(struct gui *gui, enum gui_finger finger, int x, int y);
/* The commands stay until the next gui_begin(). False: there was too little memory for all. */
bool gui_end(struct gui *gui);

/* --- What a screen is made of; colours are 0xAARRGGBB --- */

enum gui_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

/* `radius`: see canvas_fill(). */
void gui_fill(struct gui *gui, struct box box, unsigned radius, uint32_t argb);
void gui_disc(struct gui *gui, int x, int y, unsigned radius, uint32_t argb);
/* One line, from `box`'s left to its right, in its middle from top to bottom; cut with an ellipsis. */
void gui_text(struct gui *gui, struct box box, enum letters_font font, enum gui_align align,
              uint32_t argb, const char *text);
/* Lines from the box's top on, broken at spaces, as many as there is room for. */
void gui_paragraph(struct gui *gui, struct box box, enum letters_font font, enum gui_align align,
                   uint32_t argb, const char *text);
struct paint_picture;
/* In the middle of the box. */
void gui_picture(struct gui *gui, struct box box, const struct paint_picture *picture);
void gui_icon(struct gui *gui, struct box box, unsigned icon, uint32_t argb);

enum gui_look { LOOK_BUTTON, LOOK_MAIN, LOOK_DANGER, LOOK_CHOSEN, LOOK_FLAT };

struct gui_button {
    unsigned icon;     /* 0: none; above the text where the box is high enough */
    const char *label; /* NULL: none */
    enum gui_look look;
    bool is_off; /* dim, and nothing happens */
};
/* True: the finger that went down on it was lifted on it. */
bool gui_button(struct gui *gui, struct box box, const struct gui_button *button);
/* A switch with its name; true: touched. */
bool gui_switch(struct gui *gui, struct box box, const char *label, bool on);
/* A place that may be touched and looks like nothing. */
bool gui_place(struct gui *gui, struct box box);
/* The finger went down in the box and is still in it. */
bool gui_is_held(struct gui *gui, struct box box);
/* A bar with a knob; true: `*value`, 0 to `most`, was moved. */
bool gui_slider(struct gui *gui, struct box box, uint32_t *value, uint32_t most);

/* --- The colours of it all: each is the same in four bits a channel --- */

#define COLOUR_BACKGROUND 0xff111122u
#define COLOUR_CARD       0xff222233u
#define COLOUR_BUTTON     0xff333344u
#define COLOUR_HELD       0xff3388ffu
#define COLOUR_MAIN       0xff2266eeu
#define COLOUR_TEXT       0xffffffffu
#define COLOUR_DIM        0xff99aabbu
#define COLOUR_OFF        0xff556677u
#define COLOUR_RED        0xffee4455u
#define COLOUR_GREEN      0xff44bb55u
#define COLOUR_AMBER      0xffeeaa22u
#define COLOUR_SHADE      0xbb000000u

#endif
