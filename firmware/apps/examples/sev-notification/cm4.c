/* The M4 sleeps until a ball comes, and returns it. */
#include "sev-notification/sev-notification.h"

static const struct duet_stm32h7 chip = {
    .microseconds = example_microseconds,
    .sleep = 1,
};
static const struct duet_port port = DUET_STM32H7_PORT(sev, chip);
static const struct duet_notify_config config = {
    .memory = {.port = &port, .policy = DUET_NON_CACHEABLE},
    .shared = (struct duet_notify_shared *)SHARED_BASE,
};
static struct duet_notify notify;

static void open_notification(void)
{
    duet_stm32h7_start_sev(&chip);
    must(duet_notify_open(&notify, &config), "open");
    reg_set(SCB_SCR, SCB_SCR_SEVONPEND); /* the tick ends a WFE too, for the time bound */
}

int main(void)
{
    example_start();
    open_notification();
    for (uint32_t ball = 0; ball < ROUNDS;) {
        duet_notify_wait(&notify, BIT(LINE_BALL), PATIENCE_US); /* taken first, then looked at */
        if (MAP->served == ball)
            continue;
        ball = MAP->served;
        say("pong %lu", (unsigned long)ball);
        MAP->returned = ball;
        duet_notify_raise(&notify, LINE_BALL);
    }
    example_end();
}
