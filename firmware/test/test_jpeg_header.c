/* What the header of a JPEG file says, of files that libjpeg makes, and of what is none. */
#include "cm4/jpeg_header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <turbojpeg.h>

/* Freed by tjFree(). */
static unsigned char *make(int width, int height, int sampling, int flags, unsigned long *bytes)
{
    unsigned char *pixels = calloc((size_t)(width * height), 3), *jpeg = NULL;
    tjhandle compressor = tjInitCompress();
    assert_non_null(pixels);
    assert_int_equal(tjCompress2(compressor, pixels, width, 0, height, TJPF_RGB, &jpeg, bytes,
                                 sampling, 80, flags),
                     0);
    tjDestroy(compressor);
    free(pixels);
    return jpeg;
}

static void expect(int sampling, int flags, bool is_taken, enum shape_chroma chroma)
{
    unsigned long bytes;
    struct picture_shape shape;
    unsigned char *jpeg = make(33, 17, sampling, flags, &bytes);
    assert_int_equal(jpeg_header(jpeg, (uint32_t)bytes, &shape), is_taken);
    if (is_taken) {
        assert_int_equal(shape.width, 33);
        assert_int_equal(shape.height, 17);
        assert_int_equal(shape.chroma, chroma);
    }
    tjFree(jpeg);
}

static void test_what_the_codec_can_take(void **unused)
{
    (void)unused;
    expect(TJSAMP_444, 0, true, SHAPE_444);
    expect(TJSAMP_422, 0, true, SHAPE_422);
    expect(TJSAMP_420, 0, true, SHAPE_420);
    expect(TJSAMP_GRAY, 0, false, 0);
    expect(TJSAMP_440, 0, false, 0);
    expect(TJSAMP_411, 0, false, 0);
    expect(TJSAMP_422, TJFLAG_PROGRESSIVE, false, 0);
}

/* In memory of its own, so that the sanitizer sees what is read behind it. */
static bool try(const unsigned char *bytes, uint32_t count)
{
    struct picture_shape shape;
    uint8_t *copy = malloc(count ? count : 1);
    memcpy(copy, bytes, count);
    bool is_taken = jpeg_header(copy, count, &shape);
    free(copy);
    return is_taken;
}

static void test_every_prefix_and_every_changed_byte(void **unused)
{
    (void)unused;
    unsigned long bytes;
    unsigned char *jpeg = make(16, 16, TJSAMP_422, 0, &bytes);
    uint32_t needed = 0;
    while (needed < bytes && !try(jpeg, needed))
        needed++;
    assert_true(needed < bytes);
    for (uint32_t count = needed; count <= bytes; count++)
        assert_true(try(jpeg, count));
    for (uint32_t n = 0; n < needed; n++)
        for (unsigned value = 0; value < 256; value += 5) {
            unsigned char kept = jpeg[n];
            jpeg[n] = (unsigned char)value;
            try(jpeg, (uint32_t)bytes);
            jpeg[n] = kept;
        }
    tjFree(jpeg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_the_codec_can_take),
        cmocka_unit_test(test_every_prefix_and_every_changed_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
