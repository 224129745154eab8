/*
 * The console on the Cortex-M4 as the maker's driver has it: reception by interrupt, until the line idles,
 * by circular DMA until it idles, by the FIFO's threshold; sending by interrupt and by DMA. The
 * Cortex-M7 sleeps on exit of its handlers meanwhile.
 */
#include "vendor_boot.h"

volatile uint32_t ticks;

#ifdef CM7
enum { SLEEPONEXIT = 2 };

void systick_handler(void);
void systick_handler(void)
{
    if (++ticks == 50)
        SCB_SCR &= ~(uint32_t)SLEEPONEXIT;
}

int main(void)
{
    wait_until_cm4_stops();
    start_clocks();
    release_cm4();
    RESULT(3) = ticks;
    SCB_SCR |= SLEEPONEXIT;
    wfi();
    RESULT(4) = ticks; /* the thread goes on when a handler allows it */
    CM7_DONE = DONE;
    wait_forever();
}
#else
#define USART1(offset) MMIO(0x40011000u + (offset))
#define DMA1(offset)   MMIO(0x40020000u + (offset))
#define STREAM(n, at)  DMA1(0x10 + 0x18 * (n) + (at))
#define MUX(n)         MMIO(0x40020800u + 4 * (n))
enum { CR1 = 0x00, CR2 = 0x04, CR3 = 0x08, BRR = 0x0c, ISR = 0x1c, ICR = 0x20, RDR = 0x24 };
enum { TDR = 0x28, UE = 1, RE = 4, TE = 8, IDLEIE = 16, RXNEIE = 32, TCIE = 64, TXEIE = 128 };
enum { PEIE = 256, FIFOEN = 1 << 29, EIE = 1, DMAR = 64, DMAT = 128, RXFTIE = 1 << 28 };
enum { IDLE = 16, RXNE = 32, TC = 64, TXE = 128, RXFT = 1 << 26 };

static volatile uint8_t received[64];
static volatile uint32_t count, wanted, idles, errors, sent, to_send, dma_done;
static const uint8_t *volatile next;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

static void receive(uint32_t isr)
{
    while (USART1(ISR) & RXNE && count < wanted)
        received[count++] = (uint8_t)USART1(RDR);
    if (count >= wanted) {
        USART1(CR1) &= ~(uint32_t)(RXNEIE | PEIE);
        USART1(CR3) &= ~(uint32_t)(EIE | RXFTIE);
    }
    (void)isr;
}

static void send(void)
{
    if (sent < to_send) {
        USART1(TDR) = next[sent++];
        return;
    }
    USART1(CR1) &= ~(uint32_t)TXEIE;
    USART1(CR1) |= TCIE;
}

static void usart_handler(void)
{
    uint32_t isr = USART1(ISR), cr1 = USART1(CR1), cr3 = USART1(CR3);
    if (isr & 15)
        errors |= isr & 15, USART1(ICR) = isr & 15;
    if ((isr & RXNE && cr1 & RXNEIE) || (isr & RXFT && cr3 & RXFTIE))
        receive(isr);
    if (isr & IDLE && cr1 & IDLEIE) {
        USART1(ICR) = IDLE;
        idles++;
    }
    if (isr & TXE && cr1 & TXEIE)
        send();
    else if (isr & TC && cr1 & TCIE) {
        USART1(CR1) &= ~(uint32_t)TCIE;
        to_send = 0;
    }
}

void irq_handler(void);
void irq_handler(void)
{
    uint32_t ipsr;
    __asm volatile("mrs %0, ipsr" : "=r"(ipsr));
    if (ipsr == 16 + 37) {
        usart_handler();
    } else { /* DMA1 stream 1: half and whole, as the driver clears them */
        uint32_t flags = DMA1(0) >> 6 & 0x3d;
        DMA1(8) = flags << 6;
        if (flags & 0x20) {
            dma_done = 1;
            USART1(CR3) &= ~(uint32_t)DMAT;
            USART1(CR1) |= TCIE;
        }
    }
    dsb();
}

static void start_console(void)
{
    RCC_APB2ENR |= 1u << 4;
    RCC(0xd8) |= 1;
    alternate(PORT_A, 3u << 9, 7);
    USART1(CR1) &= ~(uint32_t)UE;
    USART1(CR1) = RE | TE;
    USART1(CR2) = 0;
    USART1(CR3) = 0;
    USART1(0x2c) = 0;
    USART1(BRR) = 100000000 / 115200;
    USART1(CR1) |= UE;
    WAIT(USART1(ISR), 3u << 21, 3u << 21);
    enable_interrupt(37);
    enable_interrupt(12);
}

static void send_by_interrupt(const char *text, uint32_t length)
{
    next = (const uint8_t *)text;
    sent = 0;
    to_send = length;
    USART1(CR1) |= TXEIE;
    while (to_send)
        ;
}

static void send_by_dma(const char *text, uint32_t length)
{
    dma_done = 0;
    to_send = length;
    MUX(1) = 42;
    DMA1(8) = 0x3d << 6;
    STREAM(1, 0) = 1u << 10 | 1u << 6;
    STREAM(1, 4) = length;
    STREAM(1, 8) = 0x40011028;
    STREAM(1, 12) = (uint32_t)text;
    STREAM(1, 0) |= 1u << 4 | 1u << 2 | 1u << 1;
    STREAM(1, 0) |= 1;
    USART1(ICR) = TC;
    USART1(CR3) |= DMAT;
    while (to_send)
        ;
    CHECK(dma_done);
}

static void receive_by_interrupt(uint32_t bytes)
{
    count = 0;
    wanted = bytes;
    USART1(CR3) |= EIE;
    USART1(CR1) |= PEIE | RXNEIE;
}

/* Until the line idles, which the driver's interrupt sees. */
static void receive_to_idle(void)
{
    USART1(ICR) = IDLE;
    idles = 0;
    receive_by_interrupt(sizeof received);
    USART1(CR1) |= IDLEIE;
    RESULT(10) = 2;
    while (!idles)
        ;
    USART1(CR1) &= ~(uint32_t)(IDLEIE | RXNEIE | PEIE);
}

static void receive_to_idle_by_dma(void)
{
    MUX(0) = 41;
    STREAM(0, 0) = 1u << 10 | 1u << 8;
    STREAM(0, 4) = 16;
    STREAM(0, 8) = 0x40011024;
    STREAM(0, 12) = (uint32_t)received;
    STREAM(0, 0) |= 1;
    USART1(CR3) |= DMAR;
    USART1(ICR) = IDLE;
    idles = 0;
    USART1(CR1) |= IDLEIE;
    RESULT(10) = 3;
    while (!idles)
        ;
    RESULT(11) = 16 - STREAM(0, 4);
    USART1(CR1) &= ~(uint32_t)IDLEIE;
    USART1(CR3) &= ~(uint32_t)DMAR;
    STREAM(0, 0) &= ~1u;
    while (STREAM(0, 0) & 1)
        ;
}

static void receive_by_threshold(void)
{
    USART1(CR1) &= ~(uint32_t)UE;
    USART1(CR3) = (USART1(CR3) & ~(7u << 25)) | 2u << 25; /* half of the FIFO */
    USART1(CR1) |= FIFOEN;
    USART1(CR1) |= UE;
    count = 0;
    wanted = 8;
    USART1(CR3) |= EIE | RXFTIE;
    RESULT(10) = 4;
    while (count < wanted)
        ;
}

static int is(const char *text, uint32_t length)
{
    for (uint32_t n = 0; n < length; n++)
        if (received[n] != (uint8_t)text[n])
            return 0;
    return 1;
}

int main(void)
{
    stop_until_released();
    start_console();
    receive_by_interrupt(5);
    RESULT(10) = 1;
    while (count < 5)
        ;
    CHECK(is("first", 5));
    send_by_interrupt("by interrupt\r\n", 14);
    receive_to_idle();
    CHECK(count == 7 && is("second\r", 7));
    send_by_dma("by DMA\r\n", 8);
    receive_to_idle_by_dma();
    CHECK(is("third", 5));
    receive_by_threshold();
    CHECK(is("eight by", 8));
    CHECK(!errors);
    CM4_DONE = DONE;
    wait_forever();
}
#endif
