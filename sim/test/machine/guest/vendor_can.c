/*
 * FDCAN1 in external loop-back as the maker's driver does it: the message RAM laid out and cleared, a
 * filter, messages by polling, then by interrupt, then long ones in a fast data phase.
 */
#include "vendor.h"

#ifdef CM7
#define CAN(offset) MMIO(0x4000a000u + (offset))
#define CAN_RAM     0x4000ac00u
enum { CCCR = 0x18, INIT = 1, CCE = 2, CSA = 8, CSR = 16, MODES = 0x1f4, TEST_MODE = 1 << 7 };
enum {
    FD = 3 << 8,
    ELEMENT = 72,
    FIFO0 = 0x20,
    EVENTS = 0x1000,
    SENDING = 0x1100,
    RAM_END = 0x1800
};

volatile uint32_t ticks;
static volatile uint32_t received;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

static void take_message(uint32_t id, uint32_t control, uint32_t first)
{
    uint32_t status = CAN(0xa4), index = status >> 8 & 0x3f;
    uint32_t at = CAN_RAM + FIFO0 + index * ELEMENT;
    CHECK(status & 0x7f);
    CHECK(MMIO(at) == id << 18);
    CHECK((MMIO(at + 4) & 0x3f0000) == control);
    CHECK(MMIO(at + 8) == first);
    CAN(0xa8) = index;
    received++;
}

void irq_handler(void);
void irq_handler(void)
{
    uint32_t flags = CAN(0x50) & CAN(0x54);
    CAN(0x50) = flags;
    if (flags & 1)
        take_message(0x321, 8 << 16, 0x11223344);
    dsb();
}

/* 25 MHz: 1 Mbit/s, and 5 Mbit/s in the data phase. */
static void initialise(void)
{
    RCC(0xec) |= 1u << 8;
    RCC(0x94) |= 1u << 8;
    RCC(0x94) &= ~(1u << 8);
    CAN(CCCR) &= ~(uint32_t)CSR;
    WAIT(CAN(CCCR), CSA, 0);
    CAN(CCCR) |= INIT;
    WAIT(CAN(CCCR), INIT, INIT);
    CAN(CCCR) |= CCE;
    CAN(CCCR) = (CAN(CCCR) & ~(uint32_t)MODES) | FD;
    CAN(0x10) &= ~(1u << 4);
    CAN(CCCR) |= TEST_MODE;
    CAN(0x10) |= 1u << 4;
    CAN(0x1c) = 1u << 25 | (18 - 1) << 8 | (6 - 1);
    CAN(0x0c) = (3 - 1) << 8 | (1 - 1) << 4;
}

static void lay_out(void)
{
    CAN(0xc8) = 7;
    CAN(0xbc) = 0x777;
    CAN(0x84) = 1u << 16;
    CAN(0x88) = 0;
    CAN(0xa0) = FIFO0 | 2u << 16;
    CAN(0xb0) = 0;
    CAN(0xac) = FIFO0 + 2 * ELEMENT;
    CAN(0xf0) = EVENTS;
    CAN(0xc0) = SENDING | 2u << 24;
    for (uint32_t at = 0; at < RAM_END; at += 4)
        MMIO(CAN_RAM + at) = 0;
    MMIO(CAN_RAM) = 2u << 30 | 1u << 27 | 0x321u << 16 | 0x7ff;
    CAN(0x80) = 2u << 4 | 2u << 2 | 3;
}

static void start_can(void)
{
    CAN(CCCR) &= ~(uint32_t)INIT;
}

static void send(uint32_t id, uint32_t control, uint32_t first)
{
    uint32_t status = CAN(0xc4), index = status >> 16 & 0x1f;
    uint32_t at = CAN_RAM + SENDING + index * ELEMENT;
    CHECK(!(status & 1u << 21));
    MMIO(at) = id << 18;
    MMIO(at + 4) = control;
    for (unsigned n = 0; n < 16; n++)
        MMIO(at + 8 + 4 * n) = first + n;
    CAN(0xd0) = 1u << index;
}

static void by_polling(void)
{
    send(0x321, 8 << 16, 0xa1a2a3a4);
    send(0x322, 8 << 16, 0); /* the filter does not want it */
    WAIT(CAN(0xa4), 0x7f, 1);
    take_message(0x321, 8 << 16, 0xa1a2a3a4);
    WAIT(CAN(0xc4), 0x3f, 2);
    CHECK((CAN(0xa4) & 0x7f) == 0);
}

static void by_interrupt(void)
{
    received = 0;
    enable_interrupt(19);
    CAN(0x50) = ~0u;
    CAN(0x58) = 0;
    CAN(0x5c) |= 1;
    CAN(0x54) |= 1;
    for (uint32_t n = 1; n <= 5; n++) {
        send(0x321, 8 << 16, 0x11223344);
        WAIT(received, ~0u, n);
    }
    CAN(0x54) = 0;
}

static void long_and_fast(void)
{
    const uint32_t control = 15 << 16 | 1 << 21 | 1 << 20;
    send(0x321, control, 0x01020304);
    WAIT(CAN(0xa4), 0x7f, 1);
    CHECK(MMIO(CAN_RAM + FIFO0 + (CAN(0xa4) >> 8 & 0x3f) * ELEMENT + 68) == 0x01020313);
    take_message(0x321, control, 0x01020304);
}

int main(void)
{
    start_clocks();
    initialise();
    lay_out();
    start_can();
    by_polling();
    by_interrupt();
    long_and_fast();
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    CM4_DONE = DONE;
    wait_forever();
}
#endif
