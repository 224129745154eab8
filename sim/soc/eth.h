/*
 * What is at the Ethernet MAC's RMII (RM0399 chapter 61): a PHY that answers by MDIO. No cable is in it:
 * frames that are sent reach nobody, and none comes. Functions run at the board time at which the
 * management frame has ended.
 */
#ifndef SIM_SOC_ETH_H
#define SIM_SOC_ETH_H

#include "sim/soc/soc.h"

struct eth_phy {
    void *ctx;
    /* Of the PHY at `address`, 0 to 31; nobody there: 0xFFFF. */
    uint16_t (*read)(void *ctx, unsigned address, unsigned reg);
    void (*write)(void *ctx, unsigned address, unsigned reg, uint16_t value);
};

void eth_connect(struct block *eth, const struct eth_phy *phy); /* copied */

#endif
