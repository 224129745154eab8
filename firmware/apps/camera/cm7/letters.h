/*
 * What tools/art makes at build time: letters of three fonts, icons, discs. UTF-8 of ASCII, Latin-1 and
 * the ellipsis; any other character is a question mark.
 */
#ifndef CAMERA_LETTERS_H
#define CAMERA_LETTERS_H

#include <stdint.h>

enum letters_font { FONT_SMALL, FONT_NORMAL, FONT_LARGE, FONTS };

struct art_mask;

/* From one line to the next, in pixels. */
int letters_height(enum letters_font font);
/* Takes one character off *text, which has *bytes, more than none. */
const struct art_mask *letters_next(enum letters_font font, const char **text, uint32_t *bytes);
/* In pixels. */
int letters_width(enum letters_font font, const char *text, uint32_t bytes);
/* Icons by the names of the generated art.h. */
const struct art_mask *letters_icon(unsigned icon);
void letters_icon_size(unsigned icon, int *width, int *height);
/* The largest disc of up to this radius; NULL: none. */
const struct art_mask *letters_disc(unsigned radius);

#endif
