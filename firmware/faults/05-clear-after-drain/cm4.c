/* The M4 takes messages out of the queue in the interrupt. */
#include "queue.h"

static const struct duet_stm32h7 chip = {.own = HSEM_RINGS_CM4, .peer = HSEM_RINGS_CM7};
static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);
static volatile uint32_t runs;

void hsem_handler(void);

static void drain(void)
{
    while (MAP->served != MAP->posted)
        MAP->served = MAP->served + 1;
    runs = runs + 1;
}

void hsem_handler(void)
{
#ifdef FAULT_CURED
    port.acknowledge(&port);
    drain();
#else
    drain();
    port.acknowledge(&port);
#endif
}

int main(void)
{
    example_start();
    duet_stm32h7_start_hsem(&chip);
    irq_enable(IRQ_HSEM_CM4, 5);
    example_end();
}
