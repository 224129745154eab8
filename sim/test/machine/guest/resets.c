/* A system reset by software restarts both cores; RCC_RSR tells each why (RM0399 9.4). */
#include "guest.h"

int main(void)
{
#ifdef CM7
    uint32_t boots = ++RESULT(10);
    RESULT(10 + boots) = RCC_RSR;
    RCC_RSR = 1u << 16;
    RESULT(13 + boots) = RCC_RSR;
    if (boots == 1) {
        while (RESULT(20) != 1)
            ;
        PWR_CR3 = 4;
        SCB_AIRCR = 0x05fa0004;
        dsb();
        for (;;)
            RESULT(30)++;
    }
    RESULT(17) = PWR_CR3 & 7;
    CM7_DONE = DONE;
#else
    uint32_t boots = ++RESULT(20);
    RESULT(20 + boots) = RCC_RSR;
    if (boots == 2)
        CM4_DONE = DONE;
#endif
    wait_forever();
}
