/*
 * Makes the firmware's fonts: renders printable ASCII of a TrueType file at two sizes into a C
 * header of coverage bytes.   font FONT.ttf BOLD.ttf SMALL_PX LARGE_PX > font.h
 */
#include <ft2build.h>
#include FT_FREETYPE_H

#include <stdio.h>
#include <stdlib.h>

enum { FIRST = 32, LAST = 126 };

static void fail(const char *what, const char *file)
{
    fprintf(stderr, "font: %s: %s\n", file, what);
    exit(2);
}

static void print_bitmap(const char *name, int code, const FT_Bitmap *bitmap)
{
    printf("static const unsigned char %s_%d[] = {", name, code);
    for (unsigned row = 0; row < bitmap->rows; row++)
        for (unsigned column = 0; column < bitmap->width; column++)
            printf("%u,", bitmap->buffer[row * (unsigned)bitmap->pitch + column]);
    printf("0};\n");
}

static void render(FT_Face face, const char *file, int code)
{
    if (FT_Load_Char(face, (FT_ULong)code, FT_LOAD_RENDER))
        fail("a glyph cannot be rendered", file);
}

static void print_font(FT_Library library, const char *file, unsigned pixels, const char *name)
{
    FT_Face face;
    if (FT_New_Face(library, file, 0, &face))
        fail("not a font that can be read", file);
    FT_Set_Pixel_Sizes(face, 0, pixels);
    for (int code = FIRST; code <= LAST; code++) {
        render(face, file, code);
        print_bitmap(name, code, &face->glyph->bitmap);
    }
    int ascender = (int)(face->size->metrics.ascender >> 6);
    printf("static const struct font %s = {%d, {\n", name, (int)(face->size->metrics.height >> 6));
    for (int code = FIRST; code <= LAST; code++) {
        render(face, file, code);
        FT_GlyphSlot slot = face->glyph;
        printf("    {%s_%d, %u, %u, %d, %d, %d},\n", name, code, slot->bitmap.width,
               slot->bitmap.rows, slot->bitmap_left, ascender - slot->bitmap_top,
               (int)(slot->advance.x >> 6));
    }
    printf("}};\n\n");
    FT_Done_Face(face);
}

int main(int argc, char **argv)
{
    FT_Library library;
    if (argc != 5) {
        fprintf(stderr, "usage: font FONT.ttf BOLD.ttf SMALL_PX LARGE_PX > font.h\n");
        return 2;
    }
    if (FT_Init_FreeType(&library))
        fail("FreeType does not start", argv[1]);
    printf("/* Made by tools/font/font.c. */\n#ifndef FONT_H\n#define FONT_H\n\n"
           "enum { FONT_FIRST = %d, FONT_LAST = %d };\n\n"
           "struct glyph {\n    const unsigned char *coverage; /* width * height, 0 to 255 */\n"
           "    short width, height, left, top, advance;\n};\n\n"
           "struct font {\n    int line_height;\n    struct glyph glyphs[%d];\n};\n\n",
           FIRST, LAST, LAST - FIRST + 1);
    print_font(library, argv[1], (unsigned)atoi(argv[3]), "font_small");
    print_font(library, argv[2], (unsigned)atoi(argv[4]), "font_large");
    printf("#endif\n");
    FT_Done_FreeType(library);
    return 0;
}
