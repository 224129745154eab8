/* Settings as a file: what is written is read, and nothing else changes anything. */
#include "cm7/keepsake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct panel_camera camera_of(unsigned n)
{
    return (struct panel_camera){.kind = PANEL_CAMERA,
                                 .works = 1,
                                 .mode = (uint8_t)(n / 8),
                                 .mirror = n & 1,
                                 .flip = n >> 1 & 1,
                                 .pattern = n >> 2 & 1};
}

enum { CAMERAS = 8 * PANEL_MODES };

/* As the M4 does what is asked. */
static void apply(struct panel_camera *camera, uint8_t ask)
{
    if (ask >= ASK_MODE)
        camera->mode = (uint8_t)(ask - ASK_MODE);
    camera->mirror ^= ask == ASK_MIRROR;
    camera->flip ^= ask == ASK_FLIP;
    camera->pattern ^= ask == ASK_PATTERN;
}

static void test_each_setting_comes_back_from_each(void **unused)
{
    (void)unused;
    for (unsigned n = 0; n < CAMERAS; n++)
        for (unsigned k = 0; k < CAMERAS; k++) {
            struct panel_camera kept = camera_of(n), now = camera_of(k), wanted = now;
            char text[KEEPSAKE_BYTES];
            uint8_t asks[KEEPSAKE_SETTINGS];
            uint32_t bytes = keepsake_write(text, &kept);
            assert_true(keepsake_read(text, bytes, &wanted));
            assert_memory_equal(&wanted, &kept, sizeof kept);
            uint32_t count = keepsake_asks(&now, &wanted, asks);
            while (count)
                apply(&now, asks[--count]);
            assert_memory_equal(&now, &kept, sizeof kept);
        }
}

static bool changes(const char *text, uint32_t bytes)
{
    struct panel_camera camera = camera_of(0), before = camera;
    char *copy = malloc(bytes ? bytes : 1);
    memcpy(copy, text, bytes);
    bool read = keepsake_read(copy, bytes, &camera);
    bool changed = memcmp(&camera, &before, sizeof camera) != 0;
    assert_true(read || !changed);
    assert_true(camera.mode < PANEL_MODES && camera.mirror < 2 && camera.flip < 2);
    free(copy);
    return changed;
}

/* Each byte of the file with each value, each prefix, and what another program made of it. */
static void test_what_is_no_such_file_changes_nothing(void **unused)
{
    (void)unused;
    static const char windows[] = "Duet settings\r\nmode 2\r\nnew 7\r\n";
    struct panel_camera camera = camera_of(CAMERAS - 1);
    char text[KEEPSAKE_BYTES], large[KEEPSAKE_BYTES + 1] = "";
    uint32_t bytes = keepsake_write(text, &camera);
    for (uint32_t n = 0; n < bytes; n++) {
        bool changed = changes(text, n);
        assert_true(!changed || n >= sizeof "Duet settings\nmode 2" - 1);
        for (unsigned value = 0; value < 256; value++) {
            char kept = text[n];
            text[n] = (char)value;
            changes(text, bytes);
            text[n] = kept;
        }
    }
    assert_true(changes(windows, sizeof windows - 1));
    assert_false(changes("Duet settings\nmode 3\n", 21));
    assert_false(changes(large, sizeof large));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_setting_comes_back_from_each),
        cmocka_unit_test(test_what_is_no_such_file_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
