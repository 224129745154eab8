/* What SYSCFG's registers decide for other blocks. RM0399 chapter 13. */
#ifndef SIM_SOC_SYSCFG_H
#define SIM_SOC_SYSCFG_H

#include "sim/soc/soc.h"

/* CFGR.PVDL: the PVD is as it is until reset. */
bool syscfg_pvd_locked(struct soc *soc);
/* CStop of the core, or DStandby of its domain, resets the system (9.4.5). */
bool syscfg_resets_in_stop(struct soc *soc, enum soc_core core, bool standby);

#endif
