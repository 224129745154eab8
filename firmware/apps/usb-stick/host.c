/* What usb_host.h wants of a program, for those without a kernel. */
#include "shared/example.h"
#include "usb/usb_host.h"

#include "chip/cortex_m.h"

void otg_hs_handler(void);

void otg_hs_handler(void)
{
    usb_host_interrupt();
}

uint32_t usb_host_milliseconds(void)
{
    return example_microseconds() / 1000;
}

void usb_host_idle(void)
{
    wait_for_interrupt();
}
