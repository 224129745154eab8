/* The bundled camera system, from the picture before the lens to the panel: what `make run` does. */
#include "sim/test/host/program_fixture.h"

#include "sim/host/picture.h"
#include "sim/host/resample.h"

#include <math.h>

enum { VIEW_WIDTH = 640, VIEW_HEIGHT = 480 };

static bool is_built(void)
{
    char path[512];
    const char *slash = strrchr(getenv("DUET"), '/');
    snprintf(path, sizeof path, "%.*s/firmware/camera/cm7.elf", (int)(slash - getenv("DUET")),
             getenv("DUET"));
    return access(path, R_OK) == 0;
}

/* A picture with detail everywhere: a different one in each corner, and coarse text-like blocks. */
static void put_picture(const char *name, struct picture *picture)
{
    char path[128];
    struct failure failure;
    assert_true(picture_create(picture, 600, 400));
    for (unsigned y = 0; y < 400; y++)
        for (unsigned x = 0; x < 600; x++)
            for (unsigned c = 0; c < 3; c++)
                picture->rgb[(y * 600 + x) * 3 + c] =
                    (uint8_t)(128 + 50 * sin(x * (0.02 + 0.01 * c)) * cos(y * 0.03 - c) +
                              ((x / 50 + y / 50) % 2 ? 40 : -40));
    snprintf(path, sizeof path, "%s/%s", folder(), name);
    assert_true(picture_write_png(path, picture->rgb, 600, 400, &failure));
}

static void read_shot(const char *name, struct picture *picture)
{
    char path[128];
    struct file file;
    struct failure failure;
    snprintf(path, sizeof path, "%s/%s", folder(), name);
    assert_true(file_read(&file, path, &failure));
    assert_true(picture_decode(picture, &file, &failure));
    file_free(&file);
    assert_int_equal(picture->width, 800);
    assert_int_equal(picture->height, 480);
}

/* Where the preview stands on the panel is the firmware's business: the best place is looked for. */
static double best_psnr(const struct picture *panel, const uint8_t *view)
{
    double best = 0;
    for (unsigned left = 0; left <= panel->width - VIEW_WIDTH; left++) {
        double sum = 0;
        size_t count = 0;
        for (unsigned y = 40; y < VIEW_HEIGHT - 40; y++) /* a bar may lie above or below */
            for (unsigned x = 0; x < VIEW_WIDTH * 3; x++, count++) {
                double off =
                    panel->rgb[(y * panel->width + left) * 3 + x] - view[y * VIEW_WIDTH * 3 + x];
                sum += off * off;
            }
        best = fmax(best, 10 * log10(255.0 * 255.0 * (double)count / fmax(sum, 1e-9)));
    }
    return best;
}

static void the_preview_is_the_source_as_the_lens_scales_it(void **state)
{
    (void)state;
    struct picture source, panel;
    static uint8_t view[VIEW_WIDTH * VIEW_HEIGHT * 3];
    put_picture("source.png", &source);
    struct outcome *outcome =
        duet("run --camera source.png --for 3s --screenshot shot.png --console console --events ev "
             "--strict");
    expect(outcome, 0, NULL);
    assert_true(resample_to_fill(&source, VIEW_WIDTH, VIEW_HEIGHT, view));
    read_shot("shot.png", &panel);
    double quality = best_psnr(&panel, view);
    picture_free(&source);
    picture_free(&panel);
    print_message("preview: %.1f dB\n", quality);
    if (quality < 30)
        fail_msg("the preview differs from the source: %.1f dB", quality);
}

/* Events of that run: LEDs at their rates, the console's lines joined are the console's file. */
static void events_tell_what_a_person_would_notice(void **state)
{
    (void)state;
    static char events[1 << 20], path[128];
    snprintf(path, sizeof path, "%s/ev", folder());
    slurp(path, events, sizeof events);
    unsigned orange = 0, blue = 0, frames = 0;
    double last = 0;
    for (char *line = strtok(events, "\n"); line; line = strtok(NULL, "\n")) {
        double t = -1;
        assert_int_equal(sscanf(line, "{\"t\":%lf,", &t), 1);
        assert_true(t >= last);
        last = t;
        orange += strstr(line, "\"led\":\"LED2\",\"on\":true") != NULL;
        blue += strstr(line, "\"led\":\"LED4\",\"on\":true") != NULL;
        frames += strstr(line, "\"frame\":") != NULL;
    }
    assert_in_range(orange, 4, 7); /* twice a second */
    assert_in_range(blue, 2, 4);   /* once a second */
    assert_true(frames > 0);
}

static void three_runs_have_one_hash_also_under_load(void **state)
{
    (void)state;
    char first[256];
    struct outcome *outcome = duet("run --for 400ms --console console --hash");
    expect(outcome, 0, NULL);
    assert_memory_equal(outcome->out, "hash ", 5);
    assert_true(strlen(outcome->out) < sizeof first);
    strcpy(first, outcome->out);
    assert_string_equal(duet("run --for 400ms --console console --hash")->out, first);
    assert_int_equal(system("for n in 1 2 3 4; do timeout 20 sh -c 'while :; do :; done' & done"),
                     0);
    assert_string_equal(duet("run --for 400ms --console console --hash")->out, first);
    outcome = duet("run --for 400ms --console console --hash --pace real --web 127.0.0.1:0");
    assert_string_equal(outcome->out, first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_preview_is_the_source_as_the_lens_scales_it),
        cmocka_unit_test(events_tell_what_a_person_would_notice),
        cmocka_unit_test(three_runs_have_one_hash_also_under_load),
    };
    if (!getenv("DUET") || !is_built()) {
        printf("skipped: the bundled firmware is not built\n");
        return 77;
    }
    int failed_count = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder();
    return failed_count;
}
