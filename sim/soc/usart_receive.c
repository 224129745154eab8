/* The receiver of the USARTs: RM0399 51.5.6, mute mode 51.5.10, receiver timeout 51.5.16. */
#include "sim/soc/usart_internal.h"

/* CR3.WUS: what wakes a core in Stop through WUF (51.5.21). */
enum wake_up { WAKE_BY_ADDRESS = 0, WAKE_BY_START_BIT = 2, WAKE_BY_DATA = 3 };

static void wake_up(struct usart *usart, enum wake_up by)
{
    struct soc *soc = usart->block.soc;
    bool stopped = soc_core_clock_stopped(soc, SOC_CM7) || soc_core_clock_stopped(soc, SOC_CM4);
    if (stopped && REG(&usart->block, CR1) & CR1_UESM && (REG(&usart->block, CR3) >> 20 & 3) == by)
        usart->latched |= ISR_WUF;
}

void usart_start_bit(struct usart *usart)
{
    event_cancel(usart_events(usart), &usart->idle);
    event_cancel(usart_events(usart), &usart->timed_out);
    usart->receiving = true;
    wake_up(usart, WAKE_BY_START_BIT);
    usart_update(usart);
}

/* ---- Mute mode ---- */

static bool listens(const struct usart *usart)
{
    return !(REG(&usart->block, CR1) & CR1_MME) || !usart->mute;
}

/* The address in a frame whose top bit marks it: 4 bits, or all below the mark. */
static bool is_own_address(const struct usart *usart, uint32_t data)
{
    uint32_t cr2 = REG(&usart->block, CR2);
    uint32_t mask = cr2 & CR2_ADDM7 ? (1u << (usart_frame_bits(usart) - 1)) - 1 : 0xf;
    return (data & mask) == (cr2 >> 24 & mask);
}

static void hear_address_mark(struct usart *usart, uint32_t data)
{
    uint32_t cr1 = REG(&usart->block, CR1);
    if (cr1 & CR1_MME && cr1 & CR1_WAKE && data >> (usart_frame_bits(usart) - 1) & 1)
        usart->mute = !is_own_address(usart, data);
}

void usart_request_mute(struct usart *usart)
{
    uint32_t cr1 = REG(&usart->block, CR1);
    bool idle_already = !(cr1 & CR1_WAKE) && !usart->rx_active;
    if (cr1 & CR1_MME && !idle_already)
        usart->mute = true;
}

/* ---- What comes in ---- */

bool usart_holds_sender(const struct usart *usart)
{
    bool room = usart->rx.count < usart_rx_capacity(usart);
    return REG(&usart->block, CR3) & CR3_RTSE && !(usart_enabled(usart, CR1_RE) && room);
}

/* The error flags belong to the frame that stands in RDR. */
static void show_errors(struct usart *usart)
{
    if (usart->rx.count)
        usart->latched |= usart->rx.data[usart->rx.first] >> RX_ERRORS_SHIFT;
}

static void store(struct usart *usart, uint32_t entry)
{
    if (usart->rx.count == usart_rx_capacity(usart)) {
        if (!(REG(&usart->block, CR3) & CR3_OVRDIS)) {
            usart->latched |= ISR_ORE; /* the new frame is lost */
            return;
        }
        usart->rx.count--;
    }
    usart_push(&usart->rx, entry);
    if (usart->rx.count == 1)
        show_errors(usart);
}

static uint32_t errors_of(const struct usart *usart, const struct usart_frame *frame, uint32_t data)
{
    uint32_t errors = frame->is_break ? (uint32_t)ISR_FE : 0;
    bool odd = __builtin_popcount(data) & 1, wanted = REG(&usart->block, CR1) & CR1_PS;
    if (REG(&usart->block, CR1) & CR1_PCE && odd != wanted)
        errors |= ISR_PE;
    return errors;
}

/* Bits 0 to 7 against ADD, or by WUS the address alone. */
static void match_character(struct usart *usart, uint32_t data)
{
    if ((data & 0xff) == REG(&usart->block, CR2) >> 24)
        usart->latched |= ISR_CMF;
    if (is_own_address(usart, data))
        wake_up(usart, WAKE_BY_ADDRESS);
}

static void await_silence(struct usart *usart)
{
    if (REG(&usart->block, CR2) & CR2_SLVEN)
        return;
    struct event_queue *events = usart_events(usart);
    usart->last_frame = sim_now(block_sim(&usart->block));
    event_cancel(events, &usart->idle);
    event_in(events, &usart->idle, usart_frame_time(usart));
    usart_timeout_changed(usart);
}

static void detect_lin_break(struct usart *usart, const struct usart_frame *frame)
{
    uint32_t cr2 = REG(&usart->block, CR2);
    unsigned low_bits = frame->count + 1u;
    if (cr2 & CR2_LINEN && frame->is_break && !frame->bits &&
        low_bits >= (cr2 & CR2_LBDL ? 11 : 10))
        usart->latched |= ISR_LBDF;
}

void usart_take(struct usart *usart, struct usart_frame frame)
{
    uint32_t data = usart_from_line(usart, frame.bits);
    usart->receiving = false;
    usart->rx_active = true;
    detect_lin_break(usart, &frame);
    hear_address_mark(usart, data);
    if (listens(usart)) {
        if (REG(&usart->block, CR2) & CR2_ABREN)
            usart->latched |= ISR_ABRF;
        store(usart, data | errors_of(usart, &frame, data) << RX_ERRORS_SHIFT);
        wake_up(usart, WAKE_BY_DATA);
        match_character(usart, data);
    }
    await_silence(usart);
    usart_update(usart);
}

uint32_t usart_read_rdr(struct usart *usart)
{
    if (usart->rx.count) {
        REG(&usart->block, RDR) = usart_pop(&usart->rx) & 0x1ff;
        show_errors(usart);
    }
    return REG(&usart->block, RDR);
}

void usart_flush_received(struct usart *usart)
{
    usart->rx.count = 0;
}

/* ---- Silence ---- */

void usart_line_idle(void *ctx)
{
    struct usart *usart = ctx;
    uint32_t cr1 = REG(&usart->block, CR1);
    if (usart->rx_active && usart_enabled(usart, CR1_RE) && listens(usart))
        usart->latched |= ISR_IDLE;
    if (!(cr1 & CR1_WAKE))
        usart->mute = false;
    usart->rx_active = false;
    usart_update(usart);
}

/* The timeout counts from the last frame's end; a value that is over already ends it now. */
void usart_timeout_changed(struct usart *usart)
{
    struct event_queue *events = usart_events(usart);
    event_cancel(events, &usart->timed_out);
    bool counts = REG(&usart->block, CR2) & CR2_RTOEN && !usart->receiving;
    if (!counts || usart->last_frame == SIM_NEVER)
        return;
    uint64_t bits = REG(&usart->block, RTOR) & 0xffffff;
    sim_time length = usart_bit_time(usart, 2 * bits), now = sim_now(block_sim(&usart->block));
    if (length == SIM_NEVER)
        return;
    sim_time end = usart->last_frame + length;
    event_at(events, &usart->timed_out, end > now ? end : now);
}

void usart_timed_out(void *ctx)
{
    struct usart *usart = ctx;
    usart->last_frame = SIM_NEVER;
    if (usart_enabled(usart, CR1_RE))
        usart->latched |= ISR_RTOF;
    usart_update(usart);
}
