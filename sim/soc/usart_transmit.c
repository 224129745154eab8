/* The transmitter of the USARTs: RM0399 51.5.5, LIN breaks 51.5.13. */
#include "sim/soc/usart_internal.h"

enum { LIN_BREAK_BITS = 13, BREAK_STOP_BITS = 2 };

static unsigned break_bits(const struct usart *usart)
{
    return REG(&usart->block, CR2) & CR2_LINEN ? LIN_BREAK_BITS : usart_frame_bits(usart) + 2;
}

/* What goes before what: an idle frame behind TE, a break before all data. */
static enum sending choose(struct usart *usart)
{
    if (usart->idle_wanted) {
        usart->idle_wanted = false;
        return SENDS_IDLE;
    }
    if (usart->break_wanted)
        return SENDS_BREAK;
    return usart->tx.count ? SENDS_FRAME : SENDS_NOTHING;
}

static sim_time prepare(struct usart *usart, enum sending what)
{
    if (what == SENDS_FRAME)
        usart->frame = usart_to_line(usart, usart_pop(&usart->tx), true);
    else
        usart->frame = (struct usart_frame){.is_break = what == SENDS_BREAK,
                                            .count = (uint8_t)(break_bits(usart) - 1)};
    usart->frame.bit_time = usart_bit_time(usart, 2);
    if (what != SENDS_BREAK)
        return usart_frame_time(usart);
    return usart_bit_time(usart, 2 * (break_bits(usart) + BREAK_STOP_BITS));
}

void usart_send_next(struct usart *usart)
{
    sim_time frame = usart_frame_time(usart);
    bool is_slave = REG(&usart->block, CR2) & CR2_SLVEN; /* it sends by its master's clock */
    if (usart->sending || is_slave || !usart_enabled(usart, CR1_TE) || frame == SIM_NEVER || !frame)
        return;
    enum sending what = usart_clear_to_send(usart) ? choose(usart) : SENDS_NOTHING;
    if (!what)
        return;
    usart->sending = what;
    event_in(usart_events(usart), &usart->sent, prepare(usart, what));
    if (what != SENDS_IDLE)
        usart_line_begin(usart);
}

void usart_sent(void *ctx)
{
    struct usart *usart = ctx;
    enum sending what = usart->sending;
    usart->sending = SENDS_NOTHING;
    if (what == SENDS_BREAK)
        usart->break_wanted = false;
    if (what != SENDS_IDLE)
        usart_line_carry(usart, &usart->frame);
    if (what == SENDS_FRAME)
        usart_clock_frame(usart, &usart->frame);
    usart_send_next(usart);
    if (!usart->sending && !usart->tx.count && what != SENDS_IDLE)
        usart->latched |= ISR_TC;
    usart_update(usart);
}

void usart_write_tdr(struct usart *usart, uint32_t value)
{
    if (!(REG(&usart->block, CR1) & CR1_UE))
        return;
    if (usart->tx.count == usart_tx_capacity(usart)) {
        block_complain(&usart->block, COMPLAINT_GUEST, TDR,
                       "%s: TDR is written while it is full: what waited there is lost",
                       usart->block.row->name);
        usart->tx.count--;
    }
    usart_push(&usart->tx, value);
    usart->latched &= ~(uint32_t)ISR_TC;
    usart_send_next(usart);
}
