/* The recorder's film as others read it: ffmpeg plays whole ones, and those that were cut off. */
#include "cm4/avi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <turbojpeg.h>

enum { WIDTH = 64, HEIGHT = 48, FRAMES = 45, CHUNK_MAX = 65536 };

struct film {
    struct avi avi;
    uint32_t bytes_of[FRAMES];
    uint32_t begins[FRAMES + 1]; /* sector of each frame, and of the end */
    FILE *file;
    char path[64];
};

/* A grey picture; its grey and its size in bytes depend on n. */
static uint32_t draw(unsigned n, uint8_t *chunk)
{
    static uint8_t pixels[WIDTH * HEIGHT];
    unsigned long length = CHUNK_MAX - AVI_CHUNK_HEADER;
    uint8_t *to = chunk + AVI_CHUNK_HEADER;
    for (unsigned k = 0; k < sizeof pixels; k++)
        pixels[k] = (uint8_t)(5 * n + k * k % (1 + 2 * n));
    tjhandle tj = tjInitCompress();
    assert_int_equal(tjCompress2(tj, pixels, WIDTH, 0, HEIGHT, TJPF_GRAY, &to, &length, TJSAMP_GRAY,
                                 90, TJFLAG_NOREALLOC),
                     0);
    tjDestroy(tj);
    chunk[AVI_CHUNK_HEADER + length] = 0;
    return (uint32_t)(length + 1) & ~1u;
}

static void write_header(struct film *film, bool indexed)
{
    uint8_t sector[AVI_SECTOR];
    if (indexed)
        avi_final_header(&film->avi, sector);
    else
        avi_open_header(&film->avi, sector);
    fseek(film->file, 0, SEEK_SET);
    fwrite(sector, 1, sizeof sector, film->file);
    fseek(film->file, 0, SEEK_END);
}

static void record(struct film *film, unsigned frames)
{
    static uint8_t chunk[CHUNK_MAX];
    strcpy(film->path, "/tmp/duet-avi-XXXXXX");
    film->file = fdopen(mkstemp(film->path), "w+b");
    assert_non_null(film->file);
    avi_begin(&film->avi, WIDTH, HEIGHT, 15, film->bytes_of, FRAMES);
    write_header(film, false);
    film->begins[0] = 1;
    for (unsigned n = 0; n < frames; n++) {
        memset(chunk, 0xee, sizeof chunk);
        uint32_t bytes = avi_frame(&film->avi, chunk, draw(n, chunk));
        assert_int_equal(bytes % AVI_SECTOR, 0);
        fwrite(chunk, 1, bytes, film->file);
        film->begins[n + 1] = film->begins[n] + bytes / AVI_SECTOR;
    }
}

static void write_index(struct film *film, uint32_t piece)
{
    uint8_t bytes[1024];
    for (uint32_t at = 0, count; (count = avi_index(&film->avi, at, bytes, piece)) != 0;
         at += count)
        fwrite(bytes, 1, count, film->file);
    write_header(film, true);
}

static unsigned ask(const char *format, const char *path)
{
    char command[256], answer[64] = "";
    snprintf(command, sizeof command, format, path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(answer, sizeof answer, pipe));
    pclose(pipe);
    return (unsigned)strtoul(answer, NULL, 10);
}

/* What ffmpeg decodes, and what it complains about. */
static unsigned frames_played(struct film *film)
{
    fflush(film->file);
    return ask("ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 %s",
               film->path);
}

static unsigned complaints(struct film *film)
{
    return ask("ffmpeg -v error -i %s -f null - 2>&1 | wc -l", film->path);
}

static void remove_film(struct film *film)
{
    fclose(film->file);
    unlink(film->path);
}

static void test_a_whole_film_plays(void **state)
{
    (void)state;
    for (uint32_t piece = 16; piece <= 1024; piece *= 4) {
        struct film film;
        record(&film, FRAMES);
        write_index(&film, piece);
        assert_int_equal(frames_played(&film), FRAMES);
        assert_int_equal(complaints(&film), 0);
        assert_int_equal(
            ask("ffprobe -v error -show_entries stream=nb_frames -of csv=p=0 %s", film.path),
            FRAMES);
        assert_int_equal(
            ask("ffprobe -v error -show_entries stream=r_frame_rate -of csv=p=0 %s", film.path),
            15);
        remove_film(&film);
    }
}

/* The index leads to each frame: seeking to the last second finds what was drawn there. */
static void test_the_index_leads_to_the_frames(void **state)
{
    (void)state;
    struct film film;
    record(&film, FRAMES);
    write_index(&film, 512);
    fflush(film.file);
    assert_int_equal(
        ask("ffmpeg -v error -ss 2 -i %s -f rawvideo -pix_fmt gray - | wc -c", film.path),
        (FRAMES - 30) * WIDTH * HEIGHT);
    remove_film(&film);
}

/* Cut after each of its last sectors: all frames that are whole are played, and part of one at most. */
static void test_a_film_that_was_cut_off_plays(void **state)
{
    (void)state;
    struct film film;
    record(&film, FRAMES);
    fflush(film.file);
    uint32_t whole = FRAMES;
    for (uint32_t sectors = film.avi.sectors + 1; sectors > film.avi.sectors - 12; sectors--) {
        while (film.begins[whole] > sectors)
            whole--;
        assert_int_equal(ftruncate(fileno(film.file), sectors * AVI_SECTOR), 0);
        unsigned played = frames_played(&film);
        assert_true(played >= whole && played <= whole + 1);
    }
    assert_true(whole < FRAMES - 1);
    remove_film(&film);
}

static void test_a_new_film_begins_before_2_gb(void **state)
{
    (void)state;
    struct avi avi;
    static uint32_t bytes_of[3000];
    static uint8_t chunk[AVI_FRAME_MAX];
    avi_begin(&avi, WIDTH, HEIGHT, 30, bytes_of, 3000);
    while (avi_has_room(&avi))
        avi_frame(&avi, chunk, AVI_FRAME_MAX - AVI_SECTOR);
    uint64_t bytes = (uint64_t)(avi.sectors + 1) * AVI_SECTOR + 8 + avi.frames * AVI_INDEX_ENTRY;
    assert_true(bytes < 0x7fffffff && bytes > 0x7fffffff - 3u * AVI_FRAME_MAX);
    avi_begin(&avi, WIDTH, HEIGHT, 30, bytes_of, 2);
    avi_frame(&avi, chunk, 100);
    assert_true(avi_has_room(&avi));
    avi_frame(&avi, chunk, 100);
    assert_false(avi_has_room(&avi));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_film_plays),
        cmocka_unit_test(test_the_index_leads_to_the_frames),
        cmocka_unit_test(test_a_film_that_was_cut_off_plays),
        cmocka_unit_test(test_a_new_film_begins_before_2_gb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
