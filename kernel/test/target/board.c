/*
 * Console and end of a program on the STM32H747I-DISCO, as either core comes out of reset: HSI at
 * 64 MHz everywhere, USART1 on PA9 and PA10 to the debugger's serial port. Chapters are RM0399's.
 */
#include "startup.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define RCC_AHB4ENR       REGISTER(0x580244E0u)
#define RCC_APB2ENR       REGISTER(0x580244F0u)
#define GPIOA_MODER       REGISTER(0x58020000u)
#define GPIOA_AFRH        REGISTER(0x58020024u)
#define USART1_CR1        REGISTER(0x40011000u)
#define USART1_BRR        REGISTER(0x4001100Cu)
#define USART1_ISR        REGISTER(0x4001101Cu)
#define USART1_TDR        REGISTER(0x40011028u)
#define SYST_CSR          REGISTER(0xE000E010u)
#define NVIC_ICER(n)      REGISTER(0xE000E180u + 4u * (n))
#define USART_CR1_RUN     9u /* transmitter, enable */
#define USART_ISR_TC      (1u << 6)
#define USART_ISR_TXE     (1u << 7)
#define BAUD_RATE         115200u

/* A clock is there two bus cycles after it was asked for (9.5.11): the value is read back. */
static void start(void)
{
    RCC_AHB4ENR |= 1u; /* GPIOA */
    (void)RCC_AHB4ENR;
    RCC_APB2ENR |= 1u << 4; /* USART1 */
    (void)RCC_APB2ENR;
    GPIOA_AFRH = (GPIOA_AFRH & ~(0xFFu << 4)) | 0x77u << 4;
    GPIOA_MODER = (GPIOA_MODER & ~(0xFu << 18)) | 0xAu << 18;
    USART1_BRR = (CORE_CLOCK + BAUD_RATE / 2) / BAUD_RATE;
    USART1_CR1 = USART_CR1_RUN;
}

void console_print(const char *text)
{
    if (!(RCC_APB2ENR & 1u << 4) || !(USART1_CR1 & 1u))
        start();
    for (; *text != 0; text++) {
        while (!(USART1_ISR & USART_ISR_TXE))
            ;
        USART1_TDR = (uint8_t)*text;
    }
}

/* The core sleeps for good: with nothing left to wake it, time runs on to the end of the run. */
void program_end(unsigned failed)
{
    console_print(failed ? "failed\n" : "passed\n");
    while (!(USART1_ISR & USART_ISR_TC))
        ;
    __asm__ volatile("cpsid i" ::: "memory");
    SYST_CSR = 0;
    for (unsigned n = 0; n < 5; n++)
        NVIC_ICER(n) = 0xFFFFFFFFu;
    for (;;)
        __asm__ volatile("wfi");
}
