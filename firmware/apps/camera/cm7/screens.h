/*
 * The screens, built anew in each pass (cm7/gui.h) from what the user interface knows: what a touch
 * does to that, and what it asks for, is done here. No kernel, no hardware. One thread.
 */
#ifndef CAMERA_SCREENS_H
#define CAMERA_SCREENS_H

#include "cm7/ui_state.h"
#include "drivers/pixel_format.h"

/* The column beside the camera's picture, with a margin. */
enum { SCREENS_BLINK_MS = 500 };
enum { COLUMN_LEFT = 640, COLUMN_MARGIN = 10, COLUMN_X = 650, COLUMN_WIDTH = 140 };

/* Between gui_begin() and gui_end(). */
void screens_build(struct gui *gui, struct ui_state *state);
/* The part of the panel that is drawn upon, the picture below being seen elsewhere; and how. What is as
 * large as the panel has pixels of two bytes, or the display would not get them all from the SDRAM in
 * time beside the camera's frames. */
struct screens_sheet {
    struct box window;
    enum pixel_format format;
};
struct screens_sheet screens_sheet(const struct ui_state *state);
/* In how many milliseconds it looks otherwise by itself, at most a second. */
uint32_t screens_change_in(const struct ui_state *state);

/* One a file. */
void screen_main(struct gui *gui, struct ui_state *state);
void screen_settings(struct gui *gui, struct ui_state *state);
void screen_gallery(struct gui *gui, struct ui_state *state);
void screen_viewer(struct gui *gui, struct ui_state *state);
/* Over the others. */
void screen_log(struct gui *gui, struct ui_state *state);
void screen_dialog(struct gui *gui, struct ui_state *state);
void screen_removal(struct gui *gui, struct ui_state *state);

/* "60 KB", "1.2 MB"; minutes and seconds of a film's frames. */
void screen_bytes(char text[16], uint32_t bytes);
void screen_time(char text[16], uint32_t frames, uint32_t frame_us);
bool screen_is_film(const char *name);
/* The background of the column. */
void screen_column(struct gui *gui);
/* The top of a column that leads back: true, touched. */
bool screen_back(struct gui *gui, const char *title);

#endif
