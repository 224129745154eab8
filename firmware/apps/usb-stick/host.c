/* What usb_host.h wants of a program, for those without a kernel. */
#include "shared/example.h"
#include "usb/usb_host.h"

#include "chip/cortex_m.h"
#include "chip/interrupts.h"

void otg_hs_handler(void);

static volatile bool rang;

void otg_hs_handler(void)
{
    usb_host_interrupt();
    rang = true;
}

uint32_t usb_host_milliseconds(void)
{
    return example_microseconds() / 1000;
}

/* An interrupt behind the question would be slept through; one that is masked still ends the sleep. */
void usb_host_idle(void)
{
    uint32_t primask = interrupts_mask();
    if (!rang)
        wait_for_interrupt();
    rang = false;
    interrupts_restore(primask);
}
