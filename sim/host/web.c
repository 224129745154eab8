#include "sim/host/web.h"

#include "sim/board/board.h"
#include "sim/host/json.h"

#include <errno.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

enum {
    PICTURE_SIZE = PANEL_WIDTH * PANEL_HEIGHT * 3,
    JPEG_QUALITY = 92,
    CONSOLE_KEPT = 1 << 17, /* bytes that a browser gets when it connects */
    CONSOLE_PIECE = 8192,   /* bytes in one message */
    MESSAGE_MAX = 1 << 16,  /* from a browser */
    ACTIONS_MAX = 256,      /* not yet taken by the simulation; more are dropped */
};

/* What a browser has got so far. */
struct client {
    uint64_t picture, status, console;
    char *received; /* a message in pieces */
    size_t received_size;
};

struct web {
    struct lws_context *context;
    struct lws_vhost *host;
    char url[128];
    pthread_t thread;
    atomic_bool ending;
    atomic_uint clients;
    atomic_bool picture_wanted;

    pthread_mutex_t lock; /* what follows is shared by both threads */
    uint8_t picture[PICTURE_SIZE];
    uint64_t picture_number;
    char status[512];
    uint64_t status_number;
    uint8_t console[CONSOLE_KEPT]; /* a ring; console_end counts all bytes ever */
    uint64_t console_end;
    struct action actions[ACTIONS_MAX];
    size_t action_first, action_count;

    /* the server's thread alone */
    tjhandle encoder;
    uint8_t *jpeg; /* LWS_PRE bytes before it are free */
    unsigned long jpeg_size;
    uint64_t jpeg_number; /* the picture in it; 0: none */
    uint8_t shown[PICTURE_SIZE];
};

bool web_parse_place(const char *place, char *address, size_t size, unsigned *port)
{
    const char *colon = strrchr(place, ':');
    size_t length = colon ? (size_t)(colon - place) : 0;
    size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
    if (!colon || digits == 0 || digits > 5 || colon[1 + digits])
        return false;
    *port = (unsigned)strtoul(colon + 1, NULL, 10);
    bool brackets = length >= 2 && place[0] == '[' && place[length - 1] == ']';
    const char *start = place + brackets;
    length -= 2u * brackets;
    if (*port > 65535 || length >= size || (!brackets && memchr(start, ':', length)))
        return false;
    memcpy(address, start, length);
    address[length] = 0;
    return true;
}

/* Picks what to send next; the lock is held. Returns its size, 0: nothing. */
static size_t next_text(struct web *web, struct client *client, char *text, size_t size)
{
    if (client->console < web->console_end) {
        uint8_t piece[CONSOLE_PIECE];
        size_t count = 0;
        if (web->console_end - client->console > CONSOLE_KEPT)
            client->console = web->console_end - CONSOLE_KEPT;
        while (client->console < web->console_end && count < CONSOLE_PIECE)
            piece[count++] = web->console[client->console++ % CONSOLE_KEPT];
        FILE *to = fmemopen(text, size, "w");
        if (!to)
            return 0;
        fputs("{\"console\":\"", to);
        json_write_string(to, piece, count);
        fputs("\"}", to);
        fclose(to);
        return strlen(text);
    }
    if (client->status == web->status_number)
        return 0;
    client->status = web->status_number;
    return (size_t)snprintf(text, size, "%s", web->status);
}

static bool send_text(struct web *web, struct client *client, struct lws *wsi)
{
    static char space[LWS_PRE + CONSOLE_PIECE * 6 + 64]; /* one server thread; \u00ff for a byte */
    pthread_mutex_lock(&web->lock);
    size_t size = next_text(web, client, space + LWS_PRE, sizeof space - LWS_PRE);
    pthread_mutex_unlock(&web->lock);
    if (size)
        lws_write(wsi, (unsigned char *)space + LWS_PRE, size, LWS_WRITE_TEXT);
    return size;
}

static bool send_picture(struct web *web, struct client *client, struct lws *wsi)
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

static void take_message(struct web *web, const char *text, size_t size)
{
    struct action action;
    struct failure ignored; /* only our own page talks here; what is wrong is dropped */
    if (!action_parse(&action, text, size, false, &ignored))
        return;
    pthread_mutex_lock(&web->lock);
    bool room = web->action_count < ACTIONS_MAX;
    if (room)
        web->actions[(web->action_first + web->action_count++) % ACTIONS_MAX] = action;
    pthread_mutex_unlock(&web->lock);
    if (!room)
        action_free(&action);
}

static int receive(struct web *web, struct client *client, struct lws *wsi, const void *bytes,
                   size_t size)
{
    if (client->received_size + size > MESSAGE_MAX)
        return -1;
    char *received = realloc(client->received, client->received_size + size + 1);
    if (!received)
        return -1;
    memcpy(received + client->received_size, bytes, size);
    client->received = received;
    client->received_size += size;
    if (lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0) {
        take_message(web, received, client->received_size);
        client->received_size = 0;
    }
    return 0;
}

/* Another site's page must not reach the board through its visitor's browser. */
static bool same_origin(struct lws *wsi)
{
    char origin[256] = "", host[256] = "";
    int length = lws_hdr_copy(wsi, origin, sizeof origin, WSI_TOKEN_ORIGIN);
    if (length <= 0) /* no browser */
        return true;
    lws_hdr_copy(wsi, host, sizeof host, WSI_TOKEN_HOST);
    const char *slashes = strstr(origin, "://");
    return slashes && strcmp(slashes + 3, host) == 0;
}

static struct web *web_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

static int on_socket(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes,
                     size_t size)
{
    struct client *client = user;
    struct web *web = web_of(wsi);
    switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return same_origin(wsi) ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED:
        *client = (struct client){0};
        atomic_fetch_add(&web->clients, 1);
        atomic_store(&web->picture_wanted, true);
        lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_CLOSED:
        atomic_fetch_sub(&web->clients, 1);
        free(client->received);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        return receive(web, client, wsi, bytes, size);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        if (send_text(web, client, wsi) || send_picture(web, client, wsi))
            lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED: /* the simulation has news */
        if (atomic_load(&web->clients)) {
            encode(web);
            atomic_store(&web->picture_wanted, true);
            lws_callback_on_writable_all_protocol(web->context, lws_get_protocol(wsi));
        }
        return 0;
    default:
        return 0;
    }
}

static int send_headers(struct lws *wsi, unsigned status, const char *type, size_t size)
{
    static const char policy[] = "default-src 'none'; style-src 'unsafe-inline'; script-src "
                                 "'unsafe-inline'; img-src blob: data:; connect-src 'self' ws:";
    unsigned char space[LWS_PRE + 1024], *start = space + LWS_PRE, *at = start,
                                         *end = space + sizeof space;
    if (lws_add_http_common_headers(wsi, status, type, size, &at, end) ||
        lws_add_http_header_by_name(wsi, (const unsigned char *)"content-security-policy:",
                                    (const unsigned char *)policy, sizeof policy - 1, &at, end) ||
        lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CACHE_CONTROL,
                                     (const unsigned char *)"no-store", 8, &at, end))
        return 1;
    return lws_finalize_write_http_header(wsi, start, &at, end);
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes,
                   size_t size)
{
    if (reason == LWS_CALLBACK_HTTP) {
        if (strcmp(bytes, "/") != 0) {
            lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL);
            return -1;
        }
        if (send_headers(wsi, HTTP_STATUS_OK, "text/html; charset=utf-8", web_page_size))
            return 1;
        lws_callback_on_writable(wsi);
        return 0;
    }
    if (reason == LWS_CALLBACK_HTTP_WRITEABLE) {
        unsigned char *page = malloc(LWS_PRE + web_page_size);
        if (!page)
            return -1;
        memcpy(page + LWS_PRE, web_page, web_page_size);
        int sent = lws_write(wsi, page + LWS_PRE, web_page_size, LWS_WRITE_HTTP_FINAL);
        free(page);
        return sent < 0 || lws_http_transaction_completed(wsi) ? -1 : 0;
    }
    return lws_callback_http_dummy(wsi, reason, user, bytes, size);
}

static const struct lws_protocols protocols[] = {
    {.name = "http", .callback = on_http},
    {.name = "duet",
     .callback = on_socket,
     .per_session_data_size = sizeof(struct client),
     .rx_buffer_size = 4096},
    {.name = NULL},
};

static void *serve(void *argument)
{
    struct web *web = argument;
    while (!atomic_load(&web->ending))
        if (lws_service(web->context, 0) < 0)
            break;
    return NULL;
}

/* libwebsockets says only that it failed; so a try with a plain socket says why. */
static bool can_bind(const char *place, const char *address, unsigned port, struct failure *failure)
{
    char service[8];
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST, .ai_socktype = SOCK_STREAM},
                    *found;
    snprintf(service, sizeof service, "%u", port);
    int error = getaddrinfo(*address ? address : NULL, service, &hints, &found);
    if (error)
        return failed(failure, "--web %s: %s; write an address of this machine, as 127.0.0.1:7470",
                      place, gai_strerror(error));
    int one = 1, descriptor = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bool done =
        bind(descriptor, found->ai_addr, found->ai_addrlen) == 0 && listen(descriptor, 1) == 0;
    int reason = errno;
    freeaddrinfo(found);
    close(descriptor);
    if (done)
        return true;
    return failed(failure, "--web %s: %s; %s", place, strerror(reason),
                  reason == EADDRINUSE ? "give another port, or 0 for any free one"
                                       : "give an address of this machine and a port above 1023");
}

static bool create_context(struct web *web, const char *place, struct failure *failure)
{
    char address[64];
    unsigned port;
    if (!web_parse_place(place, address, sizeof address, &port))
        return failed(failure, "--web %s: write ADDR:PORT, as 127.0.0.1:7470, or off", place);
    if (!can_bind(place, address, port, failure))
        return false;
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .gid = -1,
        .uid = -1,
        .user = web,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
    };
    web->context = lws_create_context(&info);
    if (!web->context)
        return failed(failure, "--web %s: the server cannot be started", place);
    info.port = (int)port;
    info.iface = *address ? address : NULL;
    info.protocols = protocols;
    info.vhost_name = "duet";
    info.options |= LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    if (!strchr(address, ':'))
        info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
    web->host = lws_create_vhost(web->context, &info);
    if (!web->host)
        return failed(failure, "--web %s: the server cannot listen there; give another port",
                      place);
    bool six = strchr(address, ':');
    snprintf(web->url, sizeof web->url, "http://%s%s%s:%d/", six ? "[" : "",
             !*address || strcmp(address, "0.0.0.0") == 0 ? "127.0.0.1" : address, six ? "]" : "",
             lws_get_vhost_listen_port(web->host));
    return true;
}

/* Signals are for the simulation's thread. */
static bool start_thread(struct web *web)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&web->thread, NULL, serve, web);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error == 0;
}

static void release(struct web *web)
{
    if (web->context)
        lws_context_destroy(web->context);
    while (web->action_count) {
        action_free(&web->actions[web->action_first++ % ACTIONS_MAX]);
        web->action_count--;
    }
    if (web->encoder)
        tjDestroy(web->encoder);
    free(web->jpeg ? web->jpeg - LWS_PRE : NULL);
    pthread_mutex_destroy(&web->lock);
    free(web);
}

struct web *web_start(const char *place, struct failure *failure)
{
    struct web *web = calloc(1, sizeof *web);
    uint8_t *jpeg = malloc(LWS_PRE + tjBufSize(PANEL_WIDTH, PANEL_HEIGHT, TJSAMP_444));
    if (!web || !jpeg) {
        free(web);
        free(jpeg);
        failed(failure, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&web->lock, NULL);
    web->jpeg = jpeg + LWS_PRE;
    web->encoder = tjInitCompress();
    lws_set_log_level(0, NULL);
    if (create_context(web, place, failure)) {
        if (start_thread(web))
            return web;
        failed(failure, "--web %s: no thread can be started", place);
    }
    release(web);
    return NULL;
}

void web_stop(struct web *web)
{
    if (!web)
        return;
    atomic_store(&web->ending, true);
    lws_cancel_service(web->context);
    pthread_join(web->thread, NULL);
    release(web);
}

const char *web_url(const struct web *web)
{
    return web->url;
}

bool web_wants_picture(struct web *web)
{
    return atomic_load(&web->clients) && atomic_load(&web->picture_wanted);
}

void web_picture(struct web *web, const uint8_t *rgb)
{
    pthread_mutex_lock(&web->lock);
    memcpy(web->picture, rgb, PICTURE_SIZE);
    web->picture_number++;
    pthread_mutex_unlock(&web->lock);
    atomic_store(&web->picture_wanted, false);
    lws_cancel_service(web->context);
}

void web_console(struct web *web, const uint8_t *bytes, size_t count)
{
    pthread_mutex_lock(&web->lock);
    for (size_t n = 0; n < count; n++)
        web->console[web->console_end++ % CONSOLE_KEPT] = bytes[n];
    pthread_mutex_unlock(&web->lock);
}

static int write_load(char *to, size_t size, double load)
{
    return load < 0 ? snprintf(to, size, "null") : snprintf(to, size, "%.4f", load);
}

void web_status(struct web *web, const struct web_status *status)
{
    char load[2][16];
    for (unsigned n = 0; n < 2; n++)
        write_load(load[n], sizeof load[n], status->load[n]);
    pthread_mutex_lock(&web->lock);
    snprintf(web->status, sizeof web->status,
             "{\"t\":%.1f,\"speed\":%.3f,\"load\":[%s,%s],\"panel\":%s,\"leds\":[%d,%d,%d,%d],"
             "\"frames\":%llu}",
             (double)status->time / (double)SIM_US, status->speed, load[0], load[1],
             status->panel ? "true" : "false", status->led[0], status->led[1], status->led[2],
             status->led[3], (unsigned long long)status->frames);
    web->status_number++;
    pthread_mutex_unlock(&web->lock);
    lws_cancel_service(web->context);
}

bool web_next_action(struct web *web, struct action *action)
{
    pthread_mutex_lock(&web->lock);
    bool found = web->action_count;
    if (found) {
        *action = web->actions[web->action_first];
        web->action_first = (web->action_first + 1) % ACTIONS_MAX;
        web->action_count--;
    }
    pthread_mutex_unlock(&web->lock);
    return found;
}
