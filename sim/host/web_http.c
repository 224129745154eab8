/* The live page's parts, and the files of the stick, by HTTP. */
#include "sim/host/web_internal.h"

#include "sim/host/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16 }; /* of a file in one write */

/* ---- Headers ---- */

struct head {
    unsigned status;
    const char *type;
    uint64_t size;
    const char *name; /* of a file that is to be kept; or NULL */
};

static bool add_header(struct lws *wsi, const char *name, const char *value, unsigned char **at,
                       unsigned char *end)
{
    return lws_add_http_header_by_name(wsi, (const unsigned char *)name,
                                       (const unsigned char *)value, (int)strlen(value), at,
                                       end) == 0;
}

/* Nothing that the page loads comes from elsewhere; no other page may frame it. */
static bool add_policies(struct lws *wsi, unsigned char **at, unsigned char *end)
{
    return add_header(wsi, "content-security-policy:",
                      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                      "img-src 'self' blob: data:; media-src blob: mediastream:; connect-src "
                      "'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
                      at, end) &&
           add_header(wsi, "x-content-type-options:", "nosniff", at, end) &&
           add_header(wsi, "referrer-policy:", "no-referrer", at, end) &&
           add_header(wsi, "cross-origin-resource-policy:", "same-origin", at, end) &&
           add_header(wsi, "cache-control:", "no-store", at, end);
}

/* RFC 5987: each byte that is no letter or digit as %XX. */
static void quote(char *to, size_t size, const char *name)
{
    size_t count = (size_t)snprintf(to, size, "attachment; filename*=UTF-8''");
    for (; *name && count + 4 < size; name++) {
        bool plain = (*name >= '0' && *name <= '9') || ((*name | 32) >= 'a' && (*name | 32) <= 'z');
        count += (size_t)snprintf(to + count, size - count, plain ? "%c" : "%%%02X",
                                  (unsigned char)*name);
    }
}

static int send_head(struct lws *wsi, const struct head *head)
{
    unsigned char space[LWS_PRE + 2048], *start = space + LWS_PRE, *at = start,
                                         *end = space + sizeof space;
    char name[900];
    if (lws_add_http_common_headers(wsi, head->status, head->type, head->size, &at, end) ||
        !add_policies(wsi, &at, end))
        return 1;
    if (head->name) {
        quote(name, sizeof name, head->name);
        if (!add_header(wsi, "content-disposition:", name, &at, end))
            return 1;
    }
    return lws_finalize_write_http_header(wsi, start, &at, end);
}

/* ---- Replies ---- */

static int reply(struct lws *wsi, struct web_reply *to, const struct head *head)
{
    if (send_head(wsi, head))
        return -1;
    to->left = to->stick ? head->size : 0;
    lws_callback_on_writable(wsi);
    return 0;
}

static int reply_text(struct lws *wsi, struct web_reply *to, unsigned status, const char *type,
                      const char *text)
{
    to->owned = strdup(text);
    to->bytes = (const unsigned char *)to->owned;
    to->size = to->owned ? strlen(text) : 0;
    return reply(wsi, to, &(struct head){status, type, to->size, NULL});
}

static int reply_failed(struct lws *wsi, struct web_reply *to, unsigned status,
                        const struct failure *failure)
{
    return reply_text(wsi, to, status, "text/plain; charset=utf-8", failure->text);
}

static int reply_asset(struct lws *wsi, struct web_reply *to, const struct web_asset *asset)
{
    to->bytes = asset->bytes;
    to->size = *asset->size;
    return reply(wsi, to, &(struct head){HTTP_STATUS_OK, asset->type, to->size, NULL});
}

/* ---- The stick ---- */

/* Its descriptor may be closed by the simulation as soon as the lock is free; so the reader has a copy. */
static struct stick_reader *open_stick(struct web *web, struct failure *failure)
{
    struct stick_reader *reader = NULL;
    pthread_mutex_lock(&web->lock);
    const struct connector_view *view = &web->stick.view;
    if (view->descriptor >= 0)
        reader = stick_reader_open(view->descriptor, view->sector_size, view->sectors, failure);
    else
        failed(failure, "there is no stick");
    pthread_mutex_unlock(&web->lock);
    return reader;
}

static int reply_list(struct lws *wsi, struct web_reply *to)
{
    struct failure failure;
    char *text = NULL;
    size_t size;
    struct stick_reader *reader = open_stick(web_of(wsi), &failure);
    FILE *list = reader ? open_memstream(&text, &size) : NULL;
    bool done = list && stick_reader_list(reader, list, &failure);
    if (list)
        fclose(list);
    stick_reader_close(reader);
    int sent = done ? reply_text(wsi, to, HTTP_STATUS_OK, "application/json", text)
                    : reply_failed(wsi, to, HTTP_STATUS_NOT_FOUND, &failure);
    free(text);
    return sent;
}

static int reply_file(struct lws *wsi, struct web_reply *to, const char *path)
{
    struct failure failure;
    uint64_t size;
    const char *slash = strrchr(path, '/');
    to->stick = open_stick(web_of(wsi), &failure);
    if (!to->stick)
        return reply_failed(wsi, to, HTTP_STATUS_NOT_FOUND, &failure);
    if (stick_reader_find(to->stick, path, &size, &failure))
        return reply(wsi, to,
                     &(struct head){HTTP_STATUS_OK, "application/octet-stream", size,
                                    slash ? slash + 1 : path});
    stick_reader_close(to->stick);
    to->stick = NULL;
    return reply_failed(wsi, to, HTTP_STATUS_NOT_FOUND, &failure);
}

/* ---- What comes ---- */

static int get(struct lws *wsi, struct web_reply *to, const char *path)
{
    struct failure failure;
    *to = (struct web_reply){0};
    if (!web_is_welcome(wsi)) {
        failed(&failure, "the board answers under its address alone, and only to its own page");
        return reply_failed(wsi, to, HTTP_STATUS_FORBIDDEN, &failure);
    }
    for (size_t n = 0; n < web_asset_count; n++)
        if (strcmp(path, web_assets[n].path) == 0)
            return reply_asset(wsi, to, &web_assets[n]);
    if (strcmp(path, "/files") == 0)
        return reply_list(wsi, to);
    if (strncmp(path, "/files/", 7) == 0)
        return reply_file(wsi, to, path + 7);
    failed(&failure, "%.200s: there is no such page", path);
    return reply_failed(wsi, to, HTTP_STATUS_NOT_FOUND, &failure);
}

/* Where the stick cannot be read any more the connection breaks, so that the browser knows. */
static int next_piece(struct web_reply *from, unsigned char *to, size_t *size)
{
    if (!from->stick) {
        *size = from->size < PIECE ? from->size : PIECE;
        memcpy(to, from->bytes, *size);
        from->bytes += *size;
        from->size -= *size;
        return from->size == 0;
    }
    *size = stick_reader_read(from->stick, to, from->left < PIECE ? from->left : PIECE);
    if (*size == 0 && from->left)
        return -1;
    from->left -= *size;
    return from->left == 0;
}

static void finish(struct web_reply *reply)
{
    free(reply->owned);
    stick_reader_close(reply->stick);
    *reply = (struct web_reply){0};
}

static int send_piece(struct lws *wsi, struct web_reply *from)
{
    static unsigned char space[LWS_PRE + PIECE]; /* one server thread */
    size_t size;
    int last = next_piece(from, space + LWS_PRE, &size);
    if (last < 0 ||
        lws_write(wsi, space + LWS_PRE, size, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < 0)
        return -1;
    if (last) {
        finish(from);
        return lws_http_transaction_completed(wsi) ? -1 : 0;
    }
    lws_callback_on_writable(wsi);
    return 0;
}

int web_on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes,
                size_t size)
{
    struct web_reply *to = user;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        return get(wsi, to, bytes);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return send_piece(wsi, to);
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        if (to)
            finish(to);
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, bytes, size);
    }
}
