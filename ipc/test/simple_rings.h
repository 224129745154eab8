// RPMsg over virtio rings written from the format alone (Virtual I/O Device 1.1, 2.6; the RPMsg header;
// the resource table), deliberately simple: bytes in, bytes out, nothing shared with the library.
#ifndef SIMPLE_RINGS_H
#define SIMPLE_RINGS_H

#include <stdint.h>
#include <string.h>

struct simple_ring {
    uint8_t *ring;
    uint32_t n, align;
    uint16_t own, seen;
};

struct simple {
    uint8_t *table;  // 0x38000000
    uint8_t *shared; // 0x38000400
    struct simple_ring to_host, to_remote;
    uint32_t free_buffer; // host: next buffer never used
    uint32_t buffers, pool;
};

#define SIMPLE_BASE 0x38000400u

static inline uint32_t simple_get(const uint8_t *at, int bytes)
{
    uint32_t value = 0;

    for (int i = bytes; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

static inline void simple_put(uint8_t *at, int bytes, uint32_t value)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static inline uint8_t *simple_descriptor(struct simple_ring *r, uint32_t id)
{
    return r->ring + 16 * id;
}

static inline uint8_t *simple_avail(struct simple_ring *r)
{
    return r->ring + 16 * r->n;
}

static inline uint8_t *simple_used(struct simple_ring *r)
{
    uint32_t end = 16 * r->n + 4 + 2 * r->n + 2;

    while (end % r->align)
        end++;
    return r->ring + end;
}

// ---- the driver's side: the host

static inline void simple_make_available(struct simple_ring *r, uint32_t id)
{
    simple_put(simple_avail(r) + 4 + 2 * (r->own % r->n), 2, id);
    r->own++;
    simple_put(simple_avail(r) + 2, 2, r->own);
}

static inline void simple_host_start(struct simple *s, uint8_t *base, uint32_t vring1,
                                     uint32_t vring0, uint32_t buffers, uint32_t n, uint32_t align)
{
    const uint32_t table[] = {1,
                              1,
                              0,
                              0,
                              0x18,
                              0,
                              3,
                              7,
                              0,
                              1,
                              0,
                              0,
                              0x200,
                              SIMPLE_BASE + vring0,
                              align,
                              n,
                              0,
                              0,
                              SIMPLE_BASE + vring1,
                              align,
                              n,
                              1,
                              0};

    s->table = base;
    s->shared = base + 0x400;
    memset(s->shared + vring0, 0, buffers - vring0);
    memset(s->shared + vring1, 0, vring0 - vring1);
    s->to_host = (struct simple_ring){s->shared + vring0, n, align, 0, 0};
    s->to_remote = (struct simple_ring){s->shared + vring1, n, align, 0, 0};
    s->free_buffer = 0;
    s->buffers = buffers;
    s->pool = (0xFC00 - buffers) / 512; // the library of the field counts it so: 110 of 128
    for (uint32_t id = 0; id < n; id++) {
        uint8_t *descriptor = simple_descriptor(&s->to_host, id);

        simple_put(descriptor, 4, SIMPLE_BASE + buffers + 512 * id);
        simple_put(descriptor + 8, 4, 512);
        simple_put(descriptor + 12, 2, 2);
        simple_make_available(&s->to_host, id);
    }
    for (uint32_t i = 0; i < sizeof(table) / 4; i++)
        simple_put(s->table + 4 * i, 4, table[i]);
    s->table[0x30] = 7;
}

// 1: sent. As OpenAMP: a recycled buffer's capacity is what the peer wrote in its used element.
static inline int simple_host_send(struct simple *s, uint32_t src, uint32_t dst, const void *data,
                                   uint32_t length, uint32_t *capacity)
{
    struct simple_ring *r = &s->to_remote;
    uint32_t id, size = 512;

    if (s->free_buffer < r->n && s->to_host.n + s->free_buffer < s->pool) {
        id = s->free_buffer++;
        simple_put(simple_descriptor(r, id), 4,
                   SIMPLE_BASE + s->buffers + 512 * (s->to_host.n + id));
    } else if ((uint16_t)simple_get(simple_used(r) + 2, 2) != r->seen) {
        uint8_t *element = simple_used(r) + 4 + 8 * (r->seen % r->n);

        id = simple_get(element, 4);
        size = simple_get(element + 4, 4);
        r->seen++;
    } else {
        return 0;
    }

    uint8_t *buffer = s->shared + (simple_get(simple_descriptor(r, id), 4) - SIMPLE_BASE);

    simple_put(simple_descriptor(r, id) + 8, 4, size);
    simple_put(buffer, 4, src);
    simple_put(buffer + 4, 4, dst);
    simple_put(buffer + 8, 4, 0);
    simple_put(buffer + 12, 4, length);
    memcpy(buffer + 16, data, length);
    simple_make_available(r, id);
    *capacity = size;
    return 1;
}

// Length of the message, or -1.
static inline int simple_host_receive(struct simple *s, uint32_t *src, uint32_t *dst, uint8_t *data)
{
    struct simple_ring *r = &s->to_host;

    if ((uint16_t)simple_get(simple_used(r) + 2, 2) == r->seen)
        return -1;

    uint8_t *element = simple_used(r) + 4 + 8 * (r->seen % r->n);
    uint32_t id = simple_get(element, 4);
    uint8_t *descriptor = simple_descriptor(r, id);
    uint8_t *buffer = s->shared + (simple_get(descriptor, 4) - SIMPLE_BASE);
    uint32_t length = simple_get(buffer + 12, 2);

    *src = simple_get(buffer, 4);
    *dst = simple_get(buffer + 4, 4);
    memcpy(data, buffer + 16, length);
    r->seen++;
    simple_put(descriptor + 8, 4,
               simple_get(element + 4, 4)); // recycled with the length it came with
    simple_make_available(r, id);
    return (int)length;
}

// ---- the device's side: the remote

static inline void simple_remote_start(struct simple *s, uint8_t *base)
{
    s->table = base;
    s->shared = base + 0x400;
    s->to_host = (struct simple_ring){s->shared + simple_get(base + 0x34, 4) - SIMPLE_BASE,
                                      simple_get(base + 0x3C, 4), simple_get(base + 0x38, 4), 0, 0};
    s->to_remote =
        (struct simple_ring){s->shared + simple_get(base + 0x48, 4) - SIMPLE_BASE,
                             simple_get(base + 0x50, 4), simple_get(base + 0x4C, 4), 0, 0};
}

static inline int simple_take(struct simple_ring *r, uint32_t *id)
{
    if ((uint16_t)simple_get(simple_avail(r) + 2, 2) == r->seen)
        return 0;
    *id = simple_get(simple_avail(r) + 4 + 2 * (r->seen % r->n), 2);
    r->seen++;
    return 1;
}

static inline void simple_give_back(struct simple_ring *r, uint32_t id, uint32_t length)
{
    uint8_t *element = simple_used(r) + 4 + 8 * (r->own % r->n);

    simple_put(element, 4, id);
    simple_put(element + 4, 4, length);
    r->own++;
    simple_put(simple_used(r) + 2, 2, r->own);
}

static inline int simple_remote_send(struct simple *s, uint32_t src, uint32_t dst, const void *data,
                                     uint32_t length)
{
    uint32_t id;

    if (!simple_take(&s->to_host, &id))
        return 0;

    uint8_t *descriptor = simple_descriptor(&s->to_host, id);
    uint8_t *buffer = s->shared + (simple_get(descriptor, 4) - SIMPLE_BASE);

    simple_put(buffer, 4, src);
    simple_put(buffer + 4, 4, dst);
    simple_put(buffer + 8, 4, 0);
    simple_put(buffer + 12, 4, length);
    memcpy(buffer + 16, data, length);
    simple_give_back(&s->to_host, id, simple_get(descriptor + 8, 4));
    return 1;
}

static inline int simple_remote_receive(struct simple *s, uint32_t *src, uint32_t *dst,
                                        uint8_t *data)
{
    uint32_t id;

    if (!simple_take(&s->to_remote, &id))
        return -1;

    uint8_t *descriptor = simple_descriptor(&s->to_remote, id);
    uint8_t *buffer = s->shared + (simple_get(descriptor, 4) - SIMPLE_BASE);
    uint32_t length = simple_get(buffer + 12, 2);

    *src = simple_get(buffer, 4);
    *dst = simple_get(buffer + 4, 4);
    memcpy(data, buffer + 16, length);
    simple_give_back(&s->to_remote, id, simple_get(descriptor + 8, 4));
    return (int)length;
}

#endif
