#include "drivers/mdma.h"

#include "chip/stm32h747.h"

enum { STOP_POLLS = 100000 };

static const uint32_t all_flags = MDMA_C0IFCR_CTEIF0 | MDMA_C0IFCR_CCTCIF0 | MDMA_C0IFCR_CBRTIF0 |
                                  MDMA_C0IFCR_CBTIF0 | MDMA_C0IFCR_CLTCIF0;

void mdma_enable(void)
{
    reg_set(RCC_AHB3ENR, RCC_AHB3ENR_MDMAEN);
    (void)reg_read(RCC_AHB3ENR);
}

void mdma_begin(enum mdma_channel channel, const struct mdma_node *node, uint32_t ccr)
{
    reg_write(MDMA_CTCR(channel), node->ctcr);
    reg_write(MDMA_CBNDTR(channel), node->cbndtr);
    reg_write(MDMA_CSAR(channel), node->csar);
    reg_write(MDMA_CDAR(channel), node->cdar);
    reg_write(MDMA_CBRUR(channel), node->cbrur);
    reg_write(MDMA_CLAR(channel), node->clar);
    reg_write(MDMA_CTBR(channel), node->ctbr);
    reg_write(MDMA_CMAR(channel), node->cmar);
    reg_write(MDMA_CMDR(channel), node->cmdr);
    reg_write(MDMA_CIFCR(channel), all_flags);
    reg_write(MDMA_CCR(channel), ccr | MDMA_C0CR_EN);
}

void mdma_end(enum mdma_channel channel)
{
    reg_write(MDMA_CCR(channel), 0);
    reg_wait(MDMA_CCR(channel), MDMA_C0CR_EN, 0, STOP_POLLS);
    reg_write(MDMA_CIFCR(channel), all_flags);
}

uint32_t mdma_take_flags(enum mdma_channel channel)
{
    uint32_t flags = reg_read(MDMA_CISR(channel));
    reg_write(MDMA_CIFCR(channel), all_flags);
    return flags;
}
