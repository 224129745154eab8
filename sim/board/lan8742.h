/* LAN8742A, the board's Ethernet PHY: its registers by MDIO. No cable is plugged in, so no link is up. */
#ifndef SIM_BOARD_LAN8742_H
#define SIM_BOARD_LAN8742_H

#include <stdint.h>

enum { LAN8742_REGISTERS = 32 };

struct lan8742 {
    uint16_t regs[LAN8742_REGISTERS];
};

void lan8742_power_on(struct lan8742 *phy);
/* As struct eth_phy has them, with a struct lan8742 as context. */
uint16_t lan8742_read(void *ctx, unsigned address, unsigned reg);
void lan8742_write(void *ctx, unsigned address, unsigned reg, uint16_t value);

#endif
