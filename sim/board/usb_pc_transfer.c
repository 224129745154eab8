/* The computer's control transfers (USB 2.0 8.5.3, 9.2.6): SETUP, data to the host, status. */
#include "sim/board/usb_pc.h"

#include <string.h>

enum { TO_HOST = 0x80, ERRORS_MAX = 3 };

/* USB 2.0 9.2.6.1; and after how long a NAK is followed by the next attempt. */
#define LONGEST        (5 * SIM_S)
#define PATIENCE_FIRST (10 * SIM_US)
#define PATIENCE_LAST  (1 * SIM_MS)

void usb_pc_ask(struct usb_pc *pc, const uint8_t setup[8])
{
    struct usb_pc_transfer *transfer = &pc->transfer;
    *transfer = (struct usb_pc_transfer){.active = true,
                                         .stage = USB_PC_SETUP,
                                         .wanted = setup[6] + 256u * setup[7],
                                         .began = sim_now(pc->sim),
                                         .patience = PATIENCE_FIRST};
    memcpy(transfer->setup, setup, sizeof transfer->setup);
}

static bool to_host(const struct usb_pc_transfer *transfer)
{
    return transfer->setup[0] & TO_HOST && transfer->wanted;
}

/* The status goes the other way than data. */
static struct usb_transaction next_transaction(const struct usb_pc *pc)
{
    const struct usb_pc_transfer *transfer = &pc->transfer;
    struct usb_transaction t = {.token = USB_IN, .address = pc->address, .data1 = true};
    if (transfer->stage == USB_PC_SETUP) {
        t.token = USB_SETUP;
        t.data1 = false;
        t.length = sizeof transfer->setup;
        memcpy(t.data, transfer->setup, sizeof transfer->setup);
    } else if (transfer->stage == USB_PC_STATUS && to_host(transfer)) {
        t.token = USB_OUT;
    }
    return t;
}

/* A packet that is as the one before came twice. */
static enum usb_pc_outcome take_data(struct usb_pc *pc, const struct usb_transaction *t)
{
    struct usb_pc_transfer *transfer = &pc->transfer;
    if (t->length > pc->packet || t->length > transfer->wanted - transfer->done)
        return USB_PC_BABBLED;
    if (t->data1 != transfer->data1)
        return USB_PC_GOES_ON;
    memcpy(&transfer->data[transfer->done], t->data, t->length);
    transfer->done += t->length;
    transfer->data1 = !transfer->data1;
    if (transfer->done == transfer->wanted || t->length < pc->packet)
        transfer->stage = USB_PC_STATUS;
    return USB_PC_GOES_ON;
}

static enum usb_pc_outcome acknowledged(struct usb_pc *pc, const struct usb_transaction *t)
{
    struct usb_pc_transfer *transfer = &pc->transfer;
    transfer->errors = 0;
    transfer->patience = PATIENCE_FIRST;
    if (transfer->stage == USB_PC_DATA_IN)
        return take_data(pc, t);
    if (transfer->stage == USB_PC_STATUS)
        return t->token == USB_IN && t->length ? USB_PC_BABBLED : USB_PC_DONE;
    transfer->stage = to_host(transfer) ? USB_PC_DATA_IN : USB_PC_STATUS;
    transfer->data1 = true;
    return USB_PC_GOES_ON;
}

static enum usb_pc_outcome refused(struct usb_pc *pc, sim_time *pause)
{
    struct usb_pc_transfer *transfer = &pc->transfer;
    transfer->errors = 0;
    *pause += transfer->patience;
    transfer->patience *= 2;
    if (transfer->patience > PATIENCE_LAST)
        transfer->patience = PATIENCE_LAST;
    return sim_now(pc->sim) - transfer->began > LONGEST ? USB_PC_NAKED : USB_PC_GOES_ON;
}

static enum usb_pc_outcome apply(struct usb_pc *pc, const struct usb_transaction *t,
                                 enum usb_answer answer, sim_time *pause)
{
    switch (answer) {
    case USB_ACK:
    case USB_NYET:
        return acknowledged(pc, t);
    case USB_NAK:
        return refused(pc, pause);
    case USB_STALL:
        return USB_PC_STALLED;
    case USB_SILENCE:
    case USB_GARBLED:
        break;
    }
    return ++pc->transfer.errors < ERRORS_MAX ? USB_PC_GOES_ON : USB_PC_SILENT;
}

enum usb_pc_outcome usb_pc_transact(struct usb_pc *pc, sim_time *pause)
{
    struct usb_transaction t = next_transaction(pc);
    enum usb_answer answer = pc->bus->transact(pc->bus->ctx, &t);
    *pause = usb_transaction_time(pc->found.speed, &t, answer, true);
    enum usb_pc_outcome outcome = apply(pc, &t, answer, pause);
    pc->transfer.active = outcome == USB_PC_GOES_ON;
    return outcome;
}
