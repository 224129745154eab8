/*
 * USART, UART and LPUART: RM0399 chapters 51 and 52; registers, flags, interrupts, DMA requests. The two
 * directions are in usart_transmit.c and usart_receive.c, the line is in usart_line.c. Smartcard mode is not
 * modelled; IrDA's pulses are no more than bits.
 */
#include <stdlib.h>

#include "sim/soc/classes.h"
#include "sim/soc/dmamux.h"
#include "sim/soc/usart_internal.h"

enum { REQUEST_RX = 0, REQUEST_TX = 1 };

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

/* RXFTCFG and TXFTCFG: 1/8, 1/4, 1/2, 3/4, 7/8, all (51.8.4). */
static unsigned threshold(unsigned code)
{
    static const uint8_t entries[8] = {2, 4, 8, 12, 14, 16, 16, 16};
    return entries[code & 7];
}

static uint32_t fifo_flags(const struct usart *usart)
{
    uint32_t cr3 = REG(&usart->block, CR3), flags = 0;
    flags |= usart->tx.count ? 0 : ISR_TXFE;
    flags |= usart->rx.count == RX_DEPTH ? ISR_RXFF : 0;
    flags |= usart->rx.count >= threshold(cr3 >> 25) ? ISR_RXFT : 0;
    flags |= FIFO_DEPTH - usart->tx.count >= threshold(cr3 >> 29) ? ISR_TXFT : 0;
    return flags;
}

static uint32_t status(const struct usart *usart)
{
    uint32_t cr1 = REG(&usart->block, CR1);
    uint32_t flags = usart->latched;
    flags |= usart->rx.count ? ISR_RXFNE : 0;
    flags |= usart->tx.count < usart_tx_capacity(usart) ? ISR_TXFNF : 0;
    flags |= usart_enabled(usart, CR1_TE) ? ISR_TEACK : 0;
    flags |= usart_enabled(usart, CR1_RE) ? ISR_REACK : 0;
    flags |= REG(&usart->block, CR3) & CR3_CTSE && usart_clear_to_send(usart) ? ISR_CTS : 0;
    flags |= usart->receiving ? ISR_BUSY : 0;
    flags |= usart->break_wanted ? ISR_SBKF : 0;
    flags |= cr1 & CR1_MME && usart->mute ? ISR_RWU : 0;
    return cr1 & CR1_FIFOEN ? flags | fifo_flags(usart) : flags;
}

/* Which flags interrupt by which enable bit (51.7, table of interrupt requests). */
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
        {CR1, CR1_RXFFIE, ISR_RXFF}, {CR3, CR3_EIE, ISR_FE | ISR_NE | ISR_ORE | ISR_UDR},
        {CR3, CR3_TXFTIE, ISR_TXFT}, {CR3, CR3_RXFTIE, ISR_RXFT},
        {CR3, CR3_WUFIE, ISR_WUF},   {CR2, CR2_LBDIE, ISR_LBDF},
        {CR3, CR3_CTSIE, ISR_CTSIF},
    };
    uint32_t mask = 0;
    for (size_t n = 0; n < sizeof rules / sizeof rules[0]; n++)
        if (REG(&usart->block, rules[n].offset) & rules[n].enable)
            mask |= rules[n].flags;
    return mask;
}

/* LPUART1 triggers DMAMUX2 by what either direction interrupts for. */
static void trigger_dmamux(struct usart *usart, uint32_t pending)
{
    struct soc *soc = usart->block.soc;
    uint32_t sends = ISR_TC | ISR_TXFNF | ISR_TXFE | ISR_TXFT | ISR_CTSIF;
    dmamux_trigger(soc, 1, DMAMUX2_LPUART1_TX_WKUP, pending & sends);
    dmamux_trigger(soc, 1, DMAMUX2_LPUART1_TX_IT, pending & sends);
    dmamux_trigger(soc, 1, DMAMUX2_LPUART1_RX_WKUP, pending & ~sends);
    dmamux_trigger(soc, 1, DMAMUX2_LPUART1_RX_IT, pending & ~sends);
}

void usart_update(struct usart *usart)
{
    struct block *block = &usart->block;
    uint32_t flags = status(usart), cr3 = REG(block, CR3);
    bool on = REG(block, CR1) & CR1_UE, sends = usart_enabled(usart, CR1_TE);
    REG(block, ISR) = flags;
    uint32_t pending = on ? flags & interrupting(usart) : 0;
    block_irq(block, 0, pending);
    if (usart_is_low_power(usart))
        trigger_dmamux(usart, pending);
    block_dma(block, REQUEST_RX, (cr3 & CR3_DMAR) && (flags & ISR_RXFNE));
    block_dma(block, REQUEST_TX, (cr3 & CR3_DMAT) && sends && (flags & ISR_TXFNF));
    usart_line_rts(usart);
}

/* ---- Registers ---- */

static uint32_t usart_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct usart *usart = (struct usart *)block;
    (void)access;
    if (offset != RDR)
        return REG(block, offset);
    uint32_t value = usart_read_rdr(usart);
    usart_update(usart);
    return value;
}

static void write_request(struct usart *usart, uint32_t value)
{
    if (value & RQR_ABRRQ)
        usart->latched &= ~(uint32_t)ISR_ABRF;
    if (value & RQR_SBKRQ && usart_enabled(usart, CR1_TE))
        usart->break_wanted = true;
    if (value & RQR_MMRQ)
        usart_request_mute(usart);
    if (value & RQR_RXFRQ)
        usart_flush_received(usart);
    if (value & RQR_TXFRQ)
        usart->tx.count = 0;
    usart_send_next(usart);
}

static void forget(struct usart *usart)
{
    struct event *events[] = {&usart->sent, &usart->received, &usart->idle, &usart->timed_out};
    for (size_t n = 0; n < sizeof events / sizeof events[0]; n++)
        event_cancel(usart_events(usart), events[n]);
    usart->tx.count = usart->rx.count = 0;
    usart->sending = SENDS_NOTHING;
    usart->sync_bits = 0;
    usart->receiving = usart->rx_active = usart->mute = false;
    usart->break_wanted = usart->idle_wanted = false;
    usart->last_frame = SIM_NEVER;
    usart->latched = ISR_TC;
}

static void complain_of_modes(const struct usart *usart)
{
    const struct block *block = &usart->block;
    uint32_t cr2 = REG(block, CR2), cr3 = REG(block, CR3);
    if (cr3 & CR3_SCEN)
        block_complain(block, COMPLAINT_UNMODELLED, CR3, "%s: smartcards are not modelled",
                       block->row->name);
    if (cr2 & CR2_SLVEN && !usart->joined)
        block_complain(
            block, COMPLAINT_UNMODELLED, CR2,
            "%s: it is a synchronous slave, and no master is wired to it: see --set wire",
            block->row->name);
}

/* Bits that may be written now (51.8: "can only be written when the USART is disabled"). */
static uint32_t unlocked(const struct usart *usart, uint32_t offset)
{
    uint32_t cr1 = REG(&usart->block, CR1), cr2 = REG(&usart->block, CR2);
    if (!(cr1 & CR1_UE))
        return 0xffffffff;
    switch (offset) {
    case CR1:
        return ~(uint32_t)CR1_FIXED;
    case CR2:
        return ~((uint32_t)CR2_FIXED | (cr1 & CR1_RE ? (uint32_t)CR2_ADD : 0) |
                 (cr2 & CR2_ABREN ? (uint32_t)CR2_ABRMOD : 0));
    case CR3:
        return ~(uint32_t)CR3_FIXED;
    case BRR:
    case GTPR:
    case PRESC:
        return 0;
    default:
        return 0xffffffff;
    }
}

static void store(struct usart *usart, uint32_t offset, uint32_t value,
                  const struct block_access *access)
{
    struct block *block = &usart->block;
    struct block_access open = *access;
    open.lanes &= unlocked(usart, offset);
    uint32_t writable = block->reg_at[offset / 4] ? block->reg_at[offset / 4]->writable : 0;
    if ((REG(block, offset) ^ value) & writable & access->lanes & ~open.lanes)
        block_complain(block, COMPLAINT_GUEST, 0x1000 + offset,
                       "%s: %s is written while UE is set: the bits that need UE = 0 stay as "
                       "they are",
                       block->row->name, block->reg_at[offset / 4]->name);
    block_store(block, offset, value, &open);
}

static void configured(struct usart *usart, bool sent_before)
{
    uint32_t cr1 = REG(&usart->block, CR1);
    complain_of_modes(usart);
    if (!(cr1 & CR1_UE))
        forget(usart);
    if (!(cr1 & CR1_MME))
        usart->mute = false;
    if (!(cr1 & CR1_UESM))
        usart->latched &= ~(uint32_t)ISR_WUF;
    if (usart_enabled(usart, CR1_TE) && !sent_before)
        usart->idle_wanted = true; /* 51.5.5: an idle frame goes first */
    usart_send_next(usart);
    usart_line_next(usart);
}

static void usart_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct usart *usart = (struct usart *)block;
    bool sent_before = usart_enabled(usart, CR1_TE);
    switch (offset) {
    case TDR:
        usart_write_tdr(usart, value & 0x1ff);
        break;
    case RQR:
        write_request(usart, value);
        break;
    case ICR:
        usart->latched &= ~(value & ISR_LATCHED);
        break;
    case RTOR:
        store(usart, offset, value, access);
        usart_timeout_changed(usart);
        break;
    default:
        store(usart, offset, value, access);
        configured(usart, sent_before);
    }
    usart_update(usart);
}

static void usart_reset(struct block *block)
{
    struct usart *usart = (struct usart *)block;
    forget(usart);
    usart_update(usart);
}

/* A line that waited for its clock goes on. */
static void usart_clock_changed(struct block *block)
{
    struct usart *usart = (struct usart *)block;
    usart_send_next(usart);
    usart_line_next(usart);
}

static void usart_init(struct block *block)
{
    struct usart *usart = (struct usart *)block;
    event_init(&usart->sent, "USART frame sent", usart_sent, usart);
    event_init(&usart->received, "USART frame received", usart_line_received, usart);
    event_init(&usart->idle, "USART line idle", usart_line_idle, usart);
    event_init(&usart->timed_out, "USART receiver timeout", usart_timed_out, usart);
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
