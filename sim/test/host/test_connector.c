/* Sticks that are plugged in, pulled out and plugged in again, and what can be read from them meanwhile. */
#include "sim/host/connector.h"
#include "sim/host/scratch.h"
#include "sim/host/stick_reader.h"
#include "sim/machine/machine.h"
#include "sim/test/host/host_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct machine *machine;
static struct connector *connector;
static char heard[64];

static void hear(void *ctx, bool plugged)
{
    (void)ctx;
    strcat(heard, plugged ? "in " : "out ");
}

static int open_all(void **state)
{
    static const struct machine_config config = {0};
    const struct connector_listener listener = {NULL, hear, NULL, {0}};
    (void)state;
    machine = machine_create(&config);
    connector = connector_create(machine_board(machine), machine_sim(machine), &listener);
    *heard = 0;
    return machine && connector ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    connector_destroy(connector);
    machine_destroy(machine);
    return 0;
}

static struct plug plug_of(const char *words)
{
    struct plug plug;
    struct failure failure;
    if (!plug_parse(&plug, PLUG_STICK, words, &failure))
        fail_msg("%s", failure.text);
    return plug;
}

static void plug_in(const struct plug *plug)
{
    struct failure failure;
    if (!connector_plug(connector, plug, &failure))
        fail_msg("%s", failure.text);
}

static void the_same_stick_comes_again(void **state)
{
    struct plug plug = plug_of("fresh,size=40M");
    struct failure failure;
    uint8_t sector[512] = "what was written", back[512];
    (void)state;
    assert_false(connector_plug_again(connector, &failure));
    assert_non_null(strstr(failure.text, "no stick was pulled out"));
    assert_int_equal(connector_look(connector).state, CONNECTOR_EMPTY);
    plug_in(&plug);
    assert_false(connector_plug_again(connector, &failure));
    assert_non_null(strstr(failure.text, "fresh stick: is plugged in already"));
    struct connector_view view = connector_look(connector);
    assert_int_equal(view.state, CONNECTOR_PLUGGED);
    assert_string_equal(view.name, "fresh stick");
    assert_int_equal(view.sectors * view.sector_size, 40 << 20);
    assert_int_equal(pwrite(view.descriptor, sector, 512, 512 * 70000), 512);
    connector_unplug(connector);
    assert_int_equal(connector_look(connector).state, CONNECTOR_AT_HAND);
    assert_true(connector_plug_again(connector, &failure));
    view = connector_look(connector);
    assert_int_equal(view.state, CONNECTOR_PLUGGED);
    assert_int_equal(pread(view.descriptor, back, 512, 512 * 70000), 512);
    assert_memory_equal(back, sector, 512);
    assert_string_equal(heard, "in out in ");
}

/* At hand it is nobody's, and may be another board's meanwhile. */
static void a_stick_at_hand_is_free(void **state)
{
    struct plug plug = plug_of("fresh");
    struct failure failure;
    struct disk_image other;
    uint8_t zero[1024] = {0};
    (void)state;
    plug.image = write_file(zero, sizeof zero);
    plug_in(&plug);
    assert_false(disk_image_open(&other, plug.image, &plug.disk, &failure));
    assert_non_null(strstr(failure.text, "another board"));
    connector_unplug(connector);
    assert_true(disk_image_open(&other, plug.image, &plug.disk, &failure));
    assert_false(connector_plug_again(connector, &failure));
    assert_non_null(strstr(failure.text, "another board"));
    disk_image_close(&other);
    assert_true(connector_plug_again(connector, &failure));
    unlink(plug.image);
    plug_free(&plug);
}

static struct plug own_file(const struct disk_image_options *options)
{
    struct plug plug = plug_of("fresh,size=40M");
    struct failure failure;
    plug.image = disk_image_make_scratch(options, &failure);
    plug.scratch = true;
    assert_non_null(plug.image);
    return plug;
}

static void a_file_of_our_own_goes(void **state)
{
    struct plug plug = plug_of("fresh,size=40M"), own = own_file(&plug.disk);
    (void)state;
    plug_in(&own);
    assert_int_not_equal(access(own.image, F_OK), 0);
    assert_string_equal(connector_look(connector).name, "fresh stick");
    plug_free(&own);
}

/* Where somebody may look back at it, it stays as it was until the end, whatever is written. */
static void for_the_past_it_stays_as_it_was(void **state)
{
    struct plug plug = plug_of("fresh,size=40M"), own = own_file(&plug.disk);
    uint8_t sector[512] = "later", before[512], file[512];
    (void)state;
    connector_remember(connector);
    plug_in(&own);
    int descriptor = open(own.image, O_RDONLY);
    assert_true(descriptor >= 0);
    assert_int_equal(pread(descriptor, before, 512, 0), 512);
    struct connector_view view = connector_look(connector);
    assert_int_equal(pread(view.descriptor, file, 512, 0), 512);
    assert_memory_equal(before, file, 512);
    assert_int_equal(pwrite(view.descriptor, sector, 512, 0), 512);
    assert_int_equal(pread(descriptor, file, 512, 0), 512);
    assert_memory_equal(before, file, 512);
    close(descriptor);
    close_all(NULL);
    assert_int_not_equal(access(own.image, F_OK), 0);
    plug_free(&own);
    open_all(NULL);
}

/* ---- Its files ---- */

static bool shell(const char *format, const char *path)
{
    char command[512];
    snprintf(command, sizeof command, format, path, path);
    return system(command) == 0;
}

/* The list must have all of these words, and TEXT.TXT its words. */
static void read_back(const char *path, uint32_t sector_size, const char *label)
{
    struct failure failure;
    struct stat status;
    char *text = NULL, words[32] = "";
    size_t size;
    uint64_t length;
    int descriptor = open(path, O_RDONLY);
    assert_int_equal(fstat(descriptor, &status), 0);
    struct stick_reader *reader = stick_reader_open(
        descriptor, sector_size, (uint64_t)status.st_size / sector_size, &failure);
    if (!reader)
        fail_msg("%s", failure.text);
    FILE *list = open_memstream(&text, &size);
    assert_true(stick_reader_list(reader, list, &failure));
    fclose(list);
    if (!strstr(text, label) || !strstr(text, "{\"path\":\"A/TEXT.TXT\",\"size\":12}"))
        fail_msg("%s", text);
    assert_true(stick_reader_find(reader, "A/TEXT.TXT", &length, &failure));
    assert_int_equal(length, 12);
    assert_int_equal(stick_reader_read(reader, words, sizeof words), 12);
    assert_string_equal(words, "a few words\n");
    assert_int_equal(stick_reader_read(reader, words, sizeof words), 0);
    assert_false(stick_reader_find(reader, "A/NONE", &length, &failure));
    assert_non_null(strstr(failure.text, "A/NONE: there is no such file"));
    stick_reader_close(reader);
    close(descriptor);
    free(text);
}

static void files_of_every_kind_of_stick(void **state)
{
    static const struct {
        const char *make, *at;
        uint32_t sector_size;
    } kinds[] = {
        {"mkfs.fat -F 12 -n KIND -C %s 1440", "", 512},
        {"mkfs.fat -F 16 -n KIND -C %s 20000", "", 512},
        {"mkfs.fat -F 32 -n KIND -C %s 70000", "", 512},
        {"mkfs.fat -F 32 -S 4096 -n KIND -C %s 600000", "", 4096},
        {"truncate --size=80M %s && mkfs.fat -F 32 -n KIND --offset=2048 %s", "@@1M", 512},
    };
    static const uint8_t partition[] = {0, 0, 0, 0, 0x0c, 0, 0, 0,    0,
                                        8, 0, 0, 0, 0x70, 2, 0, 0x55, 0xaa};
    (void)state;
    for (size_t n = 0; n < sizeof kinds / sizeof *kinds; n++) {
        char *path = write_file("", 0), copy[256];
        unlink(path);
        snprintf(copy, sizeof copy,
                 "mmd -i %%s%s ::/A && echo a few words | mcopy -i %%s%s - ::/A/TEXT.TXT",
                 kinds[n].at, kinds[n].at);
        if (!shell(kinds[n].make, path) || !shell(copy, path))
            fail_msg("%s", kinds[n].make);
        if (*kinds[n].at) {
            int descriptor = open(path, O_WRONLY);
            assert_int_equal(pwrite(descriptor, partition, 16, 446), 16);
            assert_int_equal(pwrite(descriptor, partition + 16, 2, 510), 2);
            close(descriptor);
        }
        read_back(path, kinds[n].sector_size, "\"label\":\"KIND\"");
        remove_file(path);
    }
}

static void what_is_no_file_system_is_told(void **state)
{
    struct failure failure;
    char *path = write_file("", 0);
    (void)state;
    assert_int_equal(truncate(path, 1 << 20), 0);
    int descriptor = open(path, O_RDONLY);
    assert_null(stick_reader_open(descriptor, 512, 2048, &failure));
    assert_string_equal(failure.text, "the stick: has no FAT or exFAT file system");
    close(descriptor);
    remove_file(path);
}

static void names_of_scratch_files(void **state)
{
    struct failure failure;
    char path[SCRATCH_PATH_MAX], text[2 * SCRATCH_PATH_MAX + 20];
    (void)state;
    close(scratch_create("../my \"photo\"\n\xc3\xa9.png", path, &failure));
    assert_string_equal(scratch_name(path), ".._my _photo__\xc3\xa9.png");
    unlink(path);
    snprintf(text, sizeof text, "%s: %s is no image", path, path);
    scratch_take_out(text);
    assert_string_equal(text, ".._my _photo__\xc3\xa9.png: .._my _photo__\xc3\xa9.png is no image");
    *strrchr(path, '/') = 0;
    snprintf(text, sizeof text, "%s", path); /* the folder alone */
    scratch_take_out(text);
    assert_string_equal(text, path);
    assert_string_equal(scratch_name("a/b.img"), "b.img");
    assert_string_equal(scratch_name("duet-x.img"), "duet-x.img");
}

/* Another program that makes a file of its own, tells its path, and goes on for ever. */
static pid_t start_another(char path[SCRATCH_PATH_MAX])
{
    struct failure failure;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        int descriptor = scratch_create("film.avi", path, &failure);
        if (descriptor >= 0 && write(ends[1], path, SCRATCH_PATH_MAX) == SCRATCH_PATH_MAX)
            for (;;)
                pause();
        _exit(1);
    }
    assert_int_equal(read(ends[0], path, SCRATCH_PATH_MAX), SCRATCH_PATH_MAX);
    close(ends[0]);
    close(ends[1]);
    return child;
}

static void what_a_killed_program_left_is_swept(void **state)
{
    char path[SCRATCH_PATH_MAX], folder[SCRATCH_PATH_MAX];
    (void)state;
    pid_t other = start_another(path);
    strcpy(folder, path);
    *strrchr(folder, '/') = 0;
    scratch_sweep();
    assert_int_equal(access(path, F_OK), 0);
    kill(other, SIGKILL);
    assert_int_equal(waitpid(other, NULL, 0), other);
    assert_int_equal(access(path, F_OK), 0);
    scratch_sweep();
    assert_int_equal(access(folder, F_OK), -1);
}

static void a_host_comes_goes_and_comes_again(void **state)
{
    struct plug plug = plug_of("kind=host");
    struct plug stick = plug_of("fresh,size=40M");
    struct failure failure;
    (void)state;
    plug_in(&plug);
    struct connector_view view = connector_look(connector);
    assert_int_equal(view.state, CONNECTOR_PLUGGED);
    assert_string_equal(view.name, "host");
    assert_int_equal(view.descriptor, -1);
    connector_unplug(connector);
    assert_int_equal(connector_look(connector).state, CONNECTOR_AT_HAND);
    assert_true(connector_plug_again(connector, &failure));
    assert_false(connector_plug_again(connector, &failure));
    assert_string_equal(heard, "in out in ");
    plug_in(&stick);
    assert_string_equal(connector_look(connector).name, "fresh stick");
    plug_in(&plug);
    assert_string_equal(heard, "in out in out in out in ");
    plug_free(&plug);
    plug_free(&stick);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* First: this program has no folder yet, which its fork would share. */
        cmocka_unit_test(what_a_killed_program_left_is_swept),
        cmocka_unit_test_setup_teardown(the_same_stick_comes_again, open_all, close_all),
        cmocka_unit_test_setup_teardown(a_stick_at_hand_is_free, open_all, close_all),
        cmocka_unit_test_setup_teardown(a_file_of_our_own_goes, open_all, close_all),
        cmocka_unit_test_setup_teardown(for_the_past_it_stays_as_it_was, open_all, close_all),
        cmocka_unit_test(files_of_every_kind_of_stick),
        cmocka_unit_test(what_is_no_file_system_is_told),
        cmocka_unit_test(names_of_scratch_files),
        cmocka_unit_test_setup_teardown(a_host_comes_goes_and_comes_again, open_all, close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
