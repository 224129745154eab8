// Word copies for normal memory. Unaligned words are allowed on both cores (ARMv7-M, CCR.UNALIGN_TRP
// clear); newlib's small memcpy moves bytes, which costs a slow memory four accesses for one.
#include "shared.h"

struct unaligned {
    uint32_t word;
} __attribute__((packed, may_alias));

void duet_copy(void *to, const void *from, uint32_t count)
{
    struct unaligned *out = to;
    const struct unaligned *in = from;

    DUET_STEP();
#ifndef __OPTIMIZE_SIZE__ // a build for size does without: half the speed for a third of the bytes
    for (; count >= 16; count -= 16, out += 4, in += 4) {
        uint32_t a = in[0].word, b = in[1].word, c = in[2].word, d = in[3].word;

        out[0].word = a;
        out[1].word = b;
        out[2].word = c;
        out[3].word = d;
    }
#endif
    for (; count >= 4; count -= 4)
        *out++ = *in++;

    uint8_t *last = (uint8_t *)out;
    const uint8_t *tail = (const uint8_t *)in;

    while (count--)
        *last++ = *tail++;
}
