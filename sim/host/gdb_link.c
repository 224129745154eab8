/* The remote serial protocol's packets over TCP (GDB manual, appendix E.1). */
#include "sim/host/gdb_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool parse_port(const char *text, unsigned *port)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    *port = (unsigned)number;
    return *text >= '0' && *text <= '9' && !*end && number <= 65535;
}

static bool listen_on(struct gdb_link *link, unsigned port)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof place;
    int one = 1;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    link->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(link->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(link->listener, (struct sockaddr *)&place, sizeof place) != 0 ||
        listen(link->listener, 1) != 0 ||
        getsockname(link->listener, (struct sockaddr *)&place, &size) != 0)
        return false;
    link->port = ntohs(place.sin_port);
    return true;
}

bool link_open(struct gdb_link *link, const char *port, struct failure *failure)
{
    unsigned number;
    link->listener = link->client = -1;
    if (!parse_port(port, &number))
        return failed(failure,
                      "--gdb %s: write a port's number, as 3333, or 0 for any free one; or one for "
                      "each core, as 3333,3334",
                      port);
    if (listen_on(link, number))
        return true;
    return failed(failure, "--gdb %s: %s; %s", port, strerror(errno),
                  errno == EADDRINUSE ? "give another port, or 0 for any free one"
                                      : "give a port above 1023");
}

void link_drop(struct gdb_link *link)
{
    if (link->client >= 0)
        close(link->client);
    link->client = -1;
    link->in_length = link->out_length = 0;
}

void link_close(struct gdb_link *link)
{
    link_drop(link);
    if (link->listener >= 0)
        close(link->listener);
    link->listener = -1;
}

bool link_accept(struct gdb_link *link)
{
    int one = 1;
    if (link->client >= 0)
        return false;
    link->client = accept(link->listener, NULL, NULL);
    if (link->client < 0)
        return false;
    fcntl(link->client, F_SETFD, FD_CLOEXEC);
    setsockopt(link->client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    link->no_ack = false;
    return true;
}

int link_descriptor(const struct gdb_link *link)
{
    return link->client >= 0 ? link->client : link->listener;
}

void link_receive(struct gdb_link *link)
{
    size_t room = sizeof link->in - link->in_length;
    if (link->client < 0)
        return;
    ssize_t count = recv(link->client, link->in + link->in_length, room, MSG_DONTWAIT);
    if (count > 0)
        link->in_length += (size_t)count;
    else if (room && (count == 0 || (errno != EAGAIN && errno != EINTR)))
        link_drop(link);
}

static void send_all(struct gdb_link *link, const char *bytes, size_t count)
{
    while (count && link->client >= 0) {
        ssize_t sent = send(link->client, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0) {
            link_drop(link);
            return;
        }
        bytes += sent;
        count -= (size_t)sent;
    }
}

static void consume(struct gdb_link *link, size_t count)
{
    link->in_length -= count;
    memmove(link->in, link->in + count, link->in_length);
}

static unsigned sum_of(const char *bytes, size_t count)
{
    unsigned sum = 0;
    for (size_t n = 0; n < count; n++)
        sum += (unsigned char)bytes[n];
    return sum & 0xff;
}

/* '}' says that the next byte was XORed with 0x20. */
static int unescape(const char *from, size_t count, char *to)
{
    int length = 0;
    for (size_t n = 0; n < count; n++)
        to[length++] = from[n] == '}' && n + 1 < count ? (char)(from[++n] ^ 0x20) : from[n];
    to[length] = 0;
    return length;
}

/* Bytes outside of packets: acknowledgements, of which '-' wants the reply again; the interrupt. */
static bool outside(struct gdb_link *link, char byte)
{
    if (byte == '-')
        send_all(link, link->out, link->out_length);
    consume(link, 1);
    return byte == 3;
}

static bool checked(struct gdb_link *link, const char *end)
{
    char digits[3] = {end[1], end[2], 0};
    bool good = link->no_ack ||
                strtoul(digits, NULL, 16) == sum_of(link->in + 1, (size_t)(end - link->in - 1));
    if (!link->no_ack)
        send_all(link, good ? "+" : "-", 1);
    return good;
}

int link_packet(struct gdb_link *link, char *packet)
{
    while (link->in_length) {
        if (link->in[0] != '$') {
            if (!outside(link, link->in[0]))
                continue;
            strcpy(packet, "\3");
            return 1;
        }
        const char *end = memchr(link->in, '#', link->in_length);
        size_t whole = end ? (size_t)(end - link->in) + 3 : 0;
        if ((!end && link->in_length == sizeof link->in) || whole > GDB_PACKET_MAX) {
            link_drop(link); /* longer than was agreed */
            return -1;
        }
        if (!end || whole > link->in_length)
            return -1;
        bool good = checked(link, end);
        int length = good ? unescape(link->in + 1, whole - 4, packet) : 0;
        if (link->client >= 0)
            consume(link, whole);
        if (good)
            return length;
    }
    return -1;
}

/* --- Replies --- */

static void append(struct gdb_link *link, const char *bytes, size_t count)
{
    size_t room = sizeof link->out - 4 - link->out_length;
    count = count < room ? count : room;
    memcpy(link->out + link->out_length, bytes, count);
    link->out_length += count;
}

void reply_begin(struct gdb_link *link)
{
    link->out[0] = '$';
    link->out_length = 1;
}

void reply_add(struct gdb_link *link, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length > 0)
        append(link, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

void reply_hex(struct gdb_link *link, const void *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *from = bytes;
    for (size_t n = 0; n < count; n++) {
        char pair[2] = {digits[from[n] >> 4], digits[from[n] & 15]};
        append(link, pair, 2);
    }
}

void reply_binary(struct gdb_link *link, const char *bytes, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        char escaped[2] = {'}', (char)(bytes[n] ^ 0x20)};
        bool special = memchr("#$}*", bytes[n], 4);
        append(link, special ? escaped : &bytes[n], special ? 2 : 1);
    }
}

void reply_send(struct gdb_link *link)
{
    char end[4];
    snprintf(end, sizeof end, "#%02x", sum_of(link->out + 1, link->out_length - 1));
    memcpy(link->out + link->out_length, end, 3);
    link->out_length += 3;
    send_all(link, link->out, link->out_length);
}

void reply(struct gdb_link *link, const char *text)
{
    reply_begin(link);
    append(link, text, strlen(text));
    reply_send(link);
}

void reply_console(struct gdb_link *link, const char *text)
{
    reply_begin(link);
    append(link, "O", 1);
    reply_hex(link, text, strlen(text));
    reply_send(link);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t unhex(const char *text, void *bytes, size_t limit)
{
    uint8_t *to = bytes;
    size_t count = 0;
    while (count < limit && digit_of(text[0]) >= 0 && digit_of(text[1]) >= 0) {
        to[count++] = (uint8_t)(digit_of(text[0]) << 4 | digit_of(text[1]));
        text += 2;
    }
    return count;
}
