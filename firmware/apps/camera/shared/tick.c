#include "shared/tick.h"

#include "chip/cortex_m.h"

enum { TICK_HZ = 1000 };

static volatile uint32_t ticks;

void systick_handler(void);

void systick_handler(void)
{
    ticks = ticks + 1;
}

void tick_start(uint32_t clock_hz)
{
    reg_write(SYST_RVR, clock_hz / TICK_HZ - 1);
    reg_write(SYST_CVR, 0);
    reg_write(SYST_CSR, SYST_CSR_ENABLE | SYST_CSR_TICKINT | SYST_CSR_CLKSOURCE);
}

uint32_t tick_count(void)
{
    return ticks;
}

void tick_wait(uint32_t milliseconds)
{
    for (uint32_t start = ticks; ticks - start <= milliseconds;)
        wait_for_interrupt();
}

bool period_passed(struct period *period)
{
    uint32_t passed = ticks - period->last;
    if (passed < period->length)
        return false;
    period->last += passed - passed % period->length;
    return true;
}
