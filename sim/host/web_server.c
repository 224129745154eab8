/* The live page's server: where it listens, and whom it answers. */
#include "sim/host/web_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* ---- Where ---- */

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

static const struct lws_protocols protocols[] = {
    {.name = "http", .callback = web_on_http, .per_session_data_size = sizeof(struct web_reply)},
    {.name = "duet",
     .callback = web_on_socket,
     .per_session_data_size = sizeof(struct web_client),
     .rx_buffer_size = 4096},
    {.name = "duet-upload",
     .callback = web_on_upload,
     .per_session_data_size = sizeof(struct web_upload),
     .rx_buffer_size = 1 << 16},
    {.name = NULL},
};

static bool listen_at(struct web *web, const char *address, unsigned port)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .gid = -1,
        .uid = -1,
        .user = web,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
    };
    web->context = lws_create_context(&info);
    if (!web->context)
        return false;
    info.port = (int)port;
    info.iface = *address ? address : NULL;
    info.protocols = protocols;
    info.vhost_name = "duet";
    info.options |= LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    if (!strchr(address, ':'))
        info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
    web->host = lws_create_vhost(web->context, &info);
    return web->host;
}

bool web_server_open(struct web *web, const char *place, struct failure *failure)
{
    char address[64];
    unsigned port;
    if (!web_parse_place(place, address, sizeof address, &port))
        return failed(failure, "--web %s: write ADDR:PORT, as 127.0.0.1:7470, or off", place);
    if (!can_bind(place, address, port, failure))
        return false;
    if (!listen_at(web, address, port))
        return failed(failure, "--web %s: the server cannot listen there; give another port",
                      place);
    bool six = strchr(address, ':');
    snprintf(web->url, sizeof web->url, "http://%s%s%s:%d/", six ? "[" : "",
             !*address || strcmp(address, "0.0.0.0") == 0 ? "127.0.0.1" : address, six ? "]" : "",
             lws_get_vhost_listen_port(web->host));
    return true;
}

/* ---- Whom ---- */

static bool is_address(const char *name)
{
    struct in6_addr address;
    return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
}

/* A name of somebody else's that leads here would make his page one of ours. */
static bool is_own_name(const char *host)
{
    char name[256], own[256] = "";
    bool brackets = host[0] == '[';
    snprintf(name, sizeof name, "%s", host + brackets);
    char *end = brackets ? strchr(name, ']') : strrchr(name, ':');
    if (end)
        *end = 0;
    gethostname(own, sizeof own - 1);
    size_t length = strcspn(name, ".");
    bool local = strcasecmp(name + length, ".local") == 0 || !name[length];
    bool same = local && strlen(own) == length && strncasecmp(name, own, length) == 0;
    return is_address(name) || strcasecmp(name, "localhost") == 0 || same;
}

/* Another site's page must not reach the board through its visitor's browser. */
bool web_is_welcome(struct lws *wsi)
{
    char origin[256] = "", host[256] = "";
    if (lws_hdr_copy(wsi, host, sizeof host, WSI_TOKEN_HOST) <= 0 || !is_own_name(host))
        return false;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) == 0) /* no page asks */
        return true;
    if (lws_hdr_copy(wsi, origin, sizeof origin, WSI_TOKEN_ORIGIN) <= 0)
        return false;
    const char *slashes = strstr(origin, "://");
    return slashes && strcmp(slashes + 3, host) == 0;
}
