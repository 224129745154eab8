/* A hand at the live page: each touch lasts long enough for a board to notice. */
#include "sim/host/hand.h"
#include "sim/test/host/host_fixture.h"

static struct hand hand;

static void put(enum action_kind kind, unsigned finger, const char *button)
{
    struct action action = {.kind = kind, .finger = finger};
    strcpy(action.button, button);
    assert_true(hand_does(&action));
    hand_put(&hand, &action);
}

/* The kinds that are done at a time, in milliseconds. */
static void does(unsigned time, const enum action_kind *kinds, size_t count)
{
    struct action action;
    for (size_t n = 0; n < count; n++) {
        assert_true(hand_next(&hand, time * SIM_MS, &action));
        assert_int_equal(action.kind, kinds[n]);
    }
    assert_false(hand_next(&hand, time * SIM_MS, &action));
}
#define DOES(time, ...)                                                                            \
    do {                                                                                           \
        const enum action_kind kinds[] = {__VA_ARGS__};                                            \
        does(time, kinds, sizeof kinds / sizeof *kinds);                                           \
    } while (0)

static void a_tap_lasts(void **state)
{
    (void)state;
    hand = (struct hand){0};
    put(ACTION_TOUCH, 0, "");
    put(ACTION_LIFT, 0, "");
    put(ACTION_TOUCH, 0, "");
    put(ACTION_LIFT, 0, "");
    DOES(1000, ACTION_TOUCH);
    does(1049, NULL, 0);
    DOES(1050, ACTION_LIFT);
    does(1099, NULL, 0);
    DOES(1100, ACTION_TOUCH);
    DOES(2000, ACTION_LIFT);
}

static void moves_and_other_parts_do_not_wait(void **state)
{
    (void)state;
    hand = (struct hand){0};
    put(ACTION_TOUCH, 0, "");
    put(ACTION_TOUCH, 0, "");
    put(ACTION_TOUCH, 1, "");
    put(ACTION_PRESS, 0, "UP");
    put(ACTION_PRESS, 0, "WAKEUP");
    DOES(1, ACTION_TOUCH, ACTION_TOUCH, ACTION_TOUCH, ACTION_PRESS, ACTION_PRESS);
    put(ACTION_RELEASE, 0, "WAKEUP");
    put(ACTION_LIFT, 1, "");
    does(50, NULL, 0);
    DOES(51, ACTION_RELEASE, ACTION_LIFT);
}

static void the_last_is_kept_when_there_are_too_many(void **state)
{
    (void)state;
    struct action action;
    hand = (struct hand){0};
    for (unsigned n = 0; n < 3 * HAND_QUEUE; n++)
        put(ACTION_TOUCH, 0, "");
    put(ACTION_LIFT, 0, "");
    unsigned count = 0;
    while (hand_next(&hand, count ? SIM_S : SIM_MS, &action))
        count++;
    assert_int_equal(count, HAND_QUEUE);
    assert_int_equal(action.kind, ACTION_LIFT);
}

static void the_rest_is_not_the_hands(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < ACTION_KINDS; kind++) {
        const struct action action = {.kind = (enum action_kind)kind};
        assert_int_equal(hand_does(&action), kind <= ACTION_LIFT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tap_lasts),
        cmocka_unit_test(moves_and_other_parts_do_not_wait),
        cmocka_unit_test(the_last_is_kept_when_there_are_too_many),
        cmocka_unit_test(the_rest_is_not_the_hands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
