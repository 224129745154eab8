/*
 * USB OTG in slave mode (RM0399 60.10, 60.15): the receive FIFO with its status words, the transmit
 * FIFOs, and the two request queues, in which packets and IN tokens wait for their turn on the wire.
 * A packet is posted when its last word has been written.
 */
#include "sim/soc/usb_otg.h"

#include <string.h>

enum { GRSTCTL_RXFFLSH = 1 << 4, GRSTCTL_TXFFLSH = 1 << 5, ALL_FIFOS = 0x10 };

static unsigned words_of(unsigned bytes)
{
    return (bytes + 3) / 4;
}

/* ---- Request queues and the transmit FIFOs under them ---- */

struct usb_queue *usb_queue_of(struct usb *u, unsigned channel)
{
    return &u->queue[usb_channel_periodic(u, channel) ? USB_PERIODIC : USB_NON_PERIODIC];
}

static unsigned queue_words(const struct usb_queue *queue)
{
    unsigned words = words_of(queue->filling.length);
    for (unsigned n = 0; n < queue->count; n++)
        words += words_of(queue->request[n].length);
    return words;
}

static unsigned depth(const struct usb *u, unsigned queue)
{
    return REG(&u->block, queue == USB_PERIODIC ? HPTXFSIZ : HNPTXFSIZ) >> 16;
}

static unsigned room(const struct usb *u, unsigned queue)
{
    unsigned used = queue_words(&u->queue[queue]), all = depth(u, queue);
    return used < all ? all - used : 0;
}

/* xTXQTOP names the next request: channel, and what it is (0 packet or IN, 1 empty OUT). */
uint32_t usb_queue_status(const struct usb *u, unsigned queue)
{
    const struct usb_queue *q = &u->queue[queue];
    uint32_t top = 0;
    if (q->count)
        top = (uint32_t)q->request[0].channel << 27 |
              (q->request[0].token == USB_OUT && !q->request[0].length ? 1u << 25 : 0);
    return top | (uint32_t)(USB_QUEUE_DEPTH - q->count) << 16 | room(u, queue);
}

/* By TXFELVL and PTXFELVL: half empty or completely empty. */
bool usb_queue_empty(const struct usb *u, unsigned queue)
{
    unsigned level = queue == USB_PERIODIC ? GAHBCFG_PTXFELVL : GAHBCFG_TXFELVL;
    unsigned used = queue_words(&u->queue[queue]);
    return REG(&u->block, GAHBCFG) & level ? used == 0 : 2 * used <= depth(u, queue);
}

static void post(struct usb *u, unsigned channel, const struct usb_request *request)
{
    struct usb_queue *queue = usb_queue_of(u, channel);
    if (queue->count == USB_QUEUE_DEPTH) {
        block_complain(&u->block, COMPLAINT_GUEST, HNPTXSTS,
                       "channel %u posts a request, and the queue is full: look at %s first",
                       channel,
                       queue == &u->queue[USB_PERIODIC] ? "HPTXSTS.PTXQSAV" : "HNPTXSTS.NPTQXSAV");
        return;
    }
    struct usb_request *place = &queue->request[queue->count++];
    place->token = request->token;
    place->channel = (uint8_t)channel;
    place->length = request->length;
    memcpy(place->data, request->data, request->length);
    usb_bus_look(u);
}

void usb_post(struct usb *u, unsigned channel, enum usb_token token)
{
    static const struct usb_request empty;
    struct usb_request request = empty;
    request.token = token;
    post(u, channel, &request);
}

static void remove_request(struct usb_queue *queue, unsigned at)
{
    queue->count--;
    memmove(&queue->request[at], &queue->request[at + 1],
            (queue->count - at) * sizeof queue->request[0]);
}

void usb_queue_pop(struct usb_queue *queue)
{
    remove_request(queue, 0);
}

/* A halt flushes what the channel has posted. */
void usb_queue_forget(struct usb_queue *queue, unsigned channel)
{
    for (unsigned n = queue->count; n-- > 0;)
        if (queue->request[n].channel == channel)
            remove_request(queue, n);
    if (queue->expected && queue->filling.channel == channel)
        queue->expected = queue->filling.length = 0;
}

/* ---- The guest writes a packet ---- */

static unsigned packet_size(const struct usb *u, unsigned channel)
{
    unsigned most = CH(u, channel, HCCHAR) & HCCHAR_MPSIZ;
    unsigned left = u->channel[channel].unwritten;
    return left < most ? left : most;
}

static bool begin_packet(struct usb *u, unsigned channel, struct usb_queue *queue)
{
    queue->expected = packet_size(u, channel);
    queue->filling.channel = (uint8_t)channel;
    queue->filling.length = 0;
    if (queue->expected && queue->expected <= USB_PACKET_MAX)
        return true;
    queue->expected = 0;
    block_complain(&u->block, COMPLAINT_GUEST, DFIFO + channel,
                   "a word is written into the FIFO of channel %u, which has nothing to send "
                   "(HCCHAR.CHENA, HCTSIZ.XFRSIZ)",
                   channel);
    return false;
}

static bool may_write(struct usb *u, unsigned channel, struct usb_queue *queue)
{
    unsigned which = queue == &u->queue[USB_PERIODIC] ? USB_PERIODIC : USB_NON_PERIODIC;
    if (queue->expected && queue->filling.channel != channel) {
        block_complain(&u->block, COMPLAINT_GUEST, DFIFO + USB_CHANNELS,
                       "a packet of channel %u begins in the FIFO before that of channel %u is "
                       "complete",
                       channel, queue->filling.channel);
        return false;
    }
    if (room(u, which) == 0) {
        block_complain(&u->block, COMPLAINT_GUEST, DFIFO + USB_CHANNELS + 1,
                       "the transmit FIFO overflows: look at its free words first");
        return false;
    }
    return queue->expected || begin_packet(u, channel, queue);
}

void usb_fifo_write(struct usb *u, unsigned channel, uint32_t word)
{
    if (!usb_host(u)) {
        usb_endpoint_fifo_write(u, channel, word);
        return;
    }
    struct usb_queue *queue = usb_queue_of(u, channel);
    struct usb_request *packet = &queue->filling;
    if (usb_dma(u) || !may_write(u, channel, queue))
        return;
    unsigned left = queue->expected - packet->length, size = left < 4 ? left : 4;
    memcpy(&packet->data[packet->length], &word, size);
    packet->length += size;
    u->channel[channel].unwritten -= size;
    CH(u, channel, HCTSIZ) -= size;
    if (packet->length == queue->expected) {
        bool setup = CH(u, channel, HCTSIZ) >> 29 == 3;
        packet->token = setup ? USB_SETUP : USB_OUT;
        queue->expected = 0;
        post(u, channel, packet);
        packet->length = 0;
    }
    usb_update_irq(u);
}

/* ---- The receive FIFO ---- */

static unsigned rx_used(const struct usb *u)
{
    return u->rx.head - u->rx.tail;
}

bool usb_rx_room(const struct usb *u, unsigned bytes)
{
    unsigned all = REG(&u->block, GRXFSIZ);
    all = all < USB_FIFO_WORDS ? all : USB_FIFO_WORDS;
    return rx_used(u) + words_of(bytes) + 2 <= all; /* with the status of the packet and its end */
}

/* A status waits to be popped; data of the one before are not counted. */
bool usb_rx_waiting(const struct usb *u)
{
    return rx_used(u) > u->rx.unread;
}

static void put_word(struct usb *u, uint32_t word)
{
    if (rx_used(u) < USB_FIFO_WORDS)
        u->rx.words[u->rx.head++ % USB_FIFO_WORDS] = word;
}

void usb_rx_put(struct usb *u, unsigned channel, unsigned status, const struct usb_transaction *t)
{
    unsigned length = t ? t->length : 0;
    uint32_t pid = t && t->data1 ? 2 : 0;
    put_word(u, channel | length << 4 | pid << 15 | status << 17);
    for (unsigned n = 0; n < length; n += 4) {
        uint32_t word = 0;
        memcpy(&word, &t->data[n], length - n < 4 ? length - n : 4);
        put_word(u, word);
    }
}

static void drop_unread(struct usb *u)
{
    if (u->rx.unread)
        block_complain(&u->block, COMPLAINT_GUEST, GRXSTSP,
                       "the next status is popped while %u words of the packet before wait in the "
                       "receive FIFO: they are lost",
                       u->rx.unread);
    u->rx.tail += u->rx.unread;
    u->rx.unread = 0;
}

uint32_t usb_rx_peek(struct usb *u)
{
    return usb_rx_waiting(u) ? u->rx.words[(u->rx.tail + u->rx.unread) % USB_FIFO_WORDS] : 0;
}

/* What was popped takes effect now (60.15.2: the interrupt comes as soon as the status is read). */
static void popped(struct usb *u, uint32_t status)
{
    unsigned channel = status & 15;
    switch (status >> 17 & 15) {
    case RX_DATA:
        u->rx.unread = words_of(status >> 4 & 0x7ff);
        usb_channel_raise(u, channel, HCINT_ACK);
        break;
    case RX_COMPLETE:
        usb_channel_raise(u, channel, HCINT_XFRC);
        break;
    case RX_TOGGLE_ERROR:
        usb_channel_raise(u, channel, HCINT_DTERR);
        break;
    case RX_HALTED:
        usb_channel_raise(u, channel, HCINT_CHH);
        break;
    }
}

uint32_t usb_rx_pop(struct usb *u)
{
    if (!usb_rx_waiting(u))
        return 0;
    drop_unread(u);
    uint32_t status = u->rx.words[u->rx.tail++ % USB_FIFO_WORDS];
    if (usb_host(u))
        popped(u, status);
    else
        usb_endpoint_popped(u, status);
    usb_bus_look(u);
    usb_update_irq(u);
    return status;
}

/* Any of the windows reads it. */
uint32_t usb_fifo_read(struct usb *u)
{
    if (u->rx.unread == 0)
        return 0;
    u->rx.unread--;
    uint32_t word = u->rx.words[u->rx.tail++ % USB_FIFO_WORDS];
    if (u->rx.unread == 0)
        usb_bus_look(u);
    return word;
}

/* ---- Flush ---- */

static void flush_queue(struct usb_queue *queue)
{
    queue->count = 0;
    queue->expected = queue->filling.length = 0;
}

void usb_flush(struct usb *u, uint32_t grstctl)
{
    unsigned number = grstctl >> 6 & 0x1f;
    if (grstctl & GRSTCTL_RXFFLSH)
        u->rx.head = u->rx.tail = u->rx.unread = 0;
    if (!(grstctl & GRSTCTL_TXFFLSH))
        return;
    usb_endpoint_flush(u, number);
    if (number == 0 || number == ALL_FIFOS)
        flush_queue(&u->queue[USB_NON_PERIODIC]);
    if (number == 1 || number == ALL_FIFOS)
        flush_queue(&u->queue[USB_PERIODIC]);
}
