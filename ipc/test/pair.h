// Two cores on the host for a test: ports, and what each test needs to be one core or the other.
#ifndef DUET_TEST_PAIR_H
#define DUET_TEST_PAIR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "duet/status.h"
#include "duet_host.h"

#define SHARED __attribute__((aligned(DUET_LINE)))

static inline struct duet_memory memory_of(struct duet_host *host, uint32_t core)
{
    return (struct duet_memory){.port = &host->port[core], .policy = DUET_NON_CACHEABLE};
}

// A byte sequence that depends on its number and position.
static inline void fill_pattern(uint8_t *bytes, uint32_t count, uint32_t number)
{
    for (uint32_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)(number * 31 + i * 7 + (i >> 8));
}

static inline void assert_pattern(const uint8_t *bytes, uint32_t count, uint32_t number)
{
    for (uint32_t i = 0; i < count; i++)
        if (bytes[i] != (uint8_t)(number * 31 + i * 7 + (i >> 8)))
            fail_msg("message %u, %u bytes: wrong at byte %u", number, count, i);
}

#endif
