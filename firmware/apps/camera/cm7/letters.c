#include "cm7/letters.h"

#include <stddef.h>

#define ART_PIXELS
#include "art.h" /* made at build time by tools/art */

static const struct art_font *const fonts[FONTS] = {&art_small, &art_normal, &art_large};

int letters_height(enum letters_font font)
{
    return fonts[font]->line_height;
}

/* One character of UTF-8; bytes that are none count one each. */
static uint32_t take_code(const char **text, uint32_t *bytes)
{
    const uint8_t *at = (const uint8_t *)*text;
    uint32_t more = at[0] < 0xc0 ? 0 : at[0] < 0xe0 ? 1 : at[0] < 0xf0 ? 2 : 3;
    uint32_t code = more ? at[0] & (0x3fu >> more) : at[0] < 0x80 ? at[0] : 0xfffd;
    if (more >= *bytes) {
        code = 0xfffd;
        more = 0;
    }
    for (uint32_t n = 1; n <= more; n++)
        code = code << 6 | (at[n] & 0x3f);
    *text += 1 + more;
    *bytes -= 1 + more;
    return code;
}

static const struct art_mask *glyph_of(enum letters_font font, uint32_t code)
{
    uint32_t before = 0;
    for (unsigned n = 0; n < ART_RANGES; n++) {
        if (code >= art_ranges[n].first && code <= art_ranges[n].last)
            return &fonts[font]->glyphs[before + code - art_ranges[n].first];
        before += art_ranges[n].last - art_ranges[n].first + 1;
    }
    return &fonts[font]->glyphs['?' - art_ranges[0].first];
}

const struct art_mask *letters_next(enum letters_font font, const char **text, uint32_t *bytes)
{
    return glyph_of(font, take_code(text, bytes));
}

int letters_width(enum letters_font font, const char *text, uint32_t bytes)
{
    int width = 0;
    while (bytes)
        width += letters_next(font, &text, &bytes)->advance;
    return (width + 63) / 64;
}

const struct art_mask *letters_icon(unsigned icon)
{
    return &art_icons[icon < ICON_COUNT ? icon : ICON_NONE];
}

void letters_icon_size(unsigned icon, int *width, int *height)
{
    *width = letters_icon(icon)->width;
    *height = letters_icon(icon)->height;
}

const struct art_mask *letters_disc(unsigned radius)
{
    const struct art_mask *found = NULL;
    for (unsigned n = 0; n < ART_DISCS; n++)
        if ((unsigned)art_discs[n].width <= 2 * radius)
            found = &art_discs[n];
    return found;
}
