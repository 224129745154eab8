/* What the FLASH's option bytes tell the rest of the chip. RM0399 chapter 4. */
#ifndef SIM_SOC_FLASH_H
#define SIM_SOC_FLASH_H

#include "sim/soc/block.h"

/* Present option bytes: registers FLASH_OPTSR_CUR, BOOT7_CURR and BOOT4_CURR. */
uint32_t flash_options(struct soc *soc);
uint32_t flash_boot_addresses(struct soc *soc, enum soc_core core); /* ADD0 low, ADD1 high */
enum {
    OPTSR_IWDG1_SW = 1u << 4, /* 0: the watchdog runs from reset on */
    OPTSR_IWDG2_SW = 1u << 5,
    OPTSR_BCM4 = 1u << 22,
    OPTSR_BCM7 = 1u << 23,
};
/* Likewise PRAR, SCAR and WPSN of a bank, 0 or 1. */
enum flash_protection { FLASH_PROTECTED_AREA, FLASH_SECURED_AREA, FLASH_WRITABLE_SECTORS };
uint32_t flash_protection(struct soc *soc, unsigned bank, enum flash_protection which);

/* As the factory or a programmer would: an option byte by its name in the manual. Effective at the next
 * power-on. NULL: done; else what is wrong, static storage; "" no such option. */
const char *flash_set_option(struct soc *soc, const char *name, uint32_t value);
const char *flash_option_name(unsigned n); /* of all that it knows; NULL: no more */

#endif
