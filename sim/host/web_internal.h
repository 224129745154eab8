/* What the files of the live page share. */
#ifndef SIM_HOST_WEB_INTERNAL_H
#define SIM_HOST_WEB_INTERNAL_H

#include "sim/board/board.h"
#include "sim/host/scratch.h"
#include "sim/host/stick_reader.h"
#include "sim/host/web.h"

#include <libwebsockets.h>
#include <pthread.h>
#include <stdatomic.h>
#include <turbojpeg.h>

enum {
    PICTURE_SIZE = PANEL_WIDTH * PANEL_HEIGHT * 3,
    CONSOLE_KEPT = 1 << 17, /* bytes that a browser gets when it connects */
    TOLD_KEPT = 8,
    ORDERS_MAX = 256,      /* not yet taken by the simulation; more are refused */
    MESSAGE_MAX = 1 << 16, /* of text from a browser */
};

/* A message from a browser that comes in pieces. */
struct web_inbox {
    char *bytes;
    size_t size;
};

/* What each connection has, zeroed at first; one that is refused is closed as it was. A browser that
 * watches, */
struct web_client {
    bool welcomed;
    uint64_t picture, status, console, told, stick; /* what it has got so far */
    struct web_inbox inbox;
};

/* one that asks for a part of the page or a file of the stick, */
struct web_reply {
    const unsigned char *bytes; /* what is still to be sent */
    size_t size;
    char *owned; /* of those bytes, or NULL */
    struct stick_reader *stick;
    uint64_t left; /* of the stick's file */
};

/* and one that brings a file or its camera's pictures. */
struct web_upload {
    struct web_upload_head head;
    bool begun, ended;
    bool has_file;
    int descriptor; /* of the file at path */
    char path[SCRATCH_PATH_MAX];
    uint64_t received;
    struct web_inbox inbox;
    struct picture picture; /* to be filled */
    char answer[1200];      /* to be sent */
};

struct web_stick {
    struct connector_view view; /* its descriptor is the page's own */
    uint64_t number;            /* of changes */
};

struct web {
    struct lws_context *context;
    struct lws_vhost *host;
    char url[128];
    pthread_t thread;
    atomic_bool ending;
    atomic_uint clients;
    atomic_bool picture_wanted;
    struct live_picture *browser;

    pthread_mutex_t lock; /* what follows is shared by both threads */
    uint8_t picture[PICTURE_SIZE];
    uint64_t picture_number;
    char status[768];
    uint64_t status_number;
    uint8_t console[CONSOLE_KEPT]; /* a ring; console_end counts all bytes ever */
    uint64_t console_end;
    char told[TOLD_KEPT][512]; /* likewise */
    uint64_t told_end;
    struct web_stick stick;
    struct web_order orders[ORDERS_MAX];
    size_t order_first, order_count;

    /* the server's thread alone */
    tjhandle encoder;
    uint8_t *jpeg; /* LWS_PRE bytes before it are free */
    unsigned long jpeg_size;
    uint64_t jpeg_number; /* the picture in it; 0: none */
    uint8_t shown[PICTURE_SIZE];
};

static inline struct web *web_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

/* web_order.c's, for the simulation; taken over. False: too many wait; it is freed. From the server's
 * thread. */
bool web_post(struct web *web, struct web_order *order);

/* False: it is longer than `most`, or out of memory. */
bool web_inbox_add(struct web_inbox *inbox, const void *bytes, size_t size, size_t most);
void web_inbox_free(struct web_inbox *inbox);
/* The piece that lws has just handed over is the message's last. */
static inline bool web_message_ends(struct lws *wsi)
{
    return lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0;
}

/* web_server.c: False: see the failure, which begins with "--web PLACE". */
bool web_server_open(struct web *web, const char *place, struct failure *failure);
/* May whoever asks have an answer? */
bool web_is_welcome(struct lws *wsi);

/* web_http.c, web_socket.c, web_upload.c: what lws calls. */
int web_on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes,
                size_t size);
int web_on_socket(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes,
                  size_t size);
int web_on_upload(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes,
                  size_t size);

/* web_assets.c: the page's parts. */
struct web_asset {
    const char *path, *type;
    const unsigned char *bytes;
    const unsigned *size;
};
extern const struct web_asset web_assets[];
extern const size_t web_asset_count;

#endif
