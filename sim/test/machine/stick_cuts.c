/*
 * The camera system records to a stick, and the stick is pulled out after each write: at every cut the
 * process is copied, and the copy lives on with another stick.
 *
 *     stick_cuts CM7.elf CM4.elf PICTURE IMAGE FOLDER FIRST STRIDE NEXT_EVERY JOBS
 *
 * A cut comes after the first and after the last sector of a WRITE command. Of those from FIRST on, by
 * STRIDE, cut K leaves in FOLDER: K.img, the stick as it was pulled out; K.txt, what the console had
 * said by then, a line "---", and what it said afterwards. After each NEXT_EVERYth of them (0: none) a
 * stick as IMAGE was comes next, and is recorded to: K.next.img. When they are there, "K" is printed.
 * At the end whole.img and whole.txt are those of the run that nobody cut, and "whole COUNT" is printed
 * with the count of cuts. JOBS copies run at a time.
 */
#include "sim/board/usb_stick.h"
#include "sim/host/camera.h"
#include "sim/host/guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECTOR = 512 };

struct stick {
    struct usb_stick usb;
    struct file image;
    struct test *test;
};

struct test {
    struct machine *machine;
    struct stick stick, next;
    FILE *console; /* in memory: */
    char *said;
    size_t said_length;
    const char *image, *folder;
    unsigned long cuts, first, stride, next_every, jobs, running;
};

/* ---- What is typed, and when: two films, the first of which ends because the size changes ---- */

struct line {
    unsigned ms;
    const char *text;
};

static const struct line story[] = {
    {1300, "record\r"}, {2600, "camera 320x240 60\r"}, {3600, "stop\r"}, {4000, NULL}};
/* After the cut; the camera may be at either size. */
static const struct line life[] = {{100, NULL}};
static const struct line next_life[] = {{800, "record\r"}, {1300, "stop\r"}, {1500, NULL}};

static void type(struct test *test, const char *text)
{
    board_type(machine_board(test->machine), (const uint8_t *)text, strlen(text));
}

/* ---- Sticks ---- */

static bool read_sector(void *ctx, uint64_t sector, uint8_t *bytes)
{
    const struct stick *stick = ctx;
    memcpy(bytes, &stick->image.bytes[sector * SECTOR], SECTOR);
    return true;
}

/* The sector is the last one that arrived of the command; `moved` counts it. */
static bool is_cut(const struct usb_stick *stick)
{
    return stick->moved == SECTOR || stick->moved == stick->limit;
}

static bool write_sector(void *ctx, uint64_t sector, const uint8_t *bytes)
{
    struct stick *stick = ctx;
    memcpy(&stick->image.bytes[sector * SECTOR], bytes, SECTOR);
    if (stick == &stick->test->stick && is_cut(&stick->usb))
        machine_pause(stick->test->machine);
    return true;
}

static bool plug(struct test *test, struct stick *stick)
{
    struct failure failure;
    stick->test = test;
    if (!file_read(&stick->image, test->image, &failure)) {
        fprintf(stderr, "stick_cuts: %s\n", failure.text);
        return false;
    }
    struct usb_stick_config config = {.disk = {.ctx = stick,
                                               .sector_size = SECTOR,
                                               .sectors = stick->image.size / SECTOR,
                                               .read = read_sector,
                                               .write = write_sector}};
    usb_stick_init(&stick->usb, machine_sim(test->machine), &config);
    board_plug(machine_board(test->machine), &stick->usb.gadget.device);
    return true;
}

static FILE *open_file(const struct test *test, const char *name, const char *suffix)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%s", test->folder, name, suffix);
    FILE *file = fopen(path, "wb");
    if (!file)
        perror(path);
    return file;
}

/* Blocks of zeros are left as holes. */
static void keep_image(const struct test *test, const struct stick *stick, const char *name,
                       const char *suffix)
{
    enum { BLOCK = 4096 };
    static const uint8_t zeros[BLOCK];
    FILE *file = open_file(test, name, suffix);
    if (!file || ftruncate(fileno(file), (off_t)stick->image.size) != 0)
        exit(2);
    for (size_t at = 0; at + BLOCK <= stick->image.size; at += BLOCK)
        if (memcmp(&stick->image.bytes[at], zeros, BLOCK) != 0 &&
            pwrite(fileno(file), &stick->image.bytes[at], BLOCK, (off_t)at) != BLOCK)
            exit(2);
    fclose(file);
}

/* ---- After a cut ---- */

/* The lines at their times from now on. False: something else than time stopped the board. */
static bool live(struct test *test, const struct line *lines)
{
    sim_time now = machine_time(test->machine);
    for (;; lines++) {
        sim_time until = now + lines->ms * SIM_MS;
        enum machine_stop stop;
        while ((stop = machine_run(test->machine, until)) == MACHINE_STOP_PAUSED)
            continue;
        if (stop != MACHINE_STOP_TIME)
            fprintf(test->console, "the board stopped: %d\n", (int)stop);
        if (stop != MACHINE_STOP_TIME || !lines->text)
            return stop == MACHINE_STOP_TIME;
        type(test, lines->text);
    }
}

static void keep_console(const struct test *test, const char *name)
{
    FILE *file = open_file(test, name, ".txt");
    fflush(test->console);
    if (!file || fwrite(test->said, 1, test->said_length, file) != test->said_length)
        exit(2);
    fclose(file);
}

static void after_cut(struct test *test, bool goes_on)
{
    char name[32];
    snprintf(name, sizeof name, "%lu", test->cuts);
    keep_image(test, &test->stick, name, ".img");
    fputs("\n---\n", test->console);
    board_plug(machine_board(test->machine), NULL);
    if (live(test, life) && goes_on && plug(test, &test->next) && live(test, next_life))
        keep_image(test, &test->next, name, ".next.img");
    keep_console(test, name);
    printf("%s\n", name);
    fflush(stdout);
    _exit(0);
}

static void wait_for_one(struct test *test)
{
    int status;
    if (wait(&status) < 0 || status != 0)
        fprintf(stderr, "stick_cuts: a copy ended with status %d\n", status);
    test->running--;
}

static void cut(struct test *test)
{
    unsigned long number = ++test->cuts;
    if (number < test->first || (number - test->first) % test->stride != 0)
        return;
    unsigned long nth = (number - test->first) / test->stride;
    if (test->running == test->jobs)
        wait_for_one(test);
    pid_t child = fork();
    if (child < 0)
        perror("stick_cuts");
    if (child == 0)
        after_cut(test, test->next_every && nth % test->next_every == 0);
    test->running += child > 0;
}

/* ---- The run that is cut ---- */

static void run_story(struct test *test)
{
    for (const struct line *line = story;; line++) {
        while (machine_run(test->machine, line->ms * SIM_MS) == MACHINE_STOP_PAUSED)
            cut(test);
        if (!line->text)
            break;
        type(test, line->text);
    }
    while (test->running)
        wait_for_one(test);
    keep_image(test, &test->stick, "whole", ".img");
    keep_console(test, "whole");
    printf("whole %lu\n", test->cuts);
}

static void hear_console(void *ctx, const uint8_t *bytes, size_t count)
{
    const struct test *test = ctx;
    fwrite(bytes, 1, count, test->console);
}

static void hear_complaint(void *ctx, const struct complaint *complaint, enum bus_master master,
                           uint32_t pc)
{
    const struct test *test = ctx;
    fprintf(test->console, "\ncomplaint: %s: %s (%s at 0x%08x)\n", complaint->block,
            complaint->text, bus_master_name(master), pc);
}

static void hear_incoherent(void *ctx, const struct check_report *report)
{
    const struct test *test = ctx;
    fprintf(test->console, "\nchecker: %s\n", check_kind_name(report->kind));
}

static bool make_board(struct test *test, struct guest *guest, struct camera *camera)
{
    const struct machine_config config = {
        .board = {.camera = camera_source(camera), .listener = {test, .console = hear_console}},
        .hear = hear_complaint,
        .incoherent = hear_incoherent,
        .ctx = test,
    };
    struct failure failure;
    test->machine = machine_create(&config);
    if (!test->machine || !guest_load(guest, test->machine, &failure) || !plug(test, &test->stick))
        return false;
    machine_power_on(test->machine);
    return true;
}

int main(int argc, char **argv)
{
    static struct test test;
    static struct guest guest;
    struct failure failure;
    if (argc != 10) {
        puts("usage: stick_cuts CM7.elf CM4.elf PICTURE IMAGE FOLDER FIRST STRIDE NEXT_EVERY JOBS");
        return 2;
    }
    test.image = argv[4];
    test.folder = argv[5];
    test.first = strtoul(argv[6], NULL, 10);
    test.stride = strtoul(argv[7], NULL, 10);
    test.next_every = strtoul(argv[8], NULL, 10);
    test.jobs = strtoul(argv[9], NULL, 10);
    test.console = open_memstream(&test.said, &test.said_length);
    struct camera *camera = camera_open(argv[3], &failure);
    const struct options options = {.cm7 = argv[1], .cm4 = argv[2]};
    if (!test.console || !camera || !guest_read(&guest, &options, &failure)) {
        fprintf(stderr, "stick_cuts: %s\n", failure.text);
        return 2;
    }
    if (!test.stride || !test.jobs || !make_board(&test, &guest, camera))
        return 2;
    run_story(&test);
    machine_destroy(test.machine);
    guest_free(&guest);
    camera_close(camera);
    return 0;
}
