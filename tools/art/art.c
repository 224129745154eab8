/*
 * Makes what the panel is drawn with, as coverage (0 to 255 a pixel) in a C header: letters and icons,
 * rendered from font files, and discs, whose quarters are the corners of rounded rectangles.
 *
 *     art REGULAR.otf SEMIBOLD.otf ICONS.ttf > art.h
 *
 * The header has the icons' names, and all that can be seen for whoever defines ART_PIXELS.
 */
#include <ft2build.h>
#include FT_FREETYPE_H

#include <stdio.h>
#include <stdlib.h>

enum { REGULAR, SEMIBOLD, ICONS, FILES };

/* Printable ASCII, the upper half of Latin-1, and the ellipsis where a text is cut. */
static const struct {
    int first, last;
} ranges[] = {{32, 126}, {160, 255}, {0x2026, 0x2026}};
enum { RANGES = sizeof ranges / sizeof ranges[0] };

static const struct {
    const char *name;
    int file;
    unsigned pixels;
} faces[] = {{"small", REGULAR, 13}, {"normal", SEMIBOLD, 15}, {"large", SEMIBOLD, 22}};

static const struct {
    const char *name;
    FT_ULong code; /* in the icons' font */
    unsigned pixels;
} icons[] = {
    {"PHOTO", 0xf030, 20},     {"EJECT", 0xf052, 20},     {"GALLERY", 0xf009, 20},
    {"SETTINGS", 0xf013, 22},  {"BACK", 0xf053, 16},      {"NEXT", 0xf054, 16},
    {"PLAY", 0xf04b, 20},      {"PAUSE", 0xf04c, 20},     {"RESTART", 0xf048, 20},
    {"REMOVE", 0xf014, 20},    {"STICK", 0xf287, 20},     {"WARNING", 0xf071, 40},
    {"LOCK", 0xf023, 44},      {"CHECK", 0xf058, 44},     {"FULL", 0xf0a0, 40},
    {"UNPLUGGED", 0xf287, 44}, {"QUESTION", 0xf059, 44},  {"FILM", 0xf008, 52},
    {"PICTURE", 0xf03e, 52},   {"FILM_MARK", 0xf04b, 12},
};

/* Their radii: corners of buttons and cards, dots, and a slider's knob. */
static const unsigned radii[] = {4, 6, 7, 8, 10, 12};

#define COUNT(array) (sizeof array / sizeof array[0])

static void fail(const char *what, const char *file)
{
    fprintf(stderr, "art: %s: %s\n", file, what);
    exit(2);
}

static void print_bitmap(const char *name, unsigned number, const FT_Bitmap *bitmap)
{
    printf("static const unsigned char %s_%x[] = {", name, number);
    for (unsigned row = 0; row < bitmap->rows; row++)
        for (unsigned column = 0; column < bitmap->width; column++)
            printf("%u,", bitmap->buffer[row * (unsigned)bitmap->pitch + column]);
    printf("0};\n");
}

static FT_Face open_face(FT_Library library, const char *file, unsigned pixels)
{
    FT_Face face;
    if (FT_New_Face(library, file, 0, &face))
        fail("not a font that can be read", file);
    FT_Set_Pixel_Sizes(face, 0, pixels);
    return face;
}

static FT_GlyphSlot render(FT_Face face, const char *file, FT_ULong code)
{
    if (!FT_Get_Char_Index(face, code) ||
        FT_Load_Char(face, code, FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT))
        fail("a glyph cannot be rendered", file);
    return face->glyph;
}

static void print_glyph(const char *name, unsigned number, FT_GlyphSlot slot, int ascender)
{
    printf("    {%s_%x, %u, %u, %d, %d, %ld},\n", name, number, slot->bitmap.width,
           slot->bitmap.rows, slot->bitmap_left, ascender - slot->bitmap_top,
           slot->linearHoriAdvance >> 10);
}

static void print_face(FT_Library library, const char *file, unsigned pixels, const char *name)
{
    FT_Face face = open_face(library, file, pixels);
    int ascender = (int)(face->size->metrics.ascender >> 6);
    for (unsigned n = 0; n < RANGES; n++)
        for (int code = ranges[n].first; code <= ranges[n].last; code++)
            print_bitmap(name, (unsigned)code, &render(face, file, (FT_ULong)code)->bitmap);
    printf("static const struct art_font art_%s = {%d, {\n", name,
           (int)(face->size->metrics.height >> 6));
    for (unsigned n = 0; n < RANGES; n++)
        for (int code = ranges[n].first; code <= ranges[n].last; code++)
            print_glyph(name, (unsigned)code, render(face, file, (FT_ULong)code), ascender);
    printf("}};\n\n");
    FT_Done_Face(face);
}

static void print_icons(FT_Library library, const char *file)
{
    for (unsigned n = 0; n < COUNT(icons); n++) {
        FT_Face face = open_face(library, file, icons[n].pixels);
        print_bitmap("icon", n, &render(face, file, icons[n].code)->bitmap);
        FT_Done_Face(face);
    }
    printf("static const struct art_mask art_icons[ICON_COUNT] = {\n    {0},\n");
    for (unsigned n = 0; n < COUNT(icons); n++) {
        FT_Face face = open_face(library, file, icons[n].pixels);
        FT_GlyphSlot slot = render(face, file, icons[n].code);
        printf("    {icon_%x, %u, %u, 0, 0, 0},\n", n, slot->bitmap.width, slot->bitmap.rows);
        FT_Done_Face(face);
    }
    printf("};\n\n");
}

/* How much of a pixel lies inside, of 16 by 16 points of it. */
static unsigned disc_coverage(unsigned radius, unsigned x, unsigned y)
{
    unsigned inside = 0;
    for (unsigned n = 0; n < 256; n++) {
        double dx = x + (n % 16 + 0.5) / 16 - radius, dy = y + (n / 16 + 0.5) / 16 - radius;
        inside += dx * dx + dy * dy <= (double)(radius * radius);
    }
    return inside > 255 ? 255 : inside;
}

static void print_disc(unsigned radius)
{
    printf("static const unsigned char disc_%u[] = {", radius);
    for (unsigned y = 0; y < 2 * radius; y++)
        for (unsigned x = 0; x < 2 * radius; x++)
            printf("%u,", disc_coverage(radius, x, y));
    printf("};\n");
}

static void print_discs(void)
{
    for (unsigned n = 0; n < COUNT(radii); n++)
        print_disc(radii[n]);
    printf("static const struct art_mask art_discs[] = {\n");
    for (unsigned n = 0; n < COUNT(radii); n++)
        printf("    {disc_%u, %u, %u, 0, 0, 0},\n", radii[n], 2 * radii[n], 2 * radii[n]);
    printf("};\nenum { ART_DISCS = %zu };\n\n", COUNT(radii));
}

static void print_types(void)
{
    unsigned glyphs = 0;
    printf("/* Made by tools/art/art.c. */\n#ifndef ART_H\n#define ART_H\n\n#ifdef ART_PIXELS\n"
           "struct art_mask {\n    const unsigned char *coverage; /* width * height */\n"
           "    short width, height;\n    short left, top; /* from pen and top of the line */\n"
           "    short advance;   /* in 64ths of a pixel */\n};\n\n"
           "static const struct {\n    unsigned first, last;\n} art_ranges[] = {");
    for (unsigned n = 0; n < RANGES; n++) {
        printf("{%d, %d}, ", ranges[n].first, ranges[n].last);
        glyphs += (unsigned)(ranges[n].last - ranges[n].first + 1);
    }
    printf("};\nenum { ART_RANGES = %d };\n\n"
           "struct art_font {\n    int line_height;\n    struct art_mask glyphs[%u];\n};\n\n",
           RANGES, glyphs);
    printf("#endif\n\nenum art_icon { ICON_NONE");
    for (unsigned n = 0; n < COUNT(icons); n++)
        printf(", ICON_%s", icons[n].name);
    printf(", ICON_COUNT };\n\n#ifdef ART_PIXELS\n");
}

int main(int argc, char **argv)
{
    FT_Library library;
    if (argc != FILES + 1) {
        fprintf(stderr, "usage: art REGULAR.otf SEMIBOLD.otf ICONS.ttf > art.h\n");
        return 2;
    }
    if (FT_Init_FreeType(&library))
        fail("FreeType does not start", argv[0]);
    print_types();
    for (unsigned n = 0; n < COUNT(faces); n++)
        print_face(library, argv[1 + faces[n].file], faces[n].pixels, faces[n].name);
    print_icons(library, argv[1 + ICONS]);
    print_discs();
    printf("#endif\n\n#endif\n");
    FT_Done_FreeType(library);
    return 0;
}
