/* A fault in the HardFault handler locks the M7 up; the M4 goes on. */
#include "guest.h"

#ifdef CM7
void hardfault_handler(void)
{
    (void)MMIO(0x40030000u);
}

int main(void)
{
    (void)MMIO(0x40030000u);
    wait_forever();
}
#else
int main(void)
{
    spin(100000);
    CM4_DONE = DONE;
    wait_forever();
}
#endif
