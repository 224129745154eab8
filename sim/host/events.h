/*
 * --events: what a person at the board would notice, as JSON lines in the order of board time.
 *
 * Console text comes a line at a time, "\n" included, with the time of its last byte; a line that is
 * not ended within 20 ms (a prompt, say) or grows beyond 1 KB comes as it is. All pieces joined are
 * exactly what USART1 sent.
 */
#ifndef SIM_HOST_EVENTS_H
#define SIM_HOST_EVENTS_H

#include "sim/board/usb_pc.h"
#include "sim/core/event.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { EVENTS_LINE_MAX = 1024 };

struct events {
    FILE *to; /* NULL: nothing is written */
    uint8_t line[EVENTS_LINE_MAX];
    size_t length;
    sim_time last; /* time of the line's last byte */
    char *later;   /* what happened after `last`, as text */
    size_t later_length, later_capacity;
};

void events_open(struct events *events, FILE *to); /* `to` stays the caller's */
/* Writes what is left. */
void events_close(struct events *events);

void events_led(struct events *events, sim_time time, unsigned led, bool on);
void events_panel(struct events *events, sim_time time, bool on);
void events_frame(struct events *events, sim_time time, uint64_t number);
void events_stick(struct events *events, sim_time time, bool plugged);
void events_card(struct events *events, sim_time time, bool inserted);
/* Of a host in the USB connector: what it says of the board as a device. */
void events_usb_attached(struct events *events, sim_time time, bool attached);
void events_usb_configured(struct events *events, sim_time time, const struct usb_pc_found *found);
void events_usb_failed(struct events *events, sim_time time, const char *why);
void events_usb_report(struct events *events, sim_time time, const uint8_t *bytes, unsigned count);
void events_console(struct events *events, sim_time time, const uint8_t *bytes, size_t count);
/* Board time has come this far: an unfinished line may be due. */
void events_tick(struct events *events, sim_time time);

#endif
