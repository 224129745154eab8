/*
 * USART, UART and LPUART: RM0399 chapters 51 and 52. Asynchronous mode with FIFOs, all flags, DMA
 * requests and exact frame times. Synchronous, smartcard, IrDA and LIN modes are reported.
 */
#include "sim/soc/usart.h"

#include <stdlib.h>
#include <string.h>

#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum {
    CR1 = 0x00,
    CR2 = 0x04,
    CR3 = 0x08,
    BRR = 0x0c,
    GTPR = 0x10,
    RTOR = 0x14,
    RQR = 0x18,
    ISR = 0x1c,
    ICR = 0x20,
    RDR = 0x24,
    TDR = 0x28,
    PRESC = 0x2c,
};

enum {
    CR1_UE = 1u << 0,
    CR1_UESM = 1u << 1,
    CR1_RE = 1u << 2,
    CR1_TE = 1u << 3,
    CR1_IDLEIE = 1u << 4,
    CR1_RXNEIE = 1u << 5,
    CR1_TCIE = 1u << 6,
    CR1_TXEIE = 1u << 7,
    CR1_PEIE = 1u << 8,
    CR1_PCE = 1u << 10,
    CR1_M0 = 1u << 12,
    CR1_CMIE = 1u << 14,
    CR1_OVER8 = 1u << 15,
    CR1_RTOIE = 1u << 26,
    CR1_M1 = 1u << 28,
    CR1_FIFOEN = 1u << 29,
    CR1_TXFEIE = 1u << 30,
    CR2_ADDM7 = 1u << 4,
    CR2_RTOEN = 1u << 23,
    CR2_OTHER_MODES = 1u << 11 | 1u << 14 | 1u << 0, /* CLKEN, LINEN, SLVEN */
    CR3_EIE = 1u << 0,
    CR3_OTHER_MODES = 1u << 1 | 1u << 5, /* IREN, SCEN */
    CR3_DMAR = 1u << 6,
    CR3_DMAT = 1u << 7,
    CR3_OVRDIS = 1u << 12,
    CR3_WUFIE = 1u << 22,
    CR3_TXFTIE = 1u << 23,
    CR3_RXFTIE = 1u << 28,
    RQR_SBKRQ = 1u << 1,
    RQR_RXFRQ = 1u << 3,
    RQR_TXFRQ = 1u << 4,
};
#define CR1_RXFFIE 0x80000000u

enum {
    ISR_PE = 1u << 0,
    ISR_FE = 1u << 1,
    ISR_NE = 1u << 2,
    ISR_ORE = 1u << 3,
    ISR_IDLE = 1u << 4,
    ISR_RXFNE = 1u << 5,
    ISR_TC = 1u << 6,
    ISR_TXFNF = 1u << 7,
    ISR_RTOF = 1u << 11,
    ISR_BUSY = 1u << 16,
    ISR_CMF = 1u << 17,
    ISR_SBKF = 1u << 18,
    ISR_WUF = 1u << 20,
    ISR_TEACK = 1u << 21,
    ISR_REACK = 1u << 22,
    ISR_TXFE = 1u << 23,
    ISR_RXFF = 1u << 24,
    ISR_RXFT = 1u << 26,
    ISR_TXFT = 1u << 27,
    /* Flags that stay until ICR clears them; the bits of ICR are at the same places. */
    ISR_LATCHED =
        ISR_PE | ISR_FE | ISR_NE | ISR_ORE | ISR_IDLE | ISR_TC | ISR_RTOF | ISR_CMF | ISR_WUF,
};

static const struct reg usart_regs[] = {
    {CR1, "CR1", 0, 0xffffffff, 0, 0},
    {CR2, "CR2", 0, 0xffffff79, 0, 0},
    {CR3, "CR3", 0, 0xfffeffff, 0, 0},
    {BRR, "BRR", 0, 0x000fffff, 0, 0},
    {GTPR, "GTPR", 0, 0x0000ffff, 0, 0},
    {RTOR, "RTOR", 0, 0xffffffff, 0, 0},
    {RQR, "RQR", 0, 0, 0, 0},
    {ISR, "ISR", 0x000000c0, 0, 0, 0},
    {ICR, "ICR", 0, 0, 0, 0},
    {RDR, "RDR", 0, 0, 0, 0},
    {TDR, "TDR", 0, 0x000001ff, 0, 0},
    {PRESC, "PRESC", 0, 0x0000000f, 0, 0},
};

enum { FIFO_DEPTH = 16, REQUEST_RX = 0, REQUEST_TX = 1 };

struct fifo {
    uint16_t data[FIFO_DEPTH];
    unsigned first, count;
};

struct usart {
    struct block block;
    struct usart_peer peer;
    struct fifo tx, rx;
    uint32_t latched; /* ISR_LATCHED flags */
    bool shifting;    /* a frame (or a break) leaves */
    bool is_break;
    uint16_t shifted;
    bool rx_active; /* since the last idle line something came */
    struct event sent, received, idle, timed_out;
    uint8_t *incoming; /* what the peer still has to send */
    size_t incoming_first, incoming_count, incoming_capacity;
};

static struct event_queue *queue_of(struct usart *usart)
{
    return &block_sim(&usart->block)->events;
}

/* --- FIFOs --- */

static unsigned capacity(const struct usart *usart)
{
    return REG(&usart->block, CR1) & CR1_FIFOEN ? FIFO_DEPTH : 1;
}

static void push(struct fifo *fifo, uint16_t data)
{
    fifo->data[(fifo->first + fifo->count++) % FIFO_DEPTH] = data;
}

static uint16_t pop(struct fifo *fifo)
{
    uint16_t data = fifo->data[fifo->first];
    fifo->first = (fifo->first + 1) % FIFO_DEPTH;
    fifo->count--;
    return data;
}

/* RXFTCFG and TXFTCFG: 1/8, 1/4, 1/2, 3/4, 7/8, all (51.7.4). */
static unsigned threshold(unsigned code)
{
    static const uint8_t entries[8] = {2, 4, 8, 12, 14, 16, 16, 16};
    return entries[code & 7];
}

/* --- Time --- */

static bool is_low_power(const struct usart *usart)
{
    return usart->block.row->instance == 0; /* LPUART1 */
}

/* Data bits of a frame with the parity bit, which the M field counts in. */
static unsigned frame_bits(const struct usart *usart)
{
    uint32_t cr1 = REG(&usart->block, CR1);
    return cr1 & CR1_M1 ? 7 : cr1 & CR1_M0 ? 9 : 8;
}

static uint16_t data_mask(const struct usart *usart)
{
    unsigned parity = REG(&usart->block, CR1) & CR1_PCE ? 1 : 0;
    return (uint16_t)((1u << (frame_bits(usart) - parity)) - 1);
}

static sim_time time_of_half_bits(const struct usart *usart, uint64_t half_bits)
{
    static const uint16_t prescalers[16] = {1,  2,  4,   6,   8,   10,  12,  16,
                                            32, 64, 128, 256, 256, 256, 256, 256};
    const struct block *block = &usart->block;
    uint64_t hz = block_kernel_hz(block);
    uint64_t brr = REG(block, BRR), cycles = half_bits * prescalers[REG(block, PRESC) & 0xf];
    if (is_low_power(usart)) /* 52.4.7: 256 * f / BRR */
        return sim_cycles_to_time(cycles * brr, 2 * 256 * hz);
    brr &= 0xffff;
    if (REG(block, CR1) & CR1_OVER8) /* 51.5.8 */
        return sim_cycles_to_time(cycles * ((brr & 0xfff0) | (brr & 7) << 1), 4 * hz);
    return sim_cycles_to_time(cycles * brr, 2 * hz);
}

static sim_time frame_time(const struct usart *usart)
{
    static const uint8_t stop_half_bits[4] = {2, 1, 4, 3};
    unsigned stop = REG(&usart->block, CR2) >> 12 & 3;
    return time_of_half_bits(usart, 2 * (1 + frame_bits(usart)) + stop_half_bits[stop]);
}

/* --- Flags --- */

static bool enabled(const struct usart *usart, uint32_t direction)
{
    uint32_t both = CR1_UE | direction;
    return (REG(&usart->block, CR1) & both) == both;
}

static uint32_t status(const struct usart *usart)
{
    uint32_t cr1 = REG(&usart->block, CR1), cr3 = REG(&usart->block, CR3);
    uint32_t flags = usart->latched;
    flags |= usart->rx.count ? ISR_RXFNE : 0;
    flags |= usart->tx.count < capacity(usart) ? ISR_TXFNF : 0;
    flags |= enabled(usart, CR1_TE) ? ISR_TEACK : 0;
    flags |= enabled(usart, CR1_RE) ? ISR_REACK : 0;
    flags |= event_pending(&usart->received) ? ISR_BUSY : 0;
    flags |= usart->shifting && usart->is_break ? ISR_SBKF : 0;
    if (!(cr1 & CR1_FIFOEN))
        return flags;
    flags |= usart->tx.count ? 0 : ISR_TXFE;
    flags |= usart->rx.count == FIFO_DEPTH ? ISR_RXFF : 0;
    flags |= usart->rx.count >= threshold(cr3 >> 25) ? ISR_RXFT : 0;
    flags |= FIFO_DEPTH - usart->tx.count >= threshold(cr3 >> 29) ? ISR_TXFT : 0;
    return flags;
}

/* Which flags interrupt by which enable bit (51.6, table of interrupt requests). */
static uint32_t interrupting(const struct usart *usart)
{
    static const struct {
        uint16_t offset;
        uint32_t enable, flags;
    } rules[] = {
        {CR1, CR1_IDLEIE, ISR_IDLE}, {CR1, CR1_RXNEIE, ISR_RXFNE | ISR_ORE},
        {CR1, CR1_TCIE, ISR_TC},     {CR1, CR1_TXEIE, ISR_TXFNF},
        {CR1, CR1_PEIE, ISR_PE},     {CR1, CR1_CMIE, ISR_CMF},
        {CR1, CR1_RTOIE, ISR_RTOF},  {CR1, CR1_TXFEIE, ISR_TXFE},
        {CR1, CR1_RXFFIE, ISR_RXFF}, {CR3, CR3_EIE, ISR_FE | ISR_NE | ISR_ORE},
        {CR3, CR3_TXFTIE, ISR_TXFT}, {CR3, CR3_RXFTIE, ISR_RXFT},
        {CR3, CR3_WUFIE, ISR_WUF},
    };
    uint32_t mask = 0;
    for (size_t n = 0; n < sizeof rules / sizeof rules[0]; n++)
        if (REG(&usart->block, rules[n].offset) & rules[n].enable)
            mask |= rules[n].flags;
    return mask;
}

static void update(struct usart *usart)
{
    struct block *block = &usart->block;
    uint32_t flags = status(usart), cr3 = REG(block, CR3);
    bool on = REG(block, CR1) & CR1_UE;
    REG(block, ISR) = flags;
    block_irq(block, 0, on && (flags & interrupting(usart)));
    block_dma(block, REQUEST_RX, (cr3 & CR3_DMAR) && (flags & ISR_RXFNE));
    block_dma(block, REQUEST_TX, (cr3 & CR3_DMAT) && enabled(usart, CR1_TE) && (flags & ISR_TXFNF));
}

/* --- Sending --- */

static void start_sending(struct usart *usart)
{
    if (usart->shifting || !usart->tx.count || !enabled(usart, CR1_TE))
        return;
    sim_time time = frame_time(usart);
    if (time == SIM_NEVER || !time)
        return;
    usart->shifted = pop(&usart->tx) & data_mask(usart);
    usart->shifting = true;
    usart->is_break = false;
    event_in(queue_of(usart), &usart->sent, time);
}

static void sent(void *ctx)
{
    struct usart *usart = ctx;
    usart->shifting = false;
    if (!usart->is_break && usart->peer.receive)
        usart->peer.receive(usart->peer.ctx, usart->shifted);
    start_sending(usart);
    if (!usart->shifting)
        usart->latched |= ISR_TC;
    update(usart);
}

static void write_tdr(struct usart *usart, uint32_t value)
{
    if (!(REG(&usart->block, CR1) & CR1_UE))
        return;
    if (usart->tx.count == capacity(usart)) {
        block_complain(&usart->block, COMPLAINT_GUEST, TDR,
                       "%s: TDR is written while it is full: what waited there is lost",
                       usart->block.row->name);
        usart->tx.count--;
    }
    push(&usart->tx, (uint16_t)value);
    usart->latched &= ~(uint32_t)ISR_TC;
    start_sending(usart);
}

static void send_break(struct usart *usart)
{
    sim_time time = frame_time(usart);
    if (usart->shifting || !enabled(usart, CR1_TE) || time == SIM_NEVER || !time)
        return;
    usart->shifting = usart->is_break = true;
    event_in(queue_of(usart), &usart->sent, time);
}

/* --- Receiving --- */

/* CR3.WUS: what wakes a core in Stop through WUF (51.5.22). */
enum wake_up { WAKE_BY_ADDRESS = 0, WAKE_BY_START_BIT = 2, WAKE_BY_DATA = 3 };

static void wake_up(struct usart *usart, enum wake_up by)
{
    struct soc *soc = usart->block.soc;
    bool stopped = soc_core_clock_stopped(soc, SOC_CM7) || soc_core_clock_stopped(soc, SOC_CM4);
    if (stopped && REG(&usart->block, CR1) & CR1_UESM && (REG(&usart->block, CR3) >> 20 & 3) == by)
        usart->latched |= ISR_WUF;
}

/* The peer's next frame begins. */
static void start_receiving(struct usart *usart)
{
    if (!usart->incoming_count || event_pending(&usart->received) || !enabled(usart, CR1_RE))
        return;
    sim_time time = frame_time(usart);
    if (time == SIM_NEVER || !time)
        return;
    event_cancel(queue_of(usart), &usart->idle);
    event_cancel(queue_of(usart), &usart->timed_out);
    event_in(queue_of(usart), &usart->received, time);
    wake_up(usart, WAKE_BY_START_BIT);
    update(usart);
}

static bool matches_address(const struct usart *usart, uint16_t data)
{
    uint32_t cr2 = REG(&usart->block, CR2);
    uint32_t mask = cr2 & CR2_ADDM7 ? 0x7f : REG(&usart->block, CR1) & CR1_M1 ? 0x7f : 0xff;
    return (data & mask) == (cr2 >> 24 & mask);
}

static void take(struct usart *usart, uint16_t data)
{
    if (usart->rx.count < capacity(usart)) {
        push(&usart->rx, data);
    } else if (REG(&usart->block, CR3) & CR3_OVRDIS) {
        usart->rx.count--;
        push(&usart->rx, data);
    } else {
        usart->latched |= ISR_ORE; /* 51.5.6: the new frame is lost */
    }
    wake_up(usart, WAKE_BY_DATA);
    if (matches_address(usart, data)) {
        usart->latched |= ISR_CMF;
        wake_up(usart, WAKE_BY_ADDRESS);
    }
}

static void received(void *ctx)
{
    struct usart *usart = ctx;
    take(usart, usart->incoming[usart->incoming_first++] & data_mask(usart));
    usart->incoming_count--;
    usart->rx_active = true;
    if (usart->incoming_count) {
        start_receiving(usart);
    } else {
        event_in(queue_of(usart), &usart->idle, frame_time(usart));
        if (REG(&usart->block, CR2) & CR2_RTOEN) {
            uint64_t bits = REG(&usart->block, RTOR) & 0xffffff;
            event_in(queue_of(usart), &usart->timed_out, time_of_half_bits(usart, 2 * bits));
        }
    }
    update(usart);
}

static void line_idle(void *ctx)
{
    struct usart *usart = ctx;
    if (usart->rx_active && enabled(usart, CR1_RE))
        usart->latched |= ISR_IDLE;
    usart->rx_active = false;
    update(usart);
}

static void receiver_timed_out(void *ctx)
{
    struct usart *usart = ctx;
    if (enabled(usart, CR1_RE))
        usart->latched |= ISR_RTOF;
    update(usart);
}

/* --- Registers --- */

static uint32_t usart_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct usart *usart = (struct usart *)block;
    (void)access;
    if (offset != RDR)
        return REG(block, offset);
    if (usart->rx.count)
        REG(block, RDR) = pop(&usart->rx);
    update(usart);
    return REG(block, RDR);
}

static void write_request(struct usart *usart, uint32_t value)
{
    if (value & RQR_SBKRQ)
        send_break(usart);
    if (value & RQR_RXFRQ)
        usart->rx.count = 0;
    if (value & RQR_TXFRQ)
        usart->tx.count = 0;
}

static void forget(struct usart *usart)
{
    struct event *events[] = {&usart->sent, &usart->received, &usart->idle, &usart->timed_out};
    for (size_t n = 0; n < sizeof events / sizeof events[0]; n++)
        event_cancel(queue_of(usart), events[n]);
    usart->tx.count = usart->rx.count = 0;
    usart->shifting = usart->rx_active = false;
    usart->latched = ISR_TC;
}

static void configured(struct usart *usart)
{
    struct block *block = &usart->block;
    if ((REG(block, CR2) & CR2_OTHER_MODES) || (REG(block, CR3) & CR3_OTHER_MODES))
        block_complain(block, COMPLAINT_UNMODELLED, CR2,
                       "%s: only the asynchronous mode is modelled, not synchronous, LIN, IrDA or "
                       "smartcard mode",
                       block->row->name);
    if (!(REG(block, CR1) & CR1_UE))
        forget(usart);
    start_sending(usart);
    start_receiving(usart);
}

static void usart_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct usart *usart = (struct usart *)block;
    switch (offset) {
    case TDR:
        write_tdr(usart, value & 0x1ff);
        break;
    case RQR:
        write_request(usart, value);
        break;
    case ICR:
        usart->latched &= ~(value & ISR_LATCHED);
        break;
    default:
        block_store(block, offset, value, access);
        configured(usart);
    }
    update(usart);
}

static void usart_reset(struct block *block)
{
    struct usart *usart = (struct usart *)block;
    forget(usart);
    update(usart);
}

/* A line that waited for its clock goes on. */
static void usart_clock_changed(struct block *block)
{
    struct usart *usart = (struct usart *)block;
    start_sending(usart);
    start_receiving(usart);
}

static void usart_init(struct block *block)
{
    struct usart *usart = (struct usart *)block;
    event_init(&usart->sent, "USART frame sent", sent, usart);
    event_init(&usart->received, "USART frame received", received, usart);
    event_init(&usart->idle, "USART line idle", line_idle, usart);
    event_init(&usart->timed_out, "USART receiver timeout", receiver_timed_out, usart);
}

static void usart_destroy(struct block *block)
{
    free(((struct usart *)block)->incoming);
}

const struct block_class usart_class = {
    .name = "USART",
    .regs = usart_regs,
    .reg_count = sizeof usart_regs / sizeof usart_regs[0],
    .size = sizeof(struct usart),
    .init = usart_init,
    .destroy = usart_destroy,
    .reset = usart_reset,
    .read = usart_read,
    .write = usart_write,
    .clock_changed = usart_clock_changed,
};

/* --- The other end of the line --- */

static struct usart *usart_named(struct soc *soc, const char *name)
{
    struct block *block = soc_block(soc, name);
    return block && block->class == &usart_class ? (struct usart *)block : NULL;
}

bool usart_attach(struct soc *soc, const char *name, const struct usart_peer *peer)
{
    struct usart *usart = usart_named(soc, name);
    if (usart)
        usart->peer = *peer;
    return usart != NULL;
}

static bool make_room(struct usart *usart, size_t count)
{
    if (usart->incoming_first) {
        memmove(usart->incoming, &usart->incoming[usart->incoming_first], usart->incoming_count);
        usart->incoming_first = 0;
    }
    size_t wanted = usart->incoming_count + count;
    if (wanted <= usart->incoming_capacity)
        return true;
    uint8_t *grown = realloc(usart->incoming, 2 * wanted);
    if (!grown)
        return false;
    usart->incoming = grown;
    usart->incoming_capacity = 2 * wanted;
    return true;
}

bool usart_send(struct soc *soc, const char *name, const uint8_t *bytes, size_t count)
{
    struct usart *usart = usart_named(soc, name);
    if (!usart || !make_room(usart, count))
        return false;
    memcpy(&usart->incoming[usart->incoming_count], bytes, count);
    usart->incoming_count += count;
    start_receiving(usart);
    update(usart);
    return true;
}
