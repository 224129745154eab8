/* Where two pictures differ, in small ones of which every pixel can be looked at. */
#include "cm7/damage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 24, THINGS = 12, ROUNDS = 4000 };

static const struct box whole = {0, 0, SIDE, SIDE};

static bool is_in(struct box box, int x, int y)
{
    return x >= box.left && x < box.right && y >= box.top && y < box.bottom;
}

/* What is drawn there, from the first to the last: one number for all of it. */
static uint32_t pixel(const struct painting *painting, int x, int y)
{
    uint32_t look = 0;
    for (uint32_t n = 0; n < painting->count; n++)
        if (is_in(painting->item[n].box, x, y))
            look = look * 31 + painting->item[n].look;
    return look;
}

static struct painted some_thing(void)
{
    int x = rand() % SIDE, y = rand() % SIDE;
    return (struct painted){(uint32_t)rand() % 3 + 1,
                            box_of(x, y, 1 + rand() % (SIDE - x), 1 + rand() % (SIDE - y))};
}

/* A few things are taken out, added, changed, or change their places. */
static void change(struct painting *painting)
{
    for (int n = rand() % 4; n >= 0; n--) {
        uint32_t at = painting->count ? (uint32_t)rand() % painting->count : 0;
        if (rand() % 3 == 0 && painting->count < THINGS) {
            painting->item[painting->count++] = some_thing();
        } else if (painting->count && rand() % 2) {
            memmove(&painting->item[at], &painting->item[at + 1],
                    (--painting->count - at) * sizeof painting->item[0]);
        } else if (painting->count) {
            painting->item[at] = some_thing();
        }
    }
}

static void check_boxes(const struct damage *damage)
{
    assert_true(damage->count <= DAMAGE_BOXES);
    for (uint32_t n = 0; n < damage->count; n++) {
        assert_false(box_is_empty(damage->box[n]));
        for (uint32_t k = 0; k < n; k++)
            assert_true(box_is_empty(box_common(damage->box[n], damage->box[k])));
    }
}

static void test_every_pixel_that_differs_is_damage(void **unused)
{
    (void)unused;
    static struct painting before, after;
    srand(1);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct damage damage = {0};
        before = after;
        change(&after);
        damage_between(&damage, &before, &after, whole);
        check_boxes(&damage);
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                bool found = false;
                for (uint32_t n = 0; n < damage.count; n++)
                    found = found || is_in(damage.box[n], x, y);
                assert_true(found || pixel(&before, x, y) == pixel(&after, x, y));
            }
    }
}

static void test_what_stays_is_no_damage(void **unused)
{
    (void)unused;
    static struct painting before, after;
    struct damage damage = {0};
    before.count = 3;
    for (uint32_t n = 0; n < 3; n++)
        before.item[n] = (struct painted){n, box_of((int)n * 8, 0, 8, 8)};
    after = before;
    damage_between(&damage, &before, &after, whole);
    assert_int_equal(damage.count, 0);
    after.item[1].look = 9;
    damage_between(&damage, &before, &after, whole);
    assert_int_equal(damage.count, 1);
    assert_int_equal(box_area(damage.box[0]), 64);
}

static void test_a_list_that_is_not_whole_is_all_damage(void **unused)
{
    (void)unused;
    static struct painting before, after;
    struct damage damage = {0};
    after.is_partial = true;
    damage_between(&damage, &before, &after, whole);
    assert_int_equal(box_area(damage.box[0]), SIDE * SIDE);
}

static void test_many_boxes_become_few(void **unused)
{
    (void)unused;
    struct damage damage = {0};
    for (int n = 0; n < 12; n++)
        damage_add(&damage, box_of(n * 2, n * 2, 1, 1));
    damage_add(&damage, (struct box){5, 5, 5, 9});
    check_boxes(&damage);
    for (int n = 0; n < 12; n++) {
        bool found = false;
        for (uint32_t k = 0; k < damage.count; k++)
            found = found || is_in(damage.box[k], n * 2, n * 2);
        assert_true(found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pixel_that_differs_is_damage),
        cmocka_unit_test(test_what_stays_is_no_damage),
        cmocka_unit_test(test_a_list_that_is_not_whole_is_all_damage),
        cmocka_unit_test(test_many_boxes_become_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
