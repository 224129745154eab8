#include "sim/soc/unclocked.h"

#include <string.h>

enum {
    SYSCFG_EXTICR1 = 0x08,
    SYSCFG_EXTICR4 = 0x14,
    SYSCFG_PWRCR = 0x2c,
    SYSCFG_UR2 = 0x308,
    SYSCFG_UR4 = 0x310
};

/* The boot addresses. The manual does not say it, but the vendor's programs for this board that start
 * the M4 from SRAM set its address so, and the M4 does start there. */
bool unclocked_works(const char *block, uint32_t offset)
{
    return !strcmp(block, "SYSCFG") && offset >= SYSCFG_UR2 && offset < SYSCFG_UR4 + 4;
}

/* What vendors' code does in every program, and what therefore is no mistake of the program's author:
 * start-up code switches FMC bank 1 off (FMC_BCR1) and touches the ART; choosing VOS1 takes ODEN
 * back, which is 0; releasing a pin looks whether EXTI listens to it. Who sets something has made
 * one. */
bool unclocked_forgiven(const char *block, uint32_t offset, uint32_t value)
{
    if (!strcmp(block, "SYSCFG"))
        return !value &&
               (offset == SYSCFG_PWRCR || (offset >= SYSCFG_EXTICR1 && offset <= SYSCFG_EXTICR4));
    return offset == 0 && (!strcmp(block, "FMC") || !strcmp(block, "ART"));
}
