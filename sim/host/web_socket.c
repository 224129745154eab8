/* The WebSocket "duet": pictures and news to a browser, orders from it. */
#include "sim/host/web_internal.h"

#include "sim/host/json.h"

#include <string.h>

enum {
    JPEG_QUALITY = 92,
    CONSOLE_PIECE = 8192, /* bytes in one message */
};

/* ---- To it. All that picks what to send is called with the lock held, and says if there was something ---- */

static bool next_console(const struct web *web, struct web_client *client, FILE *to)
{
    uint8_t piece[CONSOLE_PIECE];
    size_t count = 0;
    if (client->console == web->console_end)
        return false;
    if (web->console_end - client->console > CONSOLE_KEPT)
        client->console = web->console_end - CONSOLE_KEPT;
    while (client->console < web->console_end && count < CONSOLE_PIECE)
        piece[count++] = web->console[client->console++ % CONSOLE_KEPT];
    fputs("{\"console\":\"", to);
    json_write_string(to, piece, count);
    fputs("\"}", to);
    return true;
}

static bool next_told(const struct web *web, struct web_client *client, FILE *to)
{
    if (client->told == web->told_end)
        return false;
    if (web->told_end - client->told > TOLD_KEPT)
        client->told = web->told_end - TOLD_KEPT;
    const char *text = web->told[client->told++ % TOLD_KEPT];
    fputs("{\"tell\":\"", to);
    json_write_string(to, (const uint8_t *)text, strlen(text));
    fputs("\"}", to);
    return true;
}

static bool next_stick(const struct web *web, struct web_client *client, FILE *to)
{
    static const char *const states[] = {"none", "plugged", "at hand"};
    const struct connector_view *view = &web->stick.view;
    if (client->stick == web->stick.number)
        return false;
    client->stick = web->stick.number;
    fprintf(to, "{\"stick\":{\"state\":\"%s\",\"files\":%s,\"name\":\"", states[view->state],
            view->descriptor >= 0 ? "true" : "false");
    json_write_string(to, (const uint8_t *)view->name, strlen(view->name));
    fputs("\"}}", to);
    return true;
}

static bool next_status(const struct web *web, struct web_client *client, FILE *to)
{
    if (client->status == web->status_number)
        return false;
    client->status = web->status_number;
    fputs(web->status, to);
    return true;
}

static bool send_text(struct web *web, struct web_client *client, struct lws *wsi)
{
    static char space[LWS_PRE + CONSOLE_PIECE * 6 + 64]; /* one server thread; \u00ff for a byte */
    char *text = space + LWS_PRE;
    FILE *to = fmemopen(text, sizeof space - LWS_PRE, "w");
    if (!to)
        return false;
    pthread_mutex_lock(&web->lock);
    bool found = next_console(web, client, to) || next_told(web, client, to) ||
                 next_stick(web, client, to) || next_status(web, client, to);
    pthread_mutex_unlock(&web->lock);
    fclose(to);
    if (found)
        lws_write(wsi, (unsigned char *)text, strlen(text), LWS_WRITE_TEXT);
    return found;
}

static bool send_picture(struct web *web, struct web_client *client, struct lws *wsi)
{
    if (client->picture == web->jpeg_number || web->jpeg_number == 0)
        return false;
    client->picture = web->jpeg_number;
    lws_write(wsi, web->jpeg, web->jpeg_size, LWS_WRITE_BINARY);
    return true;
}

/* No colour is thinned out: text on the panel stays sharp. */
static void encode(struct web *web)
{
    pthread_mutex_lock(&web->lock);
    uint64_t number = web->picture_number;
    if (number != web->jpeg_number)
        memcpy(web->shown, web->picture, PICTURE_SIZE);
    pthread_mutex_unlock(&web->lock);
    if (number == web->jpeg_number)
        return;
    unsigned char *to = web->jpeg;
    web->jpeg_size = tjBufSize(PANEL_WIDTH, PANEL_HEIGHT, TJSAMP_444);
    if (tjCompress2(web->encoder, web->shown, PANEL_WIDTH, 0, PANEL_HEIGHT, TJPF_RGB, &to,
                    &web->jpeg_size, TJSAMP_444, JPEG_QUALITY, TJFLAG_NOREALLOC) == 0)
        web->jpeg_number = number;
}

/* ---- From it ---- */

static void take_message(struct web *web, const struct web_inbox *inbox)
{
    struct web_order order;
    struct failure failure;
    if (!web_order_parse(&order, inbox->bytes, inbox->size, &failure))
        web_tell(web, failure.text);
    else if (!web_post(web, &order))
        web_tell(web, "the board is busy; what was done last has been left out");
}

static int receive(struct web *web, struct web_client *client, struct lws *wsi, const void *bytes,
                   size_t size)
{
    if (lws_frame_is_binary(wsi) || !web_inbox_add(&client->inbox, bytes, size, MESSAGE_MAX))
        return -1;
    if (web_message_ends(wsi)) {
        take_message(web, &client->inbox);
        client->inbox.size = 0;
    }
    return 0;
}

static void welcome(struct web *web, struct web_client *client)
{
    *client = (struct web_client){.welcomed = true, .told = web->told_end};
    atomic_fetch_add(&web->clients, 1);
    atomic_store(&web->picture_wanted, true);
}

/* The simulation has news. */
static void hear_news(struct web *web, struct lws *wsi)
{
    if (!atomic_load(&web->clients))
        return;
    encode(web);
    atomic_store(&web->picture_wanted, true);
    lws_callback_on_writable_all_protocol(web->context, lws_get_protocol(wsi));
}

int web_on_socket(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes,
                  size_t size)
{
    struct web_client *client = user;
    struct web *web = web_of(wsi);
    switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return web_is_welcome(wsi) ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED:
        welcome(web, client);
        lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_CLOSED:
        if (client->welcomed)
            atomic_fetch_sub(&web->clients, 1);
        web_inbox_free(&client->inbox);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        return receive(web, client, wsi, bytes, size);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        if (send_text(web, client, wsi) || send_picture(web, client, wsi))
            lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        hear_news(web, wsi);
        return 0;
    default:
        return 0;
    }
}
