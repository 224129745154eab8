/* What the files of the USARTs share: usart.c registers and flags, usart_transmit.c and usart_receive.c
 * the two directions, usart_line.c what a frame is on the line and who is at its other end, usart_sync.c
 * the synchronous mode. */
#ifndef SIM_SOC_USART_INTERNAL_H
#define SIM_SOC_USART_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/usart.h"

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
    CR1_PS = 1u << 9,
    CR1_PCE = 1u << 10,
    CR1_WAKE = 1u << 11,
    CR1_M0 = 1u << 12,
    CR1_MME = 1u << 13,
    CR1_CMIE = 1u << 14,
    CR1_OVER8 = 1u << 15,
    CR1_RTOIE = 1u << 26,
    CR1_M1 = 1u << 28,
    CR1_FIFOEN = 1u << 29,
    CR1_TXFEIE = 1u << 30,
    CR1_FIXED = 0x33ff9e00, /* with UE: FIFOEN, M, DEAT, DEDT, OVER8, WAKE, PCE, PS */
    CR2_SLVEN = 1u << 0,
    CR2_ADDM7 = 1u << 4,
    CR2_LBDL = 1u << 5,
    CR2_LBDIE = 1u << 6,
    CR2_LBCL = 1u << 8,
    CR2_CLKEN = 1u << 11,
    CR2_LINEN = 1u << 14,
    CR2_SWAP = 1u << 15,
    CR2_RXINV = 1u << 16,
    CR2_TXINV = 1u << 17,
    CR2_DATAINV = 1u << 18,
    CR2_MSBFIRST = 1u << 19,
    CR2_ABREN = 1u << 20,
    CR2_ABRMOD = 3u << 21,
    CR2_RTOEN = 1u << 23,
    CR2_ADD = 0xff000000,
    CR2_FIXED = 0x000fff30, /* with UE: MSBFIRST to LBCL, LBDL, ADDM7 */
    CR3_EIE = 1u << 0,
    CR3_HDSEL = 1u << 3,
    CR3_SCEN = 1u << 5,
    CR3_DMAR = 1u << 6,
    CR3_DMAT = 1u << 7,
    CR3_RTSE = 1u << 8,
    CR3_CTSE = 1u << 9,
    CR3_CTSIE = 1u << 10,
    CR3_OVRDIS = 1u << 12,
    CR3_WUFIE = 1u << 22,
    CR3_TXFTIE = 1u << 23,
    CR3_RXFTIE = 1u << 28,
    CR3_FIXED = 0x003efb3e, /* with UE: WUS, SCARCNT, DEP to ONEBIT, CTSE, RTSE, SCEN to IREN */
    RQR_ABRRQ = 1u << 0,
    RQR_SBKRQ = 1u << 1,
    RQR_MMRQ = 1u << 2,
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
    ISR_LBDF = 1u << 8,
    ISR_CTSIF = 1u << 9,
    ISR_CTS = 1u << 10,
    ISR_RTOF = 1u << 11,
    ISR_UDR = 1u << 13,
    ISR_ABRF = 1u << 15,
    ISR_BUSY = 1u << 16,
    ISR_CMF = 1u << 17,
    ISR_SBKF = 1u << 18,
    ISR_RWU = 1u << 19,
    ISR_WUF = 1u << 20,
    ISR_TEACK = 1u << 21,
    ISR_REACK = 1u << 22,
    ISR_TXFE = 1u << 23,
    ISR_RXFF = 1u << 24,
    ISR_RXFT = 1u << 26,
    ISR_TXFT = 1u << 27,
    /* Flags that stay until ICR clears them; the bits of ICR are at the same places. */
    ISR_LATCHED = ISR_PE | ISR_FE | ISR_NE | ISR_ORE | ISR_IDLE | ISR_TC | ISR_LBDF | ISR_CTSIF |
                  ISR_RTOF | ISR_UDR | ISR_CMF | ISR_WUF,
};

/* A FIFO of 16; of those received one more stands in RDR. An entry is a frame's data, and in the upper half
 * the error flags of ISR that belong to it. */
enum { FIFO_DEPTH = 16, RX_DEPTH = 17, RX_ERRORS_SHIFT = 16 };

struct fifo {
    uint32_t data[RX_DEPTH];
    unsigned first, count;
};

/* As it goes over the line: bit 0 of `bits` is the first one after the start bit. */
struct usart_frame {
    uint16_t bits;
    uint8_t count;     /* data bits with the parity bit; of a break: low bits but the start bit */
    sim_time bit_time; /* of its sender; 0: the receiver's own */
    bool is_break;
};

enum sending { SENDS_NOTHING, SENDS_FRAME, SENDS_BREAK, SENDS_IDLE };

struct usart {
    struct block block;
    struct usart_peer peer;
    struct usart *joined; /* whose lines are crossed with these; may be itself */
    bool holds;           /* its RTS tells the other end to wait */
    struct fifo tx, rx;
    uint32_t latched; /* ISR_LATCHED flags, ABRF */
    enum sending sending;
    bool break_wanted, idle_wanted;
    struct usart_frame frame;   /* that leaves */
    uint16_t sync_in, sync_out; /* a synchronous slave's shift register */
    unsigned sync_bits;
    bool receiving; /* a start bit has come, and no end yet */
    bool rx_active; /* since the last idle line something came */
    bool mute;
    sim_time last_frame; /* the end of the last one received */
    struct event sent, received, idle, timed_out;
    uint8_t *incoming; /* what the peer still has to send */
    size_t incoming_first, incoming_count, incoming_capacity;
};

static inline struct event_queue *usart_events(struct usart *usart)
{
    return &block_sim(&usart->block)->events;
}

static inline bool usart_is_low_power(const struct usart *usart)
{
    return usart->block.row->instance == 0; /* LPUART1 */
}

/* UE and this direction (CR1_TE or CR1_RE) are on. */
static inline bool usart_enabled(const struct usart *usart, uint32_t direction)
{
    uint32_t both = CR1_UE | direction;
    return (REG(&usart->block, CR1) & both) == both;
}

static inline unsigned usart_tx_capacity(const struct usart *usart)
{
    return REG(&usart->block, CR1) & CR1_FIFOEN ? FIFO_DEPTH : 1;
}

static inline unsigned usart_rx_capacity(const struct usart *usart)
{
    return REG(&usart->block, CR1) & CR1_FIFOEN ? RX_DEPTH : 1;
}

static inline void usart_push(struct fifo *fifo, uint32_t data)
{
    fifo->data[(fifo->first + fifo->count++) % RX_DEPTH] = data;
}

static inline uint32_t usart_pop(struct fifo *fifo)
{
    uint32_t data = fifo->data[fifo->first];
    fifo->first = (fifo->first + 1) % RX_DEPTH;
    fifo->count--;
    return data;
}

/* usart.c: ISR, interrupts and DMA requests follow the state. */
void usart_update(struct usart *usart);

/* ---- usart_transmit.c ---- */

void usart_write_tdr(struct usart *usart, uint32_t value);
/* Begins what is to be sent next, if the transmitter is on and nothing leaves. */
void usart_send_next(struct usart *usart);
void usart_sent(void *ctx);

/* ---- usart_sync.c ---- */

/* A frame has left: its clock, if there is one, has brought another in. */
void usart_clock_frame(struct usart *master, const struct usart_frame *frame);

/* ---- usart_receive.c ---- */

/* A start bit from the line. */
void usart_start_bit(struct usart *usart);
/* RTS: by RTSE, and it has no room. */
bool usart_holds_sender(const struct usart *usart);
/* The frame is over. */
void usart_take(struct usart *usart, struct usart_frame frame);
uint32_t usart_read_rdr(struct usart *usart);
void usart_flush_received(struct usart *usart);
/* MMRQ */
void usart_request_mute(struct usart *usart);
/* RTOR has another value. */
void usart_timeout_changed(struct usart *usart);
void usart_line_idle(void *ctx);
void usart_timed_out(void *ctx);

/* ---- usart_line.c ---- */

sim_time usart_bit_time(const struct usart *usart, uint64_t half_bits);
sim_time usart_frame_time(const struct usart *usart);
/* Data bits of a frame with the parity bit, which the M field counts in. */
unsigned usart_frame_bits(const struct usart *usart);
/* Between the data register and the line: parity, and `arranged`, DATAINV and MSBFIRST. */
struct usart_frame usart_to_line(const struct usart *usart, uint32_t data, bool arranged);
uint32_t usart_from_line(const struct usart *usart, uint16_t bits);
/* CTS: the other end lets it send, or it does not ask (CTSE). */
bool usart_clear_to_send(const struct usart *usart);
/* The other end hears of RTS. */
void usart_line_rts(struct usart *usart);
/* A frame that this block's transmitter begins, or has sent. */
void usart_line_begin(struct usart *usart);
void usart_line_carry(struct usart *usart, const struct usart_frame *frame);
/* The peer's next frame begins, if the receiver is on and the line is free. */
void usart_line_next(struct usart *usart);
void usart_line_received(void *ctx);

#endif
