/* The board's USB connector and microSD socket, and what is in them. */
#ifndef SIM_HOST_CONNECTOR_H
#define SIM_HOST_CONNECTOR_H

#include "sim/board/board.h"
#include "sim/board/usb_pc.h"
#include "sim/host/plug.h"

struct connector;

/* What happens to it by itself is told: a stick that is pulled by its option pull=. */
struct connector_listener {
    void *ctx;
    void (*stick)(void *ctx, bool plugged);
    void (*card)(void *ctx, bool inserted);
    struct usb_pc_listener host; /* what a computer in the connector tells of the board */
};

/* NULL: out of memory. The board outlives it. */
struct connector *connector_create(struct board *board, struct sim *sim,
                                   const struct connector_listener *listener);
void connector_destroy(struct connector *connector); /* NULL: nothing */
/* In place of what is there. False: the image cannot be used; see the failure. A file of our own is the
 * connector's from now on, in any case. */
bool connector_plug(struct connector *connector, const struct plug *plug, struct failure *failure);
/* What was pulled out last, as it is. False: see the failure. */
bool connector_plug_again(struct connector *connector, struct failure *failure);
/* This process is to be copied (history.h): contents of images are held in memory. */
void connector_remember(struct connector *connector);
/* It is such a copy: no file is written any more. */
void connector_depart(struct connector *connector);
void connector_unplug(struct connector *connector);
/* The same for a card and its socket. */
bool connector_insert(struct connector *connector, const struct plug *plug,
                      struct failure *failure);
void connector_eject(struct connector *connector);
/* Of the stick that is plugged, or was last. False: there was none. */
bool connector_statistics(const struct connector *connector,
                          struct usb_stick_statistics *statistics);
/* Likewise of the card. */
bool connector_card_statistics(const struct connector *connector,
                               struct microsd_statistics *statistics);

/* What is in the connector, or was pulled out of it and is at hand. */
struct connector_view {
    enum { CONNECTOR_EMPTY, CONNECTOR_PLUGGED, CONNECTOR_AT_HAND } state;
    char name[64];  /* as a person calls it */
    int descriptor; /* of a stick's contents, the connector's; -1: it is no stick */
    uint32_t sector_size;
    uint64_t sectors, written; /* written: sectors since it was first plugged in */
};
struct connector_view connector_look(const struct connector *connector);

#endif
