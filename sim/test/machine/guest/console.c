/* A line from each core on USART1, by polling; the M4 has its clock from the M7's enable. */
#include "guest.h"

#define USART(offset) MMIO(0x40011000u + (offset))

static void print(const char *text)
{
    while (HSEM_RLR(0) != (0x80000000u | (SCB_CPUID == 0x411fc271 ? 0x300 : 0x100)))
        ;
    for (; *text; text++) {
        while (!(USART(0x1c) & 1u << 7))
            ;
        USART(0x28) = (uint8_t)*text;
    }
    HSEM_R(0) = SCB_CPUID == 0x411fc271 ? 0x300 : 0x100;
}

int main(void)
{
#ifdef CM7
    RCC_AHB4ENR |= 1u << 25 | 1u << 0;
    RCC_APB2ENR |= 1u << 4;
    (void)RCC_APB2ENR;
    USART(0x0c) = 64000000 / 115200;
    USART(0x00) = 0xd;
    while ((USART(0x1c) & 3u << 21) != 3u << 21)
        ;
    RESULT(2) = 1;
    print("hello from the M7\n");
    while (!(USART(0x1c) & 1u << 5))
        ;
    RESULT(10) = USART(0x24);
    CM7_DONE = DONE;
#else
    while (RESULT(2) != 1)
        ;
    RCC_AHB4ENR |= 1u << 25;
    print("hello from the M4\n");
    CM4_DONE = DONE;
#endif
    wait_forever();
}
