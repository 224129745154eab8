/*
 * Recording by FatFs onto a disk in memory, which can lose its power at any write: what a computer's
 * fsck says of it, and what is left of the film.
 */
#include "cm4/film.h"
#include "cm4/volume.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "diskio.h"

enum { SECTOR = 512, FRAMES = FILM_SYNC_FRAMES + 7, CHUNK_MAX = 16384, ALWAYS = -1 };

/* --- The disk --- */

static struct {
    uint8_t *bytes;
    uint32_t sectors;
    int writes_left; /* then nothing is written any more; ALWAYS */
    int writes, reads;
    bool tells; /* a write without power fails; otherwise nobody is there to hear of it */
    char path[64];
} disk;

DSTATUS disk_initialize(BYTE drive)
{
    return disk_status(drive);
}

DSTATUS disk_status(BYTE drive)
{
    (void)drive;
    return 0;
}

DRESULT disk_read(BYTE drive, BYTE *bytes, LBA_t sector, UINT count)
{
    (void)drive;
    assert_true(sector + count <= disk.sectors);
    disk.reads++;
    memcpy(bytes, disk.bytes + sector * SECTOR, count * SECTOR);
    return RES_OK;
}

DRESULT disk_write(BYTE drive, const BYTE *bytes, LBA_t sector, UINT count)
{
    (void)drive;
    assert_true(sector + count <= disk.sectors);
    disk.writes++;
    if (disk.writes_left == 0)
        return disk.tells ? RES_ERROR : RES_OK;
    if (disk.writes_left != ALWAYS)
        disk.writes_left--;
    memcpy(disk.bytes + sector * SECTOR, bytes, count * SECTOR);
    return RES_OK;
}

DRESULT disk_ioctl(BYTE drive, BYTE command, void *answer)
{
    (void)drive;
    if (command == GET_SECTOR_COUNT)
        *(LBA_t *)answer = disk.sectors;
    if (command == GET_SECTOR_SIZE)
        *(WORD *)answer = SECTOR;
    if (command == GET_BLOCK_SIZE)
        *(DWORD *)answer = 1;
    return RES_OK;
}

static int shell(const char *format, ...)
{
    char command[512];
    va_list list;
    va_start(list, format);
    vsnprintf(command, sizeof command, format, list);
    va_end(list);
    return system(command);
}

static uint8_t *read_file(const char *path, uint32_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *length = (uint32_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*length);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    fclose(file);
    return bytes;
}

static void write_image(void)
{
    FILE *file = fopen(disk.path, "wb");
    assert_int_equal(fwrite(disk.bytes, SECTOR, disk.sectors, file), disk.sectors);
    fclose(file);
}

/* A stick of some KB with `fat` bits, and a file that was there before. */
static void make_disk(unsigned kilobytes, unsigned fat, unsigned cluster_sectors)
{
    uint32_t length;
    strcpy(disk.path, "/tmp/duet-film-XXXXXX");
    close(mkstemp(disk.path));
    assert_int_equal(shell("mkfs.fat -C -n DUET -F %u -s %u %s.new %u >/dev/null && mv %s.new %s",
                           fat, cluster_sectors, disk.path, kilobytes, disk.path, disk.path),
                     0);
    disk.bytes = read_file(disk.path, &length);
    disk.sectors = length / SECTOR;
    disk.writes_left = ALWAYS;
    disk.writes = 0;
    disk.tells = true;
}

static void remove_disk(void)
{
    f_unmount("");
    free(disk.bytes);
    unlink(disk.path);
}

/* --- Files on it --- */

static void mount(void)
{
    assert_int_equal(volume_mount(), STORAGE_OK);
    film_new_stick();
}

static void put_old_file(void)
{
    FIL file;
    UINT written;
    static const char text[] = "what was there before";
    assert_int_equal(f_open(&file, "OLD.TXT", FA_WRITE | FA_CREATE_NEW), FR_OK);
    f_write(&file, text, sizeof text, &written);
    assert_int_equal(f_close(&file), FR_OK);
}

static void old_file_is_whole(void)
{
    FIL file;
    UINT taken;
    char text[64] = "";
    assert_int_equal(f_open(&file, "OLD.TXT", FA_READ), FR_OK);
    assert_int_equal(f_read(&file, text, sizeof text, &taken), FR_OK);
    assert_string_equal(text, "what was there before");
    f_close(&file);
}

/* No picture, but as long as one, and known again. */
static uint32_t draw(uint8_t *chunk, unsigned n)
{
    uint32_t length = 2000 + n * 977 % 6000 / 4 * 4;
    memset(chunk + AVI_CHUNK_HEADER, (int)(n + 1), length);
    return length;
}

static uint32_t lengths[FRAMES + 10];

static enum film_status add_frames(struct film *film, unsigned first, unsigned count)
{
    static uint8_t chunk[CHUNK_MAX];
    enum film_status status = FILM_GOES_ON;
    for (unsigned n = first; n < first + count && status == FILM_GOES_ON; n++)
        status = film_add(film, chunk, draw(chunk, n));
    return status;
}

static uint32_t word(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Frames of a film on the disk that are whole and what was drawn; -1: there is no such file. */
static int frames_of(const char *name)
{
    static FIL file;
    UINT taken;
    FILINFO info;
    if (f_stat(name, &info) != FR_OK)
        return -1;
    uint8_t *bytes = malloc(info.fsize + 1);
    assert_int_equal(f_open(&file, name, FA_READ), FR_OK);
    assert_int_equal(f_read(&file, bytes, (UINT)info.fsize, &taken), FR_OK);
    f_close(&file);
    int count = 0;
    for (uint32_t at = AVI_SECTOR; at + 8 <= taken;) {
        uint32_t length = word(bytes + at + 4);
        if (memcmp(bytes + at, "00dc", 4) == 0 && at + 8 + length <= taken) {
            for (uint32_t n = 0; n < length; n++)
                assert_int_equal(bytes[at + 8 + n], (uint8_t)(count + 1));
            count++;
        } else if (memcmp(bytes + at, "JUNK", 4) != 0) {
            break;
        }
        at += 8 + length;
    }
    free(bytes);
    return count;
}

/* --- Tests --- */

static void fsck_finds_nothing(void)
{
    write_image();
    if (shell("fsck.fat -n %s >%s.log 2>&1", disk.path, disk.path) != 0) {
        shell("cat %s.log", disk.path);
        fail();
    }
    shell("rm -f %s.log", disk.path);
}

static void test_a_film_from_beginning_to_end(void **state)
{
    (void)state;
    static const struct {
        unsigned kilobytes, fat, cluster;
    } disks[] = {{2048, 12, 4}, {16384, 16, 4}, {40960, 32, 1}};
    for (unsigned n = 0; n < 3; n++) {
        static struct film film;
        char name[FILM_NAME_BYTES];
        make_disk(disks[n].kilobytes, disks[n].fat, disks[n].cluster);
        mount();
        put_old_file();
        assert_int_equal(film_begin(&film, 64, 48, 30, lengths, FRAMES + 10), FILM_GOES_ON);
        assert_string_equal(film.name, "DUET0001.AVI");
        assert_int_equal(add_frames(&film, 0, FRAMES), FILM_GOES_ON);
        assert_int_equal(film_end(&film), FILM_GOES_ON);
        assert_int_equal(film_picture((const uint8_t *)"a picture...", 12, name), FILM_GOES_ON);
        assert_string_equal(name, "DUET0002.JPG");
        assert_int_equal(frames_of("DUET0001.AVI"), FRAMES);
        old_file_is_whole();
        fsck_finds_nothing();
        remove_disk();
    }
}

/* A recording needs the stick for itself: looking at its figures asks it for nothing. */
static void test_figures_cost_no_access(void **state)
{
    (void)state;
    static struct film film;
    struct storage_info before, after;
    make_disk(16384, 16, 4);
    mount();
    assert_int_equal(volume_info(&before), STORAGE_OK);
    assert_string_equal(before.label, "DUET");
    assert_int_equal(film_begin(&film, 64, 48, 30, lengths, FRAMES + 10), FILM_GOES_ON);
    for (unsigned n = 0; n < FRAMES; n++) {
        assert_int_equal(add_frames(&film, n, 1), FILM_GOES_ON);
        int reads = disk.reads, writes = disk.writes;
        assert_int_equal(volume_info(&after), STORAGE_OK);
        assert_int_equal(disk.reads + disk.writes, reads + writes);
    }
    assert_int_equal(film_end(&film), FILM_GOES_ON);
    assert_int_equal(after.size_bytes, before.size_bytes);
    assert_true(after.free_bytes + FRAMES * 2000 < before.free_bytes);
    assert_true(after.free_bytes + FRAMES * 10000 > before.free_bytes);
    remove_disk();
}

static void test_names_go_on_where_others_ended(void **state)
{
    (void)state;
    char name[FILM_NAME_BYTES];
    FIL file;
    make_disk(2048, 12, 4);
    mount();
    f_open(&file, "duet0041.jpg", FA_WRITE | FA_CREATE_NEW);
    f_close(&file);
    f_open(&file, "DUET99.AVI", FA_WRITE | FA_CREATE_NEW);
    f_close(&file);
    film_new_stick();
    assert_int_equal(film_picture((const uint8_t *)"pict", 4, name), FILM_GOES_ON);
    assert_string_equal(name, "DUET0042.JPG");
    f_open(&file, "DUET9999.AVI", FA_WRITE | FA_CREATE_NEW);
    f_close(&file);
    film_new_stick();
    assert_int_equal(film_picture((const uint8_t *)"pict", 4, name), FILM_NO_NAME);
    remove_disk();
}

/* The film is ended in time, its index has room, and what was there before is whole. */
static void test_a_full_stick(void **state)
{
    (void)state;
    static struct film film;
    char name[FILM_NAME_BYTES];
    make_disk(160, 12, 1);
    mount();
    put_old_file();
    assert_int_equal(film_begin(&film, 64, 48, 30, lengths, FRAMES + 10), FILM_GOES_ON);
    assert_int_equal(add_frames(&film, 0, FRAMES), FILM_NO_SPACE);
    unsigned taken = film.avi.frames;
    assert_int_equal(film_end(&film), FILM_GOES_ON);
    assert_int_equal(frames_of(film.name), taken);
    assert_int_equal(film_begin(&film, 64, 48, 30, lengths, FRAMES + 10), FILM_NO_SPACE);
    static uint8_t large[65536];
    assert_int_equal(film_picture(large, sizeof large, name), FILM_NO_SPACE);
    old_file_is_whole();
    fsck_finds_nothing();
    remove_disk();
}

/* After a power cut a FAT32 stick may say that more is free than there is: the frame that finds no room is
 * taken back, and the film ends as one on a full stick, without an index where that has none either. */
static void test_a_full_stick_that_says_it_is_not(void **state)
{
    (void)state;
    enum { FREE_IN_FSINFO = SECTOR + 488, LEFT = 100 };
    static struct film film;
    static FIL filler;
    for (unsigned left = LEFT; left < LEFT + 24; left += 3) {
        struct volume_space space;
        make_disk(40960, 32, 1);
        mount();
        assert_int_equal(volume_space(&space), STORAGE_OK);
        assert_int_equal(f_open(&filler, "FILLER", FA_WRITE | FA_CREATE_NEW), FR_OK);
        assert_int_equal(f_lseek(&filler, space.free - left * SECTOR), FR_OK);
        assert_int_equal(f_close(&filler), FR_OK);
        disk.bytes[FREE_IN_FSINFO + 1] = 200; /* thousands of sectors */
        mount();
        assert_int_equal(volume_space(&space), STORAGE_OK);
        assert_true(space.free > 10000 * SECTOR);
        assert_int_equal(film_begin(&film, 64, 48, 30, lengths, FRAMES + 10), FILM_GOES_ON);
        assert_int_equal(add_frames(&film, 0, FRAMES), FILM_NO_SPACE);
        assert_int_equal(film_end(&film), FILM_GOES_ON);
        assert_true(film.avi.frames > 5);
        assert_int_equal(frames_of(film.name), film.avi.frames);
        write_image();
        assert_int_equal(shell("fsck.fat -n %s | grep -q 'Free cluster summary wrong' && "
                               "! fsck.fat -n %s | grep -q -e chain -e Reclaimed -e Truncating",
                               disk.path, disk.path),
                         0);
        remove_disk();
    }
}

static void test_as_many_frames_as_a_film_has_room_for(void **state)
{
    (void)state;
    static struct film film;
    make_disk(2048, 12, 4);
    mount();
    assert_int_equal(film_begin(&film, 64, 48, 30, lengths, 20), FILM_GOES_ON);
    assert_int_equal(add_frames(&film, 0, 21), FILM_IS_FULL);
    assert_int_equal(film_end(&film), FILM_GOES_ON);
    assert_int_equal(frames_of(film.name), 20);
    remove_disk();
}

/* fsck may cut off what the folder does not know of yet, count free clusters anew and choose between
 * the two tables: nothing else. */
static void fsck_repairs_the_tail_alone(const char *name)
{
    write_image();
    shell("fsck.fat -a -w %s >%s.log 2>&1", disk.path, disk.path);
    int others = shell(
        "grep -v -e '^fsck.fat ' -e '^%s: ' -e '^/%s$' -e 'File size is [0-9]* bytes, cluster "
        "chain' "
        "-e 'Truncating file to' -e 'FATs differ' -e 'Free cluster summary' -e 'Auto-correcting' "
        "-e 'Performing changes' -e 'Reclaimed [0-9]* unused' -e '^$' -e 'Using first FAT' "
        "-e 'Dirty bit' -e ' by the right value' %s.log",
        disk.path, name, disk.path);
    if (others == 0)
        fail_msg("fsck repairs more than the tail of %s", name);
    assert_int_equal(shell("fsck.fat -n %s >/dev/null", disk.path), 0);
    shell("rm -f %s.log", disk.path);
}

static void reload(void)
{
    uint32_t length;
    free(disk.bytes);
    disk.bytes = read_file(disk.path, &length);
    disk.writes_left = ALWAYS;
    mount();
}

/* Writes until `cut`; how many frames must be there after it: those of the last update before. */
static int record_until(int cut, bool tells)
{
    static struct film film;
    int safe = -1;
    disk.writes = 0;
    disk.writes_left = cut;
    disk.tells = tells;
    if (film_begin(&film, 64, 48, 30, lengths, FRAMES + 10) == FILM_GOES_ON)
        for (unsigned n = 0; n < FRAMES; n++) {
            if (disk.writes <= cut && n % FILM_SYNC_FRAMES == 0)
                safe = (int)n;
            if (add_frames(&film, n, 1) != FILM_GOES_ON)
                break;
        }
    if (film.avi.frames == FRAMES && film_end(&film) == FILM_GOES_ON && disk.writes <= cut)
        safe = FRAMES;
    film_abandon(&film);
    return safe;
}

/* At every single write the power goes, or the stick. */
static void cut_everywhere(bool tells)
{
    for (int cut = 0;; cut++) {
        make_disk(8600, 16, 4);
        mount();
        put_old_file();
        int safe = record_until(cut, tells);
        bool whole = disk.writes <= cut;
        f_unmount("");
        fsck_repairs_the_tail_alone("DUET0001.AVI");
        reload();
        assert_true(frames_of("DUET0001.AVI") >= safe);
        old_file_is_whole();
        remove_disk();
        if (whole) {
            assert_int_equal(safe, FRAMES);
            print_message("%d writes\n", cut);
            break;
        }
    }
}

static void test_power_lost_at_every_write(void **state)
{
    (void)state;
    cut_everywhere(false);
}

static void test_stick_pulled_at_every_write(void **state)
{
    (void)state;
    cut_everywhere(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_film_from_beginning_to_end),
        cmocka_unit_test(test_figures_cost_no_access),
        cmocka_unit_test(test_names_go_on_where_others_ended),
        cmocka_unit_test(test_a_full_stick),
        cmocka_unit_test(test_a_full_stick_that_says_it_is_not),
        cmocka_unit_test(test_as_many_frames_as_a_film_has_room_for),
        cmocka_unit_test(test_power_lost_at_every_write),
        cmocka_unit_test(test_stick_pulled_at_every_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
