#include "cm4/printable.h"

#include <stdint.h>

/* Of a character that begins with this byte (RFC 3629); 0: none does. */
static size_t length_of(uint8_t first)
{
    return first < 0x80                    ? 1
           : first >= 0xc2 && first < 0xe0 ? 2
           : first >= 0xe0 && first < 0xf0 ? 3
           : first >= 0xf0 && first < 0xf5 ? 4
                                           : 0;
}

/* The least second byte is higher where a shorter form would do; beyond 0x10ffff and between 0xd800 and
 * 0xdfff there are no characters; those up to 0x9f are commands to a terminal. */
static bool may_follow(uint8_t first, uint8_t second)
{
    uint8_t least = first == 0xe0 || first == 0xc2 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return second >= least && second <= most;
}

/* How many bytes from `at` on belong to a character, as far as they are there; 0: to none. */
static size_t sound_part(const uint8_t *at, size_t left)
{
    size_t length = length_of(at[0]);
    for (size_t n = 1; n < length; n++) {
        if (n == left)
            return n;
        if (n == 1 ? !may_follow(at[0], at[1]) : (at[n] & 0xc0) != 0x80)
            return 0;
    }
    return length;
}

static char shown(char byte)
{
    if (byte == '\r')
        return ' ';
    bool is_plain = (byte >= ' ' && byte < 0x7f) || byte == '\n' || byte == '\t';
    return is_plain ? byte : '.';
}

size_t printable(char *bytes, size_t count, bool is_last)
{
    for (size_t at = 0; at < count;) {
        size_t part = sound_part((const uint8_t *)bytes + at, count - at);
        bool is_whole = part == length_of((uint8_t)bytes[at]);
        if (!is_whole && part && !is_last)
            return at;
        if (part <= 1 || !is_whole) {
            bytes[at] = shown(bytes[at]);
            part = 1;
        }
        at += part;
    }
    return count;
}
