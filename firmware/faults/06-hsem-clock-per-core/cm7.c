/* The M7 answers rings, awake and from Stop mode. */
#include "ring.h"

static const struct duet_stm32h7 chip = {.own = HSEM_RINGS_CM7, .peer = HSEM_RINGS_CM4};
static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);

void hsem_handler(void);

void hsem_handler(void)
{
    port.acknowledge(&port);
    MAP->answers = MAP->answers + 1;
}

/* CStop until EXTI's line 77, the HSEM's interrupt, asks for this core. */
static void stop_until_rung(void)
{
    reg_clear(PWR_CPUCR, PWR_CPUCR_PDDS_D1 | PWR_CPUCR_PDDS_D2 | PWR_CPUCR_PDDS_D3);
    reg_clear(SYST_CSR, SYST_CSR_ENABLE);
    reg_set(SCB_SCR, SCB_SCR_SLEEPDEEP);
    wait_for_interrupt();
    reg_clear(SCB_SCR, SCB_SCR_SLEEPDEEP);
    reg_set(SYST_CSR, SYST_CSR_ENABLE);
}

int main(void)
{
    MAP->answers = MAP->stop = 0; /* the M4 still sleeps */
    example_start();
    duet_stm32h7_start_hsem(&chip);
    irq_enable(IRQ_HSEM_CM7, 5);
    while (!MAP->stop)
        wait_for_interrupt();
    stop_until_rung();
    example_end();
}
