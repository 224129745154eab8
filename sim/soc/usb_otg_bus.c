/*
 * USB OTG: what goes over the wire when (USB 2.0 5.11, 8.4.3). A frame begins with its SOF; then come
 * the periodic channels whose turn it is, then the others in turn. A transaction that would not end
 * within the frame waits for the next.
 */
#include "sim/soc/usb_otg.h"

/* The host lets the wire rest before a frame ends (USB 2.0 11.2.5), in parts of the frame. */
enum { END_OF_FRAME_PART = 500 };

/* ---- Which channel is next ---- */

static bool enabled(const struct usb *u, unsigned n)
{
    return CH(u, n, HCCHAR) & (uint32_t)HCCHAR_CHENA;
}

/* A periodic channel has its turn once a frame (HCCHAR.MC times at high speed), the first in a frame of
 * the right parity. */
static bool has_turn(const struct usb *u, unsigned n)
{
    const struct usb_channel *c = &u->channel[n];
    unsigned most = CH(u, n, HCCHAR) >> 20 & 3;
    uint64_t frame = usb_frame(u);
    if (c->frame == UINT64_MAX)
        return (frame & 1) == !!(CH(u, n, HCCHAR) & HCCHAR_ODDFRM);
    return c->frame != frame || c->transfers < (most ? most : 1);
}

static void count_turn(struct usb *u, unsigned n)
{
    struct usb_channel *c = &u->channel[n];
    uint64_t frame = usb_frame(u);
    c->transfers = c->frame == frame ? c->transfers + 1 : 1;
    c->frame = frame;
}

/* Drops what was posted before the channel was told to stop. */
static struct usb_request *head_of(struct usb *u, struct usb_queue *queue)
{
    while (queue->count && u->channel[queue->request[0].channel].stopped)
        usb_queue_pop(queue);
    return queue->count ? &queue->request[0] : NULL;
}

static int posted_channel(struct usb *u, unsigned which)
{
    const struct usb_request *head = head_of(u, &u->queue[which]);
    if (!head)
        return -1;
    unsigned n = head->channel;
    if (head->token == USB_IN && !usb_rx_room(u, CH(u, n, HCCHAR) & HCCHAR_MPSIZ))
        return -1;
    return which == USB_PERIODIC && !has_turn(u, n) ? -1 : (int)n;
}

static int waiting_channel(struct usb *u, unsigned which)
{
    for (unsigned k = 1; k <= USB_CHANNELS; k++) {
        unsigned n = (u->turn + k) % USB_CHANNELS;
        bool periodic = usb_channel_periodic(u, n);
        if (!enabled(u, n) || periodic != (which == USB_PERIODIC))
            continue;
        if (periodic ? has_turn(u, n) : u->channel[n].quiet <= usb_now(u))
            return (int)n;
    }
    return -1;
}

static int next_channel(struct usb *u)
{
    int (*find)(struct usb *, unsigned) = usb_dma(u) ? waiting_channel : posted_channel;
    int n = find(u, USB_PERIODIC);
    return n >= 0 ? n : find(u, USB_NON_PERIODIC);
}

/* ---- When to look again ---- */

/* The first end of a device's quiet. */
static sim_time end_of_quiet(const struct usb *u)
{
    sim_time first = SIM_NEVER;
    for (unsigned n = 0; usb_dma(u) && n < USB_CHANNELS; n++)
        if (enabled(u, n) && u->channel[n].quiet > usb_now(u) && u->channel[n].quiet < first)
            first = u->channel[n].quiet;
    return first;
}

static bool periodic_waits(struct usb *u)
{
    for (unsigned n = 0; n < USB_CHANNELS; n++)
        if (enabled(u, n) && usb_channel_periodic(u, n) && !u->channel[n].stopped)
            return true;
    return false;
}

static void look_later(struct usb *u)
{
    sim_time when = end_of_quiet(u);
    sim_time next_frame = usb_frame_begin(u, usb_frame(u) + 1);
    if (periodic_waits(u) && next_frame < when)
        when = next_frame;
    if (when != SIM_NEVER)
        event_at(usb_events(u), &u->wire, when);
}

void usb_bus_look(struct usb *u)
{
    if (!u->busy && usb_port_runs(u))
        event_in(usb_events(u), &u->wire, 0);
}

/* ---- A transaction ---- */

/* The longest that it may take. */
static sim_time longest(const struct usb *u, unsigned n)
{
    struct usb_transaction most = {.token = USB_OUT, .length = CH(u, n, HCCHAR) & HCCHAR_MPSIZ};
    return usb_transaction_time(usb_port_speed(u), &most, USB_ACK, true);
}

static bool take_posted(struct usb *u, unsigned n)
{
    struct usb_queue *queue = usb_queue_of(u, n);
    u->transaction.token = queue->request[0].token;
    u->transaction.length = queue->request[0].length;
    memcpy(u->transaction.data, queue->request[0].data, queue->request[0].length);
    usb_queue_pop(queue);
    return true;
}

static enum usb_answer ask_device(struct usb *u, unsigned n)
{
    struct usb_transaction *t = &u->transaction;
    bool splits = CH(u, n, HCSPLT) & (uint32_t)HCSPLT_SPLITEN;
    t->address = (uint8_t)(CH(u, n, HCCHAR) >> 22 & 0x7f);
    t->endpoint = (uint8_t)(CH(u, n, HCCHAR) >> 11 & 15);
    t->data1 = (CH(u, n, HCTSIZ) >> 29 & 3) == 2;
    if (!u->device || splits)
        return USB_SILENCE;
    return u->device->transact(u->device->ctx, t);
}

static void begin(struct usb *u, unsigned n)
{
    if (!(usb_dma(u) ? usb_channel_fetch(u, n, &u->transaction) : take_posted(u, n))) {
        usb_update_irq(u);
        usb_bus_look(u);
        return;
    }
    bool isochronous = usb_channel_isochronous(u, n);
    if (usb_channel_periodic(u, n))
        count_turn(u, n);
    u->turn = u->active = n;
    u->busy = true;
    u->answer = ask_device(u, n);
    if (isochronous && u->transaction.token == USB_OUT)
        u->answer = USB_ACK; /* whether anybody hears it or not */
    event_in(usb_events(u), &u->wire,
             usb_transaction_time(usb_port_speed(u), &u->transaction, u->answer, !isochronous));
}

/* A periodic channel that is too late for its frame (60.14.28, FRMOR). */
static void overrun(struct usb *u, unsigned n)
{
    if (usb_dma(u)) {
        usb_channel_halt(u, n, HCINT_FRMOR);
    } else {
        usb_queue_forget(usb_queue_of(u, n), n);
        usb_channel_raise(u, n, HCINT_FRMOR);
        u->channel[n].stopped = true;
    }
    usb_update_irq(u);
    usb_bus_look(u);
}

static void begin_next(struct usb *u)
{
    if (!usb_port_runs(u))
        return;
    uint64_t frame = usb_frame(u);
    sim_time begins = usb_frame_begin(u, frame) + usb_start_of_frame_time(usb_port_speed(u));
    sim_time next = usb_frame_begin(u, frame + 1);
    int n = next_channel(u);
    if (n < 0)
        look_later(u);
    else if (usb_now(u) < begins)
        event_at(usb_events(u), &u->wire, begins);
    else if (usb_now(u) + longest(u, (unsigned)n) + usb_frame_time(u) / END_OF_FRAME_PART <= next)
        begin(u, (unsigned)n);
    else if (usb_channel_periodic(u, (unsigned)n) && u->channel[n].frame == UINT64_MAX)
        overrun(u, (unsigned)n);
    else
        event_at(usb_events(u), &u->wire, next);
}

static void wire_is_free(void *ctx)
{
    struct usb *u = ctx;
    if (u->busy) {
        u->busy = false;
        usb_channel_result(u, u->active, &u->transaction, u->answer);
    }
    begin_next(u);
}

void usb_bus_init(struct usb *u)
{
    event_init(&u->wire, "USB transaction", wire_is_free, u);
}

void usb_bus_reset(struct usb *u)
{
    event_cancel(usb_events(u), &u->wire);
    u->busy = false;
    u->memory.region = NULL;
    u->turn = 0;
}
