#include "sim/host/connector.h"

#include "sim/board/usb_oddities.h"
#include "sim/host/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct connector {
    struct board *board;
    struct sim *sim;
    struct connector_listener listener;
    bool plugged, inserted, was_stick, was_card, in_memory, past;
    enum plug_kind kind;             /* that is plugged in, or was last and is at hand */
    const struct usb_device *device; /* of that; NULL: nothing, or a host */
    char *name;                      /* of its image; or NULL */
    char **kept;                     /* files of our own that the past needs; to be unlinked */
    size_t kept_count;
    struct disk_image image, card_image;
    struct usb_stick stick;
    struct microsd card;
    struct usb_gadget oddity;
    struct usb_bad_cable cable;
    struct usb_pc pc;
};

struct connector *connector_create(struct board *board, struct sim *sim,
                                   const struct connector_listener *listener)
{
    struct connector *connector = calloc(1, sizeof *connector);
    if (!connector)
        return NULL;
    connector->board = board;
    connector->sim = sim;
    connector->listener = *listener;
    connector->image.descriptor = connector->card_image.descriptor = -1;
    return connector;
}

static bool is_host(const struct connector *connector)
{
    return connector->kind == PLUG_HOST;
}

static bool is_at_hand(const struct connector *connector)
{
    return connector->device || is_host(connector);
}

static void attach(struct connector *connector, bool plugged)
{
    connector->plugged = plugged;
    if (is_host(connector))
        board_plug_host(connector->board, plugged ? &connector->pc.end : NULL);
    else
        board_plug(connector->board, plugged ? connector->device : NULL);
}

void connector_unplug(struct connector *connector)
{
    if (!connector->plugged)
        return;
    attach(connector, false);
    disk_image_release(&connector->image);
    if (connector->listener.stick)
        connector->listener.stick(connector->listener.ctx, false);
}

/* It is pulled out and given back. */
static void put_away(struct connector *connector)
{
    connector_unplug(connector);
    disk_image_close(&connector->image);
    connector->device = NULL;
    connector->kind = PLUG_STICK;
    free(connector->name);
    connector->name = NULL;
}

void connector_remember(struct connector *connector)
{
    connector->in_memory = true;
}

void connector_depart(struct connector *connector)
{
    connector->past = connector->image.options.past = connector->card_image.options.past = true;
}

void connector_destroy(struct connector *connector)
{
    if (!connector)
        return;
    connector->listener.stick = connector->listener.card = NULL; /* nobody pulled anything */
    connector->pc.listener = (struct usb_pc_listener){0};
    put_away(connector);
    connector_eject(connector);
    for (size_t n = 0; n < connector->kept_count; n++) {
        unlink(connector->kept[n]);
        free(connector->kept[n]);
    }
    free(connector->kept);
    free(connector);
}

/* Where the past may need the file, it stays as it was when it was plugged in. */
static void keep(struct connector *connector, const char *path)
{
    char **kept = realloc(connector->kept, (connector->kept_count + 1) * sizeof *kept);
    if (!kept)
        abort(); /* out of host memory */
    connector->kept = kept;
    kept[connector->kept_count] = strdup(path);
    if (!kept[connector->kept_count++])
        abort(); /* out of host memory */
}

static bool open_image(struct connector *connector, struct disk_image *image,
                       const struct plug *plug, struct failure *failure)
{
    struct disk_image_options options = plug->disk;
    options.in_memory = connector->in_memory;
    options.past = connector->past;
    options.apart = plug->scratch && connector->in_memory;
    bool opened = disk_image_open(image, plug->image, &options, failure);
    if (plug->scratch && !connector->past) {
        if (options.apart)
            keep(connector, plug->image);
        else
            unlink(plug->image);
    }
    return opened;
}

/* ---- USB ---- */

static void pulled(void *ctx)
{
    connector_unplug(ctx);
}

static const struct usb_device *make_stick(struct connector *connector, const struct plug *plug,
                                           struct failure *failure)
{
    struct usb_stick_config config = {.full_speed = plug->full_speed,
                                      .read_rate = plug->rate,
                                      .write_rate = plug->rate,
                                      .faults = plug->faults};
    if (!open_image(connector, &connector->image, plug, failure))
        return NULL;
    config.disk = connector->image.disk;
    config.faults.pulled = pulled;
    config.faults.ctx = connector;
    usb_stick_init(&connector->stick, connector->sim, &config);
    connector->was_stick = true;
    return &connector->stick.gadget.device;
}

static const struct usb_device *make_oddity(struct connector *connector, enum usb_oddity kind)
{
    usb_oddity_init(&connector->oddity, connector->sim, kind);
    return &connector->oddity.device;
}

static void insert(struct connector *connector)
{
    attach(connector, true);
    if (connector->listener.stick)
        connector->listener.stick(connector->listener.ctx, true);
}

static void plug_host(struct connector *connector)
{
    usb_pc_init(&connector->pc, connector->sim, &connector->listener.host);
    connector->kind = PLUG_HOST;
    insert(connector);
}

bool connector_plug(struct connector *connector, const struct plug *plug, struct failure *failure)
{
    const struct usb_device *device;
    put_away(connector);
    if (plug->kind == PLUG_HOST) {
        plug_host(connector);
        return true;
    }
    device = plug->kind == PLUG_STICK      ? make_stick(connector, plug, failure)
             : plug->kind == PLUG_KEYBOARD ? make_oddity(connector, USB_KEYBOARD)
                                           : make_oddity(connector, USB_HUB);
    if (!device)
        return false;
    if (plug->bad_cable) {
        usb_bad_cable_init(&connector->cable, device, plug->bad_cable);
        device = &connector->cable.device;
    }
    connector->device = device;
    connector->kind = plug->kind;
    connector->name = plug->image ? strdup(plug->image) : NULL;
    insert(connector);
    return true;
}

bool connector_plug_again(struct connector *connector, struct failure *failure)
{
    const char *name = connector->name ? connector->name : "fresh stick";
    if (connector->plugged)
        return failed(failure, "%s: is plugged in already", scratch_name(name));
    if (!is_at_hand(connector))
        return failed(failure, "no stick was pulled out before");
    if (connector->image.descriptor >= 0 && !connector->past &&
        !disk_image_seize(&connector->image, name, failure))
        return false;
    insert(connector);
    return true;
}

struct connector_view connector_look(const struct connector *connector)
{
    static const char *const kinds[] = {"fresh stick", "keyboard", "hub", "host", "card"};
    struct connector_view view = {.descriptor = connector->image.descriptor};
    if (!is_at_hand(connector))
        return view;
    view.state = connector->plugged ? CONNECTOR_PLUGGED : CONNECTOR_AT_HAND;
    view.sector_size = connector->image.disk.sector_size;
    view.sectors = connector->image.disk.sectors;
    view.written = connector->stick.statistics.sectors_written;
    snprintf(view.name, sizeof view.name, "%s",
             connector->name ? scratch_name(connector->name) : kinds[connector->kind]);
    return view;
}

bool connector_statistics(const struct connector *connector,
                          struct usb_stick_statistics *statistics)
{
    *statistics = connector->stick.statistics;
    return connector->was_stick;
}

/* ---- microSD ---- */

void connector_eject(struct connector *connector)
{
    if (!connector->inserted)
        return;
    connector->inserted = false;
    board_insert(connector->board, NULL);
    disk_image_close(&connector->card_image);
    if (connector->listener.card)
        connector->listener.card(connector->listener.ctx, false);
}

bool connector_insert(struct connector *connector, const struct plug *plug, struct failure *failure)
{
    connector_eject(connector);
    if (!open_image(connector, &connector->card_image, plug, failure))
        return false;
    const struct microsd_config config = {
        .disk = connector->card_image.disk, .rate = plug->rate, .errors = plug->bad_cable};
    microsd_init(&connector->card, connector->sim, &config);
    connector->inserted = connector->was_card = true;
    board_insert(connector->board, &connector->card.device);
    if (connector->listener.card)
        connector->listener.card(connector->listener.ctx, true);
    return true;
}

bool connector_card_statistics(const struct connector *connector,
                               struct microsd_statistics *statistics)
{
    *statistics = connector->card.statistics;
    return connector->was_card;
}
