/* What a person plugs into the board's USB connector or puts into its microSD socket, in words:
 * IMAGE[,option…] (docs/command-line.md). */
#ifndef SIM_HOST_PLUG_H
#define SIM_HOST_PLUG_H

#include "sim/board/microsd.h"
#include "sim/board/usb_stick.h"
#include "sim/host/disk_image.h"

enum plug_kind { PLUG_STICK, PLUG_KEYBOARD, PLUG_HUB, PLUG_HOST, PLUG_CARD };

struct plug {
    enum plug_kind kind;
    char *image;  /* owned; NULL: a fresh one of no name */
    bool scratch; /* the image is a file of our own, which goes when it is needed no more */
    struct disk_image_options disk;
    bool full_speed;
    uint64_t rate; /* bytes a second in both directions; 0: as they are */
    struct usb_stick_faults faults;
    uint64_t bad_cable; /* each so manyth transaction, or block, is spoilt; 0: none */
};

/* `kind` says for which of the two: PLUG_STICK (which the words may change) or PLUG_CARD. Nothing on
 * disk is looked at. False: see the failure, which names the option. */
bool plug_parse(struct plug *plug, enum plug_kind kind, const char *words, struct failure *failure);
void plug_free(struct plug *plug);
/* The image is there and can be used, or can be made. */
bool plug_check(const struct plug *plug, struct failure *failure);

#endif
