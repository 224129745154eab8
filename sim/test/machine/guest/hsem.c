/* Point 4: one-step and two-step locks by bus master, and who hears of a release. */
#include "guest.h"

#ifdef CM7
int main(void)
{
    RCC_AHB4ENR |= 1u << 25;
    RESULT(10) = HSEM_RLR(3);
    HSEM_R(3) = 0x100; /* not the owner: stays locked */
    RESULT(11) = HSEM_R(3);
    HSEM_R(3) = 0x305; /* another process: stays locked */
    RESULT(12) = HSEM_R(3);
    HSEM_R(3) = 0x300;
    RESULT(13) = HSEM_R(3);
    HSEM_R(4) = 0x80000342; /* two steps */
    RESULT(14) = HSEM_R(4);
    HSEM_R(5) = 0x80000142; /* in the other's name: nothing */
    RESULT(15) = HSEM_R(5);
    HSEM_C1IER = 1u << 4;
    HSEM_R(4) = 0x342;
    RESULT(16) = HSEM_C1ISR;
    RESULT(17) = HSEM_C1MISR;
    RESULT(18) = HSEM_C2ISR;
    RESULT(19) = HSEM_C2MISR;
    HSEM_C1ICR = 0xffffffff;
    RESULT(20) = HSEM_C1ISR;
    RESULT(21) = HSEM_C2ISR;
    (void)HSEM_RLR(7);
    RESULT(2) = 1;
    while (RESULT(3) != 1)
        ;
    HSEM(0x144) = 0xabcd0000;
    HSEM(0x140) = 0x12340300; /* a wrong key */
    RESULT(24) = HSEM_R(7);
    HSEM(0x140) = 0xabcd0300;
    RESULT(25) = HSEM_R(7);
    RESULT(26) = HSEM_R(8); /* the M4's stays */
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    while (RESULT(2) != 1)
        ;
    RESULT(22) = HSEM_RLR(7);
    HSEM_R(7) = 0x100;
    RESULT(23) = HSEM_RLR(8);
    RESULT(3) = 1;
    CM4_DONE = DONE;
    wait_forever();
}
#endif
