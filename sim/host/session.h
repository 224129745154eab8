/* One `duet run`: everything that is open while the board runs. */
#ifndef SIM_HOST_SESSION_H
#define SIM_HOST_SESSION_H

#include "sim/host/camera.h"
#include "sim/host/connector.h"
#include "sim/host/events.h"
#include "sim/host/gdb.h"
#include "sim/host/guest.h"
#include "sim/host/input.h"
#include "sim/host/options.h"
#include "sim/host/pacing.h"
#include "sim/host/register_log.h"
#include "sim/host/timeline.h"
#include "sim/host/wav.h"
#include "sim/host/web.h"
#include "sim/machine/machine.h"

#include <stdio.h>

struct session {
    const struct options *options;
    struct guest guest;
    struct camera *camera;
    struct input input;
    struct wav *wav;
    struct connector *connector;
    struct register_log *log;
    struct timeline *timeline;
    struct web *web;
    struct gdb *gdb;
    struct history *history;       /* with gdb */
    struct camera_log *camera_log; /* likewise */
    struct live_picture browser;   /* what the page's own camera sees */
    struct machine *machine;
    FILE *console, *event_file; /* the console may be stdout */
    FILE *check_file;           /* --check-json */
    struct events events;
    bool no_program[SOC_CORES]; /* nothing is loaded where the core boots */
    bool console_open_line;     /* the last byte on stdout was no line's end */
    bool input_failed;          /* an image of --input was there no more when it was plugged */
    bool strict_stop; /* --strict, and a complaint about the guest or the checker's report */
    enum soc_core strict_core; /* who did it, if a core did */
    uint64_t frames;           /* shown on the panel */
    unsigned stick_changes;    /* in the connector */
    struct pacing pacing;
    double started; /* wall time in seconds */
};

/* Opens all that the options name, and powers the board on. False: the failure says what is wrong;
 * nothing stays open. */
bool session_open(struct session *session, const struct options *options, struct failure *failure);
void session_close(struct session *session);
/* What the checker found, all together: a line on standard error, and --check-json. */
void session_tell_checks(struct session *session);

/* session_usb.c: what hears of the board as a USB device. */
struct usb_pc_listener session_usb(struct session *session);

/* What a person's hands reach in it. */
struct hands session_hands(const struct session *session);

double wall_time(void); /* seconds, monotonic */
/* --stats, on standard output. */
void print_statistics(struct session *session, FILE *to);
/* The blocks of statistics that firmware keeps in shared memory (docs/ipc-wire.md). */
void print_shared_statistics(struct session *session, FILE *to);

#endif
