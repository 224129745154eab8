/* LAN8742A: data sheet DS00001989, chapter 4.2 for the registers' defaults; address 0 by its straps. */
#include "sim/board/lan8742.h"

#include <string.h>

enum {
    CONTROL = 0,
    STATUS = 1,
    ID_1 = 2,
    ID_2 = 3,
    ADVERTISED = 4,
    MODE = 17,
    SPECIAL_MODES = 18,
    SPECIAL_CONTROL = 27,
    INTERRUPT_MASK = 30,
    SPECIAL_STATUS = 31,
};

enum { CONTROL_RESET = 1 << 15, ADDRESS = 0 };

static const uint16_t defaults[LAN8742_REGISTERS] = {
    [CONTROL] = 0x3000, /* 100 Mbit/s, by negotiation */
    [STATUS] = 0x7809,  /* all modes, negotiation; no link */
    [ID_1] = 0x0007,           [ID_2] = 0xc131,
    [ADVERTISED] = 0x01e1,     [SPECIAL_MODES] = 0x60e0 | ADDRESS,
    [SPECIAL_STATUS] = 0x0040,
};

/* Bits that keep what is written. */
static const uint16_t writable[LAN8742_REGISTERS] = {
    [CONTROL] = 0x7d00,       [ADVERTISED] = 0xefff,      [MODE] = 0x2000,
    [SPECIAL_MODES] = 0x00ff, [SPECIAL_CONTROL] = 0xff00, [INTERRUPT_MASK] = 0x01fe,
};

void lan8742_power_on(struct lan8742 *phy)
{
    memcpy(phy->regs, defaults, sizeof phy->regs);
}

uint16_t lan8742_read(void *ctx, unsigned address, unsigned reg)
{
    const struct lan8742 *phy = ctx;
    return address == ADDRESS && reg < LAN8742_REGISTERS ? phy->regs[reg] : 0xffff;
}

/* Reset and the restart of the negotiation end at once; that never finds a partner. */
void lan8742_write(void *ctx, unsigned address, unsigned reg, uint16_t value)
{
    struct lan8742 *phy = ctx;
    if (address != ADDRESS || reg >= LAN8742_REGISTERS)
        return;
    if (reg == CONTROL && value & CONTROL_RESET) {
        lan8742_power_on(phy);
        return;
    }
    phy->regs[reg] = (uint16_t)((phy->regs[reg] & ~writable[reg]) | (value & writable[reg]));
}
