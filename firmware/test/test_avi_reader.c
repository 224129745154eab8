/* Films as they are read: those that the recorder writes, whole and cut off, others' and broken ones. */
#include "cm4/avi.h"
#include "cm4/avi_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 12, SECTORS = 64 };

static uint8_t memory[SECTORS * AVI_SECTOR] __attribute__((aligned(4)));
static uint32_t bytes_of[FRAMES], frame_at[FRAMES], length;

static uint32_t read_memory(void *context, uint32_t at, void *bytes, uint32_t count)
{
    (void)context;
    uint32_t left = at < length ? length - at : 0;
    count = count < left ? count : left;
    if (count)
        memcpy(bytes, memory + at, count);
    return count;
}

static const struct avi_source source = {read_memory, NULL};

static uint32_t frame_bytes(uint32_t n)
{
    return 100 + 70 * n;
}

/* As cm4/film.c writes it. */
static void write_film(bool is_complete)
{
    static struct avi avi;
    memset(memory, 0, sizeof memory);
    avi_begin(&avi, 320, 240, 60, bytes_of, FRAMES);
    length = AVI_SECTOR;
    for (uint32_t n = 0; n < FRAMES; n++) {
        frame_at[n] = length + AVI_CHUNK_HEADER;
        memset(memory + frame_at[n], (int)n + 1, frame_bytes(n));
        length += avi_frame(&avi, memory + length, frame_bytes(n));
    }
    avi_open_header(&avi, memory);
    if (!is_complete)
        return;
    length += avi_index(&avi, 0, memory + length, sizeof memory - length);
    avi_final_header(&avi, memory);
}

static void expect_frames(struct avi_film *film, uint32_t from, uint32_t to)
{
    uint32_t at, bytes;
    for (uint32_t n = from; n < to; n++) {
        assert_int_equal(film->frame, n);
        assert_true(avi_film_next(film, &at, &bytes));
        assert_int_equal(at, frame_at[n]);
        assert_int_equal(bytes, frame_bytes(n));
    }
    assert_false(avi_film_next(film, &at, &bytes));
}

static void test_a_film_of_the_recorder(void **unused)
{
    (void)unused;
    struct avi_film film;
    write_film(true);
    assert_true(avi_film_open(&film, &source));
    assert_int_equal(film.frames, FRAMES);
    assert_in_range(film.frame_us, 16666, 16667);
    expect_frames(&film, 0, FRAMES);
    for (uint32_t n = 0; n < FRAMES; n++) {
        avi_film_seek(&film, n);
        expect_frames(&film, n, FRAMES);
    }
    avi_film_seek(&film, FRAMES + 5); /* there is none: from the start */
    expect_frames(&film, 0, FRAMES);
}

/* Without its index, and cut after every byte: the frames whose chunks begin before that. */
static void test_a_film_that_was_cut_off(void **unused)
{
    (void)unused;
    struct avi_film film;
    write_film(false);
    uint32_t whole = length;
    for (length = AVI_SECTOR; length <= whole; length += 4) {
        uint32_t frames = 0;
        while (frames < FRAMES && frame_at[frames] <= length)
            frames++;
        assert_true(avi_film_open(&film, &source));
        expect_frames(&film, 0, frames);
        avi_film_seek(&film, frames / 2); /* no index: from the start */
        assert_int_equal(film.frame, 0);
    }
}

static uint32_t put(uint32_t at, const char *name, uint32_t value)
{
    memcpy(memory + at, name, 4);
    for (unsigned n = 0; n < 4; n++)
        memory[at + 4 + n] = (uint8_t)(value >> 8 * n);
    return at + 8;
}

/* Of others: sound beside it, lists of records, odd lengths, an index that counts from the start. */
static void test_a_film_of_others(void **unused)
{
    (void)unused;
    struct avi_film film;
    uint32_t at, bytes;
    memset(memory, 0, sizeof memory);
    length = 400;
    put(0, "RIFF", length - 8);
    memcpy(memory + 8, "AVI ", 4);
    put(12, "LIST", 4 + 64 + 16);
    memcpy(memory + 20, "hdrl", 4);
    put(put(24, "avih", 56) - 4, "\x38\0\0\0", 40000); /* the length once more, and the pace */
    put(88, "strh", 8);
    memcpy(memory + 96, "vidsMJPG", 8);
    put(104, "LIST", 100);
    memcpy(memory + 112, "movi", 4);
    put(116, "01wb", 3);
    put(128, "LIST", 44);
    memcpy(memory + 136, "rec ", 4);
    put(140, "00dc", 5);
    put(154, "JUNK", 2);
    put(164, "00db", 6);
    put(212, "idx1", 32);
    put(220, "00dc", 0);
    put(228, "\x8c\0\0\0", 5); /* 140 */
    put(236, "00db", 0);
    put(244, "\xa4\0\0\0", 6); /* 164 */
    assert_true(avi_film_open(&film, &source));
    assert_int_equal(film.frame_us, 40000);
    assert_true(avi_film_next(&film, &at, &bytes) && at == 148 && bytes == 5);
    assert_true(avi_film_next(&film, &at, &bytes) && at == 172 && bytes == 6);
    avi_film_seek(&film, 1);
    assert_true(avi_film_next(&film, &at, &bytes) && at == 172);
    memcpy(memory + 100, "H264", 4);
    assert_false(avi_film_open(&film, &source));
}

/* Any bytes are read to an end, and no frame is beyond 1 MB. */
static void test_broken_films_end(void **unused)
{
    (void)unused;
    srand(1);
    for (unsigned round = 0; round < 3000; round++) {
        struct avi_film film;
        uint32_t at, bytes, n = 0;
        write_film(round % 2);
        for (unsigned k = 0; k < 1 + round % 8; k++)
            memory[(unsigned)rand() % (round % 3 ? AVI_SECTOR : length)] = (uint8_t)rand();
        if (!avi_film_open(&film, &source))
            continue;
        while (avi_film_next(&film, &at, &bytes)) {
            assert_true(bytes && bytes <= 1 << 20);
            assert_true(++n <= length / 8);
        }
        avi_film_seek(&film, (uint32_t)rand() % FRAMES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_film_of_the_recorder),
        cmocka_unit_test(test_a_film_that_was_cut_off),
        cmocka_unit_test(test_a_film_of_others),
        cmocka_unit_test(test_broken_films_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
