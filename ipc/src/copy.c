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

// 32 bytes. The shared side is aligned and gets one access of eight registers; the other one, too, where
// it is aligned, else eight that need not be.
#ifdef __arm__
#define EIGHT                       "{r3, r4, r5, r6, r8, r9, r10, ip}"
#define ONE(op, number, at, offset) op " " number ", [" at ", " offset "]\n\t"
#define EACH(op, at)                                                                               \
    ONE(op, "r4", at, "#4")                                                                        \
    ONE(op, "r5", at, "#8")                                                                        \
    ONE(op, "r6", at, "#12")                                                                       \
    ONE(op, "r8", at, "#16")                                                                       \
    ONE(op, "r9", at, "#20")                                                                       \
    ONE(op, "r10", at, "#24")                                                                      \
    ONE(op, "ip", at, "#28") op " r3, [" at "], #32\n\t"
#define COPY_EIGHT(load, store, to, from)                                                          \
    __asm volatile(load store                                                                      \
                   : "+r"(to), "+r"(from)::"r3", "r4", "r5", "r6", "r8", "r9", "r10", "ip",        \
                     "memory")
#define LOAD_ALL   "ldmia %1!, " EIGHT "\n\t"
#define STORE_ALL  "stmia %0!, " EIGHT "\n\t"
#define LOAD_EACH  EACH("ldr", "%1")
#define STORE_EACH EACH("str", "%0")
#else
#define COPY_EIGHT(load, store, to, from)                                                          \
    do {                                                                                           \
        copy_words(&(to), &(from));                                                                \
        copy_words(&(to), &(from));                                                                \
    } while (0)
#endif

// Two at a time: a branch costs a core as much as two words.
#define COPY_LINES(load, store)                                                                    \
    do {                                                                                           \
        for (; left > 32; left -= 64) {                                                            \
            COPY_EIGHT(load, store, out, in);                                                      \
            COPY_EIGHT(load, store, out, in);                                                      \
        }                                                                                          \
        if (left > 0) {                                                                            \
            COPY_EIGHT(load, store, out, in);                                                      \
            left -= 32;                                                                            \
        }                                                                                          \
    } while (0)

// Of 32 bytes or more: a word up to where the shared side is aligned, lines, and up to 32 bytes that may
// go together with some that were there before.
DUET_INLINE void copy_long(uint8_t *out, const uint8_t *in, uint32_t count, int is_out)
{
    uint32_t lead = -(uint32_t)(uintptr_t)(is_out ? out : in) & 3;
    int left = (int)(count - lead - 32);

    ((struct duet_word *)(void *)out)->word = ((const struct duet_word *)(const void *)in)->word;
    out += lead;
    in += lead;
    if ((((uintptr_t)out | (uintptr_t)in) & 3) == 0)
        COPY_LINES(LOAD_ALL, STORE_ALL);
    else if (is_out)
        COPY_LINES(LOAD_EACH, STORE_ALL);
    else
        COPY_LINES(LOAD_ALL, STORE_EACH);
    left += 32; // 1 to 32
    if (left > 16)
        copy_words(&out, &in);
    left = ((left - 1) & 15) - 15; // back to 16 bytes before the end
    out += left;
    in += left;
    copy_words(&out, &in);
}

DUET_INLINE void copy(void *to, const void *from, uint32_t count, int is_out)
{
    DUET_STEP();
    if (count < 32)
        duet_copy_short(to, from, count);
    else
        copy_long(to, from, count, is_out);
}

void duet_copy_out(void *to, const void *from, uint32_t count)
{
    copy(to, from, count, 1);
}

void duet_copy_in(void *to, const void *from, uint32_t count)
{
    copy(to, from, count, 0);
}

void duet_copy(void *to, const void *from, uint32_t count)
{
    copy(to, from, count, 1);
}
#endif
