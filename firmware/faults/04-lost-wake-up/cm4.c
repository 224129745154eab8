/* The M4 prepares itself, and then waits for orders. */
#include "orders.h"

static const struct duet_stm32h7 chip = {.own = HSEM_RINGS_CM4, .peer = HSEM_RINGS_CM7};
static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);
static volatile uint32_t rings;

void hsem_handler(void);

void hsem_handler(void)
{
    port.acknowledge(&port);
    rings = rings + 1;
}

static bool something_to_do(uint32_t rings_before)
{
#ifdef FAULT_CURED
    (void)rings_before;
    return MAP->orders != 0;
#else
    return rings != rings_before;
#endif
}

/* The tick would end the sleep, so that the program can tell; in the field there may be none. */
static bool wait_for_order(void)
{
    uint32_t start = example_microseconds(), rings_before = rings;
    for (;;) {
        uint32_t primask = interrupts_mask();
        bool come = something_to_do(rings_before);
        if (!come)
            wait_for_interrupt();
        interrupts_restore(primask);
        if (come || example_microseconds() - start > PATIENCE_US)
            return come;
    }
}

int main(void)
{
    example_start();
    duet_stm32h7_start_hsem(&chip);
    irq_enable(IRQ_HSEM_CM4, 5);
    example_sleep(5 * MOMENT_MS); /* calibrates this, loads that */
    bool come = wait_for_order();
    if (come)
        say("the order has come");
    else
        say("asleep for %d ms; there were %lu ring and %lu order", PATIENCE_US / 1000,
            (unsigned long)rings, (unsigned long)MAP->orders);
    verdict(come);
    example_end();
}
