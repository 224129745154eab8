/* Sleep between SysTicks: 20 of 1 ms at 64 MHz; the M4 has one of 0.5 ms. */
#include "guest.h"

static volatile uint32_t ticks;

void systick_handler(void)
{
    ticks++;
}

static void sleep_for(uint32_t reload, uint32_t count)
{
    SYST_RVR = reload;
    SYST_CVR = 0;
    SYST_CSR = 7;
    while (ticks < count)
        wfi();
    SYST_CSR = 0;
}

int main(void)
{
#ifdef CM7
    sleep_for(64000 - 1, 20);
    CM7_DONE = DONE;
#else
    sleep_for(32000 - 1, 10);
    CM4_DONE = DONE;
#endif
    wait_forever();
}
