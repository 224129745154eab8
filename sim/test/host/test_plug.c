/* What is plugged in, in words; images of sticks and cards. */
#include "sim/host/plug.h"
#include "sim/test/host/host_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct plug parsed_as(enum plug_kind kind, const char *words)
{
    struct plug plug;
    struct failure failure;
    if (!plug_parse(&plug, kind, words, &failure))
        fail_msg("%s: %s", words, failure.text);
    return plug;
}

static struct plug parsed(const char *words)
{
    return parsed_as(PLUG_STICK, words);
}

static void test_words_of_a_card(void **state)
{
    (void)state;
    struct plug plug = parsed_as(PLUG_CARD, "a.img,ro,slow=2.5,fail=7-9,errors=3,size=64M");
    assert_int_equal(plug.kind, PLUG_CARD);
    assert_string_equal(plug.image, "a.img");
    assert_true(plug.disk.read_only);
    assert_int_equal(plug.rate, 2500000);
    assert_int_equal(plug.disk.bad[0].last, 9);
    assert_int_equal(plug.bad_cable, 3);
    assert_int_equal(plug.disk.fresh_size, 64 << 20);
    plug_free(&plug);
    static const char *const wrong[] = {"a,sector=4096", "a,full", "a,empty", "a,pull=3", ""};
    for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
        struct failure failure;
        assert_false(plug_parse(&plug, PLUG_CARD, wrong[n], &failure));
        assert_non_null(strstr(failure.text, "card"));
    }
}

static void test_words(void **state)
{
    (void)state;
    struct plug plug = parsed("a/b.img,ro,slow=2.5,fail=100,fail=7-9,pull=3+2,sector=4096,full");
    assert_string_equal(plug.image, "a/b.img");
    assert_int_equal(plug.kind, PLUG_STICK);
    assert_true(plug.disk.read_only && plug.full_speed && plug.faults.pull);
    assert_int_equal(plug.rate, 2500000);
    assert_int_equal(plug.disk.bad_count, 2);
    assert_int_equal(plug.disk.bad[0].first, 100);
    assert_int_equal(plug.disk.bad[0].last, 100);
    assert_int_equal(plug.disk.bad[1].first, 7);
    assert_int_equal(plug.disk.bad[1].last, 9);
    assert_int_equal(plug.faults.pull_commands, 3);
    assert_int_equal(plug.faults.pull_sectors, 2);
    assert_int_equal(plug.disk.sector_size, 4096);
    plug_free(&plug);
    plug = parsed("fresh,size=512M,stall=5,hang=6,errors=7,garbage=8,empty");
    assert_null(plug.image);
    assert_int_equal(plug.disk.fresh_size, 512 << 20);
    assert_int_equal(plug.faults.stall_every, 5);
    assert_int_equal(plug.faults.hang_after, 6);
    assert_int_equal(plug.bad_cable, 7);
    assert_int_equal(plug.faults.garbage, 8);
    assert_true(plug.faults.empty);
    plug_free(&plug);
    plug = parsed("fresh");
    assert_int_equal(plug.disk.fresh_size, 1 << 30);
    assert_int_equal(plug.disk.sector_size, 512);
    plug = parsed("kind=keyboard");
    assert_int_equal(plug.kind, PLUG_KEYBOARD);
    plug = parsed("kind=hub");
    assert_int_equal(plug.kind, PLUG_HUB);
    plug = parsed("kind=host");
    assert_int_equal(plug.kind, PLUG_HOST);
}

static void test_wrong_words_are_named(void **state)
{
    static const struct {
        const char *words, *says;
    } cases[] = {
        {"", "name an image"},
        {",ro", "name an image"},
        {"kind=mouse", "kind=mouse: there are kind=keyboard, kind=hub and kind=host"},
        {"kind=hub,ro", "ro: what is no stick has no options"},
        {"a,rw", "no option \"rw\" of a stick; there are ro"},
        {"a,", "no option \"\""},
        {"a,speed=1", "no option \"speed=\""},
        {"a,slow=", "slow= of a stick: it takes megabytes"},
        {"a,slow=0", "it takes megabytes"},
        {"a,slow=nan", "it takes megabytes"},
        {"a,fail=-1", "it takes a sector or a range"},
        {"a,fail=9-8", "it takes a sector or a range"},
        {"a,fail=99999999999999999999", "it takes a sector or a range"},
        {"a,pull=0", "pull=3 or pull=3+2"},
        {"a,pull=3+", "pull=3 or pull=3+2"},
        {"a,sector=1024", "512 or 4096"},
        {"a,size=1023K", "from 1M"},
        {"a,size=5000G", "from 1M"},
        {"a,size=1T", "from 1M"},
        {"a,errors=1", "from 2"},
        {"a,hang=0", "from 1"},
        {"a,fail=1,fail=1,fail=1,fail=1,fail=1,fail=1,fail=1,fail=1,fail=1,fail=1,fail=1,fail=1,"
         "fail=1,fail=1,fail=1,fail=1,fail=1",
         "at most 16 times"},
    };
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct plug plug;
        struct failure failure;
        if (plug_parse(&plug, PLUG_STICK, cases[n].words, &failure))
            fail_msg("accepted %s", cases[n].words);
        if (!strstr(failure.text, cases[n].says))
            fail_msg("%s: says \"%s\", not \"%s\"", cases[n].words, failure.text, cases[n].says);
        assert_null(plug.image);
    }
}

/* ---- Images ---- */

static const struct disk_image_options plain = {
    .what = "stick", .sector_size = 512, .fresh_size = 64 << 20};

static void test_what_was_written_is_in_the_file(void **state)
{
    static uint8_t bytes[8 * 512], sector[512];
    (void)state;
    char *path = write_file(bytes, sizeof bytes);
    struct disk_image image;
    struct failure failure;
    struct disk_image_options options = plain;
    options.bad[0] = (struct disk_range){5, 6};
    options.bad_count = 1;
    assert_true(disk_image_open(&image, path, &options, &failure));
    assert_int_equal(image.disk.sectors, 8);
    for (uint64_t n = 0; n < 9; n++) {
        memset(sector, 'a' + (int)n, sizeof sector);
        bool good = n < 5 || n == 7;
        if (n < 8)
            assert_int_equal(image.disk.write(image.disk.ctx, n, sector), good);
        assert_int_equal(image.disk.read(image.disk.ctx, n, sector), good);
    }
    /* At once, not when it is closed. */
    int descriptor = open(path, O_RDONLY);
    assert_int_equal(pread(descriptor, sector, 512, 7 * 512), 512);
    assert_int_equal(sector[511], 'h');
    assert_int_equal(pread(descriptor, sector, 512, 5 * 512), 512);
    assert_int_equal(sector[0], 0);
    close(descriptor);
    disk_image_close(&image);
    remove_file(path);
}

static bool refused(const char *path, const struct disk_image_options *options, const char *says)
{
    struct disk_image image;
    struct failure failure;
    if (disk_image_open(&image, path, options, &failure))
        return false;
    if (!strstr(failure.text, says))
        fail_msg("says \"%s\", not \"%s\"", failure.text, says);
    return true;
}

static void test_images_that_cannot_be(void **state)
{
    static uint8_t bytes[1000];
    (void)state;
    struct failure failure;
    char *path = write_file(bytes, sizeof bytes), *empty = write_file(bytes, 0);
    assert_true(refused(path, &plain, "no whole number of sectors"));
    assert_false(disk_image_check(path, &plain, &failure));
    assert_true(refused(empty, &plain, "no whole number of sectors"));
    struct disk_image_options card = {.what = "card", .sector_size = 512, .unit = 512 << 10};
    assert_true(refused(path, &card, "no whole number of units of 524288 bytes"));
    assert_true(refused("/tmp", &plain, ""));
    assert_true(refused("/dev/null", &plain, "a regular file"));
    assert_true(refused("/nowhere/stick.img", &plain, "cannot be made"));
    assert_true(
        disk_image_check("/nowhere/stick.img", &plain, &failure)); /* looks at what is there */
    remove_file(path);
    remove_file(empty);
}

/* For who goes back in time: a copy of the process has what was there, and leaves the file alone. */
static void test_image_held_in_memory(void **state)
{
    static uint8_t bytes[8 * 512], sector[512];
    (void)state;
    memset(bytes, 'o', sizeof bytes);
    char *path = write_file(bytes, sizeof bytes);
    struct disk_image image, past;
    struct failure failure;
    struct disk_image_options options = plain;
    options.in_memory = true;
    assert_true(disk_image_open(&image, path, &options, &failure));
    memset(sector, 'n', sizeof sector);
    assert_true(image.disk.write(image.disk.ctx, 3, sector)); /* in the file and in memory */
    int descriptor = open(path, O_RDWR);
    assert_int_equal(pread(descriptor, bytes, 1, 3 * 512), 1);
    assert_int_equal(bytes[0], 'n');
    assert_int_equal(pwrite(descriptor, "xxx", 3, 4 * 512), 3); /* another time's */
    assert_true(image.disk.read(image.disk.ctx, 4, sector));
    assert_int_equal(sector[0], 'o');
    assert_true(image.disk.read(image.disk.ctx, 3, sector));
    assert_int_equal(sector[0], 'n');
    options.past = true;
    assert_true(disk_image_open(&past, path, &options, &failure)); /* beside the one that has it */
    assert_true(past.disk.write(past.disk.ctx, 5, sector));
    assert_true(past.disk.read(past.disk.ctx, 5, sector));
    assert_int_equal(sector[0], 'n');
    assert_int_equal(pread(descriptor, bytes, 1, 5 * 512), 1);
    assert_int_equal(bytes[0], 'o');
    close(descriptor);
    disk_image_close(&past);
    disk_image_close(&image);
    remove_file(path);
}

static void test_one_image_in_two_boards(void **state)
{
    static uint8_t bytes[512];
    (void)state;
    char *path = write_file(bytes, sizeof bytes);
    struct disk_image one, other;
    struct failure failure;
    struct disk_image_options ro = plain;
    ro.read_only = true;
    assert_true(disk_image_open(&one, path, &plain, &failure));
    assert_true(refused(path, &plain, "another board"));
    disk_image_close(&one);
    assert_true(disk_image_open(&one, path, &ro, &failure));
    assert_true(disk_image_open(&other, path, &ro, &failure)); /* to read is no harm */
    disk_image_close(&one);
    disk_image_close(&other);
    remove_file(path);
}

static int status_of(const char *command)
{
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Formatted, sparse, and the same each time. */
static void test_fresh_stick(void **state)
{
    (void)state;
    if (status_of("command -v mkfs.fat >/dev/null && command -v fsck.fat >/dev/null") != 0)
        skip();
    static const uint32_t sizes[] = {512, 4096};
    for (unsigned n = 0; n < 2; n++) {
        char folder[] = "/tmp/duet_stick_XXXXXX", path[64], command[256];
        uint8_t first[2][4096];
        assert_non_null(mkdtemp(folder));
        struct disk_image_options options = {.sector_size = sizes[n],
                                             .fresh_size = (uint64_t)1 << 30};
        for (unsigned turn = 0; turn < 2; turn++) {
            struct disk_image image;
            struct failure failure;
            struct stat status;
            snprintf(path, sizeof path, "%s/%u.img", folder, turn);
            if (!disk_image_open(&image, path, &options, &failure))
                fail_msg("%s", failure.text);
            assert_int_equal(image.disk.sectors, (1 << 30) / sizes[n]);
            assert_true(image.disk.read(image.disk.ctx, 0, first[turn]));
            assert_int_equal(stat(path, &status), 0);
            assert_true(status.st_blocks * 512 < 8 << 20);
            disk_image_close(&image);
            snprintf(command, sizeof command, "fsck.fat -n %s >/dev/null", path);
            assert_int_equal(status_of(command), 0);
        }
        assert_memory_equal(first[0], first[1], sizes[n]);
        assert_memory_equal(first[0] + 82, "FAT32", 5);
        snprintf(command, sizeof command, "rm -r %s", folder);
        assert_int_equal(status_of(command), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_words_of_a_card),
        cmocka_unit_test(test_wrong_words_are_named),
        cmocka_unit_test(test_what_was_written_is_in_the_file),
        cmocka_unit_test(test_image_held_in_memory),
        cmocka_unit_test(test_images_that_cannot_be),
        cmocka_unit_test(test_one_image_in_two_boards),
        cmocka_unit_test(test_fresh_stick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
