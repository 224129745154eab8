#include "sim/host/picture.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

enum picture_format picture_format(const uint8_t *bytes, size_t size)
{
    if (size >= 8 && memcmp(bytes, "\211PNG\r\n\032\n", 8) == 0)
        return PICTURE_PNG;
    if (size >= 3 && memcmp(bytes, "\377\330\377", 3) == 0)
        return PICTURE_JPEG;
    return PICTURE_UNKNOWN;
}

bool picture_create(struct picture *picture, unsigned width, unsigned height)
{
    *picture = (struct picture){width, height, calloc(height, (size_t)width * 3)};
    return picture->rgb;
}

void picture_free(struct picture *picture)
{
    free(picture->rgb);
    *picture = (struct picture){0};
}

static bool create_checked(struct picture *picture, unsigned width, unsigned height,
                           struct failure *failure)
{
    if (width == 0 || height == 0 || width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX)
        return failed(failure, "the picture is %u by %u; at most %d by %d can be read", width,
                      height, PICTURE_SIDE_MAX, PICTURE_SIDE_MAX);
    return picture_create(picture, width, height) || failed(failure, "out of memory");
}

static bool decode_png(struct picture *picture, const struct file *file, struct failure *failure)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_memory(&png, file->bytes, file->size))
        return failed(failure, "is a broken PNG (%s); save it again", png.message);
    png.format = PNG_FORMAT_RGB;
    static const png_color black;
    bool done = create_checked(picture, png.width, png.height, failure);
    if (done && !png_image_finish_read(&png, &black, picture->rgb, 0, NULL))
        done = failed(failure, "is a broken PNG (%s); save it again", png.message);
    png_image_free(&png);
    if (!done)
        picture_free(picture);
    return done;
}

static bool decompress(tjhandle decoder, struct picture *picture, const struct file *file,
                       struct failure *failure)
{
    int width, height, subsampling, colours;
    if (tjDecompressHeader3(decoder, file->bytes, file->size, &width, &height, &subsampling,
                            &colours) != 0)
        return failed(failure, "is a broken JPEG (%s); save it again", tjGetErrorStr2(decoder));
    if (!create_checked(picture, (unsigned)width, (unsigned)height, failure))
        return false;
    int flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING;
    if (tjDecompress2(decoder, file->bytes, file->size, picture->rgb, width, 0, height, TJPF_RGB,
                      flags) != 0)
        return failed(failure, "is a broken JPEG (%s); save it again", tjGetErrorStr2(decoder));
    return true;
}

static bool decode_jpeg(struct picture *picture, const struct file *file, struct failure *failure)
{
    tjhandle decoder = tjInitDecompress();
    if (!decoder)
        return failed(failure, "out of memory");
    bool done = decompress(decoder, picture, file, failure);
    tjDestroy(decoder);
    if (!done)
        picture_free(picture);
    return done;
}

bool picture_decode(struct picture *picture, const struct file *file, struct failure *failure)
{
    *picture = (struct picture){0};
    switch (picture_format(file->bytes, file->size)) {
    case PICTURE_PNG:
        return decode_png(picture, file, failure);
    case PICTURE_JPEG:
        return decode_jpeg(picture, file, failure);
    case PICTURE_UNKNOWN:
        break;
    }
    return failed(failure, "is neither PNG nor JPEG");
}

bool picture_write_png(const char *path, const uint8_t *rgb, unsigned width, unsigned height,
                       struct failure *failure)
{
    png_image png = {
        .version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = PNG_FORMAT_RGB};
    FILE *file = fopen(path, "wb");
    if (!file)
        return failed(failure, "%s: cannot be written: %s", path, strerror(errno));
    bool done = png_image_write_to_stdio(&png, file, 0, rgb, 0, NULL);
    if (fclose(file) != 0)
        done = false;
    return done || failed(failure, "%s: cannot be written: %s", path,
                          *png.message ? png.message : strerror(errno));
}
