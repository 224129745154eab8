/*
 * The live page: one page served over HTTP, fed over a WebSocket, in a thread of its own. The
 * simulation hands over what there is to see and takes what was done in a browser.
 *
 * WebSocket, protocol "duet": binary messages are the panel's picture as JPEG, sent when it changed;
 * text messages are {"console":"…"} or the status {"t":…,"speed":…,"load":[…],"panel":…,"leds":[…]}.
 * From the browser come the objects of --input without "t". All functions but web_start() and
 * web_stop() are for the simulation's thread and never wait for a browser.
 */
#ifndef SIM_HOST_WEB_H
#define SIM_HOST_WEB_H

#include "sim/core/event.h"
#include "sim/host/failure.h"
#include "sim/host/input.h"

struct web;

struct web_status {
    sim_time time;  /* of the board */
    double speed;   /* board time per wall time, lately */
    double load[2]; /* share of time awake of the Cortex-M7 and -M4, lately; negative: held */
    bool panel;     /* on */
    bool led[4];
    uint64_t frames; /* pictures shown on the panel */
};

/* "127.0.0.1:7470", "[::1]:80", or ":7470" for every interface; port 0: any free one. False: it is
 * no such thing. */
bool web_parse_place(const char *place, char *address, size_t size, unsigned *port);
/* NULL: see the failure (the port is in use, say). */
struct web *web_start(const char *place, struct failure *failure);
void web_stop(struct web *web);
const char *web_url(const struct web *web); /* "http://127.0.0.1:7470/" */

/* Somebody watches and can take another picture. */
bool web_wants_picture(struct web *web);
void web_picture(struct web *web, const uint8_t *rgb); /* the panel's; copied */
void web_console(struct web *web, const uint8_t *bytes, size_t count);
void web_status(struct web *web, const struct web_status *status);
/* The next thing done in a browser; the caller frees it. False: nothing. */
bool web_next_action(struct web *web, struct action *action);

extern const unsigned char web_page[]; /* generated from sim/host/web/ */
extern const unsigned web_page_size;

#endif
