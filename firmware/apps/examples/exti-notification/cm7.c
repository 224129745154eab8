/* The M7 serves, and waits for each ball to come back. */
#include "exti-notification/exti-notification.h"

static const struct duet_stm32h7 chip = {
    .own = EXTI_RINGS_CM7,
    .peer = EXTI_RINGS_CM4,
    .microseconds = example_microseconds,
    .sleep = 1,
};
static const struct duet_port port = DUET_STM32H7_PORT(exti, chip);
static const struct duet_notify_config config = {
    .memory = {.port = &port, .policy = DUET_NON_CACHEABLE},
    .shared = (struct duet_notify_shared *)SHARED_BASE,
};
static struct duet_notify notify;

void exti1_handler(void);

/* Clears the hardware's flag. The line has no handler of its own, so it stays for who waits. */
void exti1_handler(void)
{
    duet_notify_interrupt(&notify);
}

static void open_notification(void)
{
    duet_stm32h7_start_exti(&chip);
    must(duet_notify_open(&notify, &config), "open");
    irq_enable(IRQ_EXTI1, 5);
}

static void play(uint32_t round)
{
    say("ping %lu", (unsigned long)round);
    MAP->served = round;
    duet_notify_raise(&notify, LINE_BALL);
    while (MAP->returned != round)
        if (!duet_notify_wait(&notify, BIT(LINE_BALL), PATIENCE_US)) {
            say("no answer in %d ms", PATIENCE_US / 1000);
            return;
        }
}

int main(void)
{
    MAP->served = MAP->returned = 0; /* before the M4 starts: a reset leaves old balls behind */
    example_start();
    open_notification();
    for (uint32_t round = 1; round <= ROUNDS; round++)
        play(round);
    say("done");
    example_end();
}
