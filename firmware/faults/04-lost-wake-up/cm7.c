/* The M7 gives an order as soon as it can. */
#include "orders.h"

static const struct duet_stm32h7 chip = {.own = HSEM_RINGS_CM7, .peer = HSEM_RINGS_CM4};
static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);

int main(void)
{
    MAP->orders = 0; /* the M4 still sleeps */
    example_start();
    duet_stm32h7_start_hsem(&chip);
    example_sleep(MOMENT_MS); /* the M4 listens, and is busy */
    say("an order");
    MAP->orders = 1;
    port.notify(&port);
    example_end();
}
