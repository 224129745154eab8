/* The M4 sleeps until a ball comes, and returns it. */
#include "exti-notification/exti-notification.h"

static const struct duet_stm32h7 chip = {
    .own = EXTI_RINGS_CM4,
    .peer = EXTI_RINGS_CM7,
    .microseconds = example_microseconds,
    .sleep = 1,
};
static const struct duet_port port = DUET_STM32H7_PORT(exti, chip);
static const struct duet_notify_config config = {
    .memory = {.port = &port, .policy = DUET_NON_CACHEABLE},
    .shared = (struct duet_notify_shared *)SHARED_BASE,
};
static struct duet_notify notify;

void exti0_handler(void);

/* Clears the hardware's flag. The line has no handler of its own, so it stays for who waits. */
void exti0_handler(void)
{
    duet_notify_interrupt(&notify);
}

static void open_notification(void)
{
    duet_stm32h7_start_exti(&chip);
    must(duet_notify_open(&notify, &config), "open");
    irq_enable(IRQ_EXTI0, 5);
}

/* Stop mode of this core until the line rings. The USART stops with it: it finishes first.
 * The interrupt is masked from the look at the state to the WFI, which a pending one ends, so a
 * ring in between is not slept through. */
static void stop_until_ball(void)
{
    console_flush();
    uint32_t primask = interrupts_mask();
    if (!duet_notify_pending(&notify, BIT(LINE_BALL))) {
        reg_clear(SYST_CSR, SYST_CSR_ENABLE);
        reg_set(SCB_SCR, SCB_SCR_SLEEPDEEP);
        wait_for_interrupt();
        reg_clear(SCB_SCR, SCB_SCR_SLEEPDEEP);
        reg_set(SYST_CSR, SYST_CSR_ENABLE);
    }
    interrupts_restore(primask);
}

int main(void)
{
    example_start();
    open_notification();
    reg_clear(PWR_CPU2CR, PWR_CPU2CR_PDDS_D1 | PWR_CPU2CR_PDDS_D2 | PWR_CPU2CR_PDDS_D3);
    for (uint32_t ball = 0; ball < ROUNDS;) {
        stop_until_ball();
        duet_notify_take(&notify, BIT(LINE_BALL));
        if (MAP->served == ball)
            continue;
        ball = MAP->served;
        say("pong %lu", (unsigned long)ball);
        MAP->returned = ball;
        duet_notify_raise(&notify, LINE_BALL);
    }
    example_end();
}
