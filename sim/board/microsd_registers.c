#include "sim/board/microsd.h"

#include <string.h>

/* SD specification, chapter 5 (registers) and 4.3.10 (switch function). Bytes go out the most
 * significant first. */

void microsd_cid(uint32_t words[4])
{
    words[0] = 0x00444475; /* manufacturer 0, OEM "DD", product "u */
    words[1] = 0x65745344; /* etSD" */
    words[2] = 0x10000000; /* revision 1.0, serial number 0x00000001, */
    words[3] = 0x01019100; /* made in 2025-01; the CRC goes by itself */
}

/* Version 2.0: block length 512, 25 or 50 MHz, command classes 0, 2, 4, 5, 7, 8, 10. */
void microsd_csd(const struct microsd *card, uint32_t words[4])
{
    enum { PERM_WRITE_PROTECT = 1 << 13 };
    uint32_t size = (uint32_t)(card->config.disk.sectors * 512 / MICROSD_UNIT) - 1;
    words[0] = 0x400e0000 | (card->high_speed ? 0x5a : 0x32);
    words[1] = 0x5b590000 | size >> 16;
    words[2] = size << 16 | 0x7f80;
    words[3] = 0x0a400000 | (card->config.disk.read_only ? PERM_WRITE_PROTECT : 0);
}

/* Specification 3.0x, erased bits are 0, one and four lines, CMD23. */
void microsd_scr(uint8_t bytes[8])
{
    static const uint8_t scr[8] = {0x02, 0x25, 0x80, 0x02};
    memcpy(bytes, scr, sizeof scr);
}

/* Speed class 10, allocation units of 4 MB, erasing one of them takes at most a second. */
void microsd_sd_status(const struct microsd *card, uint8_t bytes[64])
{
    memset(bytes, 0, 64);
    bytes[0] = card->width == 4 ? 0x80 : 0;
    bytes[8] = 4;
    bytes[10] = 9 << 4;
    bytes[12] = 1;
    bytes[13] = 1 << 2;
}

/* Of six groups only the first has a choice: default or high speed. Function 15 means "as it is". */
static uint8_t choose(const struct microsd *card, unsigned group, uint32_t wanted)
{
    if (wanted == 15)
        return group == 0 && card->high_speed;
    return wanted == 0 || (group == 0 && wanted == 1) ? (uint8_t)wanted : 15;
}

void microsd_switch(struct microsd *card, uint32_t argument, uint8_t bytes[64])
{
    bool possible = true;
    memset(bytes, 0, 64);
    bytes[1] = 100; /* mA */
    for (unsigned group = 0; group < 6; group++) {
        uint8_t function = choose(card, group, argument >> 4 * group & 15);
        bytes[12 - 2 * group] = 0x80;
        bytes[13 - 2 * group] = group == 0 ? 0x03 : 0x01;
        bytes[16 - group / 2] |= (uint8_t)(function << (group % 2 ? 4 : 0));
        possible = possible && function != 15;
    }
    if (!possible)
        bytes[0] = bytes[1] = 0;
    else if (argument >> 31)
        card->high_speed = bytes[16] & 15;
}
