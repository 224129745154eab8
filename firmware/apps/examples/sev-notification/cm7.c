/* The M7 serves, and waits for each ball to come back. */
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
static uint32_t slowest;

static void open_notification(void)
{
    duet_stm32h7_start_sev(&chip);
    must(duet_notify_open(&notify, &config), "open");
    reg_set(SCB_SCR, SCB_SCR_SEVONPEND); /* the tick ends a WFE too, for the time bound */
}

static void play(uint32_t round)
{
    say("ping %lu", (unsigned long)round);
    uint32_t start = example_microseconds();
    MAP->served = round;
    duet_notify_raise(&notify, LINE_BALL);
    while (MAP->returned != round)
        if (!duet_notify_wait(&notify, BIT(LINE_BALL), PATIENCE_US)) {
            say("no answer in %d ms", PATIENCE_US / 1000);
            return;
        }
    uint32_t passed = example_microseconds() - start;
    slowest = passed > slowest ? passed : slowest;
}

int main(void)
{
    MAP->served = MAP->returned = 0; /* before the M4 starts: a reset leaves old balls behind */
    example_start();
    open_notification();
    for (uint32_t round = 1; round <= ROUNDS; round++)
        play(round);
    say(slowest < TICK_US / 4 ? "done, and no ball has waited for a tick"
                              : "done, the slowest %lu us",
        (unsigned long)slowest);
    example_end();
}
