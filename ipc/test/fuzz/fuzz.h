// A peer that writes anything anywhere in shared memory at any time. The library is built with
// DUET_STEP_HOOK: before each of its accesses the input may write a word. What a call answers is checked
// where it has a bound; the sanitizers check the rest.
#ifndef DUET_FUZZ_H
#define DUET_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duet/port.h"
#include "duet/status.h"

static const uint8_t *fuzz_next, *fuzz_end;
static uint8_t *fuzz_memory; // the shared memory, on the heap so that its ends are guarded
static uint32_t fuzz_bytes;

static inline uint32_t fuzz_byte(void)
{
    return fuzz_next < fuzz_end ? *fuzz_next++ : 0;
}

// 1 in 8 input bytes is a store of the peer: a word from a few that are near limits, or from the input.
static inline void fuzz_store(uint32_t what)
{
    static const uint32_t edges[] = {0, 1, 2, 31, 32, 0x7FFFFFFF, 0x80000000, UINT32_MAX};
    uint32_t at = (fuzz_byte() | fuzz_byte() << 8) % (fuzz_bytes / 4) * 4;
    uint32_t kind = what >> 3;
    uint32_t value = kind < 8 ? edges[kind] : fuzz_byte() | fuzz_byte() << 8 | kind << 16;

    memcpy(fuzz_memory + at, &value, 4);
}

void duet_step(void);

void duet_step(void)
{
    uint32_t what = fuzz_byte();

    if ((what & 7) == 5)
        fuzz_store(what);
}

static uint32_t fuzz_clock_now;

static uint32_t fuzz_clock(const struct duet_port *port)
{
    (void)port;
    return fuzz_clock_now += 7;
}

static uint32_t fuzz_mask(const struct duet_port *port)
{
    (void)port;
    return 0;
}

static void fuzz_unmask(const struct duet_port *port, uint32_t state)
{
    (void)port;
    (void)state;
}

static void fuzz_notify(const struct duet_port *port)
{
    (void)port;
}

#define FUZZ_PORT(number)                                                                          \
    {                                                                                              \
        .core = (number), .notify = fuzz_notify, .mask = fuzz_mask, .unmask = fuzz_unmask,         \
        .clock = fuzz_clock                                                                        \
    }

static inline void fuzz_begin(const uint8_t *data, size_t size, uint32_t bytes)
{
    fuzz_next = data;
    fuzz_end = data + size;
    fuzz_bytes = bytes;

    void *memory = NULL;

    if (posix_memalign(&memory, 32, bytes) != 0)
        abort();
    fuzz_memory = memory;
    for (uint32_t i = 0; i < bytes; i += 4)
        memset(fuzz_memory + i, (int)(i ? 0 : fuzz_byte()), 4);
}

static inline void fuzz_finish(void)
{
    free(fuzz_memory);
}

#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
