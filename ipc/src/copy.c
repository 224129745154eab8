// Word copies for normal memory. Unaligned words are allowed on both cores (ARMv7-M, CCR.UNALIGN_TRP
// clear), but a slow memory is accessed twice for one; newlib's small memcpy moves bytes, which costs
// four accesses for one.
#include "copy_short.h"

#ifdef __OPTIMIZE_SIZE__ // half the speed for a third of the bytes
void duet_copy(void *to, const void *from, uint32_t count)
{
    struct duet_word *out = to;
    const struct duet_word *in = from;

    DUET_STEP();
    for (; count >= 4; count -= 4)
        *out++ = *in++;

    uint8_t *last = (uint8_t *)out;
    const uint8_t *tail = (const uint8_t *)in;

    while (count--)
        *last++ = *tail++;
}
#else
// A line of 32 bytes, both sides aligned: eight registers at once.
DUET_INLINE void copy_line(uint32_t **to, const uint32_t **from)
{
#ifdef __arm__
    __asm volatile("ldmia %1!, {r3, r4, r5, r6, r8, r9, r10, ip}\n\t"
                   "stmia %0!, {r3, r4, r5, r6, r8, r9, r10, ip}"
                   : "+r"(*to), "+r"(*from)::"r3", "r4", "r5", "r6", "r8", "r9", "r10", "ip",
                     "memory");
#else
    for (int i = 0; i < 8; i++)
        *(*to)++ = *(*from)++;
#endif
}

// Four words, of which either side may be unaligned.
DUET_INLINE void copy_words(uint8_t **to, const uint8_t **from)
{
    struct duet_word *out = (void *)*to;
    const struct duet_word *in = (const void *)*from;
    uint32_t a = in[0].word, b = in[1].word, c = in[2].word, d = in[3].word;

    out[0].word = a;
    out[1].word = b;
    out[2].word = c;
    out[3].word = d;
    *to += 16;
    *from += 16;
}

// The `shared` side gets aligned words; lines where the other side is aligned, too.
DUET_INLINE void copy(void *to, const void *from, uint32_t count, uintptr_t shared)
{
    uint32_t lead = -(uint32_t)shared & 3;
    uint8_t *out = to;
    const uint8_t *in = from;

    DUET_STEP();
    if (count >= 32) {
        duet_copy_short(out, in, lead);
        out += lead;
        in += lead;
        count -= lead;
    }
    if (count >= 32 && (((uintptr_t)out | (uintptr_t)in) & 3) == 0) {
        uint32_t *aligned_out = (void *)out;
        const uint32_t *aligned_in = (const void *)in;

        for (; count >= 32; count -= 32)
            copy_line(&aligned_out, &aligned_in);
        out = (uint8_t *)aligned_out;
        in = (const uint8_t *)aligned_in;
    }
    for (; count >= 32; count -= 16)
        copy_words(&out, &in);
    duet_copy_short(out, in, count);
}

void duet_copy_out(void *to, const void *from, uint32_t count)
{
    copy(to, from, count, (uintptr_t)to);
}

void duet_copy_in(void *to, const void *from, uint32_t count)
{
    copy(to, from, count, (uintptr_t)from);
}

void duet_copy(void *to, const void *from, uint32_t count)
{
    copy(to, from, count, (uintptr_t)to);
}
#endif
