/*
 * What the users of the MDMA (RM0399 chapter 15) have in common: a channel's registers as a node of
 * its lists, and how one is loaded. Each channel has one user, who knows its modes.
 */
#ifndef DRIVERS_MDMA_H
#define DRIVERS_MDMA_H

#include <stdbool.h>
#include <stdint.h>

/* Who has which channel. */
enum mdma_channel { MDMA_DCMI, MDMA_JPEG_IN, MDMA_JPEG_OUT };

/* As the MDMA loads it from memory (15.3.12): its channel registers from CTCR on. */
struct mdma_node {
    uint32_t ctcr, cbndtr, csar, cdar, cbrur, clar, ctbr, reserved, cmar, cmdr;
} __attribute__((aligned(8)));

/* The clock of the block, once. */
void mdma_enable(void);
/* Loads the channel, which must be off, clears its flags and enables it with these bits of CCR. */
void mdma_begin(enum mdma_channel channel, const struct mdma_node *node, uint32_t ccr);
/* Off; what it was transferring is cut off between two buffers. */
void mdma_end(enum mdma_channel channel);
/* The channel's CISR, and clears all its flags. */
uint32_t mdma_take_flags(enum mdma_channel channel);

#endif
