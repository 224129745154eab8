/* The host of a USB device without a chip: transactions by hand, toggles kept, NAKs waited out. */
#ifndef SIM_TEST_BOARD_USB_HOST_H
#define SIM_TEST_BOARD_USB_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/core/sim.h"
#include "sim/soc/usb.h"

enum { HOST_STALLED = -1, HOST_SILENT = -2, HOST_NAKED = -3 };

struct usb_host {
    struct sim *sim;
    const struct usb_device *device;
    uint8_t address;
    bool in1[16], out1[16]; /* toggles */
    unsigned size;          /* of bulk packets */
    unsigned control;       /* of those of endpoint 0: USB 2.0 5.5.3 */
    unsigned naks, nyets;
};

static inline void host_wait(struct usb_host *host, sim_time time)
{
    sim_time until = host->sim->events.now + time;
    event_run_until(&host->sim->events, until);
    host->sim->events.now = until;
}

/* Powered, reset, at this speed. */
static inline void host_start(struct usb_host *host, struct sim *sim,
                              const struct usb_device *device, enum usb_speed speed)
{
    *host = (struct usb_host){.sim = sim, .device = device};
    host->size = speed == USB_SPEED_HIGH ? 512 : 64;
    host->control = speed == USB_SPEED_LOW ? 8 : 64;
    device->power(device->ctx, true);
    device->reset(device->ctx, speed);
}

/* One transaction, asked again as long as it is NAKed, at most for a second. */
static inline enum usb_answer host_transact(struct usb_host *host, struct usb_transaction *t)
{
    for (unsigned n = 0; n < 100000; n++) {
        struct usb_transaction again = *t;
        again.address = host->address;
        enum usb_answer answer = host->device->transact(host->device->ctx, &again);
        host->nyets += answer == USB_NYET;
        if (answer != USB_NAK) {
            *t = again;
            return answer;
        }
        host->naks++;
        sim_time ready = host->device->ready(host->device->ctx, t);
        sim_time now = sim_now(host->sim);
        host_wait(host, ready > now ? ready - now : 10 * SIM_US);
    }
    return USB_NAK;
}

static inline int host_outcome(enum usb_answer answer)
{
    return answer == USB_STALL ? HOST_STALLED : answer == USB_NAK ? HOST_NAKED : HOST_SILENT;
}

/* One packet; its length, or why not. */
static inline int host_out(struct usb_host *host, uint8_t endpoint, enum usb_token token,
                           const void *data, unsigned length)
{
    struct usb_transaction t = {.token = token, .endpoint = endpoint, .length = length};
    t.data1 = token != USB_SETUP && host->out1[endpoint];
    if (length)
        memcpy(t.data, data, length);
    enum usb_answer answer = host_transact(host, &t);
    if (answer != USB_ACK && answer != USB_NYET)
        return host_outcome(answer);
    host->out1[endpoint] = !host->out1[endpoint];
    return (int)length;
}

static inline int host_in(struct usb_host *host, uint8_t endpoint, void *data)
{
    struct usb_transaction t = {.token = USB_IN, .endpoint = endpoint};
    enum usb_answer answer = host_transact(host, &t);
    if (answer != USB_ACK)
        return host_outcome(answer);
    assert_int_equal(t.data1, host->in1[endpoint]);
    host->in1[endpoint] = !host->in1[endpoint];
    memcpy(data, t.data, t.length);
    host->device->acknowledged(host->device->ctx, endpoint);
    return (int)t.length;
}

/* Bytes of many packets, up to a short one. */
static inline int host_read(struct usb_host *host, uint8_t endpoint, void *data, unsigned room,
                            unsigned packet)
{
    uint8_t bytes[USB_PACKET_MAX];
    unsigned done = 0;
    while (done < room) {
        int length = host_in(host, endpoint, bytes);
        if (length < 0)
            return done ? (int)done : length;
        assert_true((unsigned)length <= packet && (unsigned)length <= room - done);
        memcpy((uint8_t *)data + done, bytes, (unsigned)length);
        done += (unsigned)length;
        if ((unsigned)length < packet)
            break;
    }
    return (int)done;
}

/* A control transfer; the length of the data, or why not. */
static inline int host_control(struct usb_host *host, uint8_t type, uint8_t request, uint16_t value,
                               uint16_t index, void *data, uint16_t length)
{
    const uint8_t setup[8] = {type,
                              request,
                              (uint8_t)value,
                              (uint8_t)(value >> 8),
                              (uint8_t)index,
                              (uint8_t)(index >> 8),
                              (uint8_t)length,
                              (uint8_t)(length >> 8)};
    uint8_t none[USB_PACKET_MAX];
    int done = host_out(host, 0, USB_SETUP, setup, 8);
    if (done < 0)
        return done;
    done = 0;
    host->in1[0] = host->out1[0] = true;
    if (type & 0x80) {
        done = host_read(host, 0, data, length, host->control);
        host->out1[0] = true;
        return done < 0 ? done : host_out(host, 0, USB_OUT, NULL, 0) < 0 ? HOST_SILENT : done;
    }
    if (length && (done = host_out(host, 0, USB_OUT, data, length)) < 0)
        return done;
    host->in1[0] = true;
    int status = host_in(host, 0, none);
    return status < 0 ? status : done;
}

/* Address 5, configuration 1. */
static inline void host_configure(struct usb_host *host)
{
    assert_true(host_control(host, 0x00, 5, 5, 0, NULL, 0) >= 0);
    host->address = 5;
    assert_true(host_control(host, 0x00, 9, 1, 0, NULL, 0) >= 0);
    memset(host->in1, 0, sizeof host->in1);
    memset(host->out1, 0, sizeof host->out1);
}

/* CLEAR_FEATURE(ENDPOINT_HALT), by the endpoint's address. */
static inline void host_clear_halt(struct usb_host *host, uint8_t address)
{
    assert_true(host_control(host, 0x02, 1, 0, address, NULL, 0) >= 0);
    *(address & 0x80 ? &host->in1[address & 15] : &host->out1[address & 15]) = false;
}

#endif
