#include "shared/idle.h"

#include "chip/cortex_m.h"

void idle_start(struct idle *idle, enum timer timer)
{
    *idle = (struct idle){.timer = timer, .measured_at = timer_microseconds(timer)};
}

/* With PRIMASK set WFI still wakes for a pending interrupt, and the handler runs only after the end
 * of the sleep was measured (ARM DDI 0403E, B1.5.18). */
void idle_sleep(struct idle *idle)
{
    uint32_t primask = interrupts_mask();
    uint32_t before = timer_microseconds(idle->timer);
    data_sync_barrier();
    wait_for_interrupt();
    idle->asleep_us += timer_microseconds(idle->timer) - before;
    interrupts_restore(primask);
}

uint32_t idle_load_permille(struct idle *idle)
{
    uint32_t now = timer_microseconds(idle->timer);
    uint32_t passed = now - idle->measured_at;
    uint32_t asleep = idle->asleep_us < passed ? idle->asleep_us : passed;
    idle->asleep_us = 0;
    idle->measured_at = now;
    return passed ? (uint32_t)((uint64_t)(passed - asleep) * 1000 / passed) : 0;
}
