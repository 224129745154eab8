/* What stands before the lens: pictures, their scaling, the generated scene, video through ffmpeg. */
#include "sim/test/host/host_fixture.h"

#include "sim/host/camera.h"
#include "sim/host/picture.h"
#include "sim/host/resample.h"
#include "sim/host/scene.h"
#include "sim/host/video.h"

#include <math.h>
#include <turbojpeg.h>

static double psnr(const uint8_t *a, const uint8_t *b, size_t count)
{
    double sum = 0;
    for (size_t n = 0; n < count; n++)
        sum += (a[n] - b[n]) * (double)(a[n] - b[n]);
    return sum > 0 ? 10 * log10(255.0 * 255.0 * (double)count / sum) : 99;
}

/* A smooth picture that is known everywhere, not only at its pixels. */
static double landscape(double x, double y, unsigned channel)
{
    return 127 + 60 * sin(x * (7 + channel) + y * 3) + 50 * cos(y * (9 - channel) - x * 2);
}

static struct picture painted(unsigned width, unsigned height)
{
    struct picture picture;
    assert_true(picture_create(&picture, width, height));
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++)
            for (unsigned c = 0; c < 3; c++)
                picture.rgb[(y * width + x) * 3 + c] =
                    (uint8_t)(landscape((x + 0.5) / height, (y + 0.5) / height, c) + 0.5);
    return picture;
}

/* The reference does not interpolate: it asks the landscape itself at the place of every pixel. */
static void scaling_keeps_the_aspect_and_crops_to_fill(void **state)
{
    (void)state;
    static const unsigned sizes[][4] = {{600, 400, 640, 480}, {600, 400, 320, 240},
                                        {451, 300, 800, 480}, {300, 451, 640, 480},
                                        {640, 480, 640, 480}, {1280, 720, 160, 120}};
    for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++) {
        unsigned from_w = sizes[n][0], from_h = sizes[n][1], w = sizes[n][2], h = sizes[n][3];
        struct picture picture = painted(from_w, from_h), wanted;
        double step = fmin((double)from_w / w, (double)from_h / h);
        double left = (from_w - w * step) / 2, top = (from_h - h * step) / 2;
        uint8_t *got = malloc((size_t)w * h * 3);
        assert_true(picture_create(&wanted, w, h));
        for (unsigned y = 0; y < h; y++)
            for (unsigned x = 0; x < w; x++)
                for (unsigned c = 0; c < 3; c++)
                    wanted.rgb[(y * w + x) * 3 + c] =
                        (uint8_t)(landscape((left + (x + 0.5) * step) / from_h,
                                            (top + (y + 0.5) * step) / from_h, c) +
                                  0.5);
        assert_true(resample_to_fill(&picture, w, h, got));
        double quality = psnr(got, wanted.rgb, (size_t)w * h * 3);
        if (quality < 46)
            fail_msg("%ux%u to %ux%u: %.1f dB", from_w, from_h, w, h, quality);
        free(got);
        picture_free(&picture);
        picture_free(&wanted);
    }
}

/* Shrinking averages: a pattern finer than the result becomes its mean, and no moiré. */
static void shrinking_does_not_alias(void **state)
{
    (void)state;
    struct picture picture;
    uint8_t small[60 * 40 * 3];
    assert_true(picture_create(&picture, 600, 400));
    for (unsigned y = 0; y < 400; y++)
        for (unsigned x = 0; x < 600; x++)
            memset(picture.rgb + (y * 600 + x) * 3, (x / 2 + y / 2) % 2 ? 255 : 0, 3);
    assert_true(resample_to_fill(&picture, 60, 40, small));
    for (size_t n = 0; n < sizeof small; n++)
        assert_in_range(small[n], 120, 136);
    picture_free(&picture);
}

static void a_flat_colour_stays_and_one_pixel_is_enough(void **state)
{
    (void)state;
    struct picture picture;
    uint8_t rgb[33 * 17 * 3];
    assert_true(picture_create(&picture, 1, 1));
    memcpy(picture.rgb, "\x12\x80\xff", 3);
    assert_true(resample_to_fill(&picture, 33, 17, rgb));
    for (size_t n = 0; n < sizeof rgb; n++)
        assert_int_equal(rgb[n], picture.rgb[n % 3]);
    picture_free(&picture);
}

static bool read_picture(const void *bytes, size_t size, struct picture *picture,
                         struct failure *failure)
{
    struct file file;
    char *path = write_file(bytes, size);
    assert_true(file_read(&file, path, failure));
    bool done = picture_decode(picture, &file, failure);
    file_free(&file);
    remove_file(path);
    return done;
}

static void png_comes_back_as_written(void **state)
{
    (void)state;
    struct picture picture = painted(61, 47), back;
    struct failure failure;
    struct file file;
    char *path = write_file("", 0);
    assert_true(picture_write_png(path, picture.rgb, 61, 47, &failure));
    assert_true(file_read(&file, path, &failure));
    assert_true(picture_decode(&back, &file, &failure));
    assert_int_equal(back.width, 61);
    assert_int_equal(back.height, 47);
    assert_memory_equal(back.rgb, picture.rgb, 61 * 47 * 3);
    picture_free(&back);
    for (size_t cut = 8; cut < file.size; cut += 97) /* broken at any place: told, not crashed */
        assert_false(read_picture(file.bytes, cut, &back, &failure));
    assert_non_null(strstr(failure.text, "is a broken PNG"));
    file_free(&file);
    picture_free(&picture);
    remove_file(path);
}

static void jpeg_is_read(void **state)
{
    (void)state;
    struct picture picture = painted(320, 200), back;
    struct failure failure;
    unsigned char *jpeg = NULL;
    unsigned long size = 0;
    tjhandle encoder = tjInitCompress();
    assert_int_equal(
        tjCompress2(encoder, picture.rgb, 320, 0, 200, TJPF_RGB, &jpeg, &size, TJSAMP_444, 95, 0),
        0);
    assert_true(read_picture(jpeg, size, &back, &failure));
    assert_true(psnr(back.rgb, picture.rgb, 320 * 200 * 3) > 40);
    picture_free(&back);
    assert_false(read_picture(jpeg, size / 2, &back, &failure));
    assert_non_null(strstr(failure.text, "is a broken JPEG"));
    tjFree(jpeg);
    tjDestroy(encoder);
    picture_free(&picture);
}

static void sources_that_cannot_be_read_are_named(void **state)
{
    (void)state;
    struct failure failure;
    assert_null(camera_open("/nowhere/a.png", &failure));
    assert_non_null(strstr(failure.text, "--camera: /nowhere/a.png: cannot be opened"));
    assert_null(camera_open("/dev/video99", &failure));
    assert_non_null(strstr(failure.text, "--camera: /dev/video99: no frame can be read"));
    char *path = write_file("this is a text and no picture\n", 30);
    assert_null(camera_open(path, &failure));
    if (!strstr(failure.text, "cannot be started")) /* without ffmpeg it says so instead */
        assert_non_null(strstr(failure.text, "is no picture and no video"));
    remove_file(path);
    path = write_file("", 0);
    assert_null(camera_open(path, &failure));
    assert_non_null(strstr(failure.text, "is empty"));
    remove_file(path);
}

static void the_scene_moves_and_depends_on_time_alone(void **state)
{
    (void)state;
    static uint8_t first[640 * 480 * 3], second[sizeof first];
    struct scene scene = {0}, other = {0};
    assert_true(scene_draw(&scene, 0, 640, 480, first));
    assert_true(scene_draw(&scene, 100 * SIM_MS, 640, 480, second));
    double moved = psnr(first, second, sizeof first);
    assert_true(moved < 50 && moved > 15);
    assert_true(scene_draw(&scene, 7 * SIM_S, 320, 240, first));
    assert_true(scene_draw(&scene, 0, 640, 480, first));
    assert_true(scene_draw(&other, 0, 640, 480, second));
    assert_memory_equal(first, second, sizeof first);
    scene_free(&scene);
    scene_free(&other);
}

/* A lossless film whose frame n is grey 10 * n: each frame is known by its colour. */
static char *film(void)
{
    char command[512], *path = write_file("", 0);
    snprintf(command, sizeof command,
             "ffmpeg -nostdin -v error -y -f lavfi -i "
             "\"color=black:s=64x48:r=10:d=2,format=gray,geq=lum='10*N'\" "
             "-c:v ffv1 -pix_fmt gray -f matroska %s",
             path);
    if (system(command) == 0)
        return path;
    remove_file(path);
    return NULL;
}

static unsigned grey_at(struct camera *camera, sim_time time)
{
    static uint8_t rgb[64 * 48 * 3];
    struct camera_source source = camera_source(camera);
    source.capture(source.ctx, time, 64, 48, rgb);
    return rgb[(24 * 64 + 32) * 3];
}

static void a_video_shows_the_frame_of_board_time_and_loops(void **state)
{
    (void)state;
    struct failure failure;
    char *path = film();
    if (!path) {
        print_message("ffmpeg cannot make a film here; skipped\n");
        skip();
    }
    struct camera *camera = camera_open(path, &failure);
    if (!camera)
        fail_msg("%s", failure.text);
    static const struct {
        unsigned ms, grey;
    } table[] = {{0, 0},    {99, 0},    {100, 10}, {1000, 100}, {1050, 100}, {1950, 190},
                 {2000, 0}, {2500, 50}, {300, 30}, {7990, 190}, {8000, 0}};
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        unsigned grey = grey_at(camera, table[n].ms * SIM_MS);
        if (abs((int)grey - (int)table[n].grey) > 2)
            fail_msg("at %u ms: %u, not %u", table[n].ms, grey, table[n].grey);
    }
    assert_true(camera_is_deterministic(camera));
    camera_close(camera);
    /* Far ahead at once, before the film's length is known: the same frame. */
    camera = camera_open(path, &failure);
    assert_in_range(grey_at(camera, 7990 * SIM_MS), 188, 192);
    camera_close(camera);
    remove_file(path);
}

static void fill_grey(char *path, uint8_t grey)
{
    uint8_t rgb[16 * 12 * 3];
    struct failure failure;
    memset(rgb, grey, sizeof rgb);
    assert_true(picture_write_png(path, rgb, 16, 12, &failure));
}

/* A file of our own goes with what it was for, also where it is of no use. */
static void the_camera_can_be_given_something_else(void **state)
{
    (void)state;
    struct failure failure;
    struct live_picture browser;
    char *first = write_file("", 0), *own = write_file("", 0), *broken = write_file("none", 4);
    live_picture_init(&browser);
    fill_grey(first, 40);
    fill_grey(own, 90);
    struct camera *camera = camera_open(first, &failure);
    assert_non_null(camera);
    assert_true(camera_is_timeless(camera));
    assert_int_equal(grey_at(camera, 0), 40);
    assert_false(camera_change(camera, "browser", false, &failure)); /* nobody offers it */
    assert_false(camera_change(camera, broken, true, &failure));
    assert_int_not_equal(access(broken, F_OK), 0);
    assert_true(camera_is_timeless(camera));
    assert_int_equal(grey_at(camera, 0), 40);
    assert_true(camera_change(camera, own, true, &failure));
    assert_false(camera_is_timeless(camera));
    assert_int_equal(grey_at(camera, 0), 90);
    camera_offer(camera, &browser);
    assert_true(camera_change(camera, "browser", false, &failure));
    assert_int_not_equal(access(own, F_OK), 0);
    assert_int_equal(grey_at(camera, 0), 0); /* dark until the first picture */
    struct picture picture;
    assert_true(picture_create(&picture, 16, 12));
    memset(picture.rgb, 7, 16 * 12 * 3);
    live_picture_put(&browser, &picture);
    assert_int_equal(grey_at(camera, 0), 7);
    assert_true(camera_change(camera, NULL, false, &failure));
    assert_int_equal(grey_at(camera, 0), 40);
    camera_depart(camera);
    assert_true(camera_change(camera, "scene", false, &failure));
    assert_int_equal(grey_at(camera, 0), 40); /* the past is as it was */
    camera_close(camera);
    assert_int_equal(access(first, F_OK), 0);
    picture_free(&picture);
    live_picture_free(&browser);
    remove_file(first);
    free(own);
    free(broken);
}

/* The room is what the sensor model offers, which is less than the encoder asks for by itself. */
static void a_frame_is_compressed_to_jpeg(void **state)
{
    (void)state;
    enum { WIDTH = 800, HEIGHT = 480, BYTES = WIDTH * HEIGHT * 3 };
    static uint8_t rgb[BYTES], jpeg[BYTES + 8192], back[BYTES];
    struct failure failure;
    struct camera *camera = camera_open("scene", &failure);
    assert_non_null(camera);
    struct camera_source source = camera_source(camera);
    source.capture(source.ctx, SIM_S, WIDTH, HEIGHT, rgb);
    size_t length = source.jpeg(source.ctx, rgb, WIDTH, HEIGHT, 90, jpeg, sizeof jpeg);
    assert_in_range(length, 1000, sizeof rgb / 4);
    tjhandle decoder = tjInitDecompress();
    assert_int_equal(
        tjDecompress2(decoder, jpeg, length, back, WIDTH, 0, HEIGHT, TJPF_RGB, TJFLAG_ACCURATEDCT),
        0);
    tjDestroy(decoder);
    assert_true(psnr(rgb, back, BYTES) > 30);
    assert_int_equal(source.jpeg(source.ctx, rgb, WIDTH, HEIGHT, 90, jpeg, length - 1), 0);
    camera_close(camera);
}

static void a_live_source_shows_its_latest_frame(void **state)
{
    (void)state;
    struct failure failure;
    uint64_t first, later = 0;
    struct video *video = video_open_live("lavfi", "testsrc=s=64x48:r=50,realtime", &failure);
    if (!video) {
        print_message("no live source here (%s); skipped\n", failure.text);
        skip();
    }
    const struct picture *picture = video_at(video, 0, &first);
    assert_int_equal(picture->width, 64);
    for (unsigned n = 0; n < 300 && later < first + 3; n++) {
        usleep(10000);
        video_at(video, 0, &later);
    }
    assert_true(later >= first + 3);
    video_close(video);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scaling_keeps_the_aspect_and_crops_to_fill),
        cmocka_unit_test(shrinking_does_not_alias),
        cmocka_unit_test(a_flat_colour_stays_and_one_pixel_is_enough),
        cmocka_unit_test(png_comes_back_as_written),
        cmocka_unit_test(jpeg_is_read),
        cmocka_unit_test(sources_that_cannot_be_read_are_named),
        cmocka_unit_test(the_scene_moves_and_depends_on_time_alone),
        cmocka_unit_test(a_video_shows_the_frame_of_board_time_and_loops),
        cmocka_unit_test(the_camera_can_be_given_something_else),
        cmocka_unit_test(a_frame_is_compressed_to_jpeg),
        cmocka_unit_test(a_live_source_shows_its_latest_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
