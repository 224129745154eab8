/* The M4 plays the board: an alarm, a button that bounces, and a run of samples. */
#include "event-notification/event-notification.h"

/* The other core answers each story with its number, so that the next one finds it asleep again. */
static void wait_for_answer(uint32_t story)
{
    while (MAP->answered != story)
        if (!duet_notify_wait(&link_notify, BIT(LINE_ANSWER), PATIENCE_US)) {
            say("no answer");
            return;
        }
}

int main(void)
{
    link_start(NULL, 0, NULL);
    wait_for_answer(1); /* the M7 has taken what was pending from the start */

    say("85 degrees: one event");
    MAP->degrees = 85;
    duet_notify_raise(&link_notify, LINE_ALARM);
    wait_for_answer(2);

    /* A line that is pending already is not rung again: state does not pile up, and is not lost. */
    say("the button bounces three times: three raises");
    for (int press = 0; press < 3; press++) {
        MAP->presses = MAP->presses + 1;
        duet_notify_raise(&link_notify, LINE_BUTTON);
    }
    wait_for_answer(3);

    say("samples, then an alarm, at once");
    MAP->samples = 16;
    MAP->degrees = 91;
    duet_notify_raise(&link_notify, LINE_SAMPLE);
    duet_notify_raise(&link_notify, LINE_ALARM);
    wait_for_answer(4);
    say("done");
    example_end();
}
