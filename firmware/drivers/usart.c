#include "drivers/usart.h"

#include "chip/clocks.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"

enum { TRANSMIT_BYTES = 4096, RECEIVE_BYTES = 256 }; /* powers of two */
enum { BYTE_POLLS = 100000 };                        /* a byte takes 87 us */

/* Free-running positions; each has one writer, the other side only reads it. */
static struct {
    uint8_t transmit[TRANSMIT_BYTES], receive[RECEIVE_BYTES];
    volatile uint32_t transmit_in, transmit_out, receive_in, receive_out;
} port;

void usart_start(void)
{
    reg_set(RCC_APB2ENR, RCC_APB2ENR_USART1EN);
    (void)reg_read(RCC_APB2ENR);
    reg_write(USART1_CR1, 0);
    reg_write(USART1_BRR, (CLOCK_APB_HZ + 115200 / 2) / 115200);
    reg_write(USART1_CR1, USART1_CR1_FIFOEN | USART1_CR1_TE | USART1_CR1_RE | USART1_CR1_RXNEIE |
                              USART1_CR1_UE);
}

size_t usart_room(void)
{
    return TRANSMIT_BYTES - (port.transmit_in - port.transmit_out);
}

bool usart_is_idle(void)
{
    return port.transmit_in == port.transmit_out && (reg_read(USART1_ISR) & USART1_ISR_TC);
}

size_t usart_write(const void *bytes, size_t count)
{
    size_t taken = count < usart_room() ? count : usart_room();
    for (size_t n = 0; n < taken; n++)
        port.transmit[(port.transmit_in + n) % TRANSMIT_BYTES] = ((const uint8_t *)bytes)[n];
    uint32_t primask = interrupts_mask();
    port.transmit_in += taken;
    if (taken)
        reg_set(USART1_CR1, USART1_CR1_TXEIE);
    interrupts_restore(primask);
    return taken;
}

int usart_read(void)
{
    if (port.receive_in == port.receive_out)
        return -1;
    return port.receive[port.receive_out++ % RECEIVE_BYTES];
}

bool usart_read_past(uint8_t byte)
{
    for (uint32_t at = port.receive_out; at != port.receive_in; at++)
        if (port.receive[at % RECEIVE_BYTES] == byte) {
            port.receive_out = at + 1;
            return true;
        }
    return false;
}

/* Of bytes that nobody reads in time the latest is kept: it may be the one that ends what takes so long. */
static void keep(uint8_t byte)
{
    bool is_full = port.receive_in - port.receive_out == RECEIVE_BYTES;
    port.receive[(port.receive_in - is_full) % RECEIVE_BYTES] = byte;
    port.receive_in += !is_full;
}

static bool receive(void)
{
    bool received = false;
    reg_write(USART1_ICR, USART1_ICR_ORECF);
    while (reg_read(USART1_ISR) & USART1_ISR_RXNE) {
        keep((uint8_t)reg_read(USART1_RDR));
        received = true;
    }
    return received;
}

static void transmit(void)
{
    while (port.transmit_out != port.transmit_in && (reg_read(USART1_ISR) & USART1_ISR_TXE))
        reg_write(USART1_TDR, port.transmit[port.transmit_out++ % TRANSMIT_BYTES]);
    if (port.transmit_out == port.transmit_in)
        reg_clear(USART1_CR1, USART1_CR1_TXEIE);
}

bool usart_interrupt(void)
{
    bool received = receive();
    if (reg_read(USART1_CR1) & USART1_CR1_TXEIE)
        transmit();
    return received;
}

void usart_write_now(const void *bytes, size_t count)
{
    for (size_t n = 0; n < count; n++)
        if (reg_wait(USART1_ISR, USART1_ISR_TXE, USART1_ISR_TXE, BYTE_POLLS))
            reg_write(USART1_TDR, ((const uint8_t *)bytes)[n]);
}
