/* BCM4 = 0: the M7 copies a program to D2 SRAM, sets its boot address and starts the M4 (2.6). */
#include "guest.h"

#ifdef CM7
static const uint16_t program[] = {
    0x4801, 0x4902, 0x6001, 0xe7fe, /* ldr r0, [pc, #4]; ldr r1, [pc, #8]; str r1, [r0]; b . */
    0x0004, 0x3800,                 /* &CM4_DONE */
    0xc0de, 0x600d,                 /* DONE */
};

int main(void)
{
    RESULT(10) = RCC_CR >> 15 & 1;
    volatile uint32_t *ram = (volatile uint32_t *)0x10000000;
    ram[0] = 0x10010000;
    ram[1] = 0x10000041;
    for (unsigned n = 0; n < sizeof program / 4; n++)
        ram[16 + n] = ((const uint32_t *)program)[n];
    RCC_APB4ENR |= 2;
    SYSCFG_UR3 = (SYSCFG_UR3 & 0xffff) | 0x10000000;
    RCC_GCR |= 1u << 3;
    while (!(RCC_CR & 1u << 15))
        ;
    while (CM4_DONE != DONE)
        ;
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    RESULT(11) = 1; /* the program in flash is not the one that runs */
    wait_forever();
}
#endif
