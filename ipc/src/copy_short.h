// A few bytes, in line where a call would cost more than the copy.
#ifndef DUET_COPY_SHORT_H
#define DUET_COPY_SHORT_H

#include "shared.h"

struct duet_half {
    uint16_t half;
} __attribute__((packed, may_alias));

struct duet_word {
    uint32_t word;
} __attribute__((packed, may_alias));

// A last word that is not whole goes together with bytes that were there before.
DUET_INLINE void duet_copy_short(void *to, const void *from, uint32_t count)
{
    uint8_t *out = to;
    const uint8_t *in = from;

    if (count >= 4) {
        const uint8_t *last = in + count - 4;
        uint8_t *last_out = out + count - 4;

        do {
            ((struct duet_word *)(void *)out)->word =
                ((const struct duet_word *)(const void *)in)->word;
            out += 4;
            in += 4;
        } while (in < last);
        ((struct duet_word *)(void *)last_out)->word =
            ((const struct duet_word *)(const void *)last)->word;
        return;
    }
    if (count & 2) {
        ((struct duet_half *)(void *)out)->half =
            ((const struct duet_half *)(const void *)in)->half;
        out += 2;
        in += 2;
    }
    if (count & 1)
        *out = *in;
}

// A message's bytes, to shared memory and from there.
DUET_HOT void duet_copy_message_out(void *to, const void *from, uint32_t count)
{
    if (count < 32)
        duet_copy_short(to, from, count);
    else
        duet_copy_out(to, from, count);
}

DUET_HOT void duet_copy_message_in(void *to, const void *from, uint32_t count)
{
    if (count < 32)
        duet_copy_short(to, from, count);
    else
        duet_copy_in(to, from, count);
}

#endif
