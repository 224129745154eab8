// Two ends of the library on one piece of shared memory, and an input that says which of them acts, and
// what happens in the middle of its call: the other end acts, or a word of shared memory changes. The
// library is built with DUET_STEP_HOOK, so "the middle" is before any of its accesses. So messages are on
// their way when the memory is damaged. What a call answers is checked where it has a bound; while nothing
// was damaged, messages are whole; the sanitizers check the rest.
#ifndef DUET_FUZZ_H
#define DUET_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duet/port.h"
#include "duet/status.h"

static const uint8_t *fuzz_next, *fuzz_end;
// The shared memory: on the heap so that its ends are guarded, and one for all inputs (a new one for
// each goes through the sanitizer's quarantine, which costs more than the library's calls).
static uint8_t *fuzz_memory;
static uint32_t fuzz_bytes;
static uint32_t fuzz_damages; // words that were changed
static uint32_t fuzz_delay;   // accesses until something happens in the middle of a call
static uint32_t fuzz_clock_now;
static uint32_t fuzz_end_in_call, fuzz_is_nested;

// One call of that end of the two, as the input says.
static void fuzz_act(uint32_t end);

static inline uint32_t fuzz_byte(void)
{
    return fuzz_next < fuzz_end ? *fuzz_next++ : 0;
}

static inline uint32_t fuzz_half(void)
{
    uint32_t low = fuzz_byte();

    return low | fuzz_byte() << 8;
}

// A word near a limit, near the one that was there, or any.
static inline uint32_t fuzz_word(uint32_t before)
{
    static const uint32_t edges[] = {0, 1, 2, 31, 32, 0x7FFFFFFF, 0x80000000, UINT32_MAX};
    uint32_t kind = fuzz_byte();
    uint32_t near = (uint32_t)(int8_t)fuzz_byte();

    switch (kind & 3) {
    case 0:
        return edges[kind >> 2 & 7];
    case 1:
        return before + (near << (kind & 4 ? 16 : 0));
    case 2:
        return before ^ 1u << (near & 31);
    default:
        return fuzz_half() | kind >> 2 << 16;
    }
}

static inline void fuzz_damage(void)
{
    uint32_t at = fuzz_half() % (fuzz_bytes / 4) * 4, word;

    memcpy(&word, fuzz_memory + at, 4);
    word = fuzz_word(word);
    memcpy(fuzz_memory + at, &word, 4);
    fuzz_damages++;
}

static inline void fuzz_call(uint32_t end)
{
    uint32_t outer = fuzz_end_in_call;

    fuzz_end_in_call = end;
    fuzz_act(end);
    fuzz_end_in_call = outer;
}

void duet_step(void);

void duet_step(void)
{
    uint32_t what;

    if (fuzz_next >= fuzz_end || fuzz_delay-- > 0)
        return;
    what = fuzz_byte();
    fuzz_delay = fuzz_byte();
    if (what & 1) {
        fuzz_damage();
    } else if (!fuzz_is_nested) {
        fuzz_is_nested = 1;
        fuzz_call(fuzz_end_in_call ^ 1);
        fuzz_is_nested = 0;
    }
}

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

static const struct duet_port fuzz_ports[2] = {FUZZ_PORT(0), FUZZ_PORT(1)};

static inline struct duet_memory fuzz_memory_of(uint32_t end)
{
    return (struct duet_memory){.port = &fuzz_ports[end], .policy = DUET_NON_CACHEABLE};
}

// The state of the memory before the two start is the input's, too.
static inline void fuzz_begin(const uint8_t *data, size_t size, uint32_t bytes)
{
    void *memory = fuzz_memory;

    if (!memory && posix_memalign(&memory, 32, bytes) != 0)
        abort();
    fuzz_memory = memory;
    fuzz_bytes = bytes;
    fuzz_next = data;
    fuzz_end = data + size;
    fuzz_clock_now = fuzz_damages = fuzz_end_in_call = 0;
    fuzz_is_nested = 1; // until both are open
    memset(fuzz_memory, (int)fuzz_byte(), bytes);
    fuzz_delay = fuzz_half(); // often beyond the start, so that the two meet
}

static inline void fuzz_run(void)
{
    fuzz_is_nested = 0;
    while (fuzz_next < fuzz_end)
        fuzz_call(fuzz_byte() & 1);
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
