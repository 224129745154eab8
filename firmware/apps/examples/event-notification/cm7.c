/* The M7 sleeps. The alarm is for its interrupt handler; button and samples for its thread. */
#include "chip/cortex_m.h"
#include "event-notification/event-notification.h"

static volatile uint32_t alarms, alarm_degrees;

/* In the interrupt, whatever the thread does. No printing here: the console is for threads. */
static void on_alarm(void *argument, uint32_t line)
{
    (void)argument;
    (void)line;
    if (MAP->degrees == alarm_degrees)
        return; /* nothing new: the line is pending once from the start */
    alarm_degrees = MAP->degrees;
    alarms = alarms + 1;
}

static const struct duet_notify_entry entries[] = {
    [LINE_ALARM] = {.handler = on_alarm},
};

static void answer(uint32_t story)
{
    MAP->answered = story;
    duet_notify_raise(&link_notify, LINE_ANSWER);
}

static void wait_for_alarm(uint32_t count)
{
    while (alarms < count)
        wait_for_interrupt();
}

int main(void)
{
    *MAP = (struct map){0};
    link_start(entries, LINE_ALARM + 1, NULL);
    duet_notify_take(&link_notify, BIT(LINE_BUTTON) | BIT(LINE_SAMPLE));
    say("sleeps");
    answer(1);

    wait_for_alarm(1);
    say("alarm in the handler: %lu degrees", (unsigned long)alarm_degrees);
    answer(2);

    /* The first raise may be taken before the third comes: then there is an event for that one,
     * too. */
    while (MAP->presses < 3)
        duet_notify_wait(&link_notify, BIT(LINE_BUTTON), PATIENCE_US);
    say("%lu presses behind one line", (unsigned long)MAP->presses);
    answer(3);

    uint32_t lines = duet_notify_wait(&link_notify, BIT(LINE_SAMPLE), PATIENCE_US);
    wait_for_alarm(2);
    say("alarm in the handler: %lu degrees", (unsigned long)alarm_degrees);
    say("lines 0x%lx for the thread: %lu samples", (unsigned long)lines,
        (unsigned long)MAP->samples);
    answer(4);
    example_end();
}
