/* Point 12: each core's RCC bank, and the flash's second bank of registers. */
#include "guest.h"

int main(void)
{
#ifdef CM7
    RCC_AHB4ENR = 1u << 0;
    RESULT(10) = RCC_C1_AHB4ENR;
    RESULT(11) = RCC_C2_AHB4ENR & 1u << 0;
    RESULT(2) = 1;
    while (RESULT(3) != 1)
        ;
    RESULT(12) = RCC_AHB4ENR;
    RESULT(13) = RCC_C2_AHB4ENR;
    RESULT(14) = GPIO(2, 0); /* clocked by the M4 alone: works */
    RESULT(15) = FLASH_CR1 & 1;
    RESULT(16) = FLASH_CR2 & 1;
    FLASH_KEYR2 = 0x45670123;
    FLASH_KEYR2 = 0xcdef89ab;
    RESULT(17) = FLASH_CR1 & 1;
    RESULT(18) = FLASH_CR2 & 1;
    FLASH_CR2 |= 2 | 3u << 4;
    volatile uint32_t *word = (volatile uint32_t *)0x081e0000;
    for (unsigned n = 0; n < 8; n++)
        word[n] = 0x1000 + n;
    RESULT(19) = FLASH_SR2 & 5;
    while (FLASH_SR2 & 5)
        ;
    RESULT(20) = word[0];
    RESULT(21) = word[7];
    CM7_DONE = DONE;
#else
    while (RESULT(2) != 1)
        ;
    RCC_AHB4ENR = 1u << 2;
    (void)RCC_AHB4ENR;
    RESULT(3) = 1;
    CM4_DONE = DONE;
#endif
    wait_forever();
}
