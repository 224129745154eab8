/* What PWR tells the other blocks of the chip's core. RM0399 chapter 7. */
#ifndef SIM_SOC_PWR_H
#define SIM_SOC_PWR_H

#include "sim/soc/block.h"

enum { PWR_CR1 = 0x00, PWR_CSR1 = 0x04 };

/* pwr_monitor.c: VDD, or what is to be watched of it, has changed. */
void pwr_monitor(struct block *pwr);
/* PWR_CR1.DBP: the backup domain may be written. */
bool pwr_backup_writable(struct soc *soc);
/* RCC_BDCR.BDRST: what PWR has in the backup domain. */
void pwr_backup_reset(struct soc *soc);
/* All that is left of the system is the backup domain. */
bool pwr_in_standby(struct soc *soc);
/* The core is in CSleep or CStop. */
bool pwr_core_sleeps(struct soc *soc, enum soc_core core);
/* SYSCFG_PWRCR.ODEN changed: VOS0 is entered or left. */
void pwr_overdrive_changed(struct soc *soc);
/* EXTI asks for this core's clock: it leaves CStop, its domain DStop or DStandby. */
void pwr_wake(struct soc *soc, enum soc_core core);
/* The M7 has enabled a block of D2, or has disabled one: D2 stays in DRun for it. */
void pwr_allocation_changed(struct soc *soc);
/* One of EXTI's requests is gone: a core that it did not wake stops again. */
void pwr_request_gone(struct soc *soc);
/* Option byte BCM7 or BCM4: the core boots by itself after reset (flash.c). */
bool soc_boots_by_option(struct soc *soc, enum soc_core core);

#endif
