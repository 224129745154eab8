/*
 * Two I2Cs of the chip on the same wires, as the maker's driver uses them: the Cortex-M7 is the master at I2C1, by
 * polling, the Cortex-M4 the slave at I2C2, by interrupt. 300 bytes go over and come back, by RELOAD.
 */
#include "vendor_boot.h"

#define I2C1(offset) MMIO(0x40005400u + (offset))
#define I2C2(offset) MMIO(0x40005800u + (offset))
enum {
    CR1 = 0,
    CR2 = 4,
    OAR1 = 8,
    OAR2 = 12,
    TIMINGR = 16,
    ISR = 24,
    ICR = 28,
    RXDR = 36,
    TXDR = 40
};
enum { TXE = 1, TXIS = 2, RXNE = 4, ADDR = 8, NACKF = 16, STOPF = 32, TCR = 128, BUSY = 1 << 15 };
enum { PE = 1, TXIE = 2, RXIE = 4, LISTEN = 0xb8, READ = 1 << 10, START = 1 << 13, NACK = 1 << 15 };
enum { RELOAD = 1 << 24, AUTOEND = 1 << 25, ADDRESS = 0x64, BYTES = 300 };

volatile uint32_t ticks;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

/* The driver's initialisation; 100 MHz make 1 MHz. */
#define INIT(i2c, own)                                                                             \
    do {                                                                                           \
        i2c(CR1) &= ~(uint32_t)PE;                                                                 \
        i2c(TIMINGR) = 1u << 28 | 0x18u << 8 | 0x18u;                                              \
        i2c(OAR1) &= ~(1u << 15);                                                                  \
        i2c(OAR1) = 1u << 15 | (own);                                                              \
        i2c(CR2) |= AUTOEND | NACK;                                                                \
        i2c(OAR2) &= ~(1u << 15);                                                                  \
        i2c(CR1) = 0;                                                                              \
        i2c(CR1) |= PE;                                                                            \
    } while (0)

#ifdef CM7
static void configure(uint32_t count, uint32_t mode, uint32_t request)
{
    uint32_t own = 0x3ff | 255u << 16 | RELOAD | AUTOEND | READ | START | 1u << 14;
    I2C1(CR2) = (I2C1(CR2) & ~own) | ADDRESS | count << 16 | mode | request;
}

static int is_ready(void)
{
    I2C1(CR2) = AUTOEND | START | ADDRESS;
    while (!(I2C1(ISR) & STOPF))
        ;
    int ack = !(I2C1(ISR) & NACKF);
    I2C1(ICR) = STOPF | NACKF;
    return ack;
}

static void transfer(uint8_t *bytes, uint32_t request, uint32_t flag)
{
    uint32_t left = BYTES, block = 255;
    WAIT(I2C1(ISR), BUSY, 0);
    configure(block, RELOAD, request | START);
    while (left) {
        WAIT(I2C1(ISR), flag, flag);
        if (flag == RXNE)
            *bytes++ = (uint8_t)I2C1(RXDR);
        else
            I2C1(TXDR) = *bytes++;
        left--;
        if (--block || !left)
            continue;
        WAIT(I2C1(ISR), TCR, TCR);
        block = left;
        configure(block, AUTOEND, request);
    }
    WAIT(I2C1(ISR), STOPF, STOPF);
    CHECK(!(I2C1(ISR) & NACKF));
    I2C1(ICR) = STOPF;
}

int main(void)
{
    static uint8_t out[BYTES], in[BYTES];
    wait_until_cm4_stops();
    start_clocks();
    release_cm4();
    RCC_APB1LENR |= 1u << 21;
    INIT(I2C1, 0x30);
    while (!is_ready())
        ;
    for (uint32_t n = 0; n < BYTES; n++)
        out[n] = (uint8_t)(n * 7 + 1);
    transfer(out, 0, TXIS);
    transfer(in, READ, RXNE);
    for (uint32_t n = 0; n < BYTES; n++)
        CHECK((in[n] ^ out[n]) == 0xff);
    CM7_DONE = DONE;
    wait_forever();
}
#else
static volatile uint8_t memory[BYTES];
static volatile uint32_t count, stops;

static void flush(void)
{
    if (I2C2(ISR) & TXIS)
        I2C2(TXDR) = 0;
    if (!(I2C2(ISR) & TXE))
        I2C2(ISR) |= TXE;
}

static void addressed(uint32_t isr)
{
    count = 0;
    I2C2(CR1) |= isr & 1u << 16 ? TXIE : RXIE;
    I2C2(ICR) = ADDR;
}

/* The end of a transfer: "disable address acknowledge", as the driver calls it. */
static void stopped(void)
{
    I2C2(ICR) = STOPF;
    I2C2(CR1) &= ~(uint32_t)(TXIE | RXIE);
    I2C2(CR2) |= NACK;
    flush();
    stops++;
}

void irq_handler(void);
void irq_handler(void)
{
    uint32_t isr = I2C2(ISR);
    if (isr & NACKF) {
        I2C2(ICR) = NACKF;
        flush();
    } else if (isr & RXNE) {
        memory[count++ % BYTES] = (uint8_t)~I2C2(RXDR);
    } else if (isr & ADDR) {
        addressed(isr);
    } else if (isr & STOPF) {
        stopped();
    } else if (isr & TXIS) {
        I2C2(TXDR) = memory[count++ % BYTES];
    }
    dsb();
}

int main(void)
{
    stop_until_released();
    RCC_APB1LENR |= 1u << 22;
    INIT(I2C2, ADDRESS);
    enable_interrupt(33);
    I2C2(CR1) |= LISTEN;
    while (stops < 3)
        ;
    CM4_DONE = DONE;
    wait_forever();
}
#endif
