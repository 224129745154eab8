/*
 * The live page: served over HTTP, fed over a WebSocket, in a thread of its own. The simulation hands
 * over what there is to see and takes what was ordered in a browser.
 *
 * WebSocket, protocol "duet": binary messages are the panel's picture as JPEG, sent when it changed;
 * text messages are {"console":"…"}, {"tell":"…"} (what went wrong, for the person), {"stick":{…}} and
 * the status {"t":…,"speed":…,…}. From the browser comes what web_order.h says; by the protocol
 * "duet-upload" come files and pictures (web_upload.c). GET /files lists the stick, GET /files/PATH is
 * one of its files. Only pages of the same origin are answered, under no name but an address or this
 * machine's own.
 *
 * All functions but web_start() and web_stop() are for the simulation's thread and never wait for a
 * browser.
 */
#ifndef SIM_HOST_WEB_H
#define SIM_HOST_WEB_H

#include "sim/core/event.h"
#include "sim/host/failure.h"
#include "sim/host/live_picture.h"
#include "sim/host/web_order.h"

struct web;

struct web_status {
    sim_time time;        /* of the board */
    double speed;         /* board time per wall time, lately */
    double load[2];       /* share of time awake of the Cortex-M7 and -M4, lately; negative: held */
    uint64_t notified[2]; /* interrupts by HSEM of the other core that the M7 and the M4 caused */
    bool panel;           /* on */
    bool led[4];
    uint64_t frames;    /* pictures shown on the panel */
    uint64_t written;   /* sectors on the stick */
    const char *camera; /* what it sees, camera_name() */
    bool held;          /* board time stands */
    bool real;          /* the pace */
};

/* "127.0.0.1:7470", "[::1]:80", or ":7470" for every interface; port 0: any free one. False: it is
 * no such thing. */
bool web_parse_place(const char *place, char *address, size_t size, unsigned *port);
/* `browser`: gets the pictures of a browser's camera; outlives the page. NULL: see the failure (the port
 * is in use, say). */
struct web *web_start(const char *place, struct live_picture *browser, struct failure *failure);
void web_stop(struct web *web);
const char *web_url(const struct web *web); /* "http://127.0.0.1:7470/" */

/* Somebody watches and can take another picture. */
bool web_wants_picture(struct web *web);
void web_picture(struct web *web, const uint8_t *rgb); /* the panel's; copied */
void web_console(struct web *web, const uint8_t *bytes, size_t count);
void web_status(struct web *web, const struct web_status *status);
/* What is in the connector from now on; a stick's files can be had until the next call. */
void web_stick(struct web *web, const struct connector_view *view);
/* To everybody who watches. */
void web_tell(struct web *web, const char *text);
/* The next thing ordered in a browser; the caller frees it. False: nothing. */
bool web_next_order(struct web *web, struct web_order *order);

#endif
