/* What a touch does to the screens and asks for, and what of the other core's messages is believed. */
#include "cm7/paint.h"
#include "cm7/screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* As a finger finds them. */
enum { RECORD, PHOTO, EJECT, GALLERY, SETTINGS, NOTE, BUTTONS };
static const struct box boxes[BUTTONS] = {
    [RECORD] = {650, 74, 790, 138},    [PHOTO] = {650, 146, 716, 206},
    [EJECT] = {724, 146, 790, 206},    [GALLERY] = {650, 214, 716, 274},
    [SETTINGS] = {724, 214, 790, 274}, [NOTE] = {650, 386, 790, 470},
};
static const struct box back = {650, 10, 692, 54};

static struct gui gui;
static struct ui_state state;

static int set_up(void **unused)
{
    (void)unused;
    memset(&gui, 0, sizeof gui);
    memset(&state, 0, sizeof state);
    gui_open(&gui);
    return 0;
}

/* The things that are asked for in the pass. */
static void pass(enum gui_finger finger, int x, int y)
{
    state.wish_count = 0;
    gui_begin(&gui, finger, x, y);
    screens_build(&gui, &state);
    assert_true(gui_end(&gui));
}

static uint8_t stroke; /* of fingers that are lifted */

static void touch(enum touch_event event, unsigned finger, int x, int y)
{
    const struct panel_touch message = {.kind = PANEL_TOUCH,
                                        .event = (uint8_t)event,
                                        .finger = (uint8_t)finger,
                                        .stroke = event == TOUCH_UP ? stroke : STROKE_NONE,
                                        .x = (uint16_t)x,
                                        .y = (uint16_t)y};
    enum gui_finger what = ui_touch(&state, &message);
    state.wish_count = 0;
    if (what != GUI_NO_FINGER)
        pass(what, x, y);
}

static int middle_x(struct box box)
{
    return (box.left + box.right) / 2;
}

static int middle_y(struct box box)
{
    return (box.top + box.bottom) / 2;
}

/* What is asked for, or 0. */
static uint32_t press_box(struct box box)
{
    touch(TOUCH_DOWN, 0, middle_x(box), middle_y(box));
    assert_int_equal(state.wish_count, 0);
    touch(TOUCH_UP, 0, middle_x(box), middle_y(box));
    return state.wish_count ? state.wishes[0].value : 0;
}

static uint32_t press(unsigned button)
{
    return press_box(boxes[button]);
}

static void take(const void *message, uint32_t bytes)
{
    ui_take(&state, message, bytes);
}

static void test_buttons_ask(void **unused)
{
    (void)unused;
    const struct panel_stick films = {.kind = PANEL_STICK, .is_mounted = 1, .is_recording = 1};
    assert_int_equal(press(RECORD), ASK_RECORD);
    take(&films, sizeof films);
    assert_int_equal(press(RECORD), ASK_STOP);
    assert_int_equal(press(PHOTO), ASK_SNAPSHOT);
    assert_int_equal(press(EJECT), ASK_EJECT);
}

static void test_settings_ask_and_lead_back(void **unused)
{
    (void)unused;
    const struct panel_camera works = {.kind = PANEL_CAMERA, .works = 1};
    assert_int_equal(press(SETTINGS), 0);
    assert_int_equal(state.screen, SCREEN_SETTINGS);
    for (int n = 0; n < PANEL_MODES; n++) /* without a camera nothing can be chosen */
        assert_int_equal(press_box(box_of(650, 88 + 50 * n, 140, 42)), 0);
    take(&works, sizeof works);
    for (int n = 0; n < PANEL_MODES; n++)
        assert_int_equal(press_box(box_of(650, 88 + 50 * n, 140, 42)), ASK_MODE + n);
    for (int n = 0; n < 3; n++)
        assert_int_equal(press_box(box_of(650, 266 + 48 * n, 140, 42)), ASK_MIRROR + n);
    press_box(back);
    assert_int_equal(state.screen, SCREEN_MAIN);
}

/* Down and up on every sixth pixel: something happens on the buttons, and nowhere else. */
static void test_every_place_belongs_to_one_button_or_none(void **unused)
{
    (void)unused;
    for (int y = 0; y < GUI_HEIGHT; y += 6)
        for (int x = 0; x < GUI_WIDTH; x += 6) {
            bool on_button = false;
            for (unsigned n = 0; n < BUTTONS; n++)
                on_button = on_button || (x >= boxes[n].left && x < boxes[n].right &&
                                          y >= boxes[n].top && y < boxes[n].bottom);
            state.screen = SCREEN_MAIN;
            state.log_is_open = false;
            touch(TOUCH_DOWN, 0, x, y);
            touch(TOUCH_UP, 0, x, y);
            assert_int_equal(state.wish_count || state.screen != SCREEN_MAIN || state.log_is_open,
                             on_button);
        }
}

static void test_sliding_off_and_on(void **unused)
{
    (void)unused;
    int x = boxes[PHOTO].left, y = middle_y(boxes[PHOTO]), record = middle_y(boxes[RECORD]);
    touch(TOUCH_DOWN, 0, x, y);
    touch(TOUCH_MOVED, 0, x - 1, y);
    touch(TOUCH_UP, 0, x - 1, y);
    assert_int_equal(state.wish_count, 0);
    touch(TOUCH_DOWN, 0, x, y);
    touch(TOUCH_MOVED, 0, x - 1, y);
    touch(TOUCH_MOVED, 0, x, y);
    touch(TOUCH_UP, 0, x, y);
    assert_int_equal(state.wish_count, 1);
    touch(TOUCH_DOWN, 0, x, y); /* another button is off, too */
    touch(TOUCH_UP, 0, x, record);
    assert_int_equal(state.wish_count, 0);
    touch(TOUCH_DOWN, 0, 100, 100); /* down beside a button, lifted on it: nothing */
    touch(TOUCH_MOVED, 0, x, record);
    touch(TOUCH_UP, 0, x, record);
    assert_int_equal(state.wish_count, 0);
}

static void test_a_second_finger_changes_nothing(void **unused)
{
    (void)unused;
    int x = middle_x(boxes[PHOTO]), y = middle_y(boxes[PHOTO]);
    touch(TOUCH_DOWN, 1, x, y);
    touch(TOUCH_DOWN, 0, middle_x(boxes[EJECT]), y);
    touch(TOUCH_UP, 0, middle_x(boxes[EJECT]), y);
    assert_int_equal(state.wish_count, 0);
    touch(TOUCH_UP, 1, x, y);
    assert_int_equal(state.wishes[0].value, ASK_SNAPSHOT);
}

/* A button that is held looks otherwise at once, and as before when it is left. */
static void test_what_is_touched_shows_it(void **unused)
{
    (void)unused;
    static struct painting before, held, after;
    struct damage damage = {0};
    pass(GUI_NO_FINGER, 0, 0);
    paint_list(&gui, &before);
    touch(TOUCH_DOWN, 0, middle_x(boxes[PHOTO]), middle_y(boxes[PHOTO]));
    paint_list(&gui, &held);
    pass(GUI_NO_FINGER, 0, 0);
    touch(TOUCH_UP, 0, middle_x(boxes[PHOTO]), middle_y(boxes[PHOTO]));
    paint_list(&gui, &after);
    damage_between(&damage, &before, &held, box_of(0, 0, GUI_WIDTH, GUI_HEIGHT));
    assert_int_equal(damage.count, 1);
    assert_memory_equal(&damage.box[0], &boxes[PHOTO], sizeof boxes[PHOTO]);
    damage = (struct damage){0};
    damage_between(&damage, &before, &after, box_of(0, 0, GUI_WIDTH, GUI_HEIGHT));
    assert_int_equal(damage.count, 0);
}

/* It covers what is below until it is answered. */
static void test_a_dialog_wants_its_answer(void **unused)
{
    (void)unused;
    const struct panel_dialog full = {.kind = PANEL_DIALOG, .title = "full", .text = "remove"};
    take(&full, sizeof full);
    assert_int_equal(press(RECORD), 0);
    assert_true(state.dialog_is_open);
    press_box(box_of(320, 308, 160, 44));
    assert_false(state.dialog_is_open);
    assert_int_equal(press(RECORD), ASK_RECORD);
}

static void list_two(void)
{
    static struct album album = {.state = ALBUM_IS_THERE, .total = 20, .count = 2};
    album.wish = state.gallery_wishes;
    strcpy(album.items[0].entry.name, "DUET0002.AVI");
    strcpy(album.items[1].entry.name, "DUET0001.JPG");
    ui_take_album(&state, &album);
}

static void show(enum player_state now, uint32_t frame)
{
    const struct panel_player player = {.kind = PANEL_PLAYER,
                                        .state = (uint8_t)now,
                                        .frame = frame,
                                        .frames = 101,
                                        .frame_us = 33333};
    take(&player, sizeof player);
}

static void expect_wish(enum ui_wish_kind kind, uint32_t value)
{
    assert_true(state.wish_count > 0);
    assert_int_equal(state.wishes[0].kind, kind);
    assert_int_equal(state.wishes[0].value, value);
}

static const struct panel_stick plugged = {.kind = PANEL_STICK, .is_mounted = 1, .name = "A"};
static const struct box second_card = {212, 76, 392, 264};

/* Opens the film or picture on the gallery's second card. */
static void open_second(void)
{
    state.screen = SCREEN_MAIN;
    take(&plugged, sizeof plugged);
    press(GALLERY);
    expect_wish(WISH_LIST, 0);
    list_two();
    press_box(second_card);
    expect_wish(WISH_SHOW, 0);
    assert_string_equal(state.chosen, "DUET0001.JPG");
    assert_int_equal(state.screen, SCREEN_GALLERY); /* until it is there */
}

static void test_the_gallery_turns_pages_and_opens(void **unused)
{
    (void)unused;
    take(&plugged, sizeof plugged);
    press(GALLERY);
    list_two();
    press_box(box_of(726, 12, 58, 48));
    expect_wish(WISH_LIST, 1);
    list_two();
    state.album.page = 2; /* the last */
    press_box(box_of(726, 12, 58, 48));
    assert_int_equal(state.wish_count, 0);
    press_box(box_of(660, 12, 58, 48));
    expect_wish(WISH_LIST, 1);
    press_box(box_of(16, 12, 48, 48));
    assert_int_equal(state.screen, SCREEN_MAIN);
    open_second();
    press_box(second_card); /* once is enough */
    assert_int_equal(state.wish_count, 0);
    show(PLAYER_PICTURE, 0);
    assert_int_equal(state.screen, SCREEN_VIEWER);
    press_box(back);
    expect_wish(WISH_LEAVE, 0);
    assert_int_equal(state.screen, SCREEN_GALLERY);
}

static void draw_stroke(enum touch_stroke drawn, struct box from, struct box to)
{
    stroke = (uint8_t)drawn;
    touch(TOUCH_DOWN, 0, middle_x(from), middle_y(from));
    touch(TOUCH_MOVED, 0, middle_x(to), middle_y(to));
    touch(TOUCH_UP, 0, middle_x(to), middle_y(to));
    stroke = STROKE_NONE;
    assert_int_equal(state.stroke, STROKE_NONE); /* it counts once */
}

/* And opens nothing, though it ends on the card on which it began. */
static void test_a_stroke_turns_the_page(void **unused)
{
    (void)unused;
    const struct panel_dialog words = {.kind = PANEL_DIALOG, .title = "full", .text = "remove"};
    take(&plugged, sizeof plugged);
    press(GALLERY);
    list_two();
    draw_stroke(STROKE_RIGHT, second_card, second_card); /* it is the first */
    assert_int_equal(state.wish_count, 0);
    draw_stroke(STROKE_LEFT, second_card, second_card);
    expect_wish(WISH_LIST, 1);
    list_two();
    state.album.page = 2; /* the last */
    draw_stroke(STROKE_LEFT, second_card, second_card);
    assert_int_equal(state.wish_count, 0);
    draw_stroke(STROKE_UP, second_card, second_card);
    assert_int_equal(state.wish_count, 0);
    take(&words, sizeof words);
    draw_stroke(STROKE_RIGHT, second_card, second_card); /* below what has to be answered */
    assert_int_equal(state.wish_count, 0);
    state.dialog_is_open = false;
    draw_stroke(STROKE_RIGHT, second_card, second_card);
    expect_wish(WISH_LIST, 1);
}

static void test_what_is_a_stroke(void **unused)
{
    (void)unused;
    static const struct {
        int to_right, to_bottom;
        enum touch_stroke is;
    } table[] = {{0, 0, STROKE_NONE},      {79, 0, STROKE_NONE},    {80, 40, STROKE_RIGHT},
                 {80, 41, STROKE_NONE},    {-80, -40, STROKE_LEFT}, {40, 80, STROKE_DOWN},
                 {-40, -80, STROKE_UP},    {41, 80, STROKE_NONE},   {799, 399, STROKE_RIGHT},
                 {-200, 200, STROKE_NONE}, {0, -79, STROKE_NONE}};
    for (unsigned n = 0; n < sizeof table / sizeof *table; n++)
        assert_int_equal(touch_stroke_of(table[n].to_right, table[n].to_bottom), table[n].is);
}

static void test_a_film_is_played(void **unused)
{
    (void)unused;
    const struct box play = {650, 236, 790, 288}, start = {650, 298, 790, 342};
    open_second();
    show(PLAYER_PLAYS, 50);
    press_box(play);
    expect_wish(WISH_PAUSE, 1);
    show(PLAYER_PAUSED, 50);
    press_box(play);
    expect_wish(WISH_PAUSE, 0);
    show(PLAYER_ENDED, 100);
    press_box(play);
    expect_wish(WISH_SEEK, 0);
    press_box(start);
    expect_wish(WISH_SEEK, 0);
    show(PLAYER_PAUSED, 50); /* the knob is in the middle, and is drawn to the right */
    touch(TOUCH_DOWN, 0, 720, 186);
    touch(TOUCH_MOVED, 0, 750, 186);
    assert_true(state.is_sought && state.wish_count == 0);
    touch(TOUCH_UP, 0, 750, 186);
    assert_int_equal(state.wishes[0].kind, WISH_SEEK);
    assert_in_range(state.wishes[0].value, 70, 80);
}

/* A page that was asked for before another is not taken for it. */
static void test_a_page_that_comes_late(void **unused)
{
    (void)unused;
    static struct album late = {.state = ALBUM_IS_THERE, .total = 20, .count = 8};
    take(&plugged, sizeof plugged);
    press(GALLERY);
    late.wish = state.gallery_wishes;
    list_two();
    press_box(box_of(726, 12, 58, 48));
    ui_take_album(&state, &late);
    assert_int_equal(state.album.state, ALBUM_IS_LOOKED_FOR);
}

/* The picture alone, and the column again. */
static void test_a_touch_of_the_picture_takes_the_column_away(void **unused)
{
    (void)unused;
    const struct box picture = {100, 100, 200, 200};
    open_second();
    show(PLAYER_PICTURE, 0);
    press_box(picture);
    assert_true(state.is_alone);
    press_box(back); /* there is none */
    assert_int_equal(state.wish_count, 0);
    assert_false(state.is_alone);
    press_box(back);
    expect_wish(WISH_LEAVE, 0);
}

static void test_settings_are_kept_and_recalled(void **unused)
{
    (void)unused;
    const struct panel_camera works = {.kind = PANEL_CAMERA, .works = 1};
    const struct box keep = {650, 426, 790, 470};
    press(SETTINGS);
    press_box(keep);
    assert_int_equal(state.wish_count, 0); /* no stick */
    take(&works, sizeof works);
    take(&plugged, sizeof plugged);
    expect_wish(WISH_RECALL, 0);
    press_box(keep);
    expect_wish(WISH_KEEP, 0);
}

static void test_removal_is_asked_for_twice(void **unused)
{
    (void)unused;
    const struct box removal = {650, 426, 790, 470}, keep = {230, 308, 390, 352},
                     yes = {410, 308, 570, 352};
    open_second();
    show(PLAYER_PICTURE, 0);
    press_box(removal);
    assert_int_equal(state.wish_count, 0);
    press_box(keep);
    assert_int_equal(state.wish_count, 0);
    assert_int_equal(state.screen, SCREEN_VIEWER);
    press_box(removal);
    press_box(yes);
    expect_wish(WISH_LEAVE, 0);
    assert_int_equal(state.wishes[1].kind, WISH_REMOVE);
    assert_int_equal(state.wishes[2].kind, WISH_LIST);
    assert_int_equal(state.screen, SCREEN_GALLERY);
}

/* Whatever is shown of a stick goes with it. */
static void test_a_stick_that_is_taken_out(void **unused)
{
    (void)unused;
    const struct panel_stick none = {.kind = PANEL_STICK};
    open_second();
    state.wish_count = 0;
    take(&none, sizeof none);
    expect_wish(WISH_LIST, 0);
    open_second();
    show(PLAYER_PAUSED, 3);
    state.wish_count = 0;
    take(&none, sizeof none);
    expect_wish(WISH_LEAVE, 0);
    assert_int_equal(state.screen, SCREEN_GALLERY);
    open_second();
    show(PLAYER_PLAYS, 3);
    show(PLAYER_CLOSED, 3);
    assert_int_equal(state.screen, SCREEN_GALLERY);
}

/* The latest lines stay; the log opens and closes. */
static void test_the_log_keeps_the_latest(void **unused)
{
    (void)unused;
    for (unsigned n = 0; n < 3 * UI_NOTES; n++) {
        struct panel_note note = {.kind = PANEL_NOTE, .text = {(char)('a' + n)}};
        take(&note, sizeof note);
        press(NOTE);
        assert_int_equal(state.log_is_open, n % 2 == 0);
    }
    assert_string_equal(state.notes[(state.note_count - 1) % UI_NOTES].text, "x");
}

/* Every kind in every length: only what is as long as its kind is taken, and every text ends. */
static void test_messages_of_other_lengths_change_nothing(void **unused)
{
    (void)unused;
    static const uint32_t lengths[] = {[PANEL_STICK] = sizeof(struct panel_stick),
                                       [PANEL_CAMERA] = sizeof(struct panel_camera),
                                       [PANEL_NOTE] = sizeof(struct panel_note),
                                       [PANEL_DIALOG] = sizeof(struct panel_dialog),
                                       [PANEL_PLAYER] = sizeof(struct panel_player)};
    static struct ui_state before;
    union panel_message message;
    for (unsigned kind = 0; kind < 256; kind++)
        for (uint32_t bytes = 0; bytes <= sizeof message; bytes++) {
            memset(&state, 0, sizeof state);
            before = state;
            memset(&message, 0xff, sizeof message);
            message.kind = (uint8_t)kind;
            take(&message, bytes);
            bool known = kind < sizeof lengths / sizeof lengths[0] && lengths[kind];
            assert_int_equal(memcmp(&state, &before, sizeof state) != 0,
                             known && bytes == lengths[kind]);
            pass(GUI_NO_FINGER, 0, 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_buttons_ask, set_up),
        cmocka_unit_test_setup(test_settings_ask_and_lead_back, set_up),
        cmocka_unit_test_setup(test_every_place_belongs_to_one_button_or_none, set_up),
        cmocka_unit_test_setup(test_sliding_off_and_on, set_up),
        cmocka_unit_test_setup(test_a_second_finger_changes_nothing, set_up),
        cmocka_unit_test_setup(test_what_is_touched_shows_it, set_up),
        cmocka_unit_test_setup(test_a_dialog_wants_its_answer, set_up),
        cmocka_unit_test_setup(test_the_gallery_turns_pages_and_opens, set_up),
        cmocka_unit_test_setup(test_a_stroke_turns_the_page, set_up),
        cmocka_unit_test_setup(test_what_is_a_stroke, set_up),
        cmocka_unit_test_setup(test_a_film_is_played, set_up),
        cmocka_unit_test_setup(test_a_page_that_comes_late, set_up),
        cmocka_unit_test_setup(test_a_touch_of_the_picture_takes_the_column_away, set_up),
        cmocka_unit_test_setup(test_settings_are_kept_and_recalled, set_up),
        cmocka_unit_test_setup(test_removal_is_asked_for_twice, set_up),
        cmocka_unit_test_setup(test_a_stick_that_is_taken_out, set_up),
        cmocka_unit_test_setup(test_the_log_keeps_the_latest, set_up),
        cmocka_unit_test_setup(test_messages_of_other_lengths_change_nothing, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
