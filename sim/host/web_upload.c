/* The WebSocket "duet-upload": a browser brings a stick's image, a picture or a film, or the pictures of
 * its own camera. First comes what it is (web_order.h), as text; then binary messages, of a file its
 * bytes in order, of a camera one JPEG each. The answer is {"ok":true}, to each picture and to a whole
 * file, or {"failed":"…"} at once. After a refusal or a whole file the browser closes: it may be sending
 * still, and a socket that is closed on bytes which nobody read resets the connection, so that the answer
 * is lost (RFC 9293, 3.6.1). */
#include "sim/host/web_internal.h"

#include "sim/host/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PICTURE_MAX = 4 << 20, /* bytes of a camera's JPEG */
    CLOSES_WITHIN = 10,    /* seconds for the browser to close after the last answer */
};

static void answer_ok(struct web_upload *upload)
{
    strcpy(upload->answer, "{\"ok\":true}");
}

/* Nothing more is taken from it. */
static void answer_failed(struct web_upload *upload, const struct failure *failure)
{
    FILE *to = fmemopen(upload->answer, sizeof upload->answer, "w");
    upload->ended = true;
    if (!to)
        return;
    fputs("{\"failed\":\"", to);
    json_write_string(to, (const uint8_t *)failure->text, strnlen(failure->text, 500));
    fputs("\"}", to);
    fclose(to);
}

/* ---- Files ---- */

static bool open_file(struct web_upload *upload, struct failure *failure)
{
    upload->descriptor = scratch_create(upload->head.name, upload->path, failure);
    upload->has_file = upload->descriptor >= 0;
    if (!upload->has_file)
        return false;
    return ftruncate(upload->descriptor, (off_t)upload->head.size) == 0 ||
           failed(failure, "%s: cannot be kept: %s", upload->head.name, strerror(errno));
}

static void drop_file(struct web_upload *upload)
{
    if (!upload->has_file)
        return;
    close(upload->descriptor);
    upload->has_file = false;
    unlink(upload->path);
}

/* The file is the order's. */
static bool post_file(struct web *web, struct web_upload *upload, struct failure *failure)
{
    struct web_order order = {.kind = WEB_ACTION};
    char *path = strdup(upload->path);
    if (!path)
        return failed(failure, "out of memory");
    if (upload->head.kind == WEB_CAMERA) {
        order.action = (struct action){.kind = ACTION_CAMERA, .source = path, .scratch = true};
    } else {
        order.action.kind = ACTION_PLUG;
        plug_parse(&order.action.plug, PLUG_STICK, "fresh", failure);
        order.action.plug.image = path;
        order.action.plug.scratch = true;
    }
    close(upload->descriptor);
    upload->has_file = false;
    return web_post(web, &order) || failed(failure, "the board is busy; try again");
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    return size > 0 && bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

/* What is zero stays a hole of the file. */
static bool take_bytes(struct web *web, struct web_upload *upload, const uint8_t *bytes,
                       size_t size, struct failure *failure)
{
    if (size > upload->head.size - upload->received)
        return failed(failure, "%s: is longer than it said", upload->head.name);
    if (!is_zero(bytes, size) &&
        pwrite(upload->descriptor, bytes, size, (off_t)upload->received) != (ssize_t)size)
        return failed(failure, "%s: cannot be kept: %s", upload->head.name, strerror(errno));
    upload->received += size;
    if (upload->received < upload->head.size)
        return true;
    if (!post_file(web, upload, failure))
        return false;
    answer_ok(upload);
    upload->ended = true;
    return true;
}

/* ---- The browser's camera ---- */

static bool take_picture(struct web *web, struct web_upload *upload, struct failure *failure)
{
    const struct file file = {(uint8_t *)upload->inbox.bytes, upload->inbox.size};
    picture_free(&upload->picture);
    if (picture_format(file.bytes, file.size) != PICTURE_JPEG)
        return failed(failure, "the browser's camera sent something that is no JPEG");
    if (!picture_decode(&upload->picture, &file, failure))
        return failed_in(failure, "the browser's camera");
    live_picture_put(web->browser, &upload->picture);
    if (upload->received++ == 0) {
        struct web_order order = {.kind = WEB_ACTION, .action.kind = ACTION_CAMERA};
        order.action.source = strdup("browser");
        if (!order.action.source || !web_post(web, &order))
            return failed(failure, "the board is busy; try again");
    }
    answer_ok(upload);
    return true;
}

/* ---- What comes ---- */

static bool begin(struct web_upload *upload, struct failure *failure)
{
    if (!web_upload_parse(&upload->head, upload->inbox.bytes, upload->inbox.size, failure))
        return false;
    upload->begun = true;
    return upload->head.kind == WEB_BROWSER || open_file(upload, failure);
}

static bool take(struct web *web, struct web_upload *upload, struct lws *wsi, const void *bytes,
                 size_t size, struct failure *failure)
{
    bool binary = lws_frame_is_binary(wsi);
    if (binary != upload->begun)
        return failed(failure, "an upload is one text, and then bytes");
    if (binary && upload->head.kind != WEB_BROWSER)
        return take_bytes(web, upload, bytes, size, failure);
    if (!web_inbox_add(&upload->inbox, bytes, size, binary ? PICTURE_MAX : MESSAGE_MAX))
        return failed(failure, "a message is too long");
    if (!web_message_ends(wsi))
        return true;
    bool done = binary ? take_picture(web, upload, failure) : begin(upload, failure);
    upload->inbox.size = 0;
    return done;
}

static int send_answer(struct web_upload *upload, struct lws *wsi)
{
    unsigned char space[LWS_PRE + sizeof upload->answer];
    size_t size = strlen(upload->answer);
    if (size == 0)
        return 0;
    memcpy(space + LWS_PRE, upload->answer, size);
    upload->answer[0] = 0;
    lws_write(wsi, space + LWS_PRE, size, LWS_WRITE_TEXT);
    if (upload->ended)
        lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, CLOSES_WITHIN);
    return 0;
}

static void close_upload(struct web_upload *upload)
{
    drop_file(upload);
    picture_free(&upload->picture);
    web_inbox_free(&upload->inbox);
}

int web_on_upload(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes,
                  size_t size)
{
    struct web_upload *upload = user;
    struct failure failure;
    switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return web_is_welcome(wsi) ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED:
        *upload = (struct web_upload){0};
        return 0;
    case LWS_CALLBACK_CLOSED:
        close_upload(upload);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        if (!upload->ended && !take(web_of(wsi), upload, wsi, bytes, size, &failure))
            answer_failed(upload, &failure);
        if (upload->answer[0])
            lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return send_answer(upload, wsi);
    default:
        return 0;
    }
}
