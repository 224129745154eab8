/*
 * Woken from the system's Stop by the console, as the maker's example does it: both cores in Stop, the
 * USART on HSI with its FIFO, four characters and then sixteen.
 */
#include "vendor_boot.h"

#define USART1(offset) MMIO(0x40011000u + (offset))
enum { CR1 = 0x00, CR3 = 0x08, BRR = 0x0c, ISR = 0x1c, ICR = 0x20, RDR = 0x24, TDR = 0x28 };
enum { UE = 1, UESM = 2, RE = 4, TE = 8, PS = 1 << 9, PCE = 1 << 10, FIFOEN = 1 << 29 };
enum { WUF = 1 << 20, WUFIE = 1 << 22, RXFTIE = 1 << 28, RXFF = 1 << 24, RXNE = 32, TC = 64 };

volatile uint32_t ticks;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

#ifdef CM7
static volatile uint32_t count, wakes, stop_flag;
static volatile uint8_t received[32];

void irq_handler(void);
void irq_handler(void)
{
    uint32_t isr = USART1(ISR);
    if (isr & WUF && USART1(CR3) & WUFIE) {
        USART1(ICR) = WUF;
        wakes++;
    }
    while (USART1(ISR) & RXNE)
        received[count++ & 31] = (uint8_t)(USART1(RDR) & 0x7f);
    dsb();
}

static void start_console(void)
{
    RCC(0x54) = (RCC(0x54) & ~(7u << 3)) | 3u << 3; /* by HSI */
    RCC_CR |= 1;
    while (!(RCC_CR & 4))
        ;
    RCC_APB2ENR |= 1u << 4;
    alternate(PORT_A, 3u << 9, 7);
    USART1(CR1) = RE | TE | PCE | PS;
    USART1(BRR) = 64000000 / 9600;
    USART1(CR3) = 1u << 25; /* a quarter of the FIFO */
    USART1(CR1) |= FIFOEN;
    USART1(CR1) |= UE;
    WAIT(USART1(ISR), 3u << 21, 3u << 21);
    enable_interrupt(37);
}

static void say(const char *text)
{
    for (; *text; text++) {
        WAIT(USART1(ISR), 128, 128);
        USART1(TDR) = (uint8_t)*text;
    }
    WAIT(USART1(ISR), TC, TC);
}

static void stop(void)
{
    PWR_CR1 = (PWR_CR1 & ~1u) | 0;
    PWR_CPUCR &= ~1u;
    PWR_CPU2CR &= ~1u;
    SYST_CSR = 5; /* its tick would be pending for ever */
    SCB_SCR |= SLEEPDEEP;
    dsb();
    isb();
    wfi();
    SCB_SCR &= ~SLEEPDEEP;
    SYST_CSR = 7;
}

static void sleep_until(uint32_t wanted, uint32_t step)
{
    count = wakes = 0;
    USART1(CR1) &= ~(uint32_t)UE; /* WUS needs that */
    USART1(CR3) |= 3u << 20;
    USART1(CR1) |= UE;
    WAIT(USART1(ISR), 3u << 21, 3u << 21);
    USART1(CR1) |= UESM;
    USART1(CR3) |= WUFIE | RXFTIE;
    RESULT(10) = step;
    PWR_CPUCR |= 1u << 9; /* CSSF */
    stop();
    stop_flag |= PWR_CPUCR & 1u << 5;
    CHECK((RCC_CFGR >> 3 & 7) == 0); /* HSI runs the system */
    while (count < wanted)
        ;
    CHECK(wakes >= 1);
    USART1(CR3) &= ~(uint32_t)(WUFIE | RXFTIE);
    USART1(CR1) &= ~(uint32_t)UESM;
}

int main(void)
{
    wait_until_cm4_stops();
    start_clocks();
    start_console();
    say("4\r\n");
    sleep_until(4, 1);
    say("16\r\n");
    sleep_until(16, 2);
    CHECK(received[15] == 'p');
    CHECK(stop_flag);
    say("done\r\n");
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    CM4_DONE = DONE;
    PWR_CPU2CR &= ~2u;
    EXTI_C2IMR1 &= ~(1u << 26);
    SCB_SCR |= SLEEPDEEP;
    dsb();
    isb();
    for (;;)
        wfi();
}
#endif
