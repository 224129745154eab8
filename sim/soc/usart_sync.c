/* Synchronous mode, which is SPI's (RM0399 51.5.14): a clock goes with the data bits that the master sends, and each
 * brings a bit in. The slave is another of the chip's own, always selected. */
#include "sim/soc/usart_internal.h"

static bool is_slave(const struct usart *usart)
{
    return REG(&usart->block, CR1) & CR1_UE && REG(&usart->block, CR2) & CR2_SLVEN;
}

static void begin_as_slave(struct usart *slave)
{
    slave->sync_in = 0;
    slave->sync_out = 0xffff;
    if (!usart_enabled(slave, CR1_TE))
        return;
    if (slave->tx.count)
        slave->sync_out = usart_to_line(slave, usart_pop(&slave->tx), true).bits;
    else
        slave->latched |= ISR_UDR;
}

static void end_as_slave(struct usart *slave)
{
    slave->sync_bits = 0;
    if (usart_enabled(slave, CR1_RE)) {
        unsigned count = usart_frame_bits(slave);
        usart_take(slave, (struct usart_frame){.bits = slave->sync_in, .count = (uint8_t)count});
    }
    if (!slave->tx.count)
        slave->latched |= ISR_TC;
}

/* Bit by bit: without LBCL the last one has no clock, and a frame may have another length. */
static uint16_t exchange(struct usart *slave, const struct usart_frame *frame, unsigned clocks)
{
    uint16_t brought = 0xffff;
    for (unsigned n = 0; n < clocks; n++) {
        if (!slave->sync_bits)
            begin_as_slave(slave);
        unsigned at = slave->sync_bits++;
        slave->sync_in |= (uint16_t)((frame->bits >> n & 1) << at);
        if (!(slave->sync_out >> at & 1))
            brought &= (uint16_t) ~(1u << n);
        if (slave->sync_bits == usart_frame_bits(slave))
            end_as_slave(slave);
    }
    usart_update(slave);
    return brought;
}

/* With nobody at the other end the line is high. */
static uint16_t brought_in(const struct usart *master, const struct usart_frame *frame)
{
    struct usart *other = master->joined;
    unsigned last = REG(&master->block, CR2) & CR2_LBCL ? 0 : 1;
    if (other == master)
        return frame->bits;
    return other && is_slave(other) ? exchange(other, frame, frame->count - last) : 0xffff;
}

void usart_clock_frame(struct usart *master, const struct usart_frame *frame)
{
    if (!(REG(&master->block, CR2) & CR2_CLKEN))
        return;
    uint16_t bits = brought_in(master, frame);
    if (usart_enabled(master, CR1_RE))
        usart_take(master, (struct usart_frame){.bits = bits, .count = frame->count});
}
