/* What a touch does to the user interface, and what of the other core's messages is believed. */
#include "cm7/ui_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint8_t touch(struct ui_state *state, enum touch_event event, unsigned finger, unsigned x,
                     unsigned y)
{
    union panel_message message = {.touch = {.kind = PANEL_TOUCH,
                                             .event = (uint8_t)event,
                                             .finger = (uint8_t)finger,
                                             .x = (uint16_t)x,
                                             .y = (uint16_t)y}};
    return ui_take(state, &message, sizeof message.touch);
}

static void records(struct ui_state *state, bool is_recording)
{
    union panel_message message = {.stick = {.kind = PANEL_STICK, .is_recording = is_recording}};
    assert_int_equal(ui_take(state, &message, sizeof message.stick), 0);
}

static unsigned middle(enum ui_button button)
{
    return ui_button_y(button) + UI_BUTTON_HEIGHT / 2;
}

static uint8_t press(struct ui_state *state, enum ui_button button)
{
    unsigned x = UI_BUTTON_X + UI_BUTTON_WIDTH / 2, y = middle(button);
    assert_int_equal(touch(state, TOUCH_DOWN, 0, x, y), 0);
    assert_true(state->held == button && state->is_over);
    uint8_t ask = touch(state, TOUCH_UP, 0, x, y);
    assert_int_equal(state->held, UI_NO_BUTTON);
    return ask;
}

static void test_buttons_ask(void **unused)
{
    (void)unused;
    struct ui_state state = {.held = UI_NO_BUTTON};
    assert_int_equal(press(&state, UI_RECORD), ASK_RECORD);
    records(&state, true);
    assert_int_equal(press(&state, UI_RECORD), ASK_STOP);
    assert_int_equal(press(&state, UI_PHOTO), ASK_SNAPSHOT);
    assert_int_equal(press(&state, UI_EJECT), ASK_EJECT);
}

static void test_every_pixel_belongs_to_one_button_or_none(void **unused)
{
    (void)unused;
    unsigned count[UI_BUTTONS + 1] = {0};
    for (unsigned y = 0; y < 480; y++)
        for (unsigned x = 0; x < 800; x++) {
            struct ui_state state = {.held = UI_NO_BUTTON};
            touch(&state, TOUCH_DOWN, 0, x, y);
            count[state.held]++;
        }
    for (enum ui_button n = 0; n < UI_BUTTONS; n++)
        assert_int_equal(count[n], UI_BUTTON_WIDTH * UI_BUTTON_HEIGHT);
}

static void test_sliding_off_and_on(void **unused)
{
    (void)unused;
    struct ui_state state = {.held = UI_NO_BUTTON};
    touch(&state, TOUCH_DOWN, 0, UI_BUTTON_X, middle(UI_PHOTO));
    touch(&state, TOUCH_MOVED, 0, UI_BUTTON_X - 1, middle(UI_PHOTO));
    assert_true(state.held == UI_PHOTO && !state.is_over);
    touch(&state, TOUCH_MOVED, 0, UI_BUTTON_X, middle(UI_PHOTO));
    assert_true(state.is_over);
    touch(&state, TOUCH_MOVED, 0, UI_BUTTON_X, middle(UI_EJECT)); /* another button is off, too */
    assert_int_equal(touch(&state, TOUCH_UP, 0, UI_BUTTON_X, middle(UI_EJECT)), 0);
    assert_int_equal(state.held, UI_NO_BUTTON);
    touch(&state, TOUCH_DOWN, 0, 100, 100); /* down beside a button, lifted on it: nothing */
    assert_int_equal(touch(&state, TOUCH_UP, 0, UI_BUTTON_X, middle(UI_EJECT)), 0);
}

static void test_a_second_finger_changes_nothing(void **unused)
{
    (void)unused;
    struct ui_state state = {.held = UI_NO_BUTTON};
    touch(&state, TOUCH_DOWN, 1, UI_BUTTON_X, middle(UI_PHOTO));
    assert_int_equal(touch(&state, TOUCH_DOWN, 0, UI_BUTTON_X, middle(UI_EJECT)), 0);
    assert_int_equal(touch(&state, TOUCH_UP, 0, UI_BUTTON_X, middle(UI_EJECT)), 0);
    assert_int_equal(state.held, UI_PHOTO);
    assert_int_equal(touch(&state, TOUCH_UP, 1, UI_BUTTON_X, middle(UI_PHOTO)), ASK_SNAPSHOT);
}

/* Every kind in every length: only what is as long as its kind is taken. */
static void test_messages_of_other_lengths_change_nothing(void **unused)
{
    (void)unused;
    union panel_message message;
    for (unsigned kind = 0; kind < 256; kind++)
        for (uint32_t bytes = 0; bytes <= sizeof message; bytes++) {
            struct ui_state state = {.held = UI_NO_BUTTON}, before = state;
            memset(&message, 0xff, sizeof message);
            message.kind = (uint8_t)kind;
            assert_int_equal(ui_take(&state, &message, bytes), 0);
            bool taken = (kind == PANEL_STICK && bytes == sizeof message.stick) ||
                         (kind == PANEL_NOTE && bytes == sizeof message.note);
            assert_int_equal(memcmp(&state, &before, sizeof state) != 0, taken);
            assert_int_equal(state.note[sizeof state.note - 1], 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buttons_ask),
        cmocka_unit_test(test_every_pixel_belongs_to_one_button_or_none),
        cmocka_unit_test(test_sliding_off_and_on),
        cmocka_unit_test(test_a_second_finger_changes_nothing),
        cmocka_unit_test(test_messages_of_other_lengths_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
